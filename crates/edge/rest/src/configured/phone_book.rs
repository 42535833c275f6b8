//! `PhoneBook`: for administrators with a pointer to its contacts.

use super::reading::text;
use super::{Described, Resource, all_of, uri};
use crate::answer::ApiError;
use crate::operation::{self, Operation, Shape, parts, word};
use configuration::limits::PHONE_BOOK_NAME_BYTES_MAX;
use configuration::{Configuration, PhoneBook, PhoneBookType};
use xml::{Node, Writer, child_text};

const NAME: Shape = operation::text("name").bytes_max(PHONE_BOOK_NAME_BYTES_MAX);
pub(super) const TYPE: Shape = word("type", &["GLOBAL", "TEAM"]);
const SHOWN: Shape = parts("PhoneBook", &[operation::text("uri"), NAME, TYPE, operation::text("contacts")]);
pub(super) const LISTED: Shape = parts("PhoneBooks", &[SHOWN.many()]);
const SENT: Shape = parts("PhoneBook", &[NAME, TYPE]);

pub(super) fn operations() -> Vec<Operation> {
    all_of::<PhoneBook>(&Described {
        list: "/PhoneBooks",
        make: "/PhoneBook",
        one: "/PhoneBook/{id}",
        titles: [
            "All phone books",
            "Makes a phone book",
            "A phone book",
            "Changes a phone book",
            "Deletes a phone book and its contacts",
        ],
        listed: &LISTED,
        shown: &SHOWN,
        sent: &SENT,
    })
}

impl Resource for PhoneBook {
    const LIST: &'static str = "PhoneBooks";

    fn read(root: Node<'_, '_>, before: Option<&Self>) -> Result<Self, ApiError> {
        let kind = match child_text(root, "type").as_deref() {
            Some("GLOBAL") => PhoneBookType::Global,
            Some("TEAM") => PhoneBookType::Team,
            None | Some("") => {
                before.map(|before| before.kind).ok_or_else(|| ApiError::parameter_missing("type"))?
            }
            Some(_) => return Err(ApiError::invalid_input("type", "type is neither GLOBAL nor TEAM")),
        };
        Ok(Self { name: text(root, "name", before.map(|before| before.name.as_str())), kind })
    }

    fn write(&self, id: u32, writer: &mut Writer, _: &Configuration) {
        let uri = uri::<Self>(id);
        writer.open("PhoneBook").leaf("uri", &uri).leaf("name", &self.name).leaf("type", type_of(self));
        writer.leaf("contacts", &format!("{uri}/Contacts")).close();
    }
}

pub(super) fn type_of(book: &PhoneBook) -> &'static str {
    match book.kind {
        PhoneBookType::Global => "GLOBAL",
        PhoneBookType::Team => "TEAM",
    }
}
