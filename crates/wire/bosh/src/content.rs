//! The content type that a client wants its responses to have: XEP-0124 §7.1.

use crate::limits::CONTENT_TYPE_BYTES_MAX;

/// The default of `content`.
pub const CONTENT_TYPE: &str = "text/xml; charset=utf-8";

/// Reads a `content` attribute: a media type with its parameters. `None` for what cannot be a header, and for an
/// encoding in which we do not write.
pub(crate) fn read(value: &str) -> Option<Box<str>> {
    let value = value.trim_ascii();
    let (media, parameters) = value.split_once(';').unwrap_or((value, ""));
    let (kind, subtype) = media.trim_ascii_end().split_once('/')?;
    let is_readable = value.len() <= CONTENT_TYPE_BYTES_MAX
        && is_token(kind)
        && is_token(subtype)
        && (parameters.is_empty() || parameters.split(';').all(is_parameter));
    is_readable.then(|| value.into())
}

fn is_parameter(parameter: &str) -> bool {
    let Some((name, value)) = parameter.trim_ascii().split_once('=') else { return false };
    let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    let is_utf_8 = value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8");
    is_token(name) && is_token(value) && (is_utf_8 || !name.eq_ignore_ascii_case("charset"))
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_in_utf_8_is_granted_as_it_was_written() {
        for value in
            ["text/html", "text/plain; charset=UTF-8", "application/xml;charset=\"utf-8\"; a=b", CONTENT_TYPE]
        {
            assert_eq!(read(value).as_deref(), Some(value));
        }
    }

    #[test]
    fn what_cannot_be_a_header_or_is_another_encoding_is_not() {
        let long = format!("text/{}", "x".repeat(CONTENT_TYPE_BYTES_MAX));
        for value in [
            "",
            "text",
            "text/",
            "/xml",
            "text/xml; charset",
            "text/xml; charset=iso-8859-1",
            "text/xml\r\nSet-Cookie: a=b",
            "text/xml; a=\"b c\"",
            "täxt/xml",
            &long,
        ] {
            assert_eq!(read(value), None, "{value:?}");
        }
    }
}
