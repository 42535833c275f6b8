//! Stream errors (RFC 6120 §4.9): each ends the stream.

use crate::ns;
use bytes::Bytes;
use thiserror::Error;
use xml::{Layout, Writer};

/// Why a stream was ended. The peer is at fault unless the variant says otherwise.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum StreamError {
    /// XML that cannot be processed.
    #[error("XML that cannot be processed")]
    BadFormat,
    /// Someone else has bound the same resource.
    #[error("the resource was bound by another session")]
    Conflict,
    /// The token that the client signed in with is no longer good (RFC 6120 §4.9.3.12, §6.5.3).
    #[error("the token that the client signed in with has expired")]
    CredentialExpired,
    /// The domain is no longer served here.
    #[error("the domain is no longer served here")]
    HostGone,
    /// The domain is not served here.
    #[error("a domain that is not served here")]
    HostUnknown,
    /// The stream is to something that is no domain.
    #[error("a to attribute that is no domain")]
    ImproperAddressing,
    /// The client acknowledged stanzas that were never sent (XEP-0198 §6).
    #[error("{h} stanzas acknowledged, but {sent} were sent")]
    HandledCountTooHigh {
        /// What it claims, modulo 2^32.
        h: u32,
        /// What was sent, modulo 2^32.
        sent: u32,
    },
    /// A character that XML 1.0 §2.2 forbids, in an element of this name: see [`field`](crate::field).
    #[error("a character that XML forbids, in <{0}>")]
    ForbiddenCharacter(&'static str),
    /// The stream's namespaces are not those of RFC 6120.
    #[error("wrong stream or content namespace")]
    InvalidNamespace,
    /// A stanza claims another sender.
    #[error("a from attribute that is not the sender's address")]
    InvalidFrom,
    /// Stanzas before signing in.
    #[error("a stanza before authentication")]
    NotAuthorized,
    /// Not well-formed.
    #[error("not well-formed XML")]
    NotWellFormed,
    /// A local limit was passed.
    #[error("a limit was passed: {0}")]
    PolicyViolation(&'static str),
    /// A comment, processing instruction or document type (RFC 6120 §11.1).
    #[error("XML that RFC 6120 §11.1 forbids")]
    RestrictedXml,
    /// Ours: the server stops.
    #[error("the server stops")]
    SystemShutdown,
    /// Not a stanza we know.
    #[error("an element that is no stanza")]
    UnsupportedStanzaType,
    /// A version below 1.0.
    #[error("unsupported stream version")]
    UnsupportedVersion,
    /// Silent for too long.
    #[error("no answer for too long")]
    ConnectionTimeout,
}

impl StreamError {
    /// Element name of the condition.
    pub fn condition(self) -> &'static str {
        match self {
            Self::BadFormat => "bad-format",
            Self::Conflict => "conflict",
            Self::CredentialExpired => "not-authorized",
            Self::HostGone => "host-gone",
            Self::HostUnknown => "host-unknown",
            Self::ImproperAddressing => "improper-addressing",
            Self::HandledCountTooHigh { .. } => "undefined-condition",
            Self::InvalidNamespace => "invalid-namespace",
            Self::InvalidFrom => "invalid-from",
            Self::NotAuthorized => "not-authorized",
            Self::NotWellFormed | Self::ForbiddenCharacter(_) => "not-well-formed",
            Self::PolicyViolation(_) => "policy-violation",
            Self::RestrictedXml => "restricted-xml",
            Self::SystemShutdown => "system-shutdown",
            Self::UnsupportedStanzaType => "unsupported-stanza-type",
            Self::UnsupportedVersion => "unsupported-version",
            Self::ConnectionTimeout => "connection-timeout",
        }
    }

    /// The `<stream:error>` element. The prefix is the one of the stream header or the BOSH body around it.
    pub fn to_bytes(self) -> Bytes {
        let mut writer = Writer::new(Layout::Compact);
        writer.open("stream:error");
        writer.open(self.condition()).attribute("xmlns", ns::STREAM_ERROR).close();
        if let Self::PolicyViolation(what) = self {
            writer.open("text").attribute("xmlns", ns::STREAM_ERROR).text(what).close();
        }
        if let Self::HandledCountTooHigh { h, sent } = self {
            writer.open("handled-count-too-high").attribute("xmlns", ns::MANAGEMENT);
            writer.attribute("h", &h.to_string()).attribute("send-count", &sent.to_string()).close();
        }
        if self == Self::CredentialExpired {
            writer.open("text").attribute("xmlns", ns::STREAM_ERROR).text("the token has expired").close();
            // the word of a sign-in that fails for the same reason (§4.9.4)
            writer.open("credentials-expired").attribute("xmlns", ns::SASL).close();
        }
        writer.finish().0.into()
    }
}
