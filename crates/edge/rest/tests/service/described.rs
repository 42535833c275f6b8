//! Holds every answer of every test against the OpenAPI document.

use super::Answer;
use http::Method;
use serde_json::Value;

/// Panics when the document does not have what was just answered.
pub fn check(method: &Method, path: &str, answer: &Answer) {
    let document = aplomb_rest::openapi();
    let path = path.split('?').next().unwrap();
    let paths = document["paths"].as_object().unwrap();
    let is_it = |(pattern, item): &(&String, &Value)| matches(&format!("{}{pattern}", base(item)), path);
    let Some((pattern, item)) = paths.iter().find(is_it) else {
        let nothing = if path == "/finesse/api/Dialog" { 405 } else { 404 };
        assert_eq!(answer.status, nothing, "{path} is not described");
        return;
    };
    let method = if method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
    let Some(operation) = item.get(&method) else {
        assert!(method == "options" || answer.status == 405, "{method} {pattern} is not described");
        return;
    };
    let status = answer.status.as_str();
    let response = &operation["responses"][status];
    assert!(!response.is_null(), "{method} {pattern} does not say {status}: {}", answer.body);
    let content = &response["content"]["application/xml"]["schema"];
    if content.is_null() {
        assert!(
            response["content"].is_object() || answer.body.is_empty(),
            "{method} {pattern}: {}",
            answer.body
        );
        return;
    }
    if answer.body.is_empty() {
        return; // HEAD
    }
    let schema = content["$ref"].as_str().map_or(content, |reference| {
        let name = reference.rsplit('/').next().unwrap();
        &document["components"]["schemas"][name]
    });
    let body = roxmltree::Document::parse(&answer.body).unwrap();
    let name = format!("{method} {pattern} {status}");
    assert_eq!(schema["xml"]["name"], body.root_element().tag_name().name(), "{name}");
    element(&name, body.root_element(), schema);
}

/// Where a path is.
fn base(item: &Value) -> &str {
    item["servers"][0]["url"].as_str().unwrap_or("/finesse/api").trim_end_matches('/')
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(name), Some(part)) if name.starts_with('{') || name == part => {}
            _ => return false,
        }
    }
}

fn element(place: &str, node: roxmltree::Node<'_, '_>, schema: &Value) {
    let place = format!("{place}/{}", node.tag_name().name());
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        assert!(!node.children().any(|child| child.is_element()), "{place} has elements");
        return text(&place, node.text().unwrap_or_default(), schema);
    };
    for needed in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let there =
            node.attribute(needed).is_some() || node.children().any(|child| child.has_tag_name(needed));
        assert!(there, "{place} lacks {needed}");
    }
    for attribute in node.attributes() {
        let described =
            properties.get(attribute.name()).is_some_and(|schema| schema["xml"]["attribute"] == true);
        assert!(described, "{place} has the attribute {}", attribute.name());
    }
    for child in node.children().filter(roxmltree::Node::is_element) {
        let name = child.tag_name().name();
        let described = properties.get(name).unwrap_or_else(|| panic!("{place}/{name} is not described"));
        if described["type"] == "array" {
            element(&place, child, &described["items"]);
        } else {
            let count = node.children().filter(|other| other.has_tag_name(name)).count();
            assert_eq!(count, 1, "{place}/{name}");
            element(&place, child, described);
        }
    }
}

fn text(place: &str, text: &str, schema: &Value) {
    match schema["type"].as_str().unwrap() {
        "integer" if !text.is_empty() => {
            let number: i64 = text.parse().unwrap_or_else(|_| panic!("{place} is no number: {text}"));
            let within = schema["minimum"].as_i64().unwrap()..=schema["maximum"].as_i64().unwrap();
            assert!(within.contains(&number), "{place} is {number}");
        }
        "boolean" => assert!(text == "true" || text == "false", "{place} is {text:?}"),
        "string" => {
            let words = schema["enum"].as_array();
            let known = words.is_none_or(|words| words.iter().any(|word| word == text));
            assert!(known, "{place} is {text:?}");
            let max = schema["maxLength"].as_u64().unwrap_or(u64::MAX);
            assert!(text.len() as u64 <= max, "{place} is too long");
        }
        _ => {}
    }
}
