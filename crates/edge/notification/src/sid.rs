//! Session ids: where the session lives, and a secret.

use std::fmt::Write;
use subtle::ConstantTimeEq;

/// 128 random bits; whoever knows them owns the session.
#[derive(Clone, Copy)]
pub(crate) struct Secret([u8; 16]);

impl Secret {
    pub(crate) fn new() -> Self {
        Self(rand::random())
    }

    /// Compared in constant time, so that a guess cannot be improved byte by byte.
    pub(crate) fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// A sid, taken apart: looking it up is indexing, not searching.
#[derive(Clone, Copy)]
pub(crate) struct Sid {
    pub(crate) shard: u8,
    /// Below 2^24.
    pub(crate) slot: u32,
    pub(crate) generation: u16,
    pub(crate) secret: Secret,
}

impl Sid {
    pub(crate) fn encode(&self) -> String {
        let mut text = format!("{:02x}{:06x}{:04x}", self.shard, self.slot & 0xFF_FFFF, self.generation);
        for byte in self.secret.0 {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    pub(crate) fn decode(text: &str) -> Option<Self> {
        if text.len() != 44 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let number = |from: usize, to: usize| u32::from_str_radix(&text[from..to], 16).ok();
        let mut secret = [0; 16];
        for (n, byte) in secret.iter_mut().enumerate() {
            *byte = number(12 + 2 * n, 14 + 2 * n)? as u8;
        }
        let (shard, slot, generation) = (number(0, 2)? as u8, number(2, 8)?, number(8, 12)? as u16);
        Some(Self { shard, slot, generation, secret: Secret(secret) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sid_is_read_as_it_was_written() {
        let sid = Sid { shard: 3, slot: 0x12_3456, generation: 65_535, secret: Secret::new() };
        let read = Sid::decode(&sid.encode()).unwrap();
        assert_eq!((read.shard, read.slot, read.generation), (3, 0x12_3456, 65_535));
        assert!(read.secret.matches(&sid.secret));
        assert!(!read.secret.matches(&Secret::new()));
    }

    #[test]
    fn what_is_no_sid_is_none() {
        for text in ["", "3117c5ef", &"g".repeat(44), &"é".repeat(22)] {
            assert!(Sid::decode(text).is_none(), "{text}");
        }
    }
}
