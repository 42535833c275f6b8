//! SASL PLAIN (RFC 4616).

use crate::{Password, Refusal, names};
use zeroize::Zeroizing;

/// What a PLAIN message says: who signs in, and the password. Prints without the password.
#[derive(Debug)]
pub struct Plain {
    name: String,
    password: Password,
}

impl Plain {
    /// Reads `authzid NUL authcid NUL password`. Refused when the client wants to act as someone else.
    pub fn parse(message: &[u8]) -> Result<Self, Refusal> {
        let malformed = Refusal::Malformed("not a message of PLAIN");
        let text = std::str::from_utf8(message).map_err(|_| malformed.clone())?;
        let mut parts = text.split('\0');
        let (Some(authzid), Some(name), Some(password), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed);
        };
        if name.is_empty() || password.is_empty() {
            return Err(malformed);
        }
        if names::acts_as_another(authzid, name) {
            return Err(Refusal::OtherIdentity);
        }
        let password = Password::from(Zeroizing::new(password.to_owned()));
        Ok(Self { name: names::user(name).to_owned(), password })
    }

    /// loginId or loginName, without a domain.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The password.
    pub fn password(&self) -> &Password {
        &self.password
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_the_user_with_and_without_a_domain() {
        for (text, user) in [
            ("\0agent1\0aplomb", "agent1"),
            ("1001001@localhost\x001001001@localhost\0aplomb", "1001001"),
            ("1001001@localhost\x001001001\0aplomb", "1001001"),
        ] {
            assert_eq!(Plain::parse(text.as_bytes()).unwrap().name(), user, "{text:?}");
        }
    }

    #[test]
    fn nobody_acts_as_another() {
        for text in ["1001002@localhost\x001001001\0aplomb", "1001001@localhost/desk\x001001001\0aplomb"] {
            assert_eq!(Plain::parse(text.as_bytes()).unwrap_err(), Refusal::OtherIdentity, "{text:?}");
        }
    }

    #[test]
    fn what_is_not_plain_is_named() {
        for text in ["", "agent1", "\0agent1", "\0\0aplomb", "\0agent1\0", "\0a\0b\0c"] {
            assert!(matches!(Plain::parse(text.as_bytes()), Err(Refusal::Malformed(_))), "{text:?}");
        }
        assert!(matches!(Plain::parse(b"\0agent1\0\xff"), Err(Refusal::Malformed(_))));
    }

    #[test]
    fn the_password_is_never_printed() {
        let plain = Plain::parse(b"\0agent1\0a secret word").unwrap();
        assert!(!format!("{plain:?}").contains("a secret word"));
    }
}
