//! What one client may send, how long it may take, and how much is kept for it.

use super::parts::secs;
use notification::limits::{STANZA_BYTES_CEILING, STANZA_BYTES_FLOOR, Unacknowledged};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    /// Bytes of one stanza or BOSH body.
    #[serde(deserialize_with = "stanza_bytes")]
    pub(crate) stanza_bytes_max: usize,
    /// Elements inside elements.
    #[serde(deserialize_with = "xml_depth")]
    pub(crate) xml_depth_max: usize,
    /// Elements, texts and attributes of one stanza or body.
    #[serde(deserialize_with = "xml_nodes")]
    pub(crate) xml_nodes_max: u32,
    /// Attributes of one stanza or body, counted by their equals signs.
    #[serde(deserialize_with = "xml_attributes")]
    pub(crate) xml_attributes_max: usize,
    /// Stanzas that may wait for one TCP or WebSocket client.
    pub(crate) pending_stanzas_max: usize,
    /// Bytes of these.
    pub(crate) pending_bytes_max: usize,
    /// Stanzas that a client which acknowledges may leave unacknowledged.
    #[serde(deserialize_with = "some")]
    pub(crate) unacked_stanzas_max: usize,
    /// Bytes of these.
    pub(crate) unacked_bytes_max: usize,
    /// Time for the answer to a request for an acknowledgement.
    pub(crate) ack_secs: u64,
    /// Time for a TLS handshake.
    pub(crate) tls_handshake_secs: u64,
    /// Time for the head of an HTTP request.
    pub(crate) request_head_secs: u64,
    /// Time for the body of an http-bind request.
    pub(crate) request_body_secs: u64,
    /// Time for the body of a request to the web service.
    pub(crate) rest_body_secs: u64,
    /// Requests of one HTTP/2 connection at one time.
    #[serde(deserialize_with = "http2_streams")]
    pub(crate) http2_streams_max: u32,
    /// Time from a connection to an address.
    pub(crate) sign_in_secs: u64,
    /// Time for one write to a TCP or WebSocket client.
    pub(crate) write_secs: u64,
    /// How long a peer may leave what was sent unacknowledged, or take nothing.
    pub(crate) unacknowledged_secs: u64,
    /// BOSH sessions.
    #[serde(deserialize_with = "some")]
    pub(crate) bosh_sessions_max: usize,
    /// BOSH sessions of one address that have not signed in; 0 for no limit.
    pub(crate) bosh_sign_ins_per_address_max: usize,
    /// Resources of one user.
    #[serde(deserialize_with = "some")]
    pub(crate) resources_per_user_max: usize,
    /// Subscriptions of one user.
    pub(crate) subscriptions_per_user_max: usize,
    /// Nodes of one user who is no service account.
    pub(crate) nodes_per_user_max: usize,
    /// Nodes that were made over XMPP.
    pub(crate) created_nodes_max: usize,
    /// Bytes of kept items.
    pub(crate) kept_items_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let (limits, bounds) = (notification::limits::Limits::default(), listen::limits::Bounds::default());
        let (rest, unacknowledged) = (rest::limits::Limits::default(), limits.unacknowledged);
        Self {
            stanza_bytes_max: limits.xml.document_bytes_max,
            xml_depth_max: limits.xml.depth_max,
            xml_nodes_max: limits.xml.nodes_max,
            xml_attributes_max: limits.xml.equals_signs_max,
            pending_stanzas_max: limits.pending_stanzas_max,
            pending_bytes_max: limits.pending_bytes_max,
            unacked_stanzas_max: unacknowledged.stanzas_max,
            unacked_bytes_max: unacknowledged.bytes_max,
            ack_secs: unacknowledged.answer.as_secs(),
            tls_handshake_secs: bounds.handshake.as_secs(),
            request_head_secs: bounds.request_head.as_secs(),
            request_body_secs: limits.request_body.as_secs(),
            rest_body_secs: rest.body.as_secs(),
            http2_streams_max: bounds.http2_streams_max,
            sign_in_secs: limits.sign_in.as_secs(),
            write_secs: limits.write.as_secs(),
            unacknowledged_secs: bounds.unacknowledged.as_secs(),
            bosh_sessions_max: limits.bosh_sessions_max,
            bosh_sign_ins_per_address_max: limits.bosh_sign_ins_per_address_max,
            resources_per_user_max: limits.resources_per_user_max,
            subscriptions_per_user_max: limits.pubsub.subscriptions_per_user_max,
            nodes_per_user_max: limits.pubsub.nodes_per_user_max,
            created_nodes_max: limits.pubsub.created_nodes_max,
            kept_items_bytes_max: limits.pubsub.kept_bytes_max,
        }
    }
}

