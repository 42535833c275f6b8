//! The messages of events: what stands behind a message's start tag (XEP-0060 §7.1.2, §8.2.5, §8.4, §8.5, §8.6).

use bytes::{BufMut, Bytes, BytesMut};
use jiff::Timestamp;
use xml::{Layout, Writer, escape_attribute};
use xmpp::ns;
use xmpp::payload::{Affiliated, Form, Subscription};

const END: &[u8] = b"</message>";

/// A published item. Without `item`, the bare fact.
pub(crate) fn published(node: &str, item: Option<&str>, payload: &[u8]) -> Bytes {
    let mut text = format!("<event xmlns=\"{}\"><items node=\"", ns::PUBSUB_EVENT);
    escape_attribute(&mut text, node);
    text.push_str("\">");
    let Some(item) = item else {
        text.push_str("</items></event></message>");
        return text.into();
    };
    text.push_str("<item id=\"");
    escape_attribute(&mut text, item);
    text.push_str("\">");
    let mut tail = BytesMut::with_capacity(text.len() + payload.len() + 48);
    tail.put_slice(text.as_bytes());
    tail.put_slice(payload);
    tail.put_slice(b"</item></items></event></message>");
    tail.freeze()
}

/// Items taken back (§7.2.2).
pub(crate) fn retracted(node: &str, ids: &[String]) -> Bytes {
    event(|writer| {
        writer.open("items").attribute("node", node);
        for id in ids {
            writer.open("retract").attribute("id", id).close();
        }
    })
}

/// A new configuration (§8.2.5), with the form unless payloads are not delivered.
pub(crate) fn configured(node: &str, form: Option<&Form>) -> Bytes {
    event(|writer| {
        writer.open("configuration").attribute("node", node);
        if let Some(form) = form {
            form.write(writer);
        }
    })
}

/// The node is gone (§8.4.2).
pub(crate) fn deleted(node: &str, redirect: Option<&str>) -> Bytes {
    event(|writer| {
        writer.open("delete").attribute("node", node);
        if let Some(uri) = redirect {
            writer.open("redirect").attribute("uri", uri).close();
        }
    })
}

/// Every item is gone (§8.5.2).
pub(crate) fn purged(node: &str) -> Bytes {
    event(|writer| {
        writer.open("purge").attribute("node", node);
    })
}

/// A subscription's state (§8.6, §8.8.4).
pub(crate) fn subscription(subscription: &Subscription) -> Bytes {
    event(|writer| subscription.write(writer, Some(&subscription.node)))
}

/// A new affiliation (§8.9.4).
pub(crate) fn affiliation(affiliated: &Affiliated) -> Bytes {
    message(|writer| {
        writer.open("pubsub").attribute("xmlns", ns::PUBSUB);
        writer.open("affiliations").attribute("node", &affiliated.node).open("affiliation");
        writer.attribute("jid", affiliated.user.as_str());
        writer.attribute("affiliation", affiliated.affiliation);
    })
}

/// A form to be filled in (§8.6.1).
pub(crate) fn form(form: &Form) -> Bytes {
    message(|writer| form.write(writer))
}

/// The number of an event, and within which epoch it was given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number<'a> {
    pub(crate) epoch: &'a str,
    pub(crate) sequence: u64,
    /// It is no event but what was true after the one of this number.
    pub(crate) is_snapshot: bool,
}

/// The same with the subscriptions that it comes by (§6.1.6), and with its number (XEP-0131).
pub(crate) fn with_headers<'a>(
    tail: &Bytes,
    subids: impl Iterator<Item = &'a str>,
    number: Option<Number<'_>>,
) -> Bytes {
    let mut writer = Writer::new(Layout::Compact);
    writer.open("headers").attribute("xmlns", ns::SHIM);
    let mut header = |name, text: &str| {
        writer.open("header").attribute("name", name).text(text).close();
    };
    subids.for_each(|subid| header("SubID", subid));
    if let Some(number) = number {
        header("Event-Epoch", number.epoch);
        header("Event-Number", &number.sequence.to_string());
        if number.is_snapshot {
            header("Event-Snapshot", "true");
        }
    }
    before_end(tail, writer)
}

/// The same with its number.
pub(crate) fn numbered(tail: &Bytes, number: Number<'_>) -> Bytes {
    with_headers(tail, std::iter::empty(), Some(number))
}

/// The same with the time at which it happened (§6.1.7; XEP-0203).
pub(crate) fn delayed(tail: &Bytes, service: &str, at: Timestamp) -> Bytes {
    let mut writer = Writer::new(Layout::Compact);
    writer.open("delay").attribute("xmlns", ns::DELAY).attribute("from", service);
    writer.attribute("stamp", &at.to_string());
    before_end(tail, writer)
}

fn before_end(tail: &Bytes, writer: Writer) -> Bytes {
    let more = writer.finish().0;
    let body = tail.strip_suffix(END).unwrap_or(tail);
    [body, more.as_bytes(), END].concat().into()
}

fn event(write: impl FnOnce(&mut Writer)) -> Bytes {
    message(|writer| {
        writer.open("event").attribute("xmlns", ns::PUBSUB_EVENT);
        write(writer);
    })
}

fn message(write: impl FnOnce(&mut Writer)) -> Bytes {
    let mut writer = Writer::new(Layout::Compact);
    write(&mut writer);
    let mut text = writer.finish().0;
    text.push_str("</message>");
    text.into()
}
