//! A path with its operations, as OpenAPI has them.

use super::{error_schema, schema, types_of};
use crate::operation::{BASE, Deployment, Facts, Gives, Operation, Path, Query, Takes, Who, faults};
use http::StatusCode;
use serde_json::{Map, Value, json};

const XML: &str = "application/xml";

/// Its name in `paths`: under [`BASE`], or from the root where it is elsewhere.
pub(super) fn name(path: &Path) -> String {
    let from = if path.base == BASE { "" } else { path.base };
    format!("{from}{}", path.path)
}

/// One item of `paths`.
pub(super) fn item(path: &Path, schemas: &mut Map<String, Value>) -> Value {
    let mut item = Map::new();
    if path.base != BASE {
        item.insert("servers".into(), json!([{ "url": "/" }]));
    }
    let names = path.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameters: Vec<Value> = names
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    if !parameters.is_empty() {
        item.insert("parameters".into(), parameters.into());
    }
    for operation in &path.operations {
        item.insert(operation.verb.name().to_lowercase(), of(&name(path), operation, schemas));
    }
    Value::Object(item)
}

fn of(name: &str, operation: &Operation, schemas: &mut Map<String, Value>) -> Value {
    let facts = &operation.facts;
    let mut described = json!({
        "operationId": format!("{}{}", operation.verb.name().to_lowercase(), identifier(name)),
        "summary": facts.title,
        "description": description(facts),
        "responses": responses(operation, schemas),
    });
    if facts.who != Who::Public {
        described["security"] = json!([{ "password": [] }, { "token": [] }]);
    }
    if !facts.query.is_empty() {
        described["parameters"] = facts.query.iter().map(parameter).collect();
    }
    if let Some(takes) = &facts.takes {
        described["requestBody"] = body(takes);
    }
    described
}

fn description(facts: &Facts) -> String {
    let on = match facts.deployment {
        Deployment::Both => "",
        Deployment::Ucce => " Of deployment type UCCE.",
    };
    format!("For {}.{on}", facts.who.words())
}

/// `/User/{id}/Dialogs` as `_User_id_Dialogs`.
fn identifier(path: &str) -> String {
    path.replace(['/', '.', '-'], "_").replace(['{', '}'], "")
}

fn parameter(query: &Query) -> Value {
    json!({
        "name": query.name,
        "in": "query",
        "required": query.needed,
        "schema": schema::of_kind(&query.kind),
    })
}

fn body(takes: &Takes) -> Value {
    let mut content = Map::new();
    if let Some(shape) = takes.shape {
        content.insert(XML.into(), json!({ "schema": schema::of(shape) }));
    }
    for media_type in takes.types {
        let binary = json!({ "schema": { "type": "string", "format": "binary" } });
        content.insert((*media_type).to_owned(), binary);
    }
    json!({ "required": true, "content": content })
}

fn responses(operation: &Operation, schemas: &mut Map<String, Value>) -> Value {
    let mut responses = Map::new();
    let (status, success) = success(&operation.facts.gives);
    if let Some((also, when)) = operation.facts.also {
        let mut success = success.clone();
        success["description"] = when.into();
        responses.insert(also.to_string(), success);
    }
    responses.insert(status.to_string(), success);
    let faults = faults(operation.path, &operation.facts);
    let mut statuses: Vec<u16> = faults.iter().map(|fault| fault.0).collect();
    statuses.dedup();
    for status in statuses {
        let types = types_of(&faults, status);
        // one schema for all operations that have the same errors
        let name = format!("Error{status}{}", types.concat().replace(' ', ""));
        schemas.entry(name.clone()).or_insert_with(|| error_schema(&types));
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        let response = json!({ "description": types.join(", "), "content": { XML: { "schema": schema } } });
        responses.insert(status.to_string(), response);
    }
    Value::Object(responses)
}

fn success(gives: &Gives) -> (u16, Value) {
    let content = |media_type: &str, schema: Value| json!({ media_type: { "schema": schema } });
    let (status, content, words) = match gives {
        Gives::Document(shape) => (200, content(XML, schema::of(shape)), "As it is now"),
        Gives::Json => (200, content("application/json", json!({ "type": "object" })), "As it is now"),
        Gives::Other(media_type) => {
            let binary = json!({ "type": "string", "format": "binary" });
            (200, content(media_type, binary), "As it is now")
        }
        Gives::Accepted => (StatusCode::ACCEPTED.as_u16(), Value::Null, "On its way"),
        Gives::Done => (200, Value::Null, "Done"),
        Gives::Created => (200, Value::Null, "Made"),
    };
    let mut response = json!({ "description": words });
    if !content.is_null() {
        response["content"] = content;
    }
    if matches!(gives, Gives::Created) {
        let location = json!({ "description": "URL of what was made", "schema": { "type": "string" } });
        response["headers"] = json!({ "Location": location });
    }
    (status, response)
}
