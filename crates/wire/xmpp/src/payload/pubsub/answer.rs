//! Writing answers.

use crate::payload::form::Form;
use crate::payload::result_set::Page;
use crate::{BareJid, Jid, ns};
use bytes::Bytes;
use xml::Writer;

/// One subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// To which node.
    pub node: String,
    /// Whose.
    pub jid: Jid,
    /// Its identifier (XEP-0060 §6.1.6).
    pub subid: String,
    /// How far it is (§4.2).
    pub state: &'static str,
}

/// One affiliation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affiliated {
    /// With which node.
    pub node: String,
    /// Whose.
    pub user: BareJid,
    /// Which (§4.1).
    pub affiliation: &'static str,
}

/// One item on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Its content, one element that stands in the namespace `pubsub#event`; empty for none.
    pub payload: Bytes,
}

/// Whom a list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The one it is about.
    Own,
    /// An owner of the node (XEP-0060 §8).
    Owner,
}

impl Scope {
    fn namespace(self) -> &'static str {
        match self {
            Self::Own => ns::PUBSUB,
            Self::Owner => ns::PUBSUB_OWNER,
        }
    }
}

/// What a request is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PubsubAnswer {
    /// It is done, and nothing more to say.
    Done,
    /// The node of this name was made (§8.1.2).
    Created(String),
    /// The subscription there is (§6.1.2).
    Subscribed(Subscription),
    /// The subscription there is, and its options (§6.3.7).
    Options {
        /// To which node.
        node: String,
        /// Whose.
        jid: Jid,
        /// Its identifier.
        subid: String,
        /// The options.
        form: Form,
    },
    /// Options that a new subscription has (§6.4.2).
    DefaultOptions {
        /// To which node, if to only one.
        node: Option<String>,
        /// The options.
        form: Form,
    },
    /// Subscriptions (§5.6.2, §8.8.1.2).
    Subscriptions {
        /// For whom.
        scope: Scope,
        /// The node, if only one.
        node: Option<String>,
        /// The subscriptions.
        list: Vec<Subscription>,
        /// Which page of them.
        page: Option<Page>,
    },
    /// Affiliations (§5.7.2, §8.9.1.2).
    Affiliations {
        /// For whom.
        scope: Scope,
        /// The node, if only one.
        node: Option<String>,
        /// The affiliations.
        list: Vec<Affiliated>,
        /// Which page of them.
        page: Option<Page>,
    },
    /// Items (§6.5.2).
    Items {
        /// Of which node.
        node: String,
        /// The items.
        items: Vec<Item>,
        /// Which page of them.
        page: Option<Page>,
    },
    /// The item was published (§7.1.2).
    Published {
        /// To which node.
        node: String,
        /// Its id; none for an event without item.
        id: Option<String>,
    },
    /// A node's configuration (§8.2.3).
    Configuration {
        /// Of which node.
        node: String,
        /// The configuration.
        form: Form,
    },
    /// The configuration that a new node has (§8.3.2).
    DefaultConfiguration(Form),
}

impl PubsubAnswer {
    /// Writes it into an IQ result.
    pub fn write(&self, writer: &mut Writer) {
        match self {
            Self::Done => {}
            Self::Created(node) => {
                open(writer, ns::PUBSUB, "create", Some(node)).close().close();
            }
            Self::Subscribed(subscription) => {
                writer.open("pubsub").attribute("xmlns", ns::PUBSUB);
                subscription.write(writer, Some(&subscription.node));
                writer.close();
            }
            Self::Options { node, jid, subid, form } => {
                open(writer, ns::PUBSUB, "options", Some(node));
                writer.attribute("jid", jid.as_str()).attribute("subid", subid);
                form.write(writer);
                writer.close().close();
            }
            Self::DefaultOptions { node, form } => {
                open(writer, ns::PUBSUB, "default", node.as_deref());
                form.write(writer);
                writer.close().close();
            }
            Self::Subscriptions { scope, node, list, page } => {
                open(writer, scope.namespace(), "subscriptions", node.as_deref());
                for subscription in list {
                    let of = (*scope == Scope::Own).then_some(subscription.node.as_str());
                    subscription.write(writer, of);
                }
                close(writer, page.as_ref());
            }
            Self::Affiliations { scope, node, list, page } => {
                affiliations(writer, *scope, node.as_deref(), list);
                close(writer, page.as_ref());
            }
            Self::Items { node, items, page } => write_items(writer, node, items, page.as_ref()),
            Self::Published { node, id } => {
                open(writer, ns::PUBSUB, "publish", Some(node));
                if let Some(id) = id {
                    writer.open("item").attribute("id", id).close();
                }
                writer.close().close();
            }
            Self::Configuration { node, form } => {
                open(writer, ns::PUBSUB_OWNER, "configure", Some(node));
                form.write(writer);
                writer.close().close();
            }
            Self::DefaultConfiguration(form) => {
                open(writer, ns::PUBSUB_OWNER, "default", None);
                form.write(writer);
                writer.close().close();
            }
        }
    }
}

impl Subscription {
    /// Writes `<subscription/>`. ExpertFlow takes it only with a literal `subscription="subscribed"`.
    pub fn write(&self, writer: &mut Writer, node: Option<&str>) {
        writer.open("subscription");
        if let Some(node) = node {
            writer.attribute("node", node);
        }
        writer.attribute("jid", self.jid.as_str()).attribute("subid", &self.subid);
        writer.attribute("subscription", self.state).close();
    }
}

fn open<'a>(writer: &'a mut Writer, ns: &str, name: &'static str, node: Option<&str>) -> &'a mut Writer {
    writer.open("pubsub").attribute("xmlns", ns).open(name);
    if let Some(node) = node {
        writer.attribute("node", node);
    }
    writer
}

fn affiliations(writer: &mut Writer, scope: Scope, node: Option<&str>, list: &[Affiliated]) {
    open(writer, scope.namespace(), "affiliations", node);
    for Affiliated { node, user, affiliation } in list {
        writer.open("affiliation");
        match scope {
            Scope::Own => writer.attribute("node", node),
            Scope::Owner => writer.attribute("jid", user.as_str()),
        };
        writer.attribute("affiliation", affiliation).close();
    }
}

/// Ends a list and, behind the word which page it is, the answer.
fn close(writer: &mut Writer, page: Option<&Page>) {
    writer.close();
    if let Some(page) = page {
        page.write(writer);
    }
    writer.close();
}

fn write_items(writer: &mut Writer, node: &str, items: &[Item], page: Option<&Page>) {
    open(writer, ns::PUBSUB, "items", Some(node));
    for item in items {
        // it was read as UTF-8
        let payload = std::str::from_utf8(&item.payload).unwrap_or_default();
        writer.open("item").attribute("id", &item.id).verbatim(payload).close();
    }
    close(writer, page);
}
