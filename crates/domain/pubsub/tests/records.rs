//! What survives a restart.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use aplomb_pubsub::{Change, Configuration, Record};
use world::{World, form};

/// What is on disk.
fn left_by(world: &mut World) -> Vec<Record> {
    let mut disk: Vec<Record> = Vec::new();
    for change in world.changes() {
        apply(&mut disk, change);
    }
    disk
}

/// The service after a restart.
fn restarted(world: &mut World) -> World {
    let mut after = World::new();
    after.service.restore(left_by(world));
    after
}

/// What a store does, in the plainest way.
fn apply(disk: &mut Vec<Record>, change: Change) {
    let node_of = |record: &Record| match record {
        Record::Node(record) => record.name.clone(),
        Record::Affiliation(record) => record.node.clone(),
        Record::Subscription(record) => record.node.clone(),
        Record::Item(record) => record.node.clone(),
    };
    let same_key = |a: &Record, b: &Record| match (a, b) {
        (Record::Node(a), Record::Node(b)) => a.name == b.name,
        (Record::Affiliation(a), Record::Affiliation(b)) => (&a.node, &a.user) == (&b.node, &b.user),
        (Record::Subscription(a), Record::Subscription(b)) => (&a.node, &a.subid) == (&b.node, &b.subid),
        (Record::Item(a), Record::Item(b)) => (&a.node, &a.id) == (&b.node, &b.id),
        _ => false,
    };
    match change {
        Change::Put(record) => match disk.iter_mut().find(|known| same_key(known, &record)) {
            Some(known) => *known = record,
            None => disk.push(record),
        },
        Change::NodeDeleted { node } => disk.retain(|record| node_of(record) != node),
        Change::AffiliationRemoved { node, user } => disk.retain(
            |record| !matches!(record, Record::Affiliation(of) if of.node == node && of.user == user),
        ),
        Change::SubscriptionRemoved { node, subid } => disk.retain(
            |record| !matches!(record, Record::Subscription(of) if of.node == node && of.subid == subid),
        ),
        Change::ItemsRemoved { node, ids } => disk
            .retain(|record| !matches!(record, Record::Item(of) if of.node == node && ids.contains(&of.id))),
        Change::Purged { node } => {
            disk.retain(|record| !matches!(record, Record::Item(of) if of.node == node));
        }
    }
}

#[test]
fn everything_that_was_made_is_there_again_after_a_restart() {
    let mut before = World::new();
    before.make("/n", &[("access_model", "authorize"), ("max_items", "2"), ("title", "Orders")]);
    before.make("/gone", &[]);
    before.own_set("finesse", "<delete node='/gone'/>");
    before.affiliate("/n", "a1", "publisher");
    before.affiliate("/n", "a2", "outcast");
    before.affiliate("/n", "a2", "none");
    let options = form("subscribe_options", &[("deliver", "0"), ("expire", "2027-01-01T00:00:00Z")]);
    let node_and_jid = "node='/n' jid='a1@localhost/r'";
    before.set("a1", &format!("<subscribe {node_and_jid}/><options>{options}</options>"));
    before.subscribe("a3", "/n");
    before.subscribe("a1", "/product/all");
    for id in ["x", "y", "z", "y"] {
        before.publish("finesse", "/n", id);
    }
    before.set("finesse", "<retract node='/n'><item id='z'/></retract>");
    let mut after = restarted(&mut before);
    assert_eq!(after.changes(), []);
    for (own, inner) in [
        (false, "<items node='/n'/>"),
        (false, "<subscriptions/>"),
        (false, "<affiliations/>"),
        (false, "<options node='/n' jid='a1@localhost/r'/>"),
        (true, "<configure node='/n'/>"),
        (true, "<subscriptions node='/n'/>"),
        (true, "<affiliations node='/n'/>"),
        (true, "<configure node='/gone'/>"),
    ] {
        for who in ["finesse", "a1", "a3"] {
            let ask = |world: &mut World| if own { world.own_get(who, inner) } else { world.get(who, inner) };
            assert_eq!(ask(&mut after), ask(&mut before), "{who} {inner}");
        }
    }
    assert!(after.get("a1", "<items node='/n'/>").contains("<item id=\"y\">"));
    assert_eq!(after.service.poll_timeout(), before.service.poll_timeout(), "the lease goes on");
}

