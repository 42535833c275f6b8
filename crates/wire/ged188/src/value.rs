//! How values of each type are read from, and written as, fixed and floating fields.

use crate::cursor::{Reader, Writer};
use crate::field::{Found, text};
use crate::layout::{Kind, nameless};
use crate::{DecodeError, Secret};
use bytes::Bytes;

/// A type of the fixed part.
pub(crate) trait Fixed: Sized {
    /// Its type on the wire.
    const KIND: Kind;
    /// Names of its values.
    const NAMES: fn(u32) -> &'static str = nameless;
    /// Reads it; `name` is for the error.
    fn read(from: &mut Reader<'_>, name: &'static str) -> Result<Self, DecodeError>;
    /// Writes it.
    fn write(&self, out: &mut Writer);
}

/// A type of floating fields.
pub(crate) trait Value: Sized {
    /// Its type on the wire.
    const KIND: Kind;
    /// Names of its values.
    const NAMES: fn(u32) -> &'static str = nameless;
    /// Reads it.
    fn read(found: Found) -> Result<Self, DecodeError>;
    /// Writes it as a field.
    fn write(&self, tag: u16, out: &mut Writer);
}

macro_rules! plain_numbers {
    ($($type:ty, $kind:ident, $method:ident;)*) => {$(
        impl Fixed for $type {
            const KIND: Kind = Kind::$kind;

            fn read(from: &mut Reader<'_>, name: &'static str) -> Result<Self, DecodeError> {
                from.$method(name)
            }

            fn write(&self, out: &mut Writer) {
                out.$method(*self);
            }
        }

        impl Value for $type {
            const KIND: Kind = Kind::$kind;

            fn read(found: Found) -> Result<Self, DecodeError> {
                found.number().map(Self::from_be_bytes)
            }

            fn write(&self, tag: u16, out: &mut Writer) {
                out.field(tag, &self.to_be_bytes());
            }
        }
    )*};
}

plain_numbers! {
    u8, U8, u8;
    u16, U16, u16;
    u32, U32, u32;
}

impl Fixed for bool {
    const KIND: Kind = Kind::Bool;

    fn read(from: &mut Reader<'_>, name: &'static str) -> Result<Self, DecodeError> {
        from.u16(name).map(|value| value != 0)
    }

    fn write(&self, out: &mut Writer) {
        out.u16((*self).into());
    }
}

impl Value for bool {
    const KIND: Kind = Kind::Bool;

    fn read(found: Found) -> Result<Self, DecodeError> {
        found.number().map(|bytes| u16::from_be_bytes(bytes) != 0)
    }

    fn write(&self, tag: u16, out: &mut Writer) {
        out.field(tag, &u16::from(*self).to_be_bytes());
    }
}

impl Fixed for [u32; 3] {
    const KIND: Kind = Kind::U32x3;

    fn read(from: &mut Reader<'_>, name: &'static str) -> Result<Self, DecodeError> {
        Ok([from.u32(name)?, from.u32(name)?, from.u32(name)?])
    }

    fn write(&self, out: &mut Writer) {
        self.iter().for_each(|value| out.u32(*value));
    }
}

impl Value for String {
    const KIND: Kind = Kind::Text;

    fn read(found: Found) -> Result<Self, DecodeError> {
        Ok(text(&found.field.value))
    }

    fn write(&self, tag: u16, out: &mut Writer) {
        out.text(tag, self);
    }
}

impl Value for Bytes {
    const KIND: Kind = Kind::Bytes;

    fn read(found: Found) -> Result<Self, DecodeError> {
        Ok(found.field.value)
    }

    fn write(&self, tag: u16, out: &mut Writer) {
        out.field(tag, self);
    }
}

impl Value for Secret {
    const KIND: Kind = Kind::Secret;

    fn read(found: Found) -> Result<Self, DecodeError> {
        Ok(Self::from_field(found.field.value))
    }

    fn write(&self, tag: u16, out: &mut Writer) {
        out.field(tag, self.reveal());
    }
}
