//! Telling requests apart.

use super::command::Command;
use super::form::Submission;
use super::numbers::numbers_request;
use super::pubsub::{owner_request, pubsub_request};
use super::{NumbersRequest, PubsubRequest, ResultSet};
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
    /// XEP-0030, with the node asked about and the page wanted.
    DiscoItems(Option<String>, Option<ResultSet>),
    /// RFC 6121 §2.1.
    Roster,
    /// XEP-0092.
    Version,
    /// XEP-0202.
    Time,
    /// XEP-0060.
    Pubsub(Box<PubsubRequest>),
    /// Events with numbers, and those that were missed.
    Numbers(Box<NumbersRequest>),
    /// XEP-0050.
    Command(Box<Command>),
    /// What the desktop notes of itself.
    Probe(Box<super::Probe>),
}

/// Reads an IQ's payload. `type_` is the IQ's.
///
/// # Errors
/// `bad-request` when a known payload lacks what it must have; `service-unavailable` or
/// `feature-not-implemented` for what we do not know.
pub fn request(type_: &str, payload: Node<'_, '_>) -> Result<Request, StanzaError> {
    let node = || payload.attribute("node").map(str::to_owned);
    let pubsub = |request| Request::Pubsub(Box::new(request));
    match (type_, payload.tag_name().namespace().unwrap_or(""), payload.tag_name().name()) {
        ("get", ns::PING, "ping") => Ok(Request::Ping),
        ("set", ns::SESSION, "session") => Ok(Request::Session),
        ("get", ns::DISCO_INFO, "query") => Ok(Request::DiscoInfo(node())),
        ("get", ns::DISCO_ITEMS, "query") => Ok(Request::DiscoItems(node(), ResultSet::read(payload)?)),
        ("get", ns::ROSTER, "query") => Ok(Request::Roster),
        ("get", ns::VERSION, "query") => Ok(Request::Version),
        ("get", ns::TIME, "time") => Ok(Request::Time),
        // the roster is the server's: nobody else adds to it
        ("set", ns::ROSTER, "query") => Err(Condition::NotAllowed.into()),
        (_, ns::PUBSUB, "pubsub") => pubsub_request(type_, payload).map(pubsub),
        (_, ns::PUBSUB_OWNER, "pubsub") => owner_request(type_, payload).map(pubsub),
        (_, ns::NUMBERS, "numbers") => {
            numbers_request(type_, payload).map(|request| Request::Numbers(Box::new(request)))
        }
        ("set", ns::PROBE, "probe") => {
            super::probe::probe(payload).map(|probe| Request::Probe(Box::new(probe)))
        }
        ("set", ns::COMMANDS, "command") => Ok(Request::Command(Box::new(Command::read(payload)?))),
        _ => Err(Condition::ServiceUnavailable.into()),
    }
}

/// What an owner decides about a subscription that waits (XEP-0060 §8.6): a form in a message, if there is one.
pub fn authorization(message: Node<'_, '_>) -> Option<Submission> {
    let form = message.children().find(|child| child.has_tag_name((ns::DATA_FORM, "x")))?;
    let submission = Submission::read(form).ok()?;
    let is_authorization = match &submission {
        Submission::Submit(form) => form.form_type.as_deref() == Some(ns::PUBSUB_AUTHORIZATION),
        Submission::Cancel => true,
    };
    is_authorization.then_some(submission)
}
