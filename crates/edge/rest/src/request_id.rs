//! The `requestId` header: the client's name for a request, repeated in the notification that answers it, and
//! in the header of an answer that is not 202 (the original's library then drops its pending callback).

use crate::limits::REQUEST_ID_CHARS_MAX;
use http::{HeaderMap, HeaderName, HeaderValue};

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("requestid");

/// The header, when it is printable ASCII of at most 256 characters. Another is not worth refusing the request
/// for: the request is done, the name is dropped with a log line and not repeated.
pub(crate) fn of(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get(REQUEST_ID).filter(|value| is_acceptable(value) && !value.is_empty())
}

/// As [`of`], as text.
pub(crate) fn text_of(headers: &HeaderMap) -> Option<String> {
    of(headers)?.to_str().ok().map(str::to_owned)
}

/// Says so when a client's requestId is dropped.
pub(crate) fn warn_if_dropped(headers: &HeaderMap) {
    if let Some(value) = headers.get(REQUEST_ID).filter(|value| !is_acceptable(value)) {
        tracing::warn!(
            bytes = value.len(),
            max = REQUEST_ID_CHARS_MAX,
            "the client's requestId is too long or not printable ASCII: dropped"
        );
    }
}

fn is_acceptable(value: &HeaderValue) -> bool {
    value.len() <= REQUEST_ID_CHARS_MAX && value.as_bytes().iter().all(|byte| (0x20..0x7f).contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &[u8]) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::from_bytes(value).unwrap());
        text_of(&headers)
    }

    #[test]
    fn printable_names_up_to_the_limit_are_kept() {
        assert_eq!(read(b"a b-1"), Some("a b-1".to_owned()));
        assert_eq!(read(&[b'x'; REQUEST_ID_CHARS_MAX]).map(|text| text.len()), Some(REQUEST_ID_CHARS_MAX));
    }

    #[test]
    fn others_are_dropped() {
        assert_eq!(read(b""), None);
        assert_eq!(read(&[b'x'; REQUEST_ID_CHARS_MAX + 1]), None);
        assert_eq!(read("ä".as_bytes()), None);
        assert_eq!(read(b"a\tb"), None);
    }
}
