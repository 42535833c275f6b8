//! Bounds, with their reasons.

/// What the operator may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nodes that exist because somebody asked for them over XMPP: only accounts that the operator trusts may ask, but
    /// they may do so in a loop. By default room for a node of each of 200,000 agents and their teams.
    pub created_nodes_max: usize,
    /// Nodes of one user who is no service account.
    pub nodes_per_user_max: usize,
    /// Explicit subscriptions of one user in all.
    pub subscriptions_per_user_max: usize,
    /// Ids and payloads of kept items in all, in bytes: they are in memory.
    pub kept_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            created_nodes_max: 250_000,
            nodes_per_user_max: 100,
            subscriptions_per_user_max: 1_000,
            kept_bytes_max: 256 * 1024 * 1024,
        }
    }
}

/// Length of a node's name in bytes.
pub const NODE_BYTES_MAX: usize = 1_023;

/// Explicit subscriptions of one user to one node: one for each resource of a person who works at several places,
/// and room for those that clients left behind. Past it the oldest gives way.
pub const SUBSCRIPTIONS_PER_USER_AND_NODE_MAX: usize = 16;

/// Length of an item's id in bytes, when the publisher chooses it: it goes to every subscriber.
pub const ITEM_ID_BYTES_MAX: usize = 1_023;

/// A payload in bytes, where a node sets no narrower limit: a whole stanza is hardly longer
/// ([`xmpp::limits::STANZA_BYTES_MAX`]).
pub const PAYLOAD_BYTES_MAX: u32 = 60 * 1024;

/// Items that one node keeps: what `max` means.
pub const ITEMS_PER_NODE_MAX: u32 = 1_000;

/// Affiliations with one node: a whitelist may hold everyone.
pub const AFFILIATIONS_PER_NODE_MAX: usize = 20_000;

/// The address of someone who is given an affiliation, in bytes: with the node's name it is a key of the store, and
/// PostgreSQL takes keys of some 2,700 bytes.
pub const AFFILIATE_BYTES_MAX: usize = 1_023;

/// Nodes in whose events one resource may be interested by its capabilities.
pub const INTERESTS_PER_RESOURCE_MAX: usize = 256;

/// A title, a description or the like, in bytes: it goes into every answer about its node.
pub const TEXT_BYTES_MAX: usize = 1_023;

/// Roster groups that a node names.
pub const ROSTER_GROUPS_MAX: usize = 64;

/// Entries of one page (XEP-0059), and of a list whose asker wants no pages: an answer must not grow with the number
/// of nodes that somebody made.
pub const PAGE_MAX: usize = 256;

/// Bytes of one answer with items, before it is cut to a page: some clients refuse longer stanzas than a megabyte.
pub const ITEMS_ANSWER_BYTES_MAX: usize = 512 * 1024;

/// Events of one node that may be fetched again: a break of the network is seldom longer.
pub const LOG_EVENTS_PER_NODE_MAX: usize = 64;

/// Events of all nodes that may be fetched again.
pub const LOG_EVENTS_MAX: usize = 65_536;

/// Their bytes: they are in memory.
pub const LOG_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Missed events that one request brings: fewer than may wait for a client, or the answer would end its session.
pub const MISSED_EVENTS_MAX: usize = 256;

/// Messages of one node that are written in one go before another node's turn comes: a tenth of a millisecond or so.
pub const DELIVERIES_PER_SLICE: usize = 256;
