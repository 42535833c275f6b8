//! Bounds, with their reasons.

/// Length of a node's name in bytes.
pub const NODE_BYTES_MAX: usize = 1_023;

/// Explicit subscriptions of one user to one node: one for each resource of a person who works at several places,
/// and room for those that clients left behind. Past it the oldest gives way.
pub const SUBSCRIPTIONS_PER_USER_AND_NODE_MAX: usize = 16;

/// Explicit subscriptions of one user in all.
pub const SUBSCRIPTIONS_PER_USER_MAX: usize = 1_000;

/// Nodes that exist because somebody asked for them over XMPP: only accounts that the operator trusts may ask, but
/// they may do so in a loop. Room for a node of each of 200,000 agents and their teams.
pub const CREATED_NODES_MAX: usize = 250_000;

/// Length of an item's id in bytes, when the publisher chooses it: it goes to every subscriber.
pub const ITEM_ID_BYTES_MAX: usize = 1_023;

/// A payload in bytes, where a node sets no narrower limit: a whole stanza is hardly longer
/// ([`xmpp::limits::STANZA_BYTES_MAX`]).
pub const PAYLOAD_BYTES_MAX: u32 = 60 * 1024;
