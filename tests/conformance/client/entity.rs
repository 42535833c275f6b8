//! Somebody at the publish-subscribe service: asks over TCP, and keeps the events that come meanwhile.

use super::{Element, Tcp, ns};
use crate::subject::Subject;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where the service of every subject is.
pub(crate) const SERVICE: &str = "pubsub.localhost";

/// The form of a node's configuration.
pub(crate) const NODE_CONFIG: &str = "http://jabber.org/protocol/pubsub#node_config";

/// The form of a subscription's options.
pub(crate) const SUBSCRIBE_OPTIONS: &str = "http://jabber.org/protocol/pubsub#subscribe_options";

/// Nodes of cases unless the case says otherwise.
const USUAL: [(&str, &str); 6] = [
    ("access_model", "open"),
    ("persist_items", "1"),
    ("max_items", "10"),
    ("send_last_published_item", "never"),
    ("notify_delete", "1"),
    ("notify_retract", "1"),
];

static NODES: AtomicUsize = AtomicUsize::new(1);

/// A session that has sent its presence.
#[derive(Debug)]
pub(crate) struct Entity {
    pub(crate) tcp: Tcp,
    asked: usize,
    /// Messages that came while something else was waited for.
    messages: Vec<Element>,
}

/// A name that no other case uses.
pub(crate) fn fresh_node() -> String {
    format!("/conformance/{}", NODES.fetch_add(1, Ordering::Relaxed))
}

/// A data form of type `submit`; names without `#` get `pubsub#` before them.
pub(crate) fn form(form_type: &str, fields: &[(&str, &str)]) -> String {
    let mut form = format!(
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>{form_type}</value></field>"
    );
    for (name, value) in fields {
        form.push_str(&format!("<field var='pubsub#{name}'><value>{value}</value></field>"));
    }
    form + "</x>"
}

/// An item with a payload that holds `text`; an empty `id` leaves the choice to the service.
pub(crate) fn item(id: &str, text: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!(" id='{id}'") };
    format!("<item{id}><entry xmlns='urn:example:conformance'>{text}</entry></item>")
}

/// The answer is a result.
#[track_caller]
pub(crate) fn granted(answer: Element) -> Element {
    assert_eq!(answer.attr("type"), Some("result"), "{answer}");
    answer
}

/// The answer is an error with this condition, and with this one of XEP-0060 unless it is empty.
#[track_caller]
pub(crate) fn refused(answer: &Element, condition: &str, of_pubsub: &str) {
    assert_eq!(answer.stanza_error().map(|(_, condition)| condition), Some(condition), "{answer}");
    if !of_pubsub.is_empty() {
        assert_eq!(of_pubsub_error(answer).map(|named| named.name.as_str()), Some(of_pubsub), "{answer}");
    }
}

/// The condition of XEP-0060 in an error.
pub(crate) fn of_pubsub_error(answer: &Element) -> Option<&Element> {
    answer.find("error")?.children.iter().find(|child| child.ns == ns::PUBSUB_ERRORS)
}

/// The values of a field of a form.
pub(crate) fn values(answer: &Element, name: &str) -> Vec<String> {
    let field = field(answer, name);
    field.map_or_else(Vec::new, |field| {
        field.children.iter().filter(|c| c.name == "value").map(|v| v.text.clone()).collect()
    })
}

/// A field of the first form inside.
pub(crate) fn field<'e>(answer: &'e Element, name: &str) -> Option<&'e Element> {
    answer.find("x")?.children.iter().find(|child| child.name == "field" && child.attr("var") == Some(name))
}

/// The ids of the items inside.
pub(crate) fn ids(answer: &Element) -> Vec<String> {
    let items = answer.find("items").unwrap_or_else(|| panic!("no items: {answer}"));
    let items = items.children.iter().filter(|child| child.name == "item");
    items.map(|item| item.attr("id").unwrap_or_default().to_owned()).collect()
}

impl Entity {
    /// Somebody who may create nodes.
    pub(crate) fn owner(subject: &Subject) -> Self {
        Self::of(Tcp::sign_in_as(subject, &subject.owner(), "owner"))
    }

    /// Somebody without rights of their own.
    pub(crate) fn user(subject: &Subject) -> Self {
        Self::of(Tcp::sign_in(subject))
    }

    pub(crate) fn of(tcp: Tcp) -> Self {
        Self { tcp: tcp.present(), asked: 0, messages: Vec::new() }
    }

    pub(crate) fn jid(&self) -> String {
        self.tcp.jid.clone()
    }

    pub(crate) fn bare(&self) -> String {
        self.tcp.jid.split('/').next().unwrap_or_default().to_owned()
    }

    /// Asks anybody anything; again when told to wait: a server whose writers step on each other's toes may say so.
    pub(crate) fn ask(&mut self, to: &str, type_: &str, payload: &str) -> Element {
        for _ in 0..20 {
            let answer = self.ask_once(to, type_, payload);
            if answer.stanza_error() != Some(("wait", "internal-server-error")) {
                return answer;
            }
        }
        panic!("told to wait, again and again: {payload}")
    }

    fn ask_once(&mut self, to: &str, type_: &str, payload: &str) -> Element {
        self.asked += 1;
        let id = format!("ask-{}", self.asked);
        self.tcp.send(&format!("<iq type='{type_}' id='{id}' to='{to}'>{payload}</iq>"));
        self.wait(&format!("the answer to {payload}"), |e| e.name == "iq" && e.has_id(&id))
    }

