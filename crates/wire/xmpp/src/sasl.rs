//! SASL as XMPP carries it (RFC 6120 §6). What the messages say is the mechanism's business, and the owner's.

use crate::ns;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use std::fmt;
use std::ops::Deref;
use xml::{Layout, Writer};
use zeroize::Zeroizing;

/// What a client may choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Names of mechanisms, the preferred first.
    pub mechanisms: Vec<&'static str>,
    /// Types of channel binding that `-PLUS` mechanisms take (XEP-0440).
    pub bindings: Vec<&'static str>,
}

/// A client's message, decoded. Often holds a password: zeroed when dropped, prints its length only.
#[derive(Clone, PartialEq, Eq)]
pub struct Message(Zeroizing<Vec<u8>>);

impl Message {
    /// Decodes the text of an `<auth/>` or `<response/>`; `None` for an element without text. A message of no
    /// bytes is `=` in an `<auth/>` (RFC 6120 §6.4.2).
    pub(crate) fn decode(text: Option<&str>) -> Result<Option<Self>, Failure> {
        let bytes = match text.map(str::trim) {
            None | Some("") => return Ok(None),
            Some("=") => Vec::new(),
            Some(text) => STANDARD.decode(text).map_err(|_| Failure::from(Condition::IncorrectEncoding))?,
        };
        Ok(Some(Self(Zeroizing::new(bytes))))
    }

    pub(crate) fn empty() -> Self {
        Self(Zeroizing::default())
    }
}

impl Deref for Message {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({} bytes)", self.0.len())
    }
}

/// What the owner makes of a client's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send this, and hand on what the client answers.
    Challenge(Vec<u8>),
    /// The client signed in.
    Success {
        /// The user's id.
        user: String,
        /// For the client to check. `None` if the mechanism has no such thing: an element with text would confuse
        /// JabberWerx, which signs in by PLAIN.
        data: Option<Vec<u8>>,
    },
    /// It did not.
    Failure(Failure),
}

/// SASL failure conditions (RFC 6120 §6.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The client gave up.
    Aborted,
    /// The account is not to be used for some time.
    AccountDisabled,
    /// The credentials were right once.
    CredentialsExpired,
    /// Not without TLS.
    EncryptionRequired,
    /// Not base64.
    IncorrectEncoding,
    /// The client wants to act as someone else.
    InvalidAuthzid,
    /// A mechanism that was not offered.
    InvalidMechanism,
    /// Not the mechanism's syntax, or out of turn.
    MalformedRequest,
    /// The mechanism is too weak for this user.
    MechanismTooWeak,
    /// Unknown user or wrong password; which of them is not told.
    NotAuthorized,
    /// The check could not be made; our fault.
    TemporaryAuthFailure,
}

impl Condition {
    fn name(self) -> &'static str {
        match self {
            Self::Aborted => "aborted",
            Self::AccountDisabled => "account-disabled",
            Self::CredentialsExpired => "credentials-expired",
            Self::EncryptionRequired => "encryption-required",
            Self::IncorrectEncoding => "incorrect-encoding",
            Self::InvalidAuthzid => "invalid-authzid",
            Self::InvalidMechanism => "invalid-mechanism",
            Self::MalformedRequest => "malformed-request",
            Self::MechanismTooWeak => "mechanism-too-weak",
            Self::NotAuthorized => "not-authorized",
            Self::TemporaryAuthFailure => "temporary-auth-failure",
        }
    }
}

/// Why a sign-in failed: the condition for programs, a text for people where it does not say enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The condition.
    pub condition: Condition,
    /// In English.
    pub text: Option<&'static str>,
}

impl From<Condition> for Failure {
    fn from(condition: Condition) -> Self {
        Self { condition, text: None }
    }
}

impl Failure {
    /// The `<failure/>` element.
    pub(crate) fn to_bytes(self) -> Bytes {
        let mut writer = Writer::new(Layout::Compact);
        writer.open("failure").attribute("xmlns", ns::SASL);
        writer.open(self.condition.name()).close();
        if let Some(text) = self.text {
            writer.open("text").attribute("xml:lang", "en").text(text).close();
        }
        writer.finish().0.into()
    }
}

/// The `<challenge/>` element.
pub(crate) fn challenge(data: &[u8]) -> Bytes {
    element("challenge", &STANDARD.encode(data))
}

/// The `<success/>` element; additional data of no bytes is `=` (RFC 6120 §6.4.6).
pub(crate) fn success(data: Option<&[u8]>) -> Bytes {
    match data {
        None => element("success", ""),
        Some([]) => element("success", "="),
        Some(data) => element("success", &STANDARD.encode(data)),
    }
}

fn element(name: &'static str, text: &str) -> Bytes {
    let mut writer = Writer::new(Layout::Compact);
    writer.open(name).attribute("xmlns", ns::SASL).text(text);
    writer.finish().0.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_base64_an_equals_sign_or_not_there() {
        let bytes = |text| Message::decode(text).map(|message| message.map(|message| message.to_vec()));
        assert_eq!(bytes(None), Ok(None));
        assert_eq!(bytes(Some("")), Ok(None));
        assert_eq!(bytes(Some("=")), Ok(Some(vec![])));
        assert_eq!(bytes(Some(" YWJj\n")), Ok(Some(b"abc".to_vec())));
        for bad in ["*", "YWJ", "YW Jj", "YWJj=", "=="] {
            assert_eq!(bytes(Some(bad)), Err(Condition::IncorrectEncoding.into()), "{bad:?}");
        }
    }

    #[test]
    fn a_message_is_never_printed() {
        let message = Message::decode(Some("AGFnZW50MQBhcGxvbWI=")).unwrap().unwrap();
        assert_eq!(format!("{message:?}"), "Message(14 bytes)");
    }

    #[test]
    fn every_condition_is_written_with_its_text() {
        let failure = |condition, text| String::from_utf8(Failure { condition, text }.to_bytes().to_vec());
        assert_eq!(
            failure(Condition::AccountDisabled, Some("locked")).unwrap(),
            "<failure xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"><account-disabled></account-disabled>\
             <text xml:lang=\"en\">locked</text></failure>"
        );
        let text = failure(Condition::MechanismTooWeak, None).unwrap();
        assert!(text.contains("<mechanism-too-weak>") && !text.contains("<text"), "{text}");
    }

    #[test]
    fn success_carries_data_only_if_there_is_some() {
        let text = |data| String::from_utf8(success(data).to_vec()).unwrap();
        assert!(text(None).ends_with("></success>"));
        assert!(text(Some(b"")).ends_with(">=</success>"));
        assert!(text(Some(b"v=")).ends_with(">dj0=</success>"));
    }
}
