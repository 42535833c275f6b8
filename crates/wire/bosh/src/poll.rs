//! The empty poll, which is nearly every request, without an XML parser.
//!
//! What is read here is what every parser would read from it; whatever is not plainly an empty poll is left to one.

use crate::NAMESPACE;

/// Longer ones are left to the parser.
const BYTES_MAX: usize = 512;
/// The namespace that many clients declare on each body and use on few.
const XBOSH: &str = "urn:xmpp:xbosh";

/// The attributes of a body that has no others and nothing in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Poll<'a> {
    pub(crate) sid: Option<&'a str>,
    pub(crate) rid: Option<&'a str>,
    pub(crate) ack: Option<&'a str>,
    pub(crate) key: Option<&'a str>,
}

/// Reads one; `None` if it may be anything else.
pub(crate) fn read(bytes: &[u8]) -> Option<Poll<'_>> {
    if bytes.len() > BYTES_MAX {
        return None;
    }
    let mut rest = std::str::from_utf8(bytes).ok()?.strip_prefix("<body")?;
    let mut poll = Poll::default();
    let (mut namespace, mut xbosh) = (None, None);
    while let Some(attribute) = rest.strip_prefix(' ') {
        let attribute = attribute.trim_start_matches(' ');
        if attribute.starts_with(['/', '>']) {
            rest = attribute;
            break;
        }
        let (name, after) = attribute.split_once('=')?;
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        let place = match name {
            "xmlns" => &mut namespace,
            "xmlns:xmpp" => &mut xbosh,
            "sid" => &mut poll.sid,
            "rid" => &mut poll.rid,
            "ack" => &mut poll.ack,
            "key" => &mut poll.key,
            _ => return None,
        };
        // Escapes and white space have rules of their own; an attribute that comes twice is a fault.
        if place.is_some() || !value.bytes().all(|byte| matches!(byte, b'!'..=b'~') && !b"<&".contains(&byte))
        {
            return None;
        }
        *place = Some(value);
        rest = after;
    }
    let is_empty = matches!(rest.trim_end_matches([' ', '\r', '\n']), "/>" | "></body>");
    let is_body = namespace == Some(NAMESPACE) && xbosh.is_none_or(|xbosh| xbosh == XBOSH);
    (is_empty && is_body).then_some(poll)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polls_as_clients_write_them_are_read() {
        let expected = Poll { sid: Some("a1"), rid: Some("17"), ..Poll::default() };
        for text in [
            r#"<body xmlns="http://jabber.org/protocol/httpbind" sid="a1" rid="17"/>"#,
            r#"<body rid='17' sid='a1' xmlns='http://jabber.org/protocol/httpbind'></body>"#,
            r#"<body  sid="a1" rid="17" xmlns="http://jabber.org/protocol/httpbind" xmlns:xmpp="urn:xmpp:xbosh" />"#,
        ] {
            assert_eq!(read(text.as_bytes()), Some(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_left_to_the_parser() {
        let poll = r#"<body xmlns="http://jabber.org/protocol/httpbind" sid="a1" rid="17"/>"#;
        for (from, to) in [
            ("/>", "><iq/></body>"),
            ("/>", "> </body>"),
            ("/>", ">"),
            ("/>", "/><a/>"),
            ("<body", " <body"),
            ("<body", "<bodyx"),
            ("body ", "body\t"),
            (r#"sid="a1""#, r#"sid="a&amp;1""#),
            (r#"sid="a1""#, r#"sid="a 1""#),
            (r#"sid="a1""#, r#"sid="é""#),
            (r#"sid="a1""#, r#"sid="a1" sid="a1""#),
            (r#"sid="a1""#, r#"sid="a1" pause="1""#),
            (r#"sid="a1" "#, r#"sid="a1""#),
            (r#"sid="a1""#, r#"sid = "a1""#),
            (r#"sid="a1""#, r#"xmlns:xmpp="urn:other""#),
            ("http:", "https:"),
            (r#""17""#, r#""17"#),
            (r#""17""#, "17"),
        ] {
            let other = poll.replacen(from, to, 1);
            assert_ne!(other, poll, "{from}");
            assert_eq!(read(other.as_bytes()), None, "{other}");
        }
    }
}
