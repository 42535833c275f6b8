//! Namespaces.

/// Stanzas (RFC 6120 §4.8.2).
pub const CLIENT: &str = "jabber:client";
/// The stream element and its features (RFC 6120 §4.8.1).
pub const STREAM: &str = "http://etherx.jabber.org/streams";
/// Stream error conditions (RFC 6120 §4.9).
pub const STREAM_ERROR: &str = "urn:ietf:params:xml:ns:xmpp-streams";
/// Stanza error conditions (RFC 6120 §8.3).
pub const STANZA_ERROR: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
/// STARTTLS (RFC 6120 §5).
pub const TLS: &str = "urn:ietf:params:xml:ns:xmpp-tls";
/// SASL (RFC 6120 §6).
pub const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
/// Which channel bindings SASL takes (XEP-0440).
pub const CHANNEL_BINDING: &str = "urn:xmpp:sasl-cb:0";
/// Resource binding (RFC 6120 §7).
pub const BIND: &str = "urn:ietf:params:xml:ns:xmpp-bind";
/// The session of RFC 3921 §3, still asked for by many clients.
pub const SESSION: &str = "urn:ietf:params:xml:ns:xmpp-session";
/// Roster (RFC 6121 §2).
pub const ROSTER: &str = "jabber:iq:roster";
/// XMPP Ping (XEP-0199).
pub const PING: &str = "urn:xmpp:ping";
/// Software Version (XEP-0092).
pub const VERSION: &str = "jabber:iq:version";
/// Entity Time (XEP-0202).
pub const TIME: &str = "urn:xmpp:time";
/// Stream Management (XEP-0198).
pub const MANAGEMENT: &str = "urn:xmpp:sm:3";
/// Client State Indication (XEP-0352).
pub const CLIENT_STATE: &str = "urn:xmpp:csi:0";
/// Service Discovery, information (XEP-0030).
pub const DISCO_INFO: &str = "http://jabber.org/protocol/disco#info";
/// Service Discovery, items (XEP-0030).
pub const DISCO_ITEMS: &str = "http://jabber.org/protocol/disco#items";
/// Entity Capabilities (XEP-0115).
pub const CAPABILITIES: &str = "http://jabber.org/protocol/caps";
/// Publish-Subscribe (XEP-0060).
pub const PUBSUB: &str = "http://jabber.org/protocol/pubsub";
/// Publish-Subscribe errors (XEP-0060 §7.2).
pub const PUBSUB_ERRORS: &str = "http://jabber.org/protocol/pubsub#errors";
/// Data Forms (XEP-0004).
pub const DATA_FORM: &str = "jabber:x:data";
/// Publish-Subscribe events (XEP-0060 §7.1.2).
pub const PUBSUB_EVENT: &str = "http://jabber.org/protocol/pubsub#event";
/// What owners ask of publish-subscribe (XEP-0060 §8).
pub const PUBSUB_OWNER: &str = "http://jabber.org/protocol/pubsub#owner";
/// The form by which an owner lets a subscriber in (XEP-0060 §8.6).
pub const PUBSUB_AUTHORIZATION: &str = "http://jabber.org/protocol/pubsub#subscribe_authorization";
/// Ad hoc commands (XEP-0050).
pub const COMMANDS: &str = "http://jabber.org/protocol/commands";
/// Result sets (XEP-0059).
pub const RESULT_SET: &str = "http://jabber.org/protocol/rsm";
/// Headers of a stanza (XEP-0131).
pub const SHIM: &str = "http://jabber.org/protocol/shim";
/// Numbers of events, an extension of ours (`docs/manual/numbers.md`).
pub const NUMBERS: &str = "urn:aplomb:pubsub:numbers:0";
/// What the desktop notes of itself, an extension of ours (`docs/manual/probe.md`).
pub const PROBE: &str = "urn:aplomb:probe:0";
/// How long ago a client was last here (XEP-0012, XEP-0256).
pub const LAST: &str = "jabber:iq:last";
/// When a stanza was sent for the first time (XEP-0203).
pub const DELAY: &str = "urn:xmpp:delay";
