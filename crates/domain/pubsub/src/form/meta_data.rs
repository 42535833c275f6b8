//! What anyone may know of a node (XEP-0060 §5.4, §16.4.3).

use super::META_DATA;
use crate::configuration::Affiliation;
use crate::node::{Made, Node};
use xmpp::payload::{Field, Form};

/// The node's description.
pub(crate) fn meta_data(node: &Node, made: &Made) -> Form {
    let configuration = &made.configuration;
    let with = |wanted: Affiliation| {
        let affiliations = made.affiliations.iter().filter(move |(_, affiliation)| **affiliation == wanted);
        affiliations.map(|(user, _)| user.to_string()).collect::<Vec<_>>()
    };
    let field = |var, type_, values| Field { values, ..Field::new(var, type_, "", "") };
    let one = |var, value: &str| Field::new(var, "text-single", "", value);
    let subscribers = node.subscribers.values().filter(|subscriber| subscriber.in_force().next().is_some());
    let mut fields = vec![
        one("pubsub#access_model", configuration.access_model.word()),
        one("pubsub#publish_model", configuration.publish_model.word()),
        one("pubsub#creation_date", &made.created.to_string()),
        field("pubsub#creator", "jid-single", vec![made.creator.to_string()]),
        field("pubsub#owner", "jid-multi", with(Affiliation::Owner)),
        field("pubsub#publisher", "jid-multi", with(Affiliation::Publisher)),
        one("pubsub#num_subscribers", &subscribers.count().to_string()),
        one("pubsub#max_items", &configuration.max_items.to_string()),
    ];
    let texts = [
        ("pubsub#title", &configuration.title),
        ("pubsub#description", &configuration.description),
        ("pubsub#language", &configuration.language),
        ("pubsub#type", &configuration.payload_type),
    ];
    fields.extend(texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(var, text)| one(var, text)));
    Form { type_: "result", form_type: META_DATA, title: None, fields }
}
