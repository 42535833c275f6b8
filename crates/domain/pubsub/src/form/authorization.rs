//! The form by which an owner decides about a subscriber (XEP-0060 §8.6).

use super::{flag, single};
use crate::node::Entry;
use jid::Jid;
use xmpp::ns;
use xmpp::payload::{Field, Form, Submitted};

/// What an owner has decided.
pub(crate) struct Decision {
    pub(crate) node: String,
    pub(crate) jid: Jid,
    pub(crate) subid: Option<String>,
    pub(crate) allow: bool,
}

/// The question.
pub(crate) fn authorization(node: &str, entry: &Entry) -> Form {
    let fields = vec![
        Field::new("pubsub#subid", "hidden", "", entry.subid.clone()),
        Field::new("pubsub#node", "text-single", "Node", node),
        Field::new("pubsub#subscriber_jid", "jid-single", "Subscriber", entry.jid.to_string()),
        Field::new("pubsub#allow", "boolean", "Whether to let them subscribe", "0"),
    ];
    let title = Some("A subscription waits for your decision".to_owned());
    Form { type_: "form", form_type: ns::PUBSUB_AUTHORIZATION, title, fields }
}

impl Decision {
    /// The answer; `None` when it lacks a field.
    pub(crate) fn read(form: &Submitted) -> Option<Self> {
        let value = |var| form.fields.get(var).and_then(|values| single(values).ok());
        Some(Self {
            node: value("pubsub#node")?.to_owned(),
            jid: Jid::new(value("pubsub#subscriber_jid")?).ok()?,
            subid: value("pubsub#subid").filter(|subid| !subid.is_empty()).map(str::to_owned),
            allow: flag(form.fields.get("pubsub#allow")?).ok()?,
        })
    }
}