#[test]
fn numbers_go_on_behind_those_restored() {
    let mut before = World::new();
    before.make("/n", &[("max_items", "3")]);
    for id in ["a", "b"] {
        before.publish("finesse", "/n", id);
    }
    let mut after = restarted(&mut before);
    after.publish("finesse", "/n", "c");
    let Some(Change::Put(Record::Item(record))) = after.changes().pop() else { panic!("no item") };
    assert_eq!((record.id.as_str(), record.sequence), ("c", 3));
}

#[test]
fn a_subscription_to_a_node_that_is_no_more_ends() {
    let mut world = World::new();
    world.subscribe("a1", "/product/all");
    let Some(Change::Put(Record::Subscription(mut record))) = world.changes().pop() else {
        panic!("no record")
    };
    record.node = "/product/of yesterday".into();
    let (node, subid) = (record.node.clone(), record.subid.clone());
    world.service.restore([Record::Subscription(record)]);
    assert_eq!(world.changes(), [Change::SubscriptionRemoved { node, subid }]);
}

#[test]
fn what_a_user_may_not_have_any_more_ends_at_the_restart() {
    let mut before = World::new();
    before.make("/roster", &[("access_model", "roster"), ("roster_groups_allowed", "1|3")]);
    before.make("/closed", &[("access_model", "whitelist")]);
    for who in ["a1", "a3"] {
        before.subscribe(who, "/product/all");
        before.subscribe(who, "/roster");
        // who is not on the list, as the owner wishes
        let entry = format!("<subscription jid='{who}@localhost' subscription='subscribed'/>");
        before.own_set("finesse", &format!("<subscriptions node='/closed'>{entry}</subscriptions>"));
    }
    before.subscribe("boss", "/product/a2");
    let mut disk = left_by(&mut before);
    let mut after = World::new();
    for who in ["a1", "a2"] {
        after.dismiss(who);
    }
    after.service.restore(disk.clone());
    let publish = |world: &mut World| {
        for node in ["/product/all", "/product/a2"] {
            world.service.publish(world.now, node, b"<x/>").unwrap();
        }
        world.publish("finesse", "/roster", "i");
        world.receivers()
    };
    let ended = after.changes();
    assert_eq!(after.receivers(), ["a1@localhost"], "the node that somebody made says so");
    assert_eq!(publish(&mut after), ["a3@localhost"; 2]);
    after.publish("finesse", "/closed", "i");
    assert_eq!(after.receivers(), ["a1@localhost", "a3@localhost"]);
    // for good: with the rights back nothing comes back
    assert_eq!(ended.len(), 3, "{ended:?}");
    ended.into_iter().for_each(|change| apply(&mut disk, change));
    let mut later = World::new();
    later.service.restore(disk);
    assert_eq!(publish(&mut later), ["a3@localhost"; 2]);
}

#[test]
fn a_node_whose_name_the_product_has_taken_meanwhile_is_gone_with_all_that_belongs_to_it() {
    let mut before = World::new();
    before.make("/product/a3", &[("access_model", "open")]);
    before.subscribe("a3", "/product/a3");
    before.subscribe("a1", "/product/a3");
    before.publish("finesse", "/product/a3", "i");
    let mut disk = left_by(&mut before);
    let mut after = World::new();
    after.service.create("/product/a3").unwrap();
    after.service.restore(disk.clone());
    after.service.publish(after.now, "/product/a3", b"<x/>").unwrap();
    assert!(after.receivers().is_empty());
    after.changes().into_iter().for_each(|change| apply(&mut disk, change));
    assert!(disk.is_empty(), "{disk:?}");
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
