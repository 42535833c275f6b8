//! What travels with a call: the ten call variables and the named variables and arrays (ECC variables).

use crate::cursor::Writer;
use crate::field::Found;
use crate::layout::Kind;
use crate::slot::Slot;
use crate::value::Value;
use crate::{DecodeError, EncodeError};
use std::fmt;

/// CallVariable1 to CallVariable10, each of at most 40 bytes and a NUL. One that is not in the message is `None`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CallVariables(pub [Option<String>; 10]);

impl CallVariables {
    /// The variable of a number from 1 to 10.
    pub fn get(&self, number: usize) -> Option<&str> {
        self.0.get(number.checked_sub(1)?)?.as_deref()
    }

    /// Sets the variable of a number from 1 to 10; any other number is ignored.
    pub fn set(&mut self, number: usize, value: impl Into<String>) {
        if let Some(variable) = number.checked_sub(1).and_then(|at| self.0.get_mut(at)) {
            *variable = Some(value.into());
        }
    }

    /// Those that are there, with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(&self.0).filter_map(|(number, value)| Some((number, value.as_deref()?)))
    }
}

impl fmt::Debug for CallVariables {
    /// Callers' data is not shown, only which variables are set.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(number, _)| number)).finish()
    }
}

impl Slot for CallVariables {
    const KIND: Kind = Kind::Text;
    const TAGS: u16 = 10;

    fn accept(&mut self, own: u16, found: Found) -> Result<Option<Found>, DecodeError> {
        let variable = found.field.tag.checked_sub(own).and_then(|at| self.0.get_mut(usize::from(at)));
        match variable {
            Some(variable @ None) => *variable = Some(Value::read(found)?),
            _ => return Ok(Some(found)),
        }
        Ok(None)
    }

    fn put(&self, own: u16, out: &mut Writer) {
        for (tag, variable) in (own..).zip(&self.0) {
            if let Some(value) = variable {
                out.text(tag, value);
            }
        }
    }
}

/// A named (ECC) variable: NAMEDVAR, `name NUL value NUL` in one field. A name has at most 32 bytes, a value 210.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NamedVariable {
    /// As configured, e.g. `user.account`.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl fmt::Debug for NamedVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = [redacted]", self.name)
    }
}

/// One element of a named (ECC) array: NAMEDARRAY, an index before what a [`NamedVariable`] has.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NamedArray {
    /// Which element, from 0 on.
    pub index: u8,
    /// The array's name.
    pub name: String,
    /// The element's value.
    pub value: String,
}

impl fmt::Debug for NamedArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}] = [redacted]", self.name, self.index)
    }
}

/// `name NUL value NUL`; a NUL that is not there ends nothing.
fn name_and_value(bytes: &[u8]) -> (String, String) {
    let mut texts = bytes.split(|byte| *byte == 0).map(|text| String::from_utf8_lossy(text).into_owned());
    (texts.next().unwrap_or_default(), texts.next().unwrap_or_default())
}

fn write_name_and_value(tag: u16, index: Option<u8>, name: &str, value: &str, out: &mut Writer) {
    if name.contains('\0') || value.contains('\0') {
        return out.fail(EncodeError::NulInText { tag });
    }
    let mut bytes = Vec::with_capacity(name.len() + value.len() + 3);
    bytes.extend(index);
    bytes.extend_from_slice(name.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(value.as_bytes());
    bytes.push(0);
    out.field(tag, &bytes);
}

impl Value for NamedVariable {
    const KIND: Kind = Kind::NamedVariable;

    fn read(found: Found) -> Result<Self, DecodeError> {
        let (name, value) = name_and_value(&found.field.value);
        Ok(Self { name, value })
    }

    fn write(&self, tag: u16, out: &mut Writer) {
        write_name_and_value(tag, None, &self.name, &self.value, out);
    }
}

impl Value for NamedArray {
    const KIND: Kind = Kind::NamedArray;

    fn read(found: Found) -> Result<Self, DecodeError> {
        let Some((index, rest)) = found.field.value.split_first() else { return Err(found.wrong_width(1)) };
        let (name, value) = name_and_value(rest);
        Ok(Self { index: *index, name, value })
    }

    fn write(&self, tag: u16, out: &mut Writer) {
        write_name_and_value(tag, Some(self.index), &self.name, &self.value, out);
    }
}
