//! A phone book's contacts as a file (Finesse guide, PhoneBook—Import and Export Contact List).

use crate::{Contact, Deployment, Fault, Object};

/// The first line.
pub const HEAD: [&str; 4] = ["First Name", "Last Name", "Phone Number", "Notes"];

/// Contacts as a file: every value in quotes, lines ended as spreadsheets do.
pub fn write<'a>(contacts: impl Iterator<Item = &'a Contact>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // into memory: nothing can fail
    let _ = writer.write_record(HEAD);
    for contact in contacts {
        let Contact { first_name, last_name, phone_number, description, .. } = contact;
        let _ = writer.write_record([first_name, last_name, phone_number, description]);
    }
    writer.into_inner().unwrap_or_default()
}

/// Reads a file as the contacts of a phone book: its first line names the columns in any order, without regard to
/// case; only the phone number is needed.
pub fn read(file: &[u8], phone_book: u32) -> Result<Vec<Contact>, Fault> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
    let head = reader.headers().map_err(|error| wrong(&error))?.clone();
    let column = |name: &str| head.iter().position(|title| title.eq_ignore_ascii_case(name));
    let [first, last, number, notes] = HEAD.map(column);
    let number =
        number.ok_or_else(|| Fault::invalid("file", "has no column \"Phone Number\" in its first line"))?;
    let mut contacts = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(&error))?;
        let value =
            |column: Option<usize>| column.and_then(|at| record.get(at)).unwrap_or_default().to_owned();
        let contact = Contact {
            phone_book,
            first_name: value(first),
            last_name: value(last),
            phone_number: value(Some(number)),
            description: value(notes),
        };
        let line = record.position().map_or(0, csv::Position::line);
        let in_line = |fault: Fault| Fault::invalid("file", format!("has in line {line}: {fault}"));
        contact.check(Deployment::default()).map_err(in_line)?;
        contacts.push(contact);
    }
    match contacts.is_empty() {
        true => Err(Fault::invalid("file", "has no contacts")),
        false => Ok(contacts),
    }
}

fn wrong(error: &csv::Error) -> Fault {
    let line = error.position().map_or(0, csv::Position::line);
    Fault::invalid("file", format!("cannot be read as comma-separated values in UTF-8 (line {line})"))
}
