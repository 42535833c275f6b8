//! SASL (RFC 6120 §6): so far PLAIN (RFC 4616).

use crate::ns;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use std::fmt;
use xml::{Layout, Writer};

/// SASL failure conditions (RFC 6120 §6.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The client gave up.
    Aborted,
    /// The account is locked for some time.
    Locked,
    /// Not base64.
    IncorrectEncoding,
    /// The client wants to act as someone else.
    InvalidAuthzid,
    /// A mechanism we do not offer.
    InvalidMechanism,
    /// Not the mechanism's syntax.
    MalformedRequest,
    /// Unknown user or wrong password; which of them is not told.
    NotAuthorized,
    /// The check could not be made; our fault.
    TemporaryAuthFailure,
}

impl Failure {
    fn condition(self) -> &'static str {
        match self {
            Self::Aborted => "aborted",
            Self::IncorrectEncoding => "incorrect-encoding",
            Self::InvalidAuthzid => "invalid-authzid",
            Self::InvalidMechanism => "invalid-mechanism",
            Self::MalformedRequest => "malformed-request",
            // clients know this one as "wrong credentials"; the text tells people more
            Self::Locked | Self::NotAuthorized => "not-authorized",
            Self::TemporaryAuthFailure => "temporary-auth-failure",
        }
    }

    /// The `<failure/>` element.
    pub fn to_bytes(self) -> Bytes {
        let mut writer = Writer::new(Layout::Compact);
        writer.open("failure").attribute("xmlns", ns::SASL);
        writer.open(self.condition()).close();
        if self == Self::Locked {
            let text = "locked after too many wrong passwords; try again in five minutes";
            writer.open("text").attribute("xml:lang", "en").text(text).close();
        }
        writer.finish().0.into()
    }
}

/// The `<success/>` element; it carries no data (JabberWerx).
pub fn success() -> Bytes {
    let mut writer = Writer::new(Layout::Compact);
    writer.open("success").attribute("xmlns", ns::SASL);
    writer.finish().0.into()
}

/// What a PLAIN response says. Prints without the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain {
    /// Whom the client wants to act as; empty for itself.
    pub authzid: String,
    /// Who signs in.
    pub authcid: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plain")
            .field("authzid", &self.authzid)
            .field("authcid", &self.authcid)
            .finish_non_exhaustive()
    }
}

impl Plain {
    /// Reads the base64 text of an `<auth/>` or `<response/>`.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| Failure::IncorrectEncoding)?;
        let text = String::from_utf8(bytes).map_err(|_| Failure::MalformedRequest)?;
        let mut parts = text.split('\0');
        let (Some(authzid), Some(authcid), Some(password), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Failure::MalformedRequest);
        };
        if authcid.is_empty() || password.is_empty() {
            return Err(Failure::MalformedRequest);
        }
        Ok(Self { authzid: authzid.into(), authcid: authcid.into(), password: password.into() })
    }

    /// The user's name without a domain: some clients put their whole JID into the name
    /// (`COMPAT(finesse)`: ExpertFlow strips it before use, others do not).
    pub fn user(&self) -> &str {
        self.authcid.split_once('@').map_or(self.authcid.as_str(), |(user, _)| user)
    }

    /// Whether the client asks to act as someone else than it signs in as.
    pub fn acts_as_another(&self) -> bool {
        let (user, rest) = self.authzid.split_once('@').unwrap_or((&self.authzid, ""));
        !self.authzid.is_empty() && (!user.eq_ignore_ascii_case(self.user()) || rest.contains('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Result<Plain, Failure> {
        Plain::parse(&STANDARD.encode(text))
    }

    #[test]
    fn plain_names_the_user_with_and_without_a_domain() {
        for (text, user, another) in [
            ("\0agent1\0aplomb", "agent1", false),
            ("1001001@localhost\x001001001@localhost\0aplomb", "1001001", false),
            ("1001001@localhost\x001001001\0aplomb", "1001001", false),
            ("1001002@localhost\x001001001\0aplomb", "1001001", true),
        ] {
            let plain = plain(text).unwrap();
            assert_eq!((plain.user(), plain.acts_as_another()), (user, another), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_plain_is_named() {
        assert_eq!(Plain::parse("*"), Err(Failure::IncorrectEncoding));
        for text in ["", "agent1", "\0agent1", "\0\0aplomb", "\0agent1\0", "\0a\0b\0c"] {
            assert_eq!(plain(text), Err(Failure::MalformedRequest), "{text:?}");
        }
    }

    #[test]
    fn the_password_is_never_printed() {
        assert!(!format!("{:?}", plain("\0agent1\0a secret word").unwrap()).contains("a secret word"));
    }
}
