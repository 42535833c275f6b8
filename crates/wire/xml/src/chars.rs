//! Character hygiene: the one place that says which characters may leave or enter, and what stands for the others.

use std::borrow::Cow;

/// What takes the place of a character that XML forbids.
const REPLACEMENT: char = '\u{FFFD}';

/// Whether XML 1.0 §2.2 (`Char`) allows the character.
pub fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// A text without forbidden characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned<'a> {
    /// The text, with U+FFFD for each character that XML forbids.
    pub text: Cow<'a, str>,
    /// How many characters were replaced.
    pub replaced: usize,
}

/// Replaces what XML forbids by U+FFFD. This is the rule for text that comes from systems we cannot refuse
/// (the CTI link); clients that send such a character are refused by [`crate::Document`].
pub fn clean(text: &str) -> Cleaned<'_> {
    let replaced = text.chars().filter(|c| !is_allowed(*c)).count();
    if replaced == 0 {
        return Cleaned { text: Cow::Borrowed(text), replaced };
    }
    let text = text.chars().map(|c| if is_allowed(c) { c } else { REPLACEMENT }).collect();
    Cleaned { text: Cow::Owned(text), replaced }
}

/// The first character of a document that XML forbids, by itself or as a reference: its number and where it stands.
pub(crate) fn forbidden_character(document: &str) -> Option<(u32, usize)> {
    let plain = document.char_indices().find(|(_, c)| !is_allowed(*c)).map(|(at, c)| (c.into(), at));
    let referred = document
        .match_indices("&#")
        .find_map(|(at, _)| Some((forbidden_reference(&document[at + 2..])?, at)));
    plain.into_iter().chain(referred).min_by_key(|(_, at)| *at)
}

/// The number of a reference of which `1;…` or `x1;…` is the rest, if no character that may stand there has it.
fn forbidden_reference(rest: &str) -> Option<u32> {
    let (digits, _) = rest.split_once(';')?;
    let number = match digits.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    number.ok().filter(|number| !char::from_u32(*number).is_some_and(is_allowed))
}

/// Appends `text` as character data: `&`, `<` and `>` escaped, forbidden characters replaced. A carriage return is
/// written as a reference, since a reader would take it for a line end (XML 1.0 §2.11). Returns how many characters
/// were replaced.
pub fn escape_text(out: &mut String, text: &str) -> usize {
    escape(out, text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#xD;"),
        _ => None,
    })
}

/// Appends `text` as an attribute value for double quotes. White space other than a blank is written as a
/// character reference, since a reader would turn it into a blank. Returns how many characters were replaced.
pub fn escape_attribute(out: &mut String, text: &str) -> usize {
    escape(out, text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&apos;"),
        '\t' => Some("&#x9;"),
        '\n' => Some("&#xA;"),
        '\r' => Some("&#xD;"),
        _ => None,
    })
}

fn escape(out: &mut String, text: &str, entity: impl Fn(char) -> Option<&'static str>) -> usize {
    let mut replaced = 0;
    let mut plain_from = 0;
    for (at, c) in text.char_indices() {
        let substitute = match entity(c) {
            Some(substitute) => substitute,
            None if is_allowed(c) => continue,
            None => {
                replaced += 1;
                "\u{FFFD}"
            }
        };
        out.push_str(&text[plain_from..at]);
        out.push_str(substitute);
        plain_from = at + c.len_utf8();
    }
    out.push_str(&text[plain_from..]);
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_keeps_quotes_and_escapes_markup() {
        let mut out = String::new();
        assert_eq!(escape_text(&mut out, "a<b> & \"c\"\r\n"), 0);
        assert_eq!(out, "a&lt;b&gt; &amp; \"c\"&#xD;\n");
    }

    #[test]
    fn every_forbidden_character_becomes_one_replacement_character() {
        let forbidden = "a\u{0}\u{1}\u{B}\u{1F}\u{FFFE}\u{FFFF}z";
        let cleaned = clean(forbidden);
        assert_eq!(
            (cleaned.text.as_ref(), cleaned.replaced),
            ("a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}z", 6)
        );
        let mut out = String::new();
        assert_eq!(escape_text(&mut out, forbidden), 6);
        assert_eq!(out, cleaned.text);
    }

    #[test]
    fn attribute_values_survive_a_reader() {
        let value = "it's \"1\" < 2\n\t&";
        let mut out = String::from("<a b=\"");
        escape_attribute(&mut out, value);
        out.push_str("\"/>");
        let document = roxmltree::Document::parse(&out).unwrap();
        assert_eq!(document.root_element().attribute("b"), Some(value));
    }
}
