//! A message field by field with byte offsets, for people: what is there is shown, also of a broken message and of
//! one whose type is not known. Nothing is hidden but passwords.

use crate::field::{Floating, Found};
use crate::layout::{FixedField, FloatingField, Kind, Layout, nameless};
use crate::slot::split;
use crate::{DecodeError, Dialect, Frame, Message, message, tag};
use bytes::Bytes;
use std::ops::Range;

/// A message taken apart.
#[derive(Debug)]
pub struct View {
    /// MessageType.
    pub kind: u32,
    /// The printed name; "" for a type whose layout is not known.
    pub name: &'static str,
    /// The fixed part was read as that of this version, since it does not have the size of the session's.
    pub fixed_as_in: Option<u32>,
    /// What is there, in its order.
    pub parts: Vec<Part>,
    /// What is wrong with the message.
    pub fault: Option<DecodeError>,
}

/// One field.
#[derive(Debug)]
pub struct Part {
    /// Where it is in the body, a floating field's tag and length included.
    pub bytes: Range<usize>,
    /// A floating field's tag.
    pub tag: Option<u16>,
    /// Its printed name; "" when it has none.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// Which entry of its list it belongs to, from 1 on.
    pub entry: Option<usize>,
    /// What is strange about it.
    pub notes: Vec<String>,
}

