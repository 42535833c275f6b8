//! Clients that write the bytes of the protocols by hand, so that a case can also write wrong ones.

pub(crate) mod bosh;
pub(crate) mod element;
pub(crate) mod entity;
pub(crate) mod http;
pub(crate) mod scram;
pub(crate) mod splitter;
pub(crate) mod tcp;
pub(crate) mod tls;
pub(crate) mod websocket;

pub(crate) use bosh::Bosh;
pub(crate) use element::Element;
pub(crate) use entity::Entity;
pub(crate) use tcp::Tcp;
pub(crate) use websocket::WebSocket;

use crate::subject::PASSWORD;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// Namespaces.
pub(crate) mod ns {
    pub(crate) const HTTPBIND: &str = "http://jabber.org/protocol/httpbind";
    pub(crate) const XBOSH: &str = "urn:xmpp:xbosh";
    pub(crate) const STREAMS: &str = "http://etherx.jabber.org/streams";
    pub(crate) const STREAM_ERRORS: &str = "urn:ietf:params:xml:ns:xmpp-streams";
    pub(crate) const STANZA_ERRORS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
    pub(crate) const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
    pub(crate) const TLS: &str = "urn:ietf:params:xml:ns:xmpp-tls";
    pub(crate) const BIND: &str = "urn:ietf:params:xml:ns:xmpp-bind";
    pub(crate) const CLIENT: &str = "jabber:client";
    pub(crate) const FRAMING: &str = "urn:ietf:params:xml:ns:xmpp-framing";
    pub(crate) const DISCO_INFO: &str = "http://jabber.org/protocol/disco#info";
    pub(crate) const DISCO_ITEMS: &str = "http://jabber.org/protocol/disco#items";
    pub(crate) const PUBSUB: &str = "http://jabber.org/protocol/pubsub";
    pub(crate) const PUBSUB_ERRORS: &str = "http://jabber.org/protocol/pubsub#errors";
    pub(crate) const PUBSUB_EVENT: &str = "http://jabber.org/protocol/pubsub#event";
    pub(crate) const PUBSUB_OWNER: &str = "http://jabber.org/protocol/pubsub#owner";
    pub(crate) const RSM: &str = "http://jabber.org/protocol/rsm";
    pub(crate) const SM: &str = "urn:xmpp:sm:3";
}

/// `<auth/>` with PLAIN.
pub(crate) fn auth_plain(user: &str, password: &str) -> String {
    let plain = BASE64_STANDARD.encode(format!("\0{user}\0{password}"));
    format!("<auth xmlns='{}' mechanism='PLAIN'>{plain}</auth>", ns::SASL)
}

/// `<auth/>` with the right password.
pub(crate) fn auth(user: &str) -> String {
    auth_plain(user, PASSWORD)
}

/// A request for a resource.
pub(crate) fn bind(resource: &str) -> String {
    format!(
        "<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='{}'><resource>{resource}</resource></bind></iq>",
        ns::BIND
    )
}

/// A ping of the server, the stanza that every server answers.
pub(crate) fn ping(id: &str) -> String {
    format!(
        "<iq xmlns='jabber:client' type='get' id='{id}' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>"
    )
}

/// A chat message.
pub(crate) fn message(to: &str, id: &str) -> String {
    format!(
        "<message xmlns='jabber:client' type='chat' to='{to}' id='{id}'><body>words of {id}</body></message>"
    )
}
