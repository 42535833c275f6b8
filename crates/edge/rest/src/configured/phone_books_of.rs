//! The phone books of a team with the contacts in them.

use super::phone_book::{TYPE, type_of};
use super::range::Range;
use super::{Resource, contact, uri};
use crate::answer;
use crate::operation::{self, Shape, parts};
use axum::response::Response;
use configuration::{Configuration, Contact, PhoneBook};
use http::header::CONTENT_RANGE;
use http::{HeaderValue, StatusCode};

pub(super) const LISTED: Shape = parts(
    "PhoneBooks",
    &[parts(
        "PhoneBook",
        &[operation::text("uri"), operation::text("name"), TYPE, parts("contacts", &[contact::SHOWN.many()])],
    )
    .many()],
);

/// What 206 means.
pub(super) const PART: &str = "Those that the Range header asks for; there are others";

/// Every phone book with those of its contacts that are in the range: global ones first, then the team's. 206 where a
/// client has asked for a range and there are contacts beside it.
pub(super) fn answer(all: &Configuration, team: u32, range: Range) -> Response {
    let mut place = 0;
    let mut response = answer::document(|writer| {
        writer.open("PhoneBooks");
        for book in all.of_team::<PhoneBook>(team) {
            let uri = uri::<PhoneBook>(book.id);
            writer.open("PhoneBook").leaf("uri", &uri).leaf("name", &book.value.name);
            writer.leaf("type", type_of(&book.value)).open("contacts");
            for contact in all.all::<Contact>().parts(book.id) {
                place += 1;
                if range.has(place) {
                    contact.value.write(contact.id, writer, all);
                }
            }
            writer.close().close();
        }
        writer.close();
    });
    let beside = range.first > 1 || place > range.last;
    if range.asked && beside {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let (first, last) = (range.first, range.last.min(place.max(range.first)));
        if let Ok(value) = HeaderValue::from_str(&format!("objects {first}-{last}/{place}")) {
            response.headers_mut().insert(CONTENT_RANGE, value);
        }
    }
    response
}
