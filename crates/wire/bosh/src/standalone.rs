//! A child of `<body/>` as a document of its own.

use crate::NAMESPACE;
use bytes::Bytes;
use std::fmt::Write;
use xml::Node;

/// The namespace of stanzas.
const CLIENT: &str = "jabber:client";

/// The bytes of `child`, with the namespace declarations that it takes from `<body/>`. A slice of `bytes` when
/// it takes none.
pub(crate) fn element(child: Node<'_, '_>, source: &str, bytes: &Bytes) -> Bytes {
    let range = child.range();
    let text = &source[range.clone()];
    let declarations = inherited(child, text);
    if declarations.is_empty() {
        return bytes.slice(range);
    }
    let name_end = name_length(text) + 1;
    let mut out = String::with_capacity(text.len() + declarations.len());
    out.push_str(&text[..name_end]);
    out.push_str(&declarations);
    out.push_str(&text[name_end..]);
    out.into()
}

/// The declarations of the parent that `child` lacks and needs.
fn inherited(child: Node<'_, '_>, text: &str) -> String {
    let mut out = String::new();
    let own = declared_prefixes(text);
    if !own.contains(&"") {
        // Stanzas belong into jabber:client; many clients leave the declaration out and so put them into the
        // namespace of the body (XEP-0206 §2 asks for the declaration).
        let default = child.parent().and_then(|body| body.default_namespace());
        let namespace = default.filter(|namespace| *namespace != NAMESPACE).unwrap_or(CLIENT);
        declare(&mut out, "xmlns", namespace);
    }
    for namespace in child.parent().into_iter().flat_map(|body| body.namespaces()) {
        let Some(prefix) = namespace.name().filter(|prefix| *prefix != "xml") else {
            continue;
        };
        // A prefix may be used deep inside or in a value; declaring one in vain does no harm.
        if !own.contains(&prefix) && mentions(text, prefix) {
            declare(&mut out, &format!("xmlns:{prefix}"), namespace.uri());
        }
    }
    out
}

fn declare(out: &mut String, name: &str, namespace: &str) {
    let _ = write!(out, " {name}=\"");
    xml::escape_attribute(out, namespace);
    out.push('"');
}

fn mentions(text: &str, prefix: &str) -> bool {
    text.match_indices(prefix).any(|(at, found)| text[at + found.len()..].starts_with(':'))
}

/// The length of the element's name; `text` begins with its `<`.
fn name_length(text: &str) -> usize {
    text[1..].find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(text.len() - 1)
}

/// The prefixes that the start tag itself declares; an empty one for the default namespace.
///
/// The text is known to be well-formed, so the tag is a name and then pairs of a name and a quoted value.
fn declared_prefixes(text: &str) -> Vec<&str> {
    let mut prefixes = Vec::new();
    let mut rest = text[1 + name_length(text)..].trim_ascii_start();
    while !rest.starts_with(['/', '>']) {
        let Some((name, after)) = rest.split_once('=') else { break };
        let value = after.trim_ascii_start();
        let Some(quote) = value.chars().next() else { break };
        let Some((_, after)) = value[1..].split_once(quote) else { break };
        match name.trim_ascii_end().strip_prefix("xmlns") {
            Some("") => prefixes.push(""),
            Some(prefixed) => prefixes.extend(prefixed.strip_prefix(':')),
            None => {}
        }
        rest = after.trim_ascii_start();
    }
    prefixes
}
