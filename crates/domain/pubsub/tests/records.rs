//! What survives a restart.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use aplomb_pubsub::{Change, Configuration, Ids, Policy, Record, Service};
use jiff::Timestamp;
use xmpp::Jid;

struct Rules;

impl Policy for Rules {
    fn may_subscribe(&self, _: &str, node: &str) -> bool {
        node == "/of the product"
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
    let mut service = Service::new("pubsub.localhost", Box::new(Rules), Ids::new("run-", 1));
    service.create("/of the product").unwrap();
    service
}

fn jid(text: &str) -> Jid {
    Jid::new(text).unwrap()
}

fn changes(service: &mut Service) -> Vec<Change> {
    std::iter::from_fn(|| service.poll_change()).collect()
}

#[test]
fn nodes_and_subscriptions_are_there_again_after_a_restart() {
    let mut before = service();
    let desk = jid("1001001@localhost/desk");
    before.create_open(Timestamp::UNIX_EPOCH, &jid("finesse@localhost/a"), "/made").unwrap();
    for node in ["/made", "/of the product"] {
        before.subscribe(&desk, node, &desk).unwrap();
    }
    let mut after = service();
    for change in changes(&mut before) {
        let Change::Put(record) = change else { panic!("{change:?}") };
        after.restore(record);
    }
    assert_eq!(after.subscriptions(&desk.to_bare(), None), before.subscriptions(&desk.to_bare(), None));
    assert_eq!(after.publish("/made", b"<x/>").unwrap().len(), 1);
    assert_eq!(changes(&mut after), []);
}

#[test]
fn a_subscription_to_a_node_that_is_no_more_ends() {
    let mut before = service();
    let desk = jid("1001001@localhost/desk");
    let subscription = before.subscribe(&desk, "/of the product", &desk).unwrap();
    let Some(Change::Put(Record::Subscription(record))) = before.poll_change() else { panic!("no record") };
    let mut after = Service::new("pubsub.localhost", Box::new(Rules), Ids::new("run-", 1));
    after.restore(Record::Subscription(record));
    let (node, subid) = ("/of the product".to_owned(), subscription.subid);
    assert_eq!(changes(&mut after), [Change::SubscriptionRemoved { node, subid }]);
}

#[test]
fn a_configuration_is_one_text_and_an_older_text_is_understood() {
    let made = Configuration { title: "Orders".into(), max_items: 7, ..Configuration::default() };
    let text = serde_json::to_string(&made).unwrap();
    assert_eq!(serde_json::from_str::<Configuration>(&text).unwrap(), made);
    assert!(text.contains(r#""access-model":"open""#), "{text}");
    let older = serde_json::from_str::<Configuration>(r#"{"title":"Orders","max-items":7}"#).unwrap();
    assert_eq!(older, made);
}
