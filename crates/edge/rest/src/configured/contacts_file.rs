//! A phone book's contacts as a file of comma-separated values.

use super::{FAULTS, refused_by_any};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::limits::CONTACTS_BODY_BYTES_MAX;
use crate::operation::{self, Fault, Gives, Operation};
use crate::resource::Named;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use configuration::{Contact, contacts_csv};
use futures_util::stream;
use http::HeaderMap;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use multer::Multipart;
use std::convert::Infallible;
use std::sync::Arc;

const PATH: &str = "/PhoneBook/{id}/Contacts/csvFileContent";

/// The guide's form with a file in it, or the file itself.
const TYPES: &[&str] = &["multipart/form-data", "text/csv", "text/plain", "application/octet-stream"];

pub(super) fn operations() -> Vec<Operation> {
    let import = |operation: Operation| {
        operation
            .title("Reads a file of contacts into a phone book, instead of those of before")
            .takes_data(TYPES)
            .body_bytes_max(CONTACTS_BODY_BYTES_MAX)
            .fails(FAULTS)
    };
    vec![
        operation::get(PATH, export)
            .title("The contacts of a phone book as a file")
            .gives(Gives::Other("text/csv"))
            .fails(&[Fault::NOT_FOUND]),
        // COMPAT(finesse): forms in pages can only POST; the guide has PUT
        import(operation::post(PATH, read)),
        import(operation::put(PATH, read)),
    ]
}

async fn export(State(services): State<Arc<Services>>, Named(book): Named) -> Result<Response, ApiError> {
    let book = services.phone_book(&book)?;
    let file = services
        .catalogue
        .read(|all| contacts_csv::write(all.all::<Contact>().parts(book).map(|contact| &contact.value)));
    let name = format!("attachment; filename=\"PhoneBook{book}Contacts.csv\"");
    Ok(([(CONTENT_TYPE, "text/csv; charset=UTF-8".to_owned()), (CONTENT_DISPOSITION, name)], file)
        .into_response())
}

async fn read(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(book): Named,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, ApiError> {
    let file = match sent.media_type() {
        "multipart/form-data" => file_in_form(&headers, sent.bytes()).await?,
        _ => sent.bytes().to_vec(),
    };
    let turn = services.turn(&caller).await;
    let book = services.phone_book(&book)?;
    let contacts = contacts_csv::read(&file, book).map_err(|fault| refused_by_any(fault.into()))?;
    turn.replace_parts(book, contacts).await.map_err(refused_by_any)?;
    Ok(answer::done())
}

/// The first file of a form, whatever its field is called; without one, the first field.
async fn file_in_form(headers: &HeaderMap, body: &[u8]) -> Result<Vec<u8>, ApiError> {
    let wrong = || ApiError::invalid_input("file", "the form cannot be read, or has no file in it");
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(content_type).map_err(|_| wrong())?;
    let body = stream::iter([Ok::<_, Infallible>(body.to_vec())]);
    let mut form = Multipart::new(body, boundary);
    let mut first = None;
    while let Some(field) = form.next_field().await.map_err(|_| wrong())? {
        let is_file = field.file_name().is_some();
        let bytes = field.bytes().await.map_err(|_| wrong())?.to_vec();
        if is_file {
            return Ok(bytes);
        }
        first.get_or_insert(bytes);
    }
    first.ok_or_else(wrong)
}
