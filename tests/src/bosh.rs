//! A BOSH client (XEP-0124, XEP-0206) that writes its bodies by hand and keeps one request open at a time.

use crate::http::{self, Response};
use crate::{PASSWORD, Server};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::time::{Duration, Instant};

/// The namespace of `<body>`.
pub const HTTPBIND: &str = "http://jabber.org/protocol/httpbind";

/// The first rid of every session here; any number below 2^53 would do.
const FIRST_RID: u64 = 1_000;

/// A session, or an attempt at one.
#[derive(Clone, Debug)]
pub struct Bosh {
    address: String,
    /// What the client calls itself; nothing if empty.
    agent: String,
    /// What the server named the session; empty before it did.
    pub sid: String,
    /// The rid of the next request.
    pub rid: u64,
    /// The address after binding.
    pub jid: String,
}

impl Bosh {
    /// A client that has sent nothing yet.
    pub fn new(server: &Server) -> Self {
        let agent = String::new();
        Self {
            address: server.address("bosh_plain"),
            agent,
            sid: String::new(),
            rid: FIRST_RID,
            jid: String::new(),
        }
    }

    /// A session with the stream's features known and nobody signed in.
    pub fn open(server: &Server) -> Self {
        Self::open_as(server, "")
    }

    /// The same, with a `User-Agent`.
    pub fn open_as(server: &Server, agent: &str) -> Self {
        let mut client = Self { agent: agent.into(), ..Self::new(server) };
        let attributes = "to='localhost' wait='2' hold='1' ver='1.6' xml:lang='en' \
             xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'";
        let answer = client.body(attributes, "");
        client.sid = attribute(&answer.body, "sid").unwrap_or_else(|| panic!("no session: {}", answer.body));
        client
    }

    /// Signs in with the demo's password, binds, and sends the first presence.
    pub fn sign_in(server: &Server, user: &str, resource: &str) -> Self {
        Self::open(server).signed_in(user, resource)
    }

    /// The same on a session that is open.
    pub fn signed_in(self, user: &str, resource: &str) -> Self {
        self.signed_in_with(user, PASSWORD, resource)
    }

    /// The same with a password of choice.
    pub fn signed_in_with(mut self, user: &str, password: &str, resource: &str) -> Self {
        let client = &mut self;
        let answer = client.auth(user, password);
        assert!(answer.body.contains("<success"), "{user} may sign in: {}", answer.body);
        client.body("xmpp:restart='true' to='localhost' xmlns:xmpp='urn:xmpp:xbosh'", "");
        let bound = client.send(&format!(
            "<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
             <resource>{resource}</resource></bind></iq>"
        ));
        client.jid = text(&bound.body, "jid").unwrap_or_else(|| panic!("{user} is bound: {}", bound.body));
        client.send("<iq xmlns='jabber:client' type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>");
        client.send("<presence xmlns='jabber:client'/>");
        self
    }

    /// SASL PLAIN.
    pub fn auth(&mut self, user: &str, password: &str) -> Response {
        let plain = BASE64_STANDARD.encode(format!("\0{user}\0{password}"));
        self.send(&format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>"))
    }

    /// A body with stanzas, on the session's next rid.
    pub fn send(&mut self, stanzas: &str) -> Response {
        self.body("", stanzas)
    }

    /// A body with further attributes.
    pub fn body(&mut self, attributes: &str, inside: &str) -> Response {
        let sid = if self.sid.is_empty() { String::new() } else { format!("sid='{}' ", self.sid) };
        let body = format!("<body xmlns='{HTTPBIND}' {sid}rid='{}' {attributes}>{inside}</body>", self.rid);
        self.rid += 1;
        self.post(body.as_bytes())
    }

    /// Bytes of choice to `/http-bind/`.
    pub fn post(&self, body: &[u8]) -> Response {
        let mut headers = vec![("Content-Type", "text/xml; charset=utf-8")];
        if !self.agent.is_empty() {
            headers.push(("User-Agent", &self.agent));
        }
        http::request(&self.address, "POST", "/http-bind/", &headers, body)
    }

    /// Subscribes to a node with this session's full address; returns the body with the answer.
    pub fn subscribe(&mut self, node: &str) -> String {
        let jid = self.jid.clone();
        let mut answer = self.send(&format!(
            "<iq xmlns='jabber:client' type='set' id='sub' to='pubsub.localhost'>\
             <pubsub xmlns='http://jabber.org/protocol/pubsub'><subscribe node='{node}' jid='{jid}'/></pubsub></iq>"
        ));
        // What was on its way before comes first.
        while !answer.body.contains("id=\"sub\"") {
            answer = self.body("", "");
            assert_eq!(attribute(&answer.body, "type"), None, "the session lives: {}", answer.body);
        }
        answer.body
    }

    /// Polls until an answer holds all of `words` and returns the notification's payload, unescaped.
    pub fn event(&mut self, words: &[&str]) -> String {
        let end = Instant::now() + Duration::from_secs(20);
        let mut seen = Vec::new();
        while Instant::now() < end {
            let answer = self.body("", "");
            assert_eq!(answer.status, 200, "the session lives: {}", answer.body);
            assert_eq!(attribute(&answer.body, "type"), None, "the session lives: {}", answer.body);
            for payload in payloads(&answer.body) {
                if words.iter().all(|word| payload.contains(word)) {
                    return payload;
                }
                seen.push(payload);
            }
        }
        panic!("no event with {words:?} for {}; seen: {seen:#?}", self.jid);
    }
}

/// An attribute of the root.
pub fn attribute(body: &str, name: &str) -> Option<String> {
    roxmltree::Document::parse(body).ok()?.root_element().attribute(name).map(str::to_owned)
}

fn text(body: &str, name: &str) -> Option<String> {
    let document = roxmltree::Document::parse(body).ok()?;
    let element = document.descendants().find(|node| node.tag_name().name() == name)?;
    element.text().map(str::to_owned)
}

/// The texts of all notifications in a body.
pub fn payloads(body: &str) -> Vec<String> {
    let Ok(document) = roxmltree::Document::parse(body) else { return Vec::new() };
    let notifications = document.descendants().filter(|node| node.tag_name().name() == "notification");
    notifications.filter_map(|node| node.text().map(str::to_owned)).collect()
}
