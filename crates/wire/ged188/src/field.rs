//! Floating fields: tag, length, value, after the fixed part, in any order.

use crate::dialect::Width;
use crate::{DecodeError, Dialect, limits};
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

/// Floating fields in the order in which they came. A message's decoder takes the fields that it knows;
/// what stays is unknown (or repeated) and kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<Field>);

impl Fields {
    /// No field.
    pub const NONE: Self = Self(Vec::new());

    /// Reads the floating part of a message up to its end.
    pub fn read(mut bytes: Bytes, dialect: Dialect) -> Result<Self, DecodeError> {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            if fields.len() == limits::FIELDS_MAX {
                return Err(DecodeError::TooManyFields { max: limits::FIELDS_MAX });
            }
            let (tag, value_bytes) = read_head(&mut bytes, dialect)?;
            if value_bytes > bytes.len() {
                let left_bytes = bytes.len();
                return Err(DecodeError::FieldOverrun { tag, announced_bytes: value_bytes, left_bytes });
            }
            fields.push(Field { tag, value: bytes.split_to(value_bytes) });
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
        self.0.push(Field { tag, value: value.into() });
    }

    /// Takes the first field with the tag.
    pub fn take(&mut self, tag: u16) -> Option<Bytes> {
        let at = self.0.iter().position(|field| field.tag == tag)?;
        Some(self.0.remove(at).value)
    }

    /// Takes every field with the tag, in order.
    pub fn take_all(&mut self, tag: u16) -> Vec<Bytes> {
        self.0.extract_if(.., |field| field.tag == tag).map(|field| field.value).collect()
    }

    /// Takes a STRING: up to its NUL, or whole when the peer sends none. Bytes that are not UTF-8 become U+FFFD.
    pub fn take_text(&mut self, tag: u16) -> Option<String> {
        self.take(tag).map(|value| {
            let text = value.split(|byte| *byte == 0).next().unwrap_or_default();
            String::from_utf8_lossy(text).into_owned()
        })
    }

    /// Takes a USHORT.
    pub fn take_u16(&mut self, tag: u16) -> Result<Option<u16>, DecodeError> {
        self.take(tag).map(|value| number(tag, &value).map(u16::from_be_bytes)).transpose()
    }

    /// Takes a UINT.
    pub fn take_u32(&mut self, tag: u16) -> Result<Option<u32>, DecodeError> {
        self.take(tag).map(|value| number(tag, &value).map(u32::from_be_bytes)).transpose()
    }
}

/// A value that must have exactly the size of its type.
pub(crate) fn number<const N: usize>(tag: u16, value: &[u8]) -> Result<[u8; N], DecodeError> {
    value.try_into().map_err(|_| DecodeError::FieldWidth { tag, bytes: value.len(), expected_bytes: N })
}

fn read_head(bytes: &mut Bytes, dialect: Dialect) -> Result<(u16, usize), DecodeError> {
    let Dialect { tag_width, length_width, .. } = dialect;
    if bytes.len() < tag_width.bytes() + length_width.bytes() {
        return Err(DecodeError::FieldHeadTruncated { left_bytes: bytes.len() });
    }
    let tag = read_number(bytes, tag_width);
    let value_bytes = read_number(bytes, length_width);
    Ok((tag, usize::from(value_bytes)))
}

/// The caller has checked that the bytes are there.
fn read_number(bytes: &mut Bytes, width: Width) -> u16 {
    bytes.split_to(width.bytes()).iter().fold(0, |number, byte| number << 8 | u16::from(*byte))
}

/// The size of a message's fixed part when versions, or print and practice, disagree: the expected size, or the
/// first other one behind which floating fields fit exactly.
pub(crate) fn fixed_bytes(body: &Bytes, dialect: Dialect, expected: usize, others: &[usize]) -> usize {
    let fits = |size: usize| size <= body.len() && Fields::read(body.slice(size..), dialect).is_ok();
    std::iter::once(expected).chain(others.iter().copied()).find(|size| fits(*size)).unwrap_or(expected)
}
