//! Protocol versions.

use std::fmt;

/// A version of XEP-0124, as in the `ver` attribute (§7.1). Numbers, not text: 1.11 is above 1.9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Before the point.
    pub major: u16,
    /// After the point.
    pub minor: u16,
}

impl Version {
    /// The version this crate follows.
    pub const CURRENT: Self = Self { major: 1, minor: 11 };

    /// The first version in which errors are terminal binding conditions and not HTTP codes (§17.1), and in
    /// which requests are acknowledged.
    pub(crate) const CONDITIONS: Self = Self { major: 1, minor: 6 };

    /// Reads `major.minor`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.trim().split_once('.')?;
        Some(Self { major: number(major)?, minor: number(minor)? })
    }
}

/// Digits only: `parse` alone would take a plus sign.
fn number(text: &str) -> Option<u16> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_numbers() {
        assert!(Version::parse("1.11") > Version::parse("1.9"));
        assert_eq!(Version::parse("1.6"), Some(Version::CONDITIONS));
    }

    #[test]
    fn what_is_not_a_version_is_none() {
        for text in ["", "1", "1.", ".6", "1.+6", "1.6.1", "one.six", "1.99999"] {
            assert_eq!(Version::parse(text), None, "{text:?}");
        }
    }
}
