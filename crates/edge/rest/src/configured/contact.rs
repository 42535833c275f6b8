//! `Contact`: somebody in a phone book.

use super::reading::{named, text};
use super::{FAULTS, Resource, number, refused_by_any, root, uri};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::limits::CONTACTS_BODY_BYTES_MAX;
use crate::operation::{self, Fault, Gives, Operation, Shape, parts};
use crate::request_origin::Origin;
use crate::resource::{Named, NamedTwice};
use axum::extract::State;
use axum::response::Response;
use configuration::limits::{CONTACT_TEXT_BYTES_MAX, CONTACTS_IN_BOOK_MAX, PHONE_NUMBER_BYTES_MAX};
use configuration::{Configuration, Contact, PhoneBook};
use std::sync::Arc;
use xml::{Node, Writer};

const NUMBER: Shape = operation::text("phoneNumber").bytes_max(PHONE_NUMBER_BYTES_MAX);
const fn note(name: &'static str) -> Shape {
    operation::text(name).bytes_max(CONTACT_TEXT_BYTES_MAX)
}
pub(super) const SHOWN: Shape = parts(
    "Contact",
    &[note("description"), note("firstName"), note("lastName"), NUMBER, operation::text("uri")],
);
const LISTED: Shape = parts("Contacts", &[SHOWN.many()]);
const SENT: Shape = parts(
    "Contact",
    &[note("description").optional(), note("firstName").optional(), note("lastName").optional(), NUMBER],
);
const SENT_LIST: Shape = parts("Contacts", &[SENT.many()]);

pub(super) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/PhoneBook/{id}/Contacts", list)
            .title("The contacts of a phone book")
            .answers(&LISTED)
            .fails(&[Fault::NOT_FOUND]),
        operation::put("/PhoneBook/{id}/Contacts", replace)
            .title("Puts contacts into a phone book instead of those of before")
            .takes(&SENT_LIST)
            .body_bytes_max(CONTACTS_BODY_BYTES_MAX)
            // one more is told that it is one too many
            .listed_max(CONTACTS_IN_BOOK_MAX + 1)
            .fails(FAULTS),
        operation::post("/PhoneBook/{id}/Contact", create)
            .title("Makes a contact in a phone book")
            .takes(&SENT)
            .gives(Gives::Created)
            .fails(FAULTS),
        operation::get("/PhoneBook/{id}/Contact/{contact}", get)
            .title("A contact of a phone book")
            .answers(&SHOWN)
            .fails(&[Fault::NOT_FOUND]),
        operation::put("/PhoneBook/{id}/Contact/{contact}", change)
            .title("Changes a contact")
            .takes(&SENT)
            .fails(FAULTS),
        operation::delete("/PhoneBook/{id}/Contact/{contact}", delete)
            .title("Deletes a contact")
            .fails(FAULTS),
    ]
}

impl Resource for Contact {
    const LIST: &'static str = "Contacts";

    fn read(root: Node<'_, '_>, before: Option<&Self>) -> Result<Self, ApiError> {
        Ok(Self {
            phone_book: before.map_or(0, |before| before.phone_book),
            first_name: text(root, "firstName", before.map(|before| before.first_name.as_str())),
            last_name: text(root, "lastName", before.map(|before| before.last_name.as_str())),
            phone_number: text(root, "phoneNumber", before.map(|before| before.phone_number.as_str())),
            description: text(root, "description", before.map(|before| before.description.as_str())),
        })
    }

    fn write(&self, id: u32, writer: &mut Writer, _: &Configuration) {
        writer.open("Contact").leaf("description", &self.description).leaf("firstName", &self.first_name);
        writer.leaf("lastName", &self.last_name).leaf("phoneNumber", &self.phone_number);
        writer.leaf("uri", &uri_of(self.phone_book, id)).close();
    }
}

fn uri_of(phone_book: u32, id: u32) -> String {
    format!("{}/Contact/{id}", uri::<PhoneBook>(phone_book))
}

async fn list(State(services): State<Arc<Services>>, Named(book): Named) -> Result<Response, ApiError> {
    let book = services.phone_book(&book)?;
    Ok(services.catalogue.read(|all| super::listed(all, all.all::<Contact>().parts(book))))
}

async fn replace(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(book): Named,
    sent: Sent,
) -> Result<Response, ApiError> {
    let turn = services.turn(&caller).await;
    let book = services.phone_book(&book)?;
    let contacts = {
        let document = sent.document(&caller, &services.metrics)?;
        let contacts = named(root(&document, "Contacts")?, "Contact");
        let contact = |element| Ok(Contact { phone_book: book, ..Contact::read(element, None)? });
        contacts.map(contact).collect::<Result<Vec<_>, ApiError>>()?
    };
    turn.replace_parts(book, contacts).await.map_err(refused_by_any)?;
    Ok(answer::done())
}

async fn create(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(book): Named,
    origin: Origin,
    sent: Sent,
) -> Result<Response, ApiError> {
    let turn = services.turn(&caller).await;
    let book = services.phone_book(&book)?;
    let contact = {
        let document = sent.document(&caller, &services.metrics)?;
        Contact { phone_book: book, ..Contact::read(root(&document, "Contact")?, None)? }
    };
    let id = turn.create(contact).await.map_err(refused_by_any)?;
    Ok(answer::created(&origin.url(&uri_of(book, id))))
}

async fn get(
    State(services): State<Arc<Services>>,
    NamedTwice(book, id): NamedTwice,
) -> Result<Response, ApiError> {
    let id = services.contact(&book, &id)?;
    super::get::<Contact>(State(services), Named(id)).await
}

async fn change(
    State(services): State<Arc<Services>>,
    caller: Caller,
    NamedTwice(book, id): NamedTwice,
    sent: Sent,
) -> Result<Response, ApiError> {
    let id = services.contact(&book, &id)?;
    super::change::<Contact>(State(services), caller, Named(id), sent).await
}

async fn delete(
    State(services): State<Arc<Services>>,
    caller: Caller,
    NamedTwice(book, id): NamedTwice,
) -> Result<Response, ApiError> {
    let id = services.contact(&book, &id)?;
    super::delete::<Contact>(State(services), caller, Named(id)).await
}

impl Services {
    /// The phone book that the path names.
    pub(super) fn phone_book(&self, book: &str) -> Result<u32, ApiError> {
        let id = number::<PhoneBook>(book)?;
        let is_there = self.catalogue.read(|all| all.found::<PhoneBook>(id).is_ok());
        if is_there { Ok(id) } else { Err(super::not_found::<PhoneBook>(id)) }
    }

    /// The contact that the path names, in the phone book that it names.
    fn contact(&self, book: &str, contact: &str) -> Result<String, ApiError> {
        let (book, id) = (self.phone_book(book)?, number::<Contact>(contact)?);
        let of =
            self.catalogue.read(|all| all.found::<Contact>(id).ok().map(|contact| contact.value.phone_book));
        if of == Some(book) { Ok(id.to_string()) } else { Err(super::not_found::<Contact>(id)) }
    }
}