impl Part {
    /// Whether it holds a phone number, a password, or what a caller has said or typed.
    pub fn is_personal(&self) -> bool {
        match (self.tag, &self.value) {
            (Some(tag), Value::Text(text)) => crate::tag::is_personal_text(tag, text),
            (Some(tag), _) => crate::tag::is_personal(tag),
            (None, _) => false,
        }
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, and the name that this value has.
    Number(u32, &'static str),
    /// BOOL.
    Bool(bool),
    /// STRING, without its NUL.
    Text(String),
    /// NAMEDVAR, or NAMEDARRAY with its index.
    Named(Option<u8>, String, String),
    /// Several numbers in one field.
    Numbers(Vec<u32>),
    /// A password: how many bytes it has.
    Secret(usize),
    /// What has no type that we know.
    Bytes(Bytes),
}

/// Takes a message apart.
pub fn view(frame: &Frame, dialect: Dialect) -> View {
    let fault = Message::decode(frame, dialect).err();
    let Some(layout) = message::layout_of(frame, dialect) else {
        let parts = rest(&frame.body, 0).into_iter().collect();
        return View { kind: frame.kind, name: "", fixed_as_in: None, parts, fault };
    };
    let shape = layout.fitting(&frame.body, dialect);
    let (mut parts, at) = fixed_parts(layout, &frame.body, shape);
    match at {
        Some(at) => floating_parts(layout, &frame.body, at, dialect, &mut parts),
        None => parts.extend(rest(&frame.body, parts.last().map_or(0, |part| part.bytes.end))),
    }
    check_counts(layout, &mut parts);
    let fixed_as_in = (shape != dialect).then_some(shape.version);
    View { kind: frame.kind, name: layout.name, fixed_as_in, parts, fault }
}

/// Bytes that nothing explains.
fn rest(body: &Bytes, at: usize) -> Option<Part> {
    let bytes = body.get(at..).filter(|rest| !rest.is_empty())?;
    Some(Part {
        bytes: at..body.len(),
        tag: None,
        name: String::new(),
        value: Value::Bytes(Bytes::copy_from_slice(bytes)),
        entry: None,
        notes: Vec::new(),
    })
}

/// The fields of the fixed part, and where it ends if it is whole.
fn fixed_parts(layout: &Layout, body: &Bytes, shape: Dialect) -> (Vec<Part>, Option<usize>) {
    let mut parts = Vec::new();
    let mut at = 0;
    for field in layout.fixed_in(shape) {
        let count = if field.kind == Kind::U32x3 { 3 } else { 1 };
        for number in 1..=count {
            let width = field.kind.bytes() / count;
            let Some(bytes) = body.get(at..at + width) else { return (parts, None) };
            let name = if count == 1 { field.name.to_owned() } else { format!("{}{number}", field.name) };
            let value = fixed_value(field, bytes);
            let bytes = at..at + width;
            parts.push(Part { bytes, tag: None, name, value, entry: None, notes: Vec::new() });
            at += width;
        }
    }
    (parts, Some(at))
}

fn fixed_value(field: &FixedField, bytes: &[u8]) -> Value {
    let number = bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
    match field.kind {
        Kind::Bool => Value::Bool(number != 0),
        _ => Value::Number(number, (field.names)(number)),
    }
}

fn floating_parts(layout: &Layout, body: &Bytes, at: usize, dialect: Dialect, parts: &mut Vec<Part>) {
    let mut floating = Floating::new(body, at, dialect);
    let head_bytes = dialect.tag_width.bytes() + dialect.length_width.bytes();
    let (mut found_all, mut end) = (Vec::new(), at);
    while let Ok(Some(found)) = floating.next() {
        end = found.at + head_bytes + found.field.value.len();
        found_all.push(found);
    }
    let first = parts.len();
    for found in &found_all {
        let known = layout.floating_field(found.field.tag);
        let repeated = parts[first..].iter().any(|part| part.tag == Some(found.field.tag));
        parts.push(floating_part(found, known, repeated, head_bytes));
    }
    for list in layout.lists {
        number_entries(list, &found_all, &mut parts[first..]);
    }
    parts.extend(rest(body, end));
}

fn floating_part(found: &Found, known: Option<&FloatingField>, repeated: bool, head_bytes: usize) -> Part {
    let (number, value) = (found.field.tag, &found.field.value);
    let mut notes = Vec::new();
    match known {
        None => notes.push("not in the layout of this message".to_owned()),
        Some(field) if repeated && !field.repeats => notes.push("repeated".to_owned()),
        Some(field) if field.bytes_max > 0 && value.len() > field.bytes_max => {
            notes.push(format!("longer than the {} bytes of the layout", field.bytes_max));
        }
        Some(_) => {}
    }
    let kind = known.map_or_else(|| tag::kind(number), |field| field.kind);
    let is_text = matches!(kind, Kind::Text | Kind::NamedVariable | Kind::NamedArray);
    if is_text && !value.is_empty() && value.last() != Some(&0) {
        notes.push("no NUL at the end".to_owned());
    }
    let name = match known {
        Some(field) if field.tags == 1 => field.name,
        _ => tag::name(number),
    };
    Part {
        bytes: found.at..found.at + head_bytes + value.len(),
        tag: Some(number),
        name: name.to_owned(),
        value: floating_value(kind, value, known.map_or(nameless, |field| field.names)),
        entry: None,
        notes,
    }
}

/// A value as its type says, or as bytes where it does not have the size of its type.
fn floating_value(kind: Kind, value: &Bytes, names: fn(u32) -> &'static str) -> Value {
    let numbers = |width: usize| {
        let numbers =
            value.chunks(width).map(|chunk| chunk.iter().fold(0, |n, byte| n << 8 | u32::from(*byte)));
        numbers.collect::<Vec<u32>>()
    };
    let texts = |bytes: &[u8]| {
        let mut texts = bytes.split(|byte| *byte == 0).map(|text| String::from_utf8_lossy(text).into_owned());
        (texts.next().unwrap_or_default(), texts.next().unwrap_or_default())
    };
    match kind {
        Kind::U8 | Kind::U16 | Kind::U32 if value.len() == kind.bytes() => {
            let number = numbers(kind.bytes())[0];
            Value::Number(number, names(number))
        }
        Kind::Bool if value.len() == 2 => Value::Bool(numbers(2)[0] != 0),
        Kind::U16s if value.len().is_multiple_of(2) => Value::Numbers(numbers(2)),
        Kind::U32s if value.len().is_multiple_of(4) => Value::Numbers(numbers(4)),
        Kind::Text => Value::Text(texts(value).0),
        Kind::Secret => Value::Secret(value.len()),
        Kind::NamedVariable => {
            let (name, text) = texts(value);
            Value::Named(None, name, text)
        }
        Kind::NamedArray if !value.is_empty() => {
            let (name, text) = texts(&value[1..]);
            Value::Named(Some(value[0]), name, text)
        }
        _ => Value::Bytes(value.clone()),
    }
}

/// Tells each member of a list which entry it belongs to.
fn number_entries(list: &'static [FloatingField], found: &[Found], parts: &mut [Part]) {
    let members: Vec<Found> =
        found.iter().filter(|found| list.iter().any(|field| field.tag == found.field.tag)).cloned().collect();
    for (entry, members) in (1..).zip(split(list, members)) {
        for member in members {
            if let Some(part) = parts.iter_mut().find(|part| part.bytes.start == member.at) {
                part.entry = Some(entry);
            }
        }
    }
}

/// A count that is not the length of its list is noted beside it.
fn check_counts(layout: &Layout, parts: &mut [Part]) {
    for field in layout.fixed.iter().filter(|field| field.counts > 0) {
        let of_list = |part: &&Part| part.tag.is_some_and(|tag| layout.is_of_list(field.counts, tag));
        let entries = parts.iter().filter(of_list).filter_map(|part| part.entry).max();
        let there = entries.unwrap_or_else(|| parts.iter().filter(of_list).count());
        let there = u32::try_from(there).unwrap_or(u32::MAX);
        let count = parts.iter_mut().find(|part| part.tag.is_none() && part.name == field.name);
        if let Some(part) = count.filter(|part| part.value != Value::Number(there, "")) {
            part.notes.push(format!("the message has {there}"));
        }
    }
}
