//! Contacts as a file, there and back.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

use aplomb_configuration::{Contact, contacts_csv};
use proptest::prelude::*;

fn contact(first: &str, last: &str, number: &str, notes: &str) -> Contact {
    Contact {
        phone_book: 7,
        first_name: first.into(),
        last_name: last.into(),
        phone_number: number.into(),
        description: notes.into(),
    }
}

#[test]
fn a_file_is_written_as_spreadsheets_read_it() {
    let contacts =
        [contact("Front", "Desk", "+15550100", ""), contact("", "\"Night\", door", "5550101", "ä")];
    let file = String::from_utf8(contacts_csv::write(contacts.iter())).unwrap();
    assert_eq!(
        file,
        "\"First Name\",\"Last Name\",\"Phone Number\",\"Notes\"\r\n\
         \"Front\",\"Desk\",\"+15550100\",\"\"\r\n\
         \"\",\"\"\"Night\"\", door\",\"5550101\",\"ä\"\r\n"
    );
}

#[test]
fn columns_come_in_any_order_and_only_the_number_is_needed() {
    let file = "\u{feff}phone number, last name,colour\n 5550100 , Desk ,red\n5550101\n";
    let contacts = contacts_csv::read(file.as_bytes(), 7).unwrap();
    assert!(contacts == [contact("", "Desk", "5550100", ""), contact("", "", "5550101", "")]);
}

#[test]
fn a_file_that_cannot_be_read_names_the_line() {
    for (file, why) in [
        (&b""[..], "has no column \"Phone Number\""),
        (b"First Name,Notes\na,b\n", "has no column \"Phone Number\""),
        (b"Phone Number\n", "has no contacts"),
        (b"First Name,Phone Number\nA,5550100\nB,\n", "in line 3: phoneNumber is missing"),
        (
            b"Phone Number\n555010012345678901234567890123456\n",
            "in line 2: phoneNumber is longer than 32 bytes",
        ),
        (b"Phone Number,Notes\n1,\xff\n", "UTF-8"),
    ] {
        let error = contacts_csv::read(file, 7).map(drop).unwrap_err().to_string();
        assert!(error.starts_with("file ") && error.contains(why), "{error}");
        assert!(!error.contains("5550100"), "no numbers in messages: {error}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(fields in prop::collection::vec(("[ -~äß]{0,20}", "[a-z\",;\n]{0,9}", "[0-9+*#]{1,32}"), 1..20)) {
        let trimmed = |text: &str| text.trim().replace('\n', "");
        let contacts: Vec<Contact> = fields.iter().map(|(a, b, n)| contact(&trimmed(a), &trimmed(b), n, "")).collect();
        prop_assert!(contacts_csv::read(&contacts_csv::write(contacts.iter()), 7).unwrap() == contacts);
    }

    #[test]
    fn nothing_makes_it_panic(file in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = contacts_csv::read(&file, 7);
    }
}
