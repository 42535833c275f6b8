//! Answers that need only a few values.

use super::{Form, Page};
use crate::ns;
use xml::Writer;

/// A disco#info answer (XEP-0030 §3.1): identities as (category, type, name), then features, then more (XEP-0128).
pub fn disco_info(
    writer: &mut Writer,
    node: Option<&str>,
    identities: &[(&'static str, &'static str, &str)],
    features: &[&'static str],
    more: Option<&Form>,
) {
    writer.open("query").attribute("xmlns", ns::DISCO_INFO);
    if let Some(node) = node {
        writer.attribute("node", node);
    }
    for (category, type_, name) in identities {
        writer.open("identity").attribute("category", category).attribute("type", type_);
        if !name.is_empty() {
            writer.attribute("name", name);
        }
        writer.close();
    }
    for feature in features {
        writer.open("feature").attribute("var", feature).close();
    }
    if let Some(form) = more {
        form.write(writer);
    }
    writer.close();
}

/// One line of a disco#items answer (XEP-0030 §4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiscoItem<'a> {
    /// Its address.
    pub jid: &'a str,
    /// Its node there.
    pub node: Option<&'a str>,
    /// What people call it.
    pub name: Option<&'a str>,
}

/// A disco#items answer (XEP-0030 §4.1), and which page of it.
pub fn disco_items<'a>(
    writer: &mut Writer,
    node: Option<&str>,
    items: impl IntoIterator<Item = DiscoItem<'a>>,
    page: Option<&Page>,
) {
    writer.open("query").attribute("xmlns", ns::DISCO_ITEMS);
    if let Some(node) = node {
        writer.attribute("node", node);
    }
    for DiscoItem { jid, node, name } in items {
        writer.open("item").attribute("jid", jid);
        if let Some(node) = node {
            writer.attribute("node", node);
        }
        if let Some(name) = name {
            writer.attribute("name", name);
        }
        writer.close();
    }
    if let Some(page) = page {
        page.write(writer);
    }
    writer.close();
}

/// A roster (RFC 6121 §2.1.4) of contacts that both see each other's presence.
pub fn roster(writer: &mut Writer, contacts: &[&str]) {
    writer.open("query").attribute("xmlns", ns::ROSTER);
    for contact in contacts {
        writer.open("item").attribute("jid", contact).attribute("subscription", "both").close();
    }
    writer.close();
}

/// A software version (XEP-0092 §3).
pub fn version(writer: &mut Writer, name: &str, version: &str) {
    writer.open("query").attribute("xmlns", ns::VERSION).leaf("name", name).leaf("version", version).close();
}

/// A time (XEP-0202 §3): UTC as XEP-0082 writes it, and the zone's offset (`+01:00`).
pub fn time(writer: &mut Writer, utc: &str, offset: &str) {
    writer.open("time").attribute("xmlns", ns::TIME).leaf("tzo", offset).leaf("utc", utc).close();
}
