//! SASL mechanisms, and what binds them to a TLS connection.

use crate::scram::Hash;
use std::sync::Arc;

/// A SASL mechanism (RFC 4422).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// The password itself (RFC 4616).
    Plain,
    /// Proof of knowing it (RFC 5802, RFC 7677).
    Scram {
        /// With this hash.
        hash: Hash,
        /// Bound to the TLS connection (`-PLUS`).
        plus: bool,
    },
}

impl Mechanism {
    /// All mechanisms, the strongest first. Clients take the first they know, or the best by an order of their own.
    pub const ALL: [Self; 5] = [
        Self::Scram { hash: Hash::Sha256, plus: true },
        Self::Scram { hash: Hash::Sha256, plus: false },
        Self::Scram { hash: Hash::Sha1, plus: true },
        Self::Scram { hash: Hash::Sha1, plus: false },
        Self::Plain,
    ];

    /// The registered name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Scram { hash: Hash::Sha1, plus: false } => "SCRAM-SHA-1",
            Self::Scram { hash: Hash::Sha1, plus: true } => "SCRAM-SHA-1-PLUS",
            Self::Scram { hash: Hash::Sha256, plus: false } => "SCRAM-SHA-256",
            Self::Scram { hash: Hash::Sha256, plus: true } => "SCRAM-SHA-256-PLUS",
        }
    }

    /// The mechanism of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mechanism| mechanism.name() == name)
    }
}

/// What is known of the TLS connection that a client signs in over (RFC 5056). Empty without TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelBindings {
    /// `tls-exporter` (RFC 9266): 32 bytes that both ends derive from the connection's keys.
    pub tls_exporter: Option<[u8; 32]>,
    /// `tls-server-end-point` (RFC 5929 §4): the hash of the server's certificate.
    pub tls_server_end_point: Option<Arc<[u8]>>,
}

impl ChannelBindings {
    /// The types there are, the stronger first.
    pub fn types(&self) -> Vec<&'static str> {
        let known = ["tls-exporter", "tls-server-end-point"];
        known.into_iter().filter(|type_| self.data(type_).is_some()).collect()
    }

    /// Whether there is nothing to bind to.
    pub fn is_empty(&self) -> bool {
        self.tls_exporter.is_none() && self.tls_server_end_point.is_none()
    }

    /// The data of a type.
    pub(crate) fn data(&self, type_: &str) -> Option<&[u8]> {
        match type_ {
            "tls-exporter" => self.tls_exporter.as_ref().map(<[u8; 32]>::as_slice),
            "tls-server-end-point" => self.tls_server_end_point.as_deref(),
            _ => None,
        }
    }
}
