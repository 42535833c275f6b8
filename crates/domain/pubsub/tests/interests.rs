//! Interest that clients tell by their capabilities (XEP-0060 §9.1, §9.2).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use aplomb_pubsub::limits::INTERESTS_PER_RESOURCE_MAX;
use world::World;
use xmpp::FullJid;

impl World {
    fn interested(&mut self, who: &str, nodes: &[&str]) {
        let resource = FullJid::new(world::jid(who).as_str()).unwrap();
        self.service.handle_interests(&resource, nodes.iter().copied());
    }
}

#[test]
fn who_is_interested_gets_events_as_long_as_it_says_so() {
    let mut world = World::new();
    world.make("/tune", &[]);
    world.interested("a1/desk", &["/tune"]);
    world.publish("finesse", "/tune", "one");
    let sent = world.sent();
    assert!(sent.len() == 1 && sent[0].0 == "a1@localhost/desk", "{sent:?}");
    assert!(sent[0].1.contains("<item id=\"one\">"), "{sent:?}");
    world.interested("a1/desk", &["/other"]);
    world.publish("finesse", "/tune", "two");
    assert!(world.receivers().is_empty());
}

#[test]
fn only_the_resource_that_says_so_and_only_of_the_nodes_that_it_names() {
    let mut world = World::new();
    world.make("/tune", &[]);
    world.make("/mood", &[]);
    world.interested("a1/desk", &["/tune"]);
    world.interested("a2/desk", &["/mood"]);
    world.publish("finesse", "/tune", "x");
    assert_eq!(world.receivers(), ["a1@localhost/desk"]);
    let deliveries = {
        world.publish("finesse", "/mood", "x");
        world.deliveries()
    };
    assert!(deliveries.len() == 1 && deliveries[0].reach.present_only);
}

#[test]
fn interest_in_a_node_that_is_made_later_holds() {
    let mut world = World::new();
    world.interested("a1/desk", &["/later"]);
    world.make("/later", &[]);
    world.publish("finesse", "/later", "x");
    assert_eq!(world.receivers(), ["a1@localhost/desk"]);
}

#[test]
fn interest_opens_no_node() {
    let mut world = World::new();
    for (node, field) in [
        ("/whitelist", ("access_model", "whitelist")),
        ("/authorize", ("access_model", "authorize")),
        ("/nobody", ("subscribe", "0")),
        ("/presence", ("access_model", "presence")),
    ] {
        world.make(node, &[field]);
        world.interested("stranger/desk", &[node, "/product/a1"]);
        world.publish("finesse", node, "x");
        assert!(world.receivers().is_empty(), "{node}");
    }
    world.service.publish(world.now, "/product/a1", b"<x/>").unwrap();
    assert!(world.receivers().is_empty());
    world.affiliate("/whitelist", "stranger", "member");
    world.sent();
    world.interested("stranger/desk", &["/whitelist"]);
    world.publish("finesse", "/whitelist", "x");
    assert_eq!(world.receivers(), ["stranger@localhost/desk"], "a member may");
    world.interested("a1/desk", &["/presence"]);
    world.publish("finesse", "/presence", "x");
    assert_eq!(world.receivers(), ["a1@localhost/desk"], "who sees the owner's presence may");
}

#[test]
fn a_subscription_says_more_than_interest() {
    let mut world = World::new();
    world.make("/tune", &[]);
    world.subscribe("a1", "/tune");
    world.interested("a1/desk", &["/tune"]);
    world.publish("finesse", "/tune", "x");
    assert_eq!(world.receivers(), ["a1@localhost"], "once, by the subscription");
    let off = world::form("subscribe_options", &[("deliver", "0")]);
    world.set("a1", &format!("<options node='/tune' jid='a1@localhost'>{off}</options>"));
    world.publish("finesse", "/tune", "x");
    assert!(world.receivers().is_empty(), "a subscriber that wants nothing gets nothing");
}

#[test]
fn a_node_that_sends_its_last_item_sends_it_to_whoever_is_newly_interested() {
    let mut world = World::new();
    world.make("/tune", &[("send_last_published_item", "on_sub_and_presence")]);
    world.publish("finesse", "/tune", "older");
    world.publish("finesse", "/tune", "newest");
    world.interested("a1/desk", &["/tune"]);
    let sent = world.sent();
    assert!(sent.len() == 1 && sent[0].1.contains("<item id=\"newest\">"), "{sent:?}");
    world.interested("a1/desk", &["/tune", "/other"]);
    assert!(world.sent().is_empty(), "it was told before");
}

#[test]
fn more_interests_than_the_bound_are_not_heeded() {
    let mut world = World::new();
    let names: Vec<String> = (0..=INTERESTS_PER_RESOURCE_MAX).map(|n| format!("/n{n:04}")).collect();
    world.make(&names[INTERESTS_PER_RESOURCE_MAX - 1], &[]);
    world.make(&names[INTERESTS_PER_RESOURCE_MAX], &[]);
    world.interested("a1/desk", &names.iter().map(String::as_str).collect::<Vec<_>>());
    for node in &names[INTERESTS_PER_RESOURCE_MAX - 1..] {
        world.publish("finesse", node, "x");
    }
    assert_eq!(world.receivers().len(), 1);
}
