//! Request bodies.

use crate::answer::ApiError;
use crate::caller::Caller;
use crate::limits::{BODY_BYTES_DISCARDED_MAX, BODY_BYTES_MAX, NODES_OF_ONE_LISTED};
use crate::operation::{Facts, Takes};
use crate::{Metrics, Services};
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use std::sync::Arc;
use tokio::time::timeout;
use xml::{Document, Limits, ReadError};

/// Media types that documents are sent as. COMPAT(finesse): the guide wants `application/xml`; scripts that say
/// nothing are said to send a form or plain text by their tools, and mean a document all the same.
const DOCUMENT_TYPES: [&str; 5] = [
    "application/xml",
    "text/xml",
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
];

/// What a client sent: a whole body within the limits of its operation.
pub(crate) struct Sent {
    bytes: Vec<u8>,
    media_type: String,
    limits: Limits,
}

impl FromRequest<Arc<Services>> for Sent {
    type Rejection = ApiError;

    async fn from_request(request: Request, services: &Arc<Services>) -> Result<Self, ApiError> {
        let takes = request.extensions().get::<Facts>().and_then(|facts| facts.takes);
        let bytes_max = takes.map_or(BODY_BYTES_MAX, |takes| takes.bytes_max);
        let (parts, body) = request.into_parts();
        let media_type = media_type(&parts.headers);
        let bytes = timeout(services.limits.body, collect(body, bytes_max))
            .await
            .map_err(|_| ApiError::too_slow())?;
        // after the body was read: a client that sends first still gets to see the answer
        if let Some(takes) = takes.filter(|takes| !is_taken(takes, &media_type)) {
            let documents = takes.shape.is_some().then_some(DOCUMENT_TYPES[0]);
            let expected: Vec<&str> = documents.into_iter().chain(takes.types.iter().copied()).collect();
            return Err(ApiError::wrong_type(&expected.join(", ")));
        }
        let limits = with_room(services.limits.xml, takes.map_or(0, |takes| takes.listed_max));
        Ok(Self { bytes: bytes?, media_type, limits })
    }
}

impl Sent {
    /// The body.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The media type, without parameters and in small letters; empty if the client says none.
    pub(crate) fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The body as one strict document, or what is wrong with it.
    pub(crate) fn document(&self, caller: &Caller, metrics: &Metrics) -> Result<Document<'_>, ApiError> {
        // an operation that reads more than others has said so
        let document_bytes_max = self.bytes.len().max(BODY_BYTES_MAX);
        parse(&self.bytes, &Limits { document_bytes_max, ..self.limits }, caller, metrics)
    }
}

/// The limits of a document that may list so many things, whatever the operator has set for others.
fn with_room(limits: Limits, listed_max: usize) -> Limits {
    let nodes = u32::try_from(listed_max * NODES_OF_ONE_LISTED).unwrap_or(u32::MAX);
    Limits {
        nodes_max: limits.nodes_max.max(nodes),
        // one in a text of each
        equals_signs_max: limits.equals_signs_max.max(listed_max),
        ..limits
    }
}

fn media_type(headers: &HeaderMap) -> String {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_taken(takes: &Takes, media_type: &str) -> bool {
    let document = media_type.is_empty()
        || DOCUMENT_TYPES.contains(&media_type)
        || (media_type.starts_with("application/") && media_type.ends_with("+xml"));
    (takes.shape.is_some() && document) || takes.types.contains(&media_type)
}

async fn collect(mut body: Body, bytes_max: usize) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ApiError::bad_request("The body broke off"))?;
        let Ok(data) = frame.into_data() else { continue };
        total += data.len();
        if total <= bytes_max {
            bytes.extend_from_slice(&data);
        } else if total > BODY_BYTES_DISCARDED_MAX {
            break;
        }
    }
    if total > bytes_max { Err(ApiError::too_large(bytes_max)) } else { Ok(bytes) }
}

fn parse<'a>(
    bytes: &'a [u8],
    limits: &Limits,
    caller: &Caller,
    metrics: &Metrics,
) -> Result<Document<'a>, ApiError> {
    Document::parse(bytes, limits).map_err(|error| {
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
