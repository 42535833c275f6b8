//! Stanzas that go from one client to another.

use crate::Stanza;
use bytes::Bytes;

/// The namespace of `xml:lang`.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A client's stanza with the sender's address stamped on it (RFC 6120 §8.1.2.1), ready for any number of receivers:
/// everything after the start tag is shared by all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relayed {
    /// The start tag without `from`, `to` and its end.
    open: String,
    /// The rest, from the end of the start tag.
    rest: Bytes,
}

impl Relayed {
    /// Stamps `from` on a stanza, and the language of the sender's stream if it names none itself (RFC 6120 §8.1.5).
    /// `bytes` are what `stanza` was read from.
    pub fn new(bytes: &Bytes, stanza: &Stanza<'_>, from: &str, lang: Option<&str>) -> Self {
        let range = stanza.root().range();
        let bytes = bytes.slice(range);
        let (mut open, end) = without_addresses(&bytes);
        open.push_str(" from=\"");
        xml::escape_attribute(&mut open, from);
        open.push('"');
        if let Some(lang) = lang.filter(|_| stanza.root().attribute((XML, "lang")).is_none()) {
            open.push_str(" xml:lang=\"");
            xml::escape_attribute(&mut open, lang);
            open.push('"');
        }
        Self { open, rest: bytes.slice(end..) }
    }

    /// Its bytes for one receiver, in two parts; `to` is left out when there is none.
    pub fn to(&self, to: Option<&str>) -> (Bytes, Bytes) {
        let mut head = self.open.clone();
        if let Some(to) = to {
            head.push_str(" to=\"");
            xml::escape_attribute(&mut head, to);
            head.push('"');
        }
        (head.into(), self.rest.clone())
    }

    /// Its length in bytes, without `to`.
    pub fn len(&self) -> usize {
        self.open.len() + self.rest.len()
    }

    /// Never: a stanza has a name at least.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The start tag of a well-formed element without its `from` and `to`, and where `>` or `/>` is.
fn without_addresses(bytes: &[u8]) -> (String, usize) {
    let find = |from: usize, is: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|byte| is(*byte)).map_or(bytes.len(), |at| from + at)
    };
    let is_space = |byte: u8| byte.is_ascii_whitespace();
    let mut at = find(0, &|byte| is_space(byte) || byte == b'>' || byte == b'/');
    let mut open = String::from_utf8_lossy(&bytes[..at]).into_owned();
    loop {
        let name = find(at, &|byte| !is_space(byte));
        if name >= bytes.len() || matches!(bytes[name], b'>' | b'/') {
            return (open, name);
        }
        let name_end = find(name, &|byte| is_space(byte) || byte == b'=');
        let quote = find(name_end, &|byte| byte == b'"' || byte == b'\'');
        let end = find(quote + 1, &|byte| byte == bytes[quote]) + 1;
        if !matches!(&bytes[name..name_end], b"from" | b"to") {
            open.push(' ');
            open.push_str(&String::from_utf8_lossy(&bytes[name..end]));
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relayed(text: &'static str, to: Option<&str>) -> String {
        let bytes = Bytes::from_static(text.as_bytes());
        let stanza = Stanza::parse(&bytes).unwrap();
        let (head, tail) = Relayed::new(&bytes, &stanza, "a@b/c'\"<", None).to(to);
        let text = String::from_utf8([head, tail].concat()).unwrap();
        let read = Stanza::parse(text.as_bytes()).unwrap().head().unwrap();
        assert_eq!((read.from.as_deref(), read.to.as_deref()), (Some("a@b/c'\"<"), to));
        text
    }

    #[test]
    fn the_sender_is_stamped_and_the_rest_stays_as_it_was() {
        let text = relayed(
            "<message xmlns='jabber:client' to='x@b' from = \"evil@b\" id='1'\n type=\"chat\"><body>a &lt; b > c</body></message>",
            Some("d@b/e"),
        );
        assert!(
            text.starts_with("<message xmlns='jabber:client' id='1' type=\"chat\" from=\"a@b/c"),
            "{text}"
        );
        assert!(text.ends_with(" to=\"d@b/e\"><body>a &lt; b > c</body></message>"), "{text}");
    }

    #[test]
    fn the_language_of_the_stream_is_stamped_where_the_stanza_names_none() {
        let lang = |text: &'static str| {
            let bytes = Bytes::from_static(text.as_bytes());
            let relayed = Relayed::new(&bytes, &Stanza::parse(&bytes).unwrap(), "a@b/c", Some("de"));
            let text = [relayed.to(None).0, relayed.to(None).1].concat();
            let stanza = Stanza::parse(&text).unwrap();
            stanza.root().attribute((XML, "lang")).map(str::to_owned)
        };
        assert_eq!(lang("<message xmlns='jabber:client'/>").as_deref(), Some("de"));
        assert_eq!(lang("<message xmlns='jabber:client' xml:lang='ja'/>").as_deref(), Some("ja"));
    }

    #[test]
    fn an_empty_stanza_and_values_that_look_like_markup_are_no_trap() {
        assert!(relayed("<presence xmlns='jabber:client'/>", None).ends_with("/>"));
        let text =
            relayed("<presence xmlns='jabber:client' id='/> to=\"x\" from='  ></presence>", Some("d@b"));
        assert!(text.contains(" id='/> to=\"x\" from='"), "{text}");
    }

    #[test]
    fn a_declaration_before_the_stanza_and_space_behind_it_are_left_out() {
        let text = relayed("<?xml version='1.0'?> <presence xmlns='jabber:client'/> ", None);
        assert!(text.starts_with("<presence") && text.ends_with("/>"), "{text}");
    }
}
