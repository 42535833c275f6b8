//! Reading and writing numbers, big-endian, unaligned. The reader cannot run past its end.

use crate::error::Fault;
use crate::field::Floating;
use crate::{DecodeError, Dialect, EncodeError, Fields};
use bytes::Bytes;

/// Reads a message body's fixed part from its start.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    body: &'a Bytes,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of a body.
    pub(crate) fn new(body: &'a Bytes) -> Self {
        Self { body, at: 0 }
    }

    /// The next field of the fixed part, `N` bytes. `name` is for the error.
    pub(crate) fn take<const N: usize>(&mut self, name: &'static str) -> Result<[u8; N], DecodeError> {
        let left = self.body.get(self.at..).unwrap_or_default();
        let Some((head, _)) = left.split_first_chunk::<N>() else {
            let fault = Fault::Truncated { name, wanted_bytes: N, left_bytes: left.len() };
            return Err(DecodeError::new(self.at, fault));
        };
        self.at += N;
        Ok(*head)
    }

    /// UCHAR.
    pub(crate) fn u8(&mut self, name: &'static str) -> Result<u8, DecodeError> {
        self.take::<1>(name).map(|[byte]| byte)
    }

    /// USHORT, BOOL.
    pub(crate) fn u16(&mut self, name: &'static str) -> Result<u16, DecodeError> {
        self.take(name).map(u16::from_be_bytes)
    }

    /// UINT, INT, TIME. Signed fields are read as their bits: the documented values that matter (0xFFFFFFFF,
    /// "none") are written unsigned.
    pub(crate) fn u32(&mut self, name: &'static str) -> Result<u32, DecodeError> {
        self.take(name).map(u32::from_be_bytes)
    }

    /// The rest of the body as floating fields.
    pub(crate) fn floating(self, dialect: Dialect) -> Floating<'a> {
        Floating::new(self.body, self.at, dialect)
    }

    /// The rest of the body as a list of floating fields.
    pub(crate) fn fields(self, dialect: Dialect) -> Result<Fields, DecodeError> {
        Fields::collect(self.floating(dialect))
    }
}

/// Bytes of a message header.
pub(crate) const HEADER_BYTES: usize = 8;

/// Writes one message. The first error sticks and comes out of [`Writer::finish`], so that a message's `encode`
/// is a plain list of its fields.
#[derive(Debug)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
    kind: u32,
    dialect: Dialect,
    error: Option<EncodeError>,
}

impl Writer {
    /// Begins a message of a type.
    pub(crate) fn new(kind: u32, dialect: Dialect) -> Self {
        let mut bytes = Vec::with_capacity(128);
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&kind.to_be_bytes());
        Self { bytes, kind, dialect, error: None }
    }

    /// The type of the message.
    pub(crate) fn kind(&self) -> u32 {
        self.kind
    }

    /// The dialect that the message is written in.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// UCHAR.
    pub(crate) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    /// USHORT, BOOL.
    pub(crate) fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    /// UINT, INT, TIME.
    pub(crate) fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    /// Body bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A floating field.
    pub(crate) fn field(&mut self, tag: u16, value: &[u8]) {
        let Dialect { tag_width, length_width, .. } = self.dialect;
        if usize::from(tag) > tag_width.max() {
            self.fail(EncodeError::TagTooLarge { tag });
        } else if value.len() > length_width.max() {
            let max_bytes = length_width.max();
            self.fail(EncodeError::FieldTooLong { tag, bytes: value.len(), max_bytes });
        } else {
            self.number(usize::from(tag), tag_width.bytes());
            self.number(value.len(), length_width.bytes());
            self.bytes.extend_from_slice(value);
        }
    }

    /// A number that is known to fit, in 1 or 2 bytes.
    fn number(&mut self, value: usize, width_bytes: usize) {
        let all = value.to_be_bytes();
        self.bytes.extend_from_slice(&all[all.len() - width_bytes..]);
    }

    /// A STRING floating field, its NUL included.
    pub(crate) fn text(&mut self, tag: u16, text: &str) {
        if text.contains('\0') {
            return self.fail(EncodeError::NulInText { tag });
        }
        let mut value = Vec::with_capacity(text.len() + 1);
        value.extend_from_slice(text.as_bytes());
        value.push(0);
        self.field(tag, &value);
    }

    /// How many entries a list has, in the fixed part.
    pub(crate) fn count(&mut self, entries: usize) {
        self.u16(u16::try_from(entries).unwrap_or(u16::MAX));
    }

    /// The fields that the message's type does not know, in their order.
    pub(crate) fn others(&mut self, fields: &Fields) {
        for field in fields.iter() {
            self.field(field.tag, &field.value);
        }
    }

    /// Remembers the first error.
    pub(crate) fn fail(&mut self, error: EncodeError) {
        self.error.get_or_insert(error);
    }

    /// The whole message, header included.
    pub(crate) fn finish(mut self, message_bytes_max: usize) -> Result<Bytes, EncodeError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let bytes = self.bytes.len();
        let body_bytes = u32::try_from(bytes - HEADER_BYTES).unwrap_or(u32::MAX);
        if bytes > message_bytes_max || body_bytes == u32::MAX {
            return Err(EncodeError::MessageTooLong { bytes, max_bytes: message_bytes_max });
        }
        self.bytes[..4].copy_from_slice(&body_bytes.to_be_bytes());
        Ok(self.bytes.into())
    }
}
