//! What goes to the client.

use bytes::Bytes;
use std::fmt;

/// One stanza on its way to a client, in two parts: what differs for each receiver, and what all receivers
/// share. They are written one after the other; neither is copied.
#[derive(Clone, PartialEq, Eq)]
pub struct Stanza {
    /// The beginning, made for this receiver. May be empty.
    pub head: Bytes,
    /// The rest, shared by all receivers. May be empty.
    pub tail: Bytes,
}

impl Stanza {
    /// A stanza in two parts.
    pub fn new(head: impl Into<Bytes>, tail: impl Into<Bytes>) -> Self {
        Self { head: head.into(), tail: tail.into() }
    }

    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.head.len() + self.tail.len()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T: Into<Bytes>> From<T> for Stanza {
    fn from(whole: T) -> Self {
        Self { head: whole.into(), tail: Bytes::new() }
    }
}

/// Lengths only: stanzas hold what people say and their passwords.
impl fmt::Debug for Stanza {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stanza({} + {} bytes)", self.head.len(), self.tail.len())
    }
}
