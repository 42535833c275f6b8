//! Lists of subscriptions and affiliations have an end: a long one comes in pages (XEP-0059).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use aplomb_pubsub::Limits;
use aplomb_pubsub::limits::{PAGE_MAX, SUBSCRIPTIONS_PER_USER_AND_NODE_MAX};
use jid::Jid;
use world::{World, between};

/// More than one answer tells.
const MANY: usize = PAGE_MAX + 44;

fn page(inner: &str) -> String {
    format!("<set xmlns='http://jabber.org/protocol/rsm'>{inner}</set>")
}

/// How many entries the answer has, and how many it says there are.
fn counts(answer: &str, entry: &str) -> (usize, Option<usize>) {
    let told = answer.contains("<count>").then(|| between(answer, "<count>", "<").parse().unwrap());
    (answer.matches(&format!("<{entry} ")).count(), told)
}

/// Everything, page by page.
fn all(entry: &str, attribute: &str, mut ask: impl FnMut(&str) -> String) -> Vec<String> {
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let answer = ask(&page(&format!("<max>100</max>{after}")));
        let before = format!("<{entry} ");
        let entries = answer
            .split(&before)
            .skip(1)
            .map(|rest| between(rest, &format!("{attribute}=\""), "\"").to_owned());
        let count = seen.len();
        seen.extend(entries);
        if seen.len() == count {
            return seen;
        }
        after = format!("<after>{}</after>", between(&answer, "<last>", "<"));
    }
}

#[test]
fn the_subscribers_of_a_node_come_in_pages() {
    let mut world = World::new();
    world.make("/n", &[]);
    for number in 0..MANY {
        world.subscribe(&format!("user{number:04}"), "/n");
    }
    let list = "<subscriptions node='/n'/>";
    assert_eq!(counts(&world.own_get("finesse", list), "subscription"), (PAGE_MAX, Some(MANY)));
    let mut jids = all("subscription", "jid", |set| world.own_get("finesse", &format!("{list}{set}")));
    jids.sort_unstable();
    jids.dedup();
    assert_eq!(jids.len(), MANY);
    assert_eq!(
        counts(&world.own_get("finesse", &format!("{list}{}", page("<max>0</max>"))), "subscription"),
        (0, Some(MANY))
    );
    let unknown = page("<after>nothing</after>");
    assert_eq!(world.own_get("finesse", &format!("{list}{unknown}")), "item-not-found");
    assert_eq!(world.own_get("user0001", list), "forbidden");
}

#[test]
fn the_affiliations_with_a_node_come_in_pages() {
    let mut world = World::new();
    world.make("/n", &[]);
    for number in 0..MANY {
        world.affiliate("/n", &format!("user{number:04}"), "member");
    }
    let list = "<affiliations node='/n'/>";
    assert_eq!(counts(&world.own_get("finesse", list), "affiliation"), (PAGE_MAX, Some(MANY + 1)));
    let jids = all("affiliation", "jid", |set| world.own_get("finesse", &format!("{list}{set}")));
    assert!(jids.len() == MANY + 1 && jids.is_sorted() && jids[0] == "finesse@localhost", "{jids:?}");
}

#[test]
fn own_subscriptions_and_affiliations_come_in_pages() {
    let mut world = World::new();
    let nodes: Vec<String> = (0..MANY).map(|number| format!("/n{number:04}")).collect();
    for node in &nodes {
        world.make(node, &[]);
        world.subscribe("a1", node);
        world.affiliate(node, "a1", "publisher");
    }
    for (list, entry) in [("<subscriptions/>", "subscription"), ("<affiliations/>", "affiliation")] {
        assert_eq!(counts(&world.get("a1", list), entry), (PAGE_MAX, Some(MANY)));
        assert_eq!(all(entry, "node", |set| world.get("a1", &format!("{list}{set}"))), nodes);
    }
    assert_eq!(
        counts(&world.get("a1", "<subscriptions node='/n0007'/>"), "subscription"),
        (1, None),
        "a short list is whole"
    );
}

#[test]
fn a_million_subscriptions_of_one_user_are_as_many_as_it_may_have() {
    const NODES: usize = 100;
    const MAX: usize = 1_000;
    let mut world = World::with_limits(Limits { subscriptions_per_user_max: MAX, ..Limits::default() });
    let nodes: Vec<String> = (0..NODES).map(|number| format!("/n{number}")).collect();
    for node in &nodes {
        world.make(node, &[]);
    }
    let requester = world::jid("a1");
    let addresses: Vec<Jid> =
        (0..10_000).map(|number| Jid::new(&format!("a1@localhost/{number}")).unwrap()).collect();
    let (mut made, mut refused) = (0, 0);
    for jid in &addresses {
        for node in &nodes {
            match world.service.subscribe(world.now, &requester, node, jid, None) {
                Ok(_) => made += 1,
                Err(error) => {
                    let setting = error.obstacle.map(xmpp::Obstacle::name);
                    assert_eq!(error.pubsub, Some("too-many-subscriptions"));
                    assert_eq!(setting, Some("limits.subscriptions_per_user_max"));
                    refused += 1;
                }
            }
        }
    }
    assert_eq!((made, made + refused), (MAX, 1_000_000));
    assert_eq!(world.service.subscriptions(&requester.to_bare(), None).len(), MAX);
    // and of one node the oldest gives way
    for jid in &addresses {
        world
            .service
            .subscribe(
                world.now,
                &world::jid("a2"),
                &nodes[0],
                &Jid::new(&jid.as_str().replace("a1", "a2")).unwrap(),
                None,
            )
            .unwrap();
    }
    let left = world.service.subscriptions(&world::jid("a2").to_bare(), None);
    assert_eq!(left.len(), SUBSCRIPTIONS_PER_USER_AND_NODE_MAX);
    assert_eq!(left.last().unwrap().jid.as_str(), "a2@localhost/9999");
}
