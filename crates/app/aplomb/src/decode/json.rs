//! The same as one JSON document, for programs.

use super::Look;
use super::stream::{Conversation, Item, Way, What};
use super::tree::{hex, value};
use ged188::view::{Part, Value};
use serde_json::{Map, json};

/// The document: conversations with their messages and the fields of each.
pub(super) fn document(conversations: &[Conversation], look: Look) -> anyhow::Result<String> {
    let conversations: Vec<_> = conversations.iter().map(|each| conversation(each, look)).collect();
    Ok(serde_json::to_string_pretty(&json!({ "conversations": conversations }))? + "\n")
}

fn conversation(conversation: &Conversation, look: Look) -> serde_json::Value {
    json!({
        "name": conversation.name,
        "version": conversation.dialect.version,
        "tag_bytes": conversation.dialect.tag_width.bytes(),
        "length_bytes": conversation.dialect.length_width.bytes(),
        "notes": conversation.notes,
        "faults": conversation.faults(),
        "items": conversation.items.iter().map(|each| item(each, look)).collect::<Vec<_>>(),
    })
}

fn item(item: &Item, look: Look) -> serde_json::Value {
    let mut out = Map::new();
    out.insert("at".into(), item.at.into());
    if let Some(time) = item.time {
        out.insert("time".into(), time.to_string().into());
    }
    match item.way {
        Way::Unknown => {}
        Way::ToServer => drop(out.insert("to".into(), "server".into())),
        Way::ToClient => drop(out.insert("to".into(), "client".into())),
    }
    match &item.what {
        What::Message(view) => {
            out.insert("type".into(), view.kind.into());
            out.insert("name".into(), view.name.into());
            if let Some(version) = view.fixed_as_in {
                out.insert("fixed_as_in_version".into(), version.into());
            }
            out.insert("fields".into(), view.parts.iter().map(|part| field(part, look)).collect());
            if let Some(fault) = &view.fault {
                out.insert("fault".into(), json!({ "at": fault.at, "why": fault.fault.to_string() }));
            }
        }
        What::Fault { why, bytes } => {
            out.insert("fault".into(), json!({ "why": why, "hex": hex(bytes) }));
        }
    }
    out.into()
}

fn field(part: &Part, look: Look) -> serde_json::Value {
    let mut out = Map::new();
    out.insert("at".into(), part.bytes.start.into());
    out.insert("bytes".into(), part.bytes.len().into());
    if let Some(tag) = part.tag {
        out.insert("tag".into(), tag.into());
    }
    out.insert("name".into(), part.name.as_str().into());
    if let Some(entry) = part.entry {
        out.insert("entry".into(), entry.into());
    }
    let hidden = look.redact && part.is_personal();
    match &part.value {
        _ if hidden => drop(out.insert("redacted".into(), true.into())),
        Value::Secret(_) => drop(out.insert("redacted".into(), true.into())),
        Value::Number(number, name) => {
            out.insert("value".into(), (*number).into());
            if !name.is_empty() {
                out.insert("means".into(), (*name).into());
            }
        }
        Value::Bool(value) => drop(out.insert("value".into(), (*value).into())),
        Value::Text(text) => drop(out.insert("value".into(), text.as_str().into())),
        Value::Named(index, name, text) => {
            out.insert("value".into(), json!({ "index": index, "name": name, "value": text }));
        }
        Value::Numbers(numbers) => drop(out.insert("value".into(), numbers.as_slice().into())),
        Value::Bytes(_) => drop(out.insert("hex".into(), value(part, look).into())),
    }
    if !part.notes.is_empty() {
        out.insert("notes".into(), part.notes.as_slice().into());
    }
    out.into()
}
