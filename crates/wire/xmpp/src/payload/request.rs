//! Telling requests apart.

use super::PubsubRequest;
use super::pubsub::pubsub_request;
use crate::{Condition, StanzaError, ns};
use xml::Node;

/// The payload of an IQ `get` or `set`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// XEP-0199.
    Ping,
    /// RFC 3921 §3.
    Session,
    /// XEP-0030, with the node asked about.
    DiscoInfo(Option<String>),
    /// XEP-0030, with the node asked about.
    DiscoItems(Option<String>),
    /// RFC 6121 §2.1.
    Roster,
    /// XEP-0092.
    Version,
    /// XEP-0202.
    Time,
    /// XEP-0060.
    Pubsub(PubsubRequest),
}

/// Reads an IQ's payload. `type_` is the IQ's.
///
/// # Errors
/// `bad-request` when a known payload lacks what it must have; `service-unavailable` or
/// `feature-not-implemented` for what we do not know.
pub fn request(type_: &str, payload: Node<'_, '_>) -> Result<Request, StanzaError> {
    let node = || payload.attribute("node").map(str::to_owned);
    match (type_, payload.tag_name().namespace().unwrap_or(""), payload.tag_name().name()) {
        ("get", ns::PING, "ping") => Ok(Request::Ping),
        ("set", ns::SESSION, "session") => Ok(Request::Session),
        ("get", ns::DISCO_INFO, "query") => Ok(Request::DiscoInfo(node())),
        ("get", ns::DISCO_ITEMS, "query") => Ok(Request::DiscoItems(node())),
        ("get", ns::ROSTER, "query") => Ok(Request::Roster),
        ("get", ns::VERSION, "query") => Ok(Request::Version),
        ("get", ns::TIME, "time") => Ok(Request::Time),
        // the roster is the server's: nobody else adds to it
        ("set", ns::ROSTER, "query") => Err(Condition::NotAllowed.into()),
        (_, ns::PUBSUB, "pubsub") => pubsub_request(type_, payload).map(Request::Pubsub),
        _ => Err(Condition::ServiceUnavailable.into()),
    }
}
