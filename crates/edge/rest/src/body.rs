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
        let forbidden = match &error {
            ReadError::ForbiddenCharacter { element, .. } => Some(field(element.as_deref())),
            _ => None,
        };
        tracing::warn!(user = %caller.id, field = forbidden, fault = ?error.to_string(), "the client sent a body that is refused");
        if let Some(field) = forbidden {
            metrics.count_forbidden_character(field);
        }
        ApiError::bad_request(format!("The body cannot be read: {error}"))
    })
}

/// The name of an element as a label, which clients cannot make up.
fn field(element: Option<&str>) -> &'static str {
    const FIELDS: [&str; 9] = [
        "state",
        "extension",
        "reasonCodeId",
        "mode",
        "dialNumber",
        "fromAddress",
        "toAddress",
        "targetMediaAddress",
        "requestedAction",
    ];
    FIELDS.into_iter().find(|field| Some(*field) == element).unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_of_our_words() {
        assert_eq!(field(Some("state")), "state");
        assert_eq!(field(Some("states")), "other");
        assert_eq!(field(None), "other");
    }
}
