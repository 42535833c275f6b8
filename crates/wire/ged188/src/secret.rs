//! A value that is sent but never shown.

use bytes::Bytes;
use std::fmt;

/// The bytes of a password field as they travel. `Debug` does not show them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Bytes);

impl Secret {
    /// From the bytes of a field.
    pub fn from_field(value: Bytes) -> Self {
        Self(value)
    }

    /// From a text; a NUL is added, as for every string, but an empty password is an empty field.
    pub fn from_text(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let mut value = text.as_bytes().to_vec();
        value.push(0);
        Self(value.into())
    }

    /// The bytes, for comparing and sending.
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
