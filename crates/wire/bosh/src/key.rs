//! Key sequencing: XEP-0124 §15.

use sha1::{Digest, Sha1};

const LENGTH: usize = 20;

/// What the next key must hash to. Each key of a sequence is the hash of the one that is sent after it, so whoever
/// reads one on the wire cannot make the next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lock([u8; LENGTH]);

impl Lock {
    /// From a `key` or `newkey` attribute: forty hexadecimal digits.
    pub(crate) fn parse(hex: &str) -> Option<Self> {
        let hex = hex.trim_ascii();
        if hex.len() != 2 * LENGTH || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut hash = [0; LENGTH];
        for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&hex[at..at + 2], 16).ok()?;
        }
        Some(Self(hash))
    }

    /// Whether this is the next key. The hash is of the text, as the client wrote it.
    pub(crate) fn opens_with(&self, key: &str) -> bool {
        Sha1::digest(key.trim_ascii().as_bytes()).as_slice() == self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The vector of RFC 3174 §7.3: "abc".
    const ABC: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";

    #[test]
    fn a_key_opens_the_lock_that_is_its_sha_1() {
        let lock = Lock::parse(ABC).unwrap();
        assert!(lock.opens_with("abc"));
        assert!(!lock.opens_with("abd"));
        assert!(Lock::parse(&ABC.to_lowercase()) == Some(lock), "the case of the digits does not matter");
    }

    #[test]
    fn what_is_no_hash_is_no_lock() {
        for text in ["", "a9", "x", &ABC[1..], &format!("{ABC}0"), &"é".repeat(20), &"g".repeat(40)] {
            assert!(Lock::parse(text).is_none(), "{text:?}");
        }
    }
}
