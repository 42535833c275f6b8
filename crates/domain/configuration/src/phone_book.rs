//! Phone books and their contacts.

use crate::limits::{
    CONTACT_TEXT_BYTES_MAX, CONTACTS_IN_BOOK_MAX, CONTACTS_MAX, GLOBAL_PHONE_BOOKS_MAX,
    PHONE_BOOK_NAME_BYTES_MAX, PHONE_NUMBER_BYTES_MAX, TEAM_PHONE_BOOKS_MAX,
};
use crate::{Configuration, Deployment, Fault, Group, Object, Record, Shelf, text};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whose a phone book is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PhoneBookType {
    /// Everybody's.
    #[default]
    Global,
    /// Of the teams it is assigned to.
    Team,
}

/// A list of contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PhoneBook {
    /// No other has it.
    pub name: String,
    /// Whose it is.
    pub kind: PhoneBookType,
}

impl Record for PhoneBook {
    const KIND: &'static str = "PhoneBook";
    const COUNT_MAX: u32 = (GLOBAL_PHONE_BOOKS_MAX + TEAM_PHONE_BOOKS_MAX) as u32;

    fn keys(&self) -> Vec<String> {
        vec![format!("name {:?}", self.name.to_lowercase())]
    }
}

impl Object for PhoneBook {
    fn group(&self) -> Option<Group> {
        Some(match self.kind {
            PhoneBookType::Global => Group { name: "global phone books", count_max: GLOBAL_PHONE_BOOKS_MAX },
            PhoneBookType::Team => Group { name: "team phone books", count_max: TEAM_PHONE_BOOKS_MAX },
        })
    }

    fn check(&self, _: Deployment) -> Result<(), Fault> {
        text::needed("name", &self.name, PHONE_BOOK_NAME_BYTES_MAX)
    }

    fn check_change(&self, id: u32, new: &Self, all: &Configuration) -> Result<(), Fault> {
        match new.kind == PhoneBookType::Global && self.kind == PhoneBookType::Team {
            true => all.check_unassigned::<Self>(id),
            false => Ok(()),
        }
    }

    fn check_delete(&self, id: u32, all: &Configuration) -> Result<(), Fault> {
        all.check_unassigned::<Self>(id)
    }

    fn shelf(all: &Configuration) -> &Shelf<Self> {
        &all.phone_books
    }

    fn shelf_mut(all: &mut Configuration) -> &mut Shelf<Self> {
        &mut all.phone_books
    }
}

/// Somebody to call. Prints without the number.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// The phone book's id.
    pub phone_book: u32,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where to call.
    pub phone_number: String,
    /// What for.
    pub description: String,
}

impl Record for Contact {
    const KIND: &'static str = "Contact";
    const COUNT_MAX: u32 = CONTACTS_MAX as u32;
    const PARENT: Option<&'static str> = Some(PhoneBook::KIND);
    const COUNT_IN_PARENT_MAX: u32 = CONTACTS_IN_BOOK_MAX as u32;

    fn parent(&self) -> Option<u32> {
        Some(self.phone_book)
    }
}

impl Object for Contact {
    fn check(&self, _: Deployment) -> Result<(), Fault> {
        text::needed("phoneNumber", &self.phone_number, PHONE_NUMBER_BYTES_MAX)?;
        text::at_most("firstName", &self.first_name, CONTACT_TEXT_BYTES_MAX)?;
        text::at_most("lastName", &self.last_name, CONTACT_TEXT_BYTES_MAX)?;
        text::at_most("description", &self.description, CONTACT_TEXT_BYTES_MAX)
    }

    fn check_references(&self, all: &Configuration) -> Result<(), Fault> {
        all.found::<PhoneBook>(self.phone_book).map(drop)
    }

    fn check_change(&self, _: u32, new: &Self, _: &Configuration) -> Result<(), Fault> {
        match new.phone_book == self.phone_book {
            true => Ok(()),
            false => Err(Fault::Fixed("a contact stays in its phone book")),
        }
    }

    fn shelf(all: &Configuration) -> &Shelf<Self> {
        &all.contacts
    }

    fn shelf_mut(all: &mut Configuration) -> &mut Shelf<Self> {
        &mut all.contacts
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact").field("phone_book", &self.phone_book).finish_non_exhaustive()
    }
}
