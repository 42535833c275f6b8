//! Request bodies.

use crate::Metrics;
use crate::answer::ApiError;
use crate::caller::Caller;
use crate::limits::{BODY_BYTES_DISCARDED_MAX, BODY_BYTES_MAX, BODY_TIME_MAX, DOCUMENT};
use axum::body::Body;
use http_body_util::BodyExt;
use tokio::time::timeout;
use xml::{Document, ReadError};

/// Reads a whole body within its limits.
pub(crate) async fn read(body: Body) -> Result<Vec<u8>, ApiError> {
    timeout(BODY_TIME_MAX, collect(body)).await.map_err(|_| ApiError::too_slow())?
}

async fn collect(mut body: Body) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ApiError::bad_request("The body broke off"))?;
        let Ok(data) = frame.into_data() else { continue };
        total += data.len();
        if total <= BODY_BYTES_MAX {
            bytes.extend_from_slice(&data);
        } else if total > BODY_BYTES_DISCARDED_MAX {
            break;
        }
    }
    if total > BODY_BYTES_MAX { Err(ApiError::too_large(BODY_BYTES_MAX)) } else { Ok(bytes) }
}

/// Reads a body as one strict document, or says what is wrong with it.
pub(crate) fn parse<'a>(
    bytes: &'a [u8],
    caller: &Caller,
    metrics: &Metrics,
) -> Result<Document<'a>, ApiError> {
    Document::parse(bytes, &DOCUMENT).map_err(|error| {
        tracing::warn!(user = %caller.id, fault = ?error.to_string(), "the client sent a body that is refused");
        if let Some(at) = forbidden_character(bytes, &error) {
            metrics.count_forbidden_character(field_at(bytes, at));
        }
        ApiError::bad_request(format!("The body cannot be read: {error}"))
    })
}

/// Where the first character that XML forbids stands, by itself or as a reference.
fn forbidden_character(bytes: &[u8], error: &ReadError) -> Option<usize> {
    let ReadError::NotWellFormed(_) = error else { return None };
    let text = std::str::from_utf8(bytes).ok()?;
    let plain = text.char_indices().find(|(_, c)| !xml::is_allowed(*c)).map(|(at, _)| at);
    let referred = text.match_indices("&#").map(|(at, _)| at).find(|at| refers_to_forbidden(&text[at + 2..]));
    plain.into_iter().chain(referred).min()
}

/// Whether `1;…` or `x1;…` is the rest of a reference to a forbidden character.
fn refers_to_forbidden(reference: &str) -> bool {
    let Some((digits, _)) = reference.split_once(';') else { return false };
    let number = match digits.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    number.is_ok_and(|number| !char::from_u32(number).is_some_and(xml::is_allowed))
}

/// The element a place in an unreadable document belongs to, if it is one of ours.
fn field_at(bytes: &[u8], at: usize) -> &'static str {
    const FIELDS: [&str; 5] = ["state", "extension", "reasonCodeId", "mode", "dialNumber"];
    let before = &bytes[..at];
    let tag = before.iter().rposition(|byte| *byte == b'<').map_or(&[][..], |start| &before[start + 1..]);
    let opened = |field: &&&str| {
        let rest = tag.strip_prefix(field.as_bytes());
        rest.and_then(<[u8]>::first).is_some_and(|next| matches!(next, b'>' | b' ' | b'\t' | b'\r' | b'\n'))
    };
    FIELDS.iter().find(opened).copied().unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> Option<&'static str> {
        let error = Document::parse(text.as_bytes(), &DOCUMENT).unwrap_err();
        forbidden_character(text.as_bytes(), &error).map(|at| field_at(text.as_bytes(), at))
    }

    #[test]
    fn a_forbidden_character_is_found_with_its_element() {
        assert_eq!(field("<User><state>READY\u{1}</state></User>"), Some("state"));
        assert_eq!(field("<User><extension>&#1;</extension></User>"), Some("extension"));
        assert_eq!(field("<User><extension >&#x0B;</extension></User>"), Some("extension"));
        assert_eq!(field("<User><states>\u{B}</states></User>"), Some("other"));
        assert_eq!(field("\u{1}<User/>"), Some("other"));
    }

    #[test]
    fn other_faults_are_not_blamed_on_characters() {
        assert_eq!(field("<User><state>READY</User>"), None);
        assert_eq!(field("<User>&#65;"), None);
    }
}
