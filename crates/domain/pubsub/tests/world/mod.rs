//! A service, its clock, and clients that speak XML to it.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of the world")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_types, reason = "rights change while the service owns its rules")]

use aplomb_pubsub::{Change, Delivery, Ids, Limits, Policy, Service};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use xml::{Layout, Writer};
use xmpp::payload::{self, Command, Request};
use xmpp::{FullJid, Jid, Stanza, StanzaError};

/// Service account `finesse`; users `own…` may create below `/own`; contacts of `finesse` are users with a digit at
/// the end, in the group of that digit. The product's nodes: `/product/USER` of each,
/// `/product/all` of everyone; `boss` may subscribe to that of `a2`, as long as `a2` has rights.
struct Rules {
    /// Who has lost every right.
    dismissed: Arc<Mutex<HashSet<String>>>,
}

impl Policy for Rules {
    fn may_subscribe(&self, user: &str, node: &str) -> bool {
        let own = node == "/product/all" || node == format!("/product/{user}");
        let bosses = user == "boss" && node == "/product/a2" && !self.is_dismissed("a2");
        !self.is_dismissed(user) && own || bosses
    }
    fn may_publish(&self, user: &str) -> bool {
        user == "finesse"
    }
    fn may_create(&self, user: &str, node: &str) -> bool {
        user == "finesse" || user.starts_with("own") && node.starts_with("/own")
    }
    fn default_nodes(&self, user: &str) -> Vec<String> {
        if self.is_dismissed(user) {
            return Vec::new();
        }
        vec![format!("/product/{user}"), "/product/nowhere".into()]
    }
    fn nodes_about(&self, user: &str) -> Vec<String> {
        vec![format!("/product/{user}")]
    }
    fn visible_nodes(&self, user: &str) -> Vec<String> {
        self.default_nodes(user)
    }
    fn roster_groups(&self, owner: &str, user: &str) -> Option<Vec<String>> {
        if self.is_dismissed(user) || self.is_dismissed(owner) {
            return None;
        }
        let digit = user.chars().last().filter(char::is_ascii_digit)?;
        (owner == "finesse").then(|| vec![digit.to_string()])
    }
}

impl Rules {
    fn is_dismissed(&self, user: &str) -> bool {
        self.dismissed.lock().unwrap().contains(user)
    }
}

pub struct World {
    pub service: Service,
    dismissed: Arc<Mutex<HashSet<String>>>,
    pub now: Timestamp,
}

/// `finesse@localhost/r` for `finesse`, `a@localhost/b` for `a/b`.
pub fn jid(name: &str) -> Jid {
    let text = match name.split_once('/') {
        Some((user, resource)) => format!("{user}@localhost/{resource}"),
        None => format!("{name}@localhost/r"),
    };
    Jid::new(&text).unwrap()
}

pub const OWNER: &str = "http://jabber.org/protocol/pubsub#owner";
pub const PUBSUB: &str = "http://jabber.org/protocol/pubsub";

impl World {
    pub fn new() -> Self {
        Self::of_run("run-")
    }

    /// After a restart, before anything is restored.
    pub fn of_run(run: &str) -> Self {
        Self::made(run, Limits::default())
    }

    pub fn with_limits(limits: Limits) -> Self {
        Self::made("run-", limits)
    }

    fn made(run: &str, limits: Limits) -> Self {
        let dismissed = Arc::default();
        let rules = Rules { dismissed: Arc::clone(&dismissed) };
        let service = Service::new("pubsub.localhost", Box::new(rules), Ids::new(run, 1));
        let mut service = service.with_limits(limits);
        for node in ["/product/a1", "/product/a2", "/product/all"] {
            service.create(node).unwrap();
        }
        Self { service, dismissed, now: "2026-03-01T12:00:00Z".parse().unwrap() }
    }

    /// What a request is answered: the answer's content, or the error's conditions.
    pub fn iq(&mut self, who: &str, type_: &str, ns: &str, inner: &str) -> String {
        self.request(who, type_, ns, inner).unwrap_or_else(|error| {
            let words = [
                Some(error.condition.name()),
                error.pubsub,
                error.feature,
                error.obstacle.map(xmpp::Obstacle::name),
            ];
            words.into_iter().flatten().collect::<Vec<_>>().join(" ")
        })
    }

    fn request(&mut self, who: &str, type_: &str, ns: &str, inner: &str) -> Result<String, StanzaError> {
        let element = if ns == xmpp::ns::COMMANDS { "command" } else { "pubsub" };
        let text = match element {
            "command" => inner.to_owned(),
            _ => format!("<pubsub xmlns='{ns}'>{inner}</pubsub>"),
        };
        let text = format!("<iq xmlns='jabber:client' type='{type_}' id='1'>{text}</iq>");
        let stanza = Stanza::parse(text.as_bytes()).unwrap();
        let mut writer = Writer::new(Layout::Compact);
        match payload::request(type_, stanza.payload().unwrap())? {
            Request::Pubsub(request) => {
                self.service.handle_request(self.now, &jid(who), *request)?.write(&mut writer);
            }
            Request::Command(command) => self.command(who, *command)?.write(&mut writer),
            other => panic!("{other:?}"),
        }
        let answer = writer.finish().0;
        if !answer.is_empty() {
            Stanza::parse(answer.as_bytes()).expect("answers are well-formed");
        }
        Ok(answer)
    }

