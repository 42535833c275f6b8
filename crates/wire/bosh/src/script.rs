//! The alternative script syntax: XEP-0252.
//!
//! For pages that may load scripts from anywhere but nothing else: a request is the query of a GET, a response is a
//! script that calls `_BOSH_`. The body of a request is a document of its own here, as it is in a POST: the clause
//! that lets a client cut stanzas into pieces, because addresses were limited to 2,048 characters, is not followed.

use crate::Answer;
use bytes::Bytes;
use std::fmt::Write;

/// The content type of responses in script syntax, unless the client asked for another.
const CONTENT_TYPE: &str = "text/javascript; charset=utf-8";

/// Whether a query can only be meant as a request in script syntax.
pub fn is_script_request(query: &str) -> bool {
    query.starts_with('<') || query.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("%3c"))
}

/// The body in the query of a GET (§2.2). `None` if an escape is not two hexadecimal digits.
pub fn read_script_request(query: &str) -> Option<Bytes> {
    let mut body = Vec::with_capacity(query.len());
    let mut rest = query.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let byte = if *first == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            rest = after;
            hexadecimal(digits[0])? << 4 | hexadecimal(digits[1])?
        } else {
            *first
        };
        body.push(byte);
    }
    Some(body.into())
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

impl Answer {
    /// The same response as a script (§2.3). One that says all by its status stays as it is.
    pub fn into_script(self) -> Self {
        if self.is_empty() {
            return self;
        }
        let text = String::from_utf8_lossy(&self.segments.concat()).into_owned();
        let mut script = String::with_capacity(text.len() + text.len() / 8 + 10);
        script.push_str("_BOSH_(\"");
        for character in text.chars() {
            escape(&mut script, character);
        }
        script.push_str("\")");
        let content_type = self.content_type.or_else(|| Some(CONTENT_TYPE.into()));
        Self { status: self.status, segments: vec![script.into()], content_type }
    }
}

fn escape(script: &mut String, character: char) {
    match character {
        '"' => script.push_str("\\\""),
        '\\' => script.push_str("\\\\"),
        '\n' => script.push_str("\\n"),
        '\r' => script.push_str("\\r"),
        other if is_format_control(other) || matches!(other, '\u{2028}' | '\u{2029}') => {
            for unit in other.encode_utf16(&mut [0; 2]) {
                let _ = write!(script, "\\u{unit:04x}");
            }
        }
        other => script.push(other),
    }
}

/// Unicode's category Cf: some engines drop these characters from scripts.
fn is_format_control(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}'
        | '\u{e0020}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(body: &str) -> String {
        let answer = Answer {
            status: 200,
            segments: vec![Bytes::copy_from_slice(body.as_bytes())],
            content_type: None,
        };
        String::from_utf8(answer.into_script().to_vec()).unwrap()
    }

    #[test]
    fn a_request_is_read_from_the_query() {
        let query = "%3Cbody%20rid='1'%20sid='a+b'%3E%3ca%3E%C3%A9%22&%3C/a%3E%3C/body%3E";
        assert!(is_script_request(query));
        let body = read_script_request(query).unwrap();
        assert_eq!(body, "<body rid='1' sid='a+b'><a>é\"&</a></body>");
    }

    #[test]
    fn other_queries_are_not_meant_for_us() {
        for query in ["", "a=b", "%3", "%3d", "é"] {
            assert!(!is_script_request(query), "{query:?}");
        }
        assert!(is_script_request("%3c") && is_script_request("<body/>"));
    }

    #[test]
    fn a_broken_escape_is_refused() {
        for query in ["%", "%3", "%3Cbody%2", "%gg", "%+1"] {
            assert_eq!(read_script_request(query), None, "{query:?}");
        }
    }

    #[test]
    fn a_response_is_a_call_with_the_body_as_a_string() {
        assert_eq!(script("<body a=\"1\"/>"), r#"_BOSH_("<body a=\"1\"/>")"#);
        assert_eq!(script("a\\b\r\n"), r#"_BOSH_("a\\b\r\n")"#);
    }

    #[test]
    fn characters_that_scripts_do_not_carry_are_escaped() {
        assert_eq!(script("\u{2028}\u{2029}\u{200e}\u{feff}"), r#"_BOSH_("\u2028\u2029\u200e\ufeff")"#);
        assert_eq!(script("\u{110bd}"), r#"_BOSH_("\ud804\udcbd")"#);
        assert_eq!(script("größe 🙂"), "_BOSH_(\"größe 🙂\")");
    }

    #[test]
    fn the_content_type_is_that_of_a_script_unless_the_client_asked_for_another() {
        let answer = Answer::bad_request();
        assert_eq!(answer.clone().into_script().content_type.as_deref(), Some(CONTENT_TYPE));
        let own = answer.with_content_type(Some("text/html")).into_script();
        assert_eq!(own.content_type.as_deref(), Some("text/html"));
    }

    #[test]
    fn a_status_without_a_body_stays_one() {
        let answer = Answer::refusal(crate::Condition::ItemNotFound, None);
        assert_eq!(answer.clone().into_script(), answer);
    }
}