impl Limits {
    /// As the notification service takes them, which keeps `recorded_max` passages of each session.
    pub(super) fn notification(&self, recorded_max: usize) -> notification::limits::Limits {
        notification::limits::Limits {
            xml: self.xml(),
            pending_stanzas_max: self.pending_stanzas_max.max(1),
            // so that one stanza of another user cannot take what is left
            pending_bytes_max: self.pending_bytes_max.max(4 * self.stanza_bytes_max),
            sign_in: secs(self.sign_in_secs),
            request_body: secs(self.request_body_secs),
            write: secs(self.write_secs),
            unacknowledged: Unacknowledged {
                stanzas_max: self.unacked_stanzas_max,
                bytes_max: self.unacked_bytes_max.max(4 * self.stanza_bytes_max),
                answer: secs(self.ack_secs),
            },
            bosh_sessions_max: self.bosh_sessions_max,
            bosh_sign_ins_per_address_max: self.bosh_sign_ins_per_address_max,
            recorded_max,
            resources_per_user_max: self.resources_per_user_max,
            pubsub: pubsub::Limits {
                created_nodes_max: self.created_nodes_max,
                nodes_per_user_max: self.nodes_per_user_max,
                subscriptions_per_user_max: self.subscriptions_per_user_max,
                kept_bytes_max: self.kept_items_bytes_max,
            },
        }
    }

    /// As the web service takes them.
    pub(crate) fn rest(&self) -> rest::limits::Limits {
        rest::limits::Limits { xml: self.xml(), body: secs(self.rest_body_secs) }
    }

    fn xml(&self) -> xml::Limits {
        xml::Limits {
            document_bytes_max: self.stanza_bytes_max,
            depth_max: self.xml_depth_max,
            nodes_max: self.xml_nodes_max,
            equals_signs_max: self.xml_attributes_max,
        }
    }
}

/// A number within a range, and what is said to any other.
fn within<'de, D, T>(deserializer: D, range: RangeInclusive<T>, what: &str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + PartialOrd + std::fmt::Display,
{
    let number = T::deserialize(deserializer)?;
    if range.contains(&number) {
        return Ok(number);
    }
    Err(D::Error::custom(format!("{what} {} to {}", range.start(), range.end())))
}

/// Within what RFC 6120 §13.12 wants and what can be held.
fn stanza_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    within(deserializer, STANZA_BYTES_FLOOR..=STANZA_BYTES_CEILING, "the bytes of a stanza are")
}

/// The deepest thing of our protocols, a form in a command, has nine.
fn xml_depth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    within(deserializer, 16..=256, "the depth of XML is")
}

fn xml_nodes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    within(deserializer, 256..=65_536, "the nodes of a document are")
}

/// The look for repeated attributes is quadratic.
fn xml_attributes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    within(deserializer, 128..=8_192, "the attributes of a document are")
}

fn http2_streams<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    within(deserializer, 1..=65_536, "the requests of a connection are")
}

/// At least one.
pub(super) fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    within(deserializer, 1..=1_000_000, "it must be")
}
