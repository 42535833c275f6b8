//! Nodes that a service account makes, and what it publishes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use aplomb_pubsub::{Ids, Policy, Service, limits};
use jiff::Timestamp;
use xmpp::{Condition, Jid, StanzaError};

struct Rules;

impl Policy for Rules {
    fn may_subscribe(&self, _: &str, _: &str) -> bool {
        false
    }
    fn may_publish(&self, user: &str) -> bool {
        user == "finesse"
    }
    fn default_nodes(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
    fn visible_nodes(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

fn service() -> Service {
    Service::new("pubsub.localhost", Box::new(Rules), Ids::new("run-", 1))
}

fn jid(text: &str) -> Jid {
    Jid::new(text).unwrap()
}

#[test]
fn anyone_may_subscribe_to_a_node_with_the_open_access_model_and_to_no_other() {
    let (mut service, agent) = (service(), jid("1001001@localhost"));
    service.create("/closed").unwrap();
    service.create_open(Timestamp::UNIX_EPOCH, &jid("finesse@localhost/a"), "/open").unwrap();
    assert_eq!(service.subscribe(&agent, "/closed", &agent), Err(Condition::NotAuthorized.into()));
    service.subscribe(&agent, "/open", &agent).unwrap();
    let (id, deliveries) =
        service.publish_for(&jid("finesse@localhost/a"), "/open", Some("a\"<".into()), b"<x/>").unwrap();
    assert_eq!((id.as_str(), deliveries.len()), ("a\"<", 1));
    let tail = String::from_utf8(deliveries[0].tail.to_vec()).unwrap();
    assert!(tail.contains("<item id=\"a&quot;&lt;\"><x/></item>"), "{tail}");
}

#[test]
fn a_name_that_exists_cannot_be_taken_over() {
    let (mut service, finesse) = (service(), jid("finesse@localhost/a"));
    service.create("/closed").unwrap();
    assert_eq!(
        service.create_open(Timestamp::UNIX_EPOCH, &finesse, "/closed"),
        Err(Condition::Conflict.into())
    );
    let agent = jid("1001001@localhost");
    assert_eq!(service.subscribe(&agent, "/closed", &agent), Err(Condition::NotAuthorized.into()));
}

#[test]
fn nodes_made_on_request_are_bounded() {
    let (mut service, finesse) = (service(), jid("finesse@localhost/a"));
    for n in 0..limits::CREATED_NODES_MAX {
        service.create_open(Timestamp::UNIX_EPOCH, &finesse, &n.to_string()).unwrap();
    }
    let too_many = StanzaError::pubsub(Condition::PolicyViolation, "too-many-nodes");
    assert_eq!(service.create_open(Timestamp::UNIX_EPOCH, &finesse, "one more"), Err(too_many));
    service.create("/of the product").unwrap();
}
