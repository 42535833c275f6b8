//! Kinds of which there is one object: reading and writing it.

use super::{refused_by_any, root};
use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::operation;
use axum::extract::State;
use axum::response::Response;
use configuration::Object;
use std::sync::Arc;
use xml::{Node, Writer};

/// A kind of which there is one object, with documents.
pub(super) trait Single: Object {
    /// What holds at present: what an administrator has said, or else the settings or the default.
    fn present(services: &Services) -> Self;

    /// What a document asks for. What it says nothing of is as in `before`.
    fn read(root: Node<'_, '_>, before: &Self, services: &Services) -> Result<Self, ApiError>;

    /// Writes what is inside the element of its kind.
    fn write(&self, writer: &mut Writer);
}

pub(super) async fn get<T: Single>(State(services): State<Arc<Services>>) -> Response {
    let present = T::present(&services);
    answer::document(|writer| {
        writer.open(T::KIND).leaf("uri", &format!("{}/{}", operation::BASE, T::KIND));
        present.write(writer);
        writer.close();
    })
}

pub(super) async fn put<T: Single>(
    State(services): State<Arc<Services>>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, ApiError> {
    let turn = services.turn(&caller).await;
    let before = T::present(&services);
    let value = {
        let document = sent.document(&caller, &services.metrics)?;
        T::read(root(&document, T::KIND)?, &before, &services)?
    };
    turn.put(|_: &T| true, value).await.map_err(refused_by_any)?;
    Ok(answer::done())
}

/// As text; nothing where there is none.
pub(super) fn port(port: u16) -> String {
    if port == 0 { String::new() } else { port.to_string() }
}
