//! Bodies of every message type, made from the layouts as data: the other half of what the declarations make.

#![allow(dead_code, reason = "each test uses its part")]

use bytes::Bytes;
use ged188::layout::{FloatingField, Kind, Layout};
use ged188::{Dialect, Width};

/// Choices for making a body, used over and over again.
pub(crate) struct Choices<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Choices<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at % self.bytes.len().max(1)).copied().unwrap_or(7);
        self.at += 1;
        // A short list of choices would otherwise repeat itself exactly.
        byte.wrapping_add(u8::try_from(self.at / self.bytes.len().max(1) % 251).unwrap_or(0))
    }

    fn up_to(&mut self, max: usize) -> usize {
        usize::from(self.byte()) % (max + 1)
    }

    fn some(&mut self, bytes: usize) -> Vec<u8> {
        (0..bytes).map(|_| self.byte()).collect()
    }

    fn text(&mut self, bytes_max: usize) -> Vec<u8> {
        let mut text: Vec<u8> =
            (0..self.up_to(12.min(bytes_max - 1))).map(|_| b' ' + self.byte() % 95).collect();
        text.push(0);
        text
    }

    fn value(&mut self, kind: Kind, bytes_max: usize) -> Vec<u8> {
        let bytes_max = if bytes_max == 0 { usize::MAX } else { bytes_max };
        match kind {
            Kind::Bool => vec![0, self.byte() % 2],
            Kind::Text => self.text(bytes_max),
            Kind::NamedVariable => [self.text(12), self.text(12)].concat(),
            Kind::NamedArray => [vec![self.byte()], self.text(12), self.text(12)].concat(),
            Kind::Bytes | Kind::Secret => {
                let bytes = self.up_to(12.min(bytes_max));
                self.some(bytes)
            }
            Kind::U16s => {
                let numbers = 1 + self.up_to(3);
                self.some(2 * numbers)
            }
            Kind::U32s => {
                let numbers = 1 + self.up_to(3);
                self.some(4 * numbers)
            }
            _ => self.some(kind.bytes()),
        }
    }
}

/// A body as this crate writes it: fields in the order of the layout, counts as long as their lists.
pub(crate) fn body(layout: &Layout, dialect: Dialect, choices: &mut Choices<'_>) -> Bytes {
    let mut fields = Vec::new();
    for field in layout.floating {
        let times = if field.repeats { choices.up_to(3) } else { 1 };
        for tag in (field.tag..field.tag + field.tags).flat_map(|tag| std::iter::repeat_n(tag, times)) {
            if field.repeats || choices.up_to(1) == 1 || tells_the_answer(layout, field) {
                fields.push((tag, choices.value(field.kind, field.bytes_max)));
            }
        }
    }
    for list in layout.lists {
        for _ in 0..choices.up_to(3) {
            fields.extend(entry(layout.kind, list, choices));
        }
    }
    fields.retain(|(tag, _)| dialect.tag_width == Width::Two || *tag < 256);
    let mut body = Vec::new();
    for field in layout.fixed_in(dialect) {
        let count = fields.iter().filter(|(tag, _)| *tag == field.counts).count();
        body.extend(match field.counts {
            0 => choices.value(field.kind, 0),
            _ => u16::try_from(count).unwrap_or(u16::MAX).to_be_bytes().to_vec(),
        });
    }
    if layout.name == "CALL_ATTRIBUTE_CHANGE_EVENT" {
        // CallTypeID: not one of the few that look like a field AgentID where UCCX's answer of this type has it.
        body[12] = 0x40 | body[12] & 0x3F;
    }
    // Of a type that no layout knows, and not the 2 bytes that would make the longer form of FAILURE_CONF.
    fields.push((98, choices.value(Kind::Text, 0)));
    fields.into_iter().for_each(|(tag, value)| put(&mut body, dialect, tag, &value));
    body.into()
}

/// The field by which UCCX's answer is told from CCE's event of the same type.
fn tells_the_answer(layout: &Layout, field: &FloatingField) -> bool {
    layout.name == "QUERY_AGENT_QUEUE_STATISTICS_CONF" && field.tag == 194
}

/// The first member of an entry is always there, since it tells entries apart; SET_AGENT_STATE_REQ has but number and
/// priority of a skill group.
fn entry(kind: u32, list: &[FloatingField], choices: &mut Choices<'_>) -> Vec<(u16, Vec<u8>)> {
    let whole = list[0].tag == 62 && list.len() == 4;
    let mut fields = Vec::new();
    for (at, field) in list.iter().enumerate() {
        let is_there =
            if kind == 38 { at == 0 || at == 2 } else { whole || at == 0 || choices.up_to(1) == 1 };
        if is_there {
            fields.push((field.tag, choices.value(field.kind, field.bytes_max)));
        }
    }
    fields
}

/// Writes a floating field.
pub(crate) fn put(body: &mut Vec<u8>, dialect: Dialect, tag: u16, value: &[u8]) {
    for (number, width) in [(usize::from(tag), dialect.tag_width), (value.len(), dialect.length_width)] {
        let bytes = number.to_be_bytes();
        body.extend_from_slice(&bytes[bytes.len() - width.bytes()..]);
    }
    body.extend_from_slice(value);
}
