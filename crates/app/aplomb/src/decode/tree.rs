//! The tree of fields, for people.

use super::Look;
use super::stream::{Conversation, Item, Way, What};
use ged188::message;
use ged188::view::{Part, Value, View};
use std::fmt::Write;

/// Bytes of a hex column.
const HEX_COLUMNS: usize = 16;

/// Columns of the names; a longer one moves its value.
const NAME_COLUMNS: usize = 34;

/// All conversations.
pub(super) fn page(conversations: &[Conversation], look: Look) -> String {
    let mut out = String::new();
    for (number, conversation) in conversations.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        write_conversation(&mut out, conversation, look);
    }
    out
}

fn write_conversation(out: &mut String, conversation: &Conversation, look: Look) {
    let dialect = conversation.dialect;
    let widths = (dialect.tag_width.bytes(), dialect.length_width.bytes());
    let name = if conversation.name.is_empty() { String::new() } else { format!("{}, ", conversation.name) };
    line(
        out,
        &format!(
            "{name}version {}, tags and lengths of {} and {} bytes",
            dialect.version, widths.0, widths.1
        ),
    );
    for note in &conversation.notes {
        line(out, &paint(&format!("({note})"), YELLOW, look));
    }
    for item in &conversation.items {
        out.push('\n');
        write_item(out, item, look);
    }
}

fn write_item(out: &mut String, item: &Item, look: Look) {
    let arrow = match item.way {
        Way::Unknown => "",
        Way::ToServer => "-> ",
        Way::ToClient => "<- ",
    };
    let time = item.time.map(|time| format!("{time:.6} ")).unwrap_or_default();
    let place = format!("{time}{arrow}at {}: ", item.at);
    match &item.what {
        What::Message(view) => {
            let body_bytes = view.parts.last().map_or(0, |part| part.bytes.end);
            let name = paint(&message::describe(view.kind), BOLD, look);
            line(out, &format!("{place}{name}, body of {body_bytes} bytes"));
            write_view(out, view, look);
        }
        What::Fault { why, bytes } => {
            line(out, &format!("{place}{}", paint(why, RED, look)));
            write_hex(out, 0, bytes);
        }
    }
}

fn write_view(out: &mut String, view: &View, look: Look) {
    if let Some(version) = view.fixed_as_in {
        let note = format!("  (the fixed part has the size of version {version})");
        line(out, &paint(&note, YELLOW, look));
    }
    for part in &view.parts {
        write_part(out, part, look);
    }
    if let Some(fault) = &view.fault {
        line(out, &format!("{:>6}  {}", fault.at, paint(&fault.fault.to_string(), RED, look)));
    }
}

fn write_part(out: &mut String, part: &Part, look: Look) {
    let at = part.bytes.start;
    if let (Value::Bytes(bytes), None) = (&part.value, part.tag) {
        return write_hex(out, at, bytes);
    }
    let tag = part.tag.map(|tag| format!("[{tag}] ")).unwrap_or_default();
    let entry = part.entry.map(|entry| format!(" #{entry}")).unwrap_or_default();
    let name = format!("{tag}{}{entry}", part.name);
    let notes = match part.notes.as_slice() {
        [] => String::new(),
        notes => paint(&format!("  ({})", notes.join("; ")), YELLOW, look),
    };
    line(out, &format!("{at:>6}  {name:NAME_COLUMNS$} {}{notes}", value(part, look)));
}

/// A value as text.
pub(super) fn value(part: &Part, look: Look) -> String {
    if look.redact && part.is_personal() {
        return "[redacted]".to_owned();
    }
    let is_mask = part.name.contains("Mask") || part.name.starts_with("Services");
    match &part.value {
        Value::Number(number, _) if is_mask => format!("{number:#010x}"),
        Value::Number(number, "") if *number >= 0xFFFF_0000 || *number == 0xFFFF => {
            format!("{number} ({number:#x})")
        }
        Value::Number(number, "") => number.to_string(),
        Value::Number(number, name) => format!("{number} {name}"),
        Value::Bool(value) => value.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Named(None, name, value) => format!("{name:?} = {value:?}"),
        Value::Named(Some(index), name, value) => format!("{name:?}[{index}] = {value:?}"),
        Value::Numbers(numbers) => format!("{numbers:?}"),
        Value::Secret(bytes) => format!("[redacted] ({bytes} bytes)"),
        Value::Bytes(bytes) if bytes.is_empty() => "(empty)".to_owned(),
        Value::Bytes(bytes) => hex(bytes),
    }
}

/// Bytes as pairs of digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

fn write_hex(out: &mut String, at: usize, bytes: &[u8]) {
    for (number, row) in bytes.chunks(HEX_COLUMNS).enumerate() {
        line(out, &format!("{:>6}  {}", at + number * HEX_COLUMNS, hex(row)));
    }
}

fn line(out: &mut String, text: &str) {
    // writing to a String cannot fail
    let _ = writeln!(out, "{}", text.trim_end());
}

const BOLD: &str = "1";
const RED: &str = "31";
const YELLOW: &str = "33";

fn paint(text: &str, style: &str, look: Look) -> String {
    if look.colours { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
}
