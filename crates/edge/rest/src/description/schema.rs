//! Shapes of documents as schemas, with OpenAPI's XML objects.

use crate::operation::{Kind, Shape};
use serde_json::{Map, Value, json};

/// The schema of an element, or of an attribute.
pub(super) fn of(shape: &Shape) -> Value {
    let mut schema = of_kind(&shape.kind);
    let mut xml = json!({ "name": shape.name });
    if shape.attribute {
        xml["attribute"] = true.into();
    }
    schema["xml"] = xml;
    schema
}

/// The schema of what is in an element.
pub(super) fn of_kind(kind: &Kind) -> Value {
    match kind {
        Kind::Text(0) => json!({ "type": "string" }),
        Kind::Text(bytes) => json!({ "type": "string", "maxLength": bytes }),
        Kind::Number(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Parts(parts) => of_parts(parts),
    }
}

fn of_parts(parts: &[Shape]) -> Value {
    let property = |part: &Shape| {
        let one = of(part);
        if part.many { json!({ "type": "array", "items": one }) } else { one }
    };
    let properties: Map<String, Value> =
        parts.iter().map(|part| (part.name.to_owned(), property(part))).collect();
    let needed: Vec<&str> = parts.iter().filter(|part| part.needed).map(|part| part.name).collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    if !needed.is_empty() {
        schema["required"] = needed.into();
    }
    schema
}