    fn wait(&mut self, what: &str, wanted: impl Fn(&Element) -> bool) -> Element {
        loop {
            let element = self.tcp.wait_for(what, |e| wanted(e) || e.name == "message");
            if wanted(&element) {
                return element;
            }
            self.messages.push(element);
        }
    }

    /// `<pubsub/>` of a subscriber or a publisher.
    pub(crate) fn get(&mut self, inside: &str) -> Element {
        self.ask(SERVICE, "get", &format!("<pubsub xmlns='{}'>{inside}</pubsub>", ns::PUBSUB))
    }

    pub(crate) fn set(&mut self, inside: &str) -> Element {
        self.ask(SERVICE, "set", &format!("<pubsub xmlns='{}'>{inside}</pubsub>", ns::PUBSUB))
    }

    /// `<pubsub/>` of an owner.
    pub(crate) fn owner_get(&mut self, inside: &str) -> Element {
        self.ask(SERVICE, "get", &format!("<pubsub xmlns='{}'>{inside}</pubsub>", ns::PUBSUB_OWNER))
    }

    pub(crate) fn owner_set(&mut self, inside: &str) -> Element {
        self.ask(SERVICE, "set", &format!("<pubsub xmlns='{}'>{inside}</pubsub>", ns::PUBSUB_OWNER))
    }

    /// disco#info of the service, or of a node.
    pub(crate) fn info(&mut self, node: &str) -> Element {
        let node = if node.is_empty() { String::new() } else { format!(" node='{node}'") };
        self.ask(SERVICE, "get", &format!("<query xmlns='{}'{node}/>", ns::DISCO_INFO))
    }

    /// Whether the service announces a feature of XEP-0060.
    pub(crate) fn offers(&mut self, feature: &str) -> bool {
        let info = granted(self.info(""));
        let wanted = format!("{}#{feature}", ns::PUBSUB);
        let query = info.child(ns::DISCO_INFO, "query").unwrap();
        query.children.iter().any(|child| child.attr("var") == Some(&wanted))
    }

    /// Whether a node's configuration has such a field, without `pubsub#`.
    pub(crate) fn configures(&mut self, node: &str, name: &str) -> bool {
        let answer = granted(self.owner_get(&format!("<configure node='{node}'/>")));
        field(&answer, &format!("pubsub#{name}")).is_some()
    }

    /// A new node whose configuration differs in these fields from the usual one.
    pub(crate) fn create(&mut self, fields: &[(&str, &str)]) -> String {
        let node = fresh_node();
        let answer = self.create_named(&node, fields);
        granted(answer);
        node
    }

    pub(crate) fn create_named(&mut self, node: &str, fields: &[(&str, &str)]) -> Element {
        let mut all = USUAL.to_vec();
        all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
        all.extend(fields);
        self.set(&format!("<create node='{node}'/><configure>{}</configure>", form(NODE_CONFIG, &all)))
    }

    /// Changes a node's configuration.
    pub(crate) fn configure(&mut self, node: &str, fields: &[(&str, &str)]) -> Element {
        self.owner_set(&format!("<configure node='{node}'>{}</configure>", form(NODE_CONFIG, fields)))
    }

    /// Publishes; the text is also the item's id.
    pub(crate) fn publish(&mut self, node: &str, id: &str) -> Element {
        self.set(&format!("<publish node='{node}'>{}</publish>", item(id, id)))
    }

    pub(crate) fn retract(&mut self, node: &str, id: &str) -> Element {
        self.set(&format!("<retract node='{node}' notify='true'><item id='{id}'/></retract>"))
    }

    /// Subscribes its full address.
    pub(crate) fn subscribe(&mut self, node: &str) -> Element {
        let jid = self.jid();
        self.set(&format!("<subscribe node='{node}' jid='{jid}'/>"))
    }

    pub(crate) fn unsubscribe(&mut self, node: &str) -> Element {
        let jid = self.jid();
        self.set(&format!("<unsubscribe node='{node}' jid='{jid}'/>"))
    }

    pub(crate) fn items(&mut self, node: &str) -> Element {
        self.get(&format!("<items node='{node}'/>"))
    }

    /// As an owner: somebody's affiliation.
    pub(crate) fn affiliate(&mut self, node: &str, jid: &str, affiliation: &str) -> Element {
        self.owner_set(&format!(
            "<affiliations node='{node}'><affiliation jid='{jid}' affiliation='{affiliation}'/></affiliations>"
        ))
    }

    /// The next event message about a node; the message is returned.
    pub(crate) fn event(&mut self, node: &str) -> Element {
        self.message(&format!("an event of {node}"), |message| is_of(message, node))
    }

    /// The next message for which `wanted` holds.
    pub(crate) fn message(&mut self, what: &str, wanted: impl Fn(&Element) -> bool) -> Element {
        if let Some(at) = self.messages.iter().position(&wanted) {
            return self.messages.remove(at);
        }
        self.wait(what, |e| e.name == "message" && wanted(e))
    }

    /// Everything that `owner` caused before has come when an event of another node comes: none of this node.
    #[track_caller]
    pub(crate) fn hears_nothing_of(&mut self, node: &str, owner: &mut Self) {
        let other = owner.create(&[]);
        granted(self.subscribe(&other));
        granted(owner.publish(&other, "sentinel"));
        self.event(&other);
        let of_node = self.messages.iter().find(|message| is_of(message, node));
        assert!(of_node.is_none(), "{}", of_node.unwrap());
    }
}

fn is_of(message: &Element, node: &str) -> bool {
    let event = message.child(ns::PUBSUB_EVENT, "event");
    event.is_some_and(|event| event.children.iter().any(|kind| kind.attr("node") == Some(node)))
}
