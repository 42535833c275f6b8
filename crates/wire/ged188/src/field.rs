//! Floating fields: tag, length, value, after the fixed part, in any order.

use crate::error::Fault;
use crate::{DecodeError, Dialect, Width, limits};
use bytes::Bytes;
use std::fmt;

/// One floating field as it travels.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// Which field; see [`crate::tag`].
    pub tag: u16,
    /// Its value, a string's NUL included.
    pub value: Bytes,
}

impl fmt::Debug for Field {
    /// An unknown field may hold anything, also a password, so only its size is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {} bytes", self.tag, self.value.len())
    }
}

/// A floating field and where in the body it begins.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Offset of its tag.
    pub(crate) at: usize,
    /// The field.
    pub(crate) field: Field,
}

impl Found {
    /// A value that must have exactly the size of its type.
    pub(crate) fn number<const N: usize>(&self) -> Result<[u8; N], DecodeError> {
        self.field.value.as_ref().try_into().map_err(|_| self.wrong_width(N))
    }

    /// The error of a value that has another size than its type.
    pub(crate) fn wrong_width(&self, expected_bytes: usize) -> DecodeError {
        let Field { tag, value } = &self.field;
        DecodeError::new(self.at, Fault::FieldWidth { tag: *tag, bytes: value.len(), expected_bytes })
    }
}

/// Reads the floating part field by field up to the end of the body.
#[derive(Debug)]
pub(crate) struct Floating<'a> {
    body: &'a Bytes,
    at: usize,
    dialect: Dialect,
    count: usize,
}

impl<'a> Floating<'a> {
    /// Starts behind the fixed part.
    pub(crate) fn new(body: &'a Bytes, at: usize, dialect: Dialect) -> Self {
        Self { body, at, dialect, count: 0 }
    }

    /// The next field; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Found>, DecodeError> {
        let at = self.at;
        let Some((tag, value)) = self.next_bounds()? else { return Ok(None) };
        let value = self.body.slice(value);
        Ok(Some(Found { at, field: Field { tag, value } }))
    }

    /// Whether fields fill the rest exactly.
    pub(crate) fn fits(mut self) -> bool {
        loop {
            match self.next_bounds() {
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }

    fn next_bounds(&mut self) -> Result<Option<(u16, std::ops::Range<usize>)>, DecodeError> {
        let left = self.body.get(self.at..).unwrap_or_default();
        if left.is_empty() {
            return Ok(None);
        }
        let fault = |fault| Err(DecodeError::new(self.at, fault));
        if self.count == limits::FIELDS_MAX {
            return fault(Fault::TooManyFields { max: limits::FIELDS_MAX });
        }
        let Dialect { tag_width, length_width, .. } = self.dialect;
        let head_bytes = tag_width.bytes() + length_width.bytes();
        if left.len() < head_bytes {
            return fault(Fault::FieldHeadTruncated { head_bytes, left_bytes: left.len() });
        }
        let tag = number(left, tag_width);
        let announced_bytes = usize::from(number(&left[tag_width.bytes()..], length_width));
        let left_bytes = left.len() - head_bytes;
        if announced_bytes > left_bytes {
            return fault(Fault::FieldOverrun { tag, announced_bytes, left_bytes });
        }
        let begin = self.at + head_bytes;
        self.at = begin + announced_bytes;
        self.count += 1;
        Ok(Some((tag, begin..self.at)))
    }
}

/// The number at the start; the caller has checked that its bytes are there.
fn number(bytes: &[u8], width: Width) -> u16 {
    match width {
        Width::One => u16::from(bytes[0]),
        Width::Two => u16::from_be_bytes([bytes[0], bytes[1]]),
    }
}

/// Floating fields in the order in which they came: those that a message's type does not know, and what is
/// repeated though it is no list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<Field>);

impl Fields {
    /// No field.
    pub const NONE: Self = Self(Vec::new());

    /// Reads the floating part of a message, all of `bytes`.
    pub fn read(bytes: &Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        Self::collect(Floating::new(bytes, 0, dialect))
    }

    pub(crate) fn collect(mut floating: Floating<'_>) -> Result<Self, DecodeError> {
        let mut fields = Vec::new();
        while let Some(found) = floating.next()? {
            fields.push(found.field);
        }
        Ok(Self(fields))
    }

    /// How many fields are here.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Field> {
        self.0.iter()
    }

    /// Adds a field at the end.
    pub fn push(&mut self, tag: u16, value: impl Into<Bytes>) {
        self.add(Field { tag, value: value.into() });
    }

    /// The value of the first field with the tag.
    pub fn get(&self, tag: u16) -> Option<&Bytes> {
        self.0.iter().find(|field| field.tag == tag).map(|field| &field.value)
    }

    /// The first field with the tag, a STRING: up to its NUL, or whole when the peer sends none. Bytes that are not
    /// UTF-8 become U+FFFD.
    pub fn text(&self, tag: u16) -> Option<String> {
        self.get(tag).map(|value| text(value))
    }

    pub(crate) fn add(&mut self, field: Field) {
        self.0.push(field);
    }
}

/// A STRING's text, its NUL and what may follow it left out.
pub(crate) fn text(value: &[u8]) -> String {
    let text = value.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).into_owned()
}