    fn command(&mut self, who: &str, command: Command) -> Result<payload::CommandAnswer, StanzaError> {
        self.service.handle_command(&jid(who), command)
    }

    pub fn set(&mut self, who: &str, inner: &str) -> String {
        self.iq(who, "set", PUBSUB, inner)
    }

    pub fn get(&mut self, who: &str, inner: &str) -> String {
        self.iq(who, "get", PUBSUB, inner)
    }

    pub fn own_set(&mut self, who: &str, inner: &str) -> String {
        self.iq(who, "set", OWNER, inner)
    }

    pub fn own_get(&mut self, who: &str, inner: &str) -> String {
        self.iq(who, "get", OWNER, inner)
    }

    /// `finesse` makes a node with this configuration.
    pub fn make(&mut self, node: &str, fields: &[(&str, &str)]) {
        let form = form("node_config", fields);
        let made = self.set("finesse", &format!("<create node='{node}'/><configure>{form}</configure>"));
        assert!(made.contains(&format!("<create node=\"{node}\">")), "{made}");
    }

    pub fn configure(&mut self, node: &str, fields: &[(&str, &str)]) -> String {
        let form = form("node_config", fields);
        self.own_set("finesse", &format!("<configure node='{node}'>{form}</configure>"))
    }

    /// Subscribes the user's bare JID; the answer.
    pub fn subscribe(&mut self, who: &str, node: &str) -> String {
        let jid = jid(who).to_bare();
        self.set(who, &format!("<subscribe node='{node}' jid='{jid}'/>"))
    }

    pub fn publish(&mut self, who: &str, node: &str, id: &str) -> String {
        let item = format!("<item id='{id}'><x xmlns='urn:x'>{id}</x></item>");
        self.set(who, &format!("<publish node='{node}'>{item}</publish>"))
    }

    /// `finesse` gives someone an affiliation.
    pub fn affiliate(&mut self, node: &str, who: &str, affiliation: &str) -> String {
        let entry = format!("<affiliation jid='{who}@localhost' affiliation='{affiliation}'/>");
        self.own_set("finesse", &format!("<affiliations node='{node}'>{entry}</affiliations>"))
    }

    /// What an owner decides in a message.
    pub fn decide(&mut self, who: &str, fields: &[(&str, &str)]) -> Result<(), StanzaError> {
        let form = form("subscribe_authorization", fields);
        let text = format!("<message xmlns='jabber:client'>{form}</message>");
        let stanza = Stanza::parse(text.as_bytes()).unwrap();
        let form = payload::authorization(stanza.root()).expect("a decision");
        self.service.handle_authorization(&jid(who), &form)
    }

    pub fn deliveries(&mut self) -> Vec<Delivery> {
        std::iter::from_fn(|| self.service.poll_delivery()).collect()
    }

    /// What was sent: to whom, and what stands in the message.
    pub fn sent(&mut self) -> Vec<(String, String)> {
        let sent = self.deliveries().into_iter().map(|delivery| {
            let message = [&delivery.head[..], &delivery.tail].concat();
            let stanza = Stanza::parse(&message).expect("messages are well-formed");
            assert_eq!(stanza.head().unwrap().to.as_deref(), Some(delivery.to.as_str()));
            let tail = String::from_utf8(delivery.tail.to_vec()).unwrap();
            (delivery.to.to_string(), tail.strip_suffix("</message>").unwrap().to_owned())
        });
        sent.collect()
    }

    /// To whom something was sent.
    pub fn receivers(&mut self) -> Vec<String> {
        self.sent().into_iter().map(|(to, _)| to).collect()
    }

    pub fn changes(&mut self) -> Vec<Change> {
        std::iter::from_fn(|| self.service.poll_change()).collect()
    }

    pub fn pass(&mut self, secs: i64) {
        self.now = self.now.checked_add(SignedDuration::from_secs(secs)).unwrap();
        self.service.handle_timeout(self.now);
    }

    /// Someone loses every right.
    pub fn dismiss(&mut self, who: &str) {
        self.dismissed.lock().unwrap().insert(who.to_owned());
        self.service.handle_rights_changed(&jid(who).to_bare());
    }

    pub fn available(&mut self, who: &str) {
        let jid = FullJid::new(jid(who).as_str()).unwrap();
        self.service.make_defaults(&jid.to_bare());
        self.service.handle_available(&jid, None);
    }
}

/// A form filled in. `pubsub#` is put before the names of fields, `|` parts several values.
pub fn form(about: &str, fields: &[(&str, &str)]) -> String {
    let mut form = format!(
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>\
         <value>http://jabber.org/protocol/pubsub#{about}</value></field>"
    );
    for (var, values) in fields {
        let values: String = values.split('|').map(|value| format!("<value>{value}</value>")).collect();
        form.push_str(&format!("<field var='pubsub#{var}'>{values}</field>"));
    }
    form + "</x>"
}

/// What stands between two texts.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} in {text}")).1;
    rest.split_once(after).unwrap().0
}
