//! Answers to stanzas.

use crate::{Head, StanzaError, ns};
use bytes::Bytes;
use xml::{Layout, Writer};

/// An IQ result without payload.
pub fn empty_result(request: &Head, to: Option<&str>) -> Bytes {
    result(request, to, |_| {})
}

/// An IQ result; `payload` writes its child. `to` is the requester's full JID, when it has one.
/// The answer comes `from` what was asked: JabberWerx takes it from nobody else.
pub fn result(request: &Head, to: Option<&str>, payload: impl FnOnce(&mut Writer)) -> Bytes {
    let mut writer = answer(request, to, "result");
    payload(&mut writer);
    writer.finish().0.into()
}

/// An error answer (RFC 6120 §8.3.1), without repeating the request's payload.
pub fn error(request: &Head, to: Option<&str>, error: impl Into<StanzaError>) -> Bytes {
    let mut writer = answer(request, to, "error");
    error.into().write(&mut writer);
    writer.finish().0.into()
}

fn answer(request: &Head, to: Option<&str>, type_: &'static str) -> Writer {
    let mut writer = Writer::new(Layout::Compact);
    writer.open(request.kind.name()).attribute("xmlns", ns::CLIENT).attribute("type", type_);
    if let Some(from) = &request.to {
        writer.attribute("from", from);
    }
    if let Some(to) = to {
        writer.attribute("to", to);
    }
    if let Some(id) = &request.id {
        writer.attribute("id", id);
    }
    writer
}
