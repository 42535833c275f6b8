//! Numbers of events, and what a subscriber that was away may fetch again.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use aplomb_pubsub::{Lost, Position, limits};
use world::{World, jid};

fn since(world: &World, who: &str, seen: &Position) -> Result<Vec<u64>, Lost> {
    let events = world.service.events_since(&jid(who), "/n", seen).unwrap();
    events.map(|events| events.into_iter().map(|event| event.sequence).collect())
}

#[test]
fn every_event_of_a_node_has_the_next_number() {
    let mut world = World::new();
    world.make("/n", &[("notify_config", "1")]);
    world.make("/other", &[]);
    world.subscribe("a1", "/n");
    let begin = world.service.position(&jid("a1"), "/n").unwrap();
    assert_eq!(begin.sequence, 0);
    world.publish("finesse", "/n", "a");
    world.publish("finesse", "/other", "a");
    world.set("finesse", "<retract node='/n'><item id='a'/></retract>");
    world.configure("/n", &[("title", "t")]);
    world.own_set("finesse", "<purge node='/n'/>");
    let sent: Vec<_> = world.deliveries().into_iter().map(|delivery| delivery.tail).collect();
    let events = world.service.events_since(&jid("a1"), "/n", &begin).unwrap().unwrap();
    assert_eq!(events.iter().map(|event| event.sequence).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let kept: Vec<_> = events.into_iter().map(|event| event.tail).collect();
    assert_eq!(kept, sent, "what is fetched again is what was sent");
    let (now, product) = (world.now, "/product/all");
    world.service.publish(now, product, b"<x/>").unwrap();
    assert_eq!(world.service.position(&jid("a1"), product).unwrap().sequence, 1);
}

#[test]
fn what_is_not_kept_any_more_is_lost_and_said_to_be() {
    let mut world = World::new();
    world.make("/n", &[]);
    let begin = world.service.position(&jid("a1"), "/n").unwrap();
    for n in 0..limits::LOG_EVENTS_PER_NODE_MAX {
        world.publish("finesse", "/n", &format!("i{n}"));
    }
    assert_eq!(since(&world, "a1", &begin).map(|events| events.len()), Ok(limits::LOG_EVENTS_PER_NODE_MAX));
    world.publish("finesse", "/n", "one more");
    assert_eq!(since(&world, "a1", &begin), Err(Lost));
    let here = world.service.position(&jid("a1"), "/n").unwrap();
    assert_eq!(since(&world, "a1", &here), Ok(vec![]));
    assert_eq!(since(&world, "a1", &Position { sequence: here.sequence + 1, ..here }), Err(Lost));
}

#[test]
fn numbers_of_a_node_that_was_deleted_say_nothing_of_its_successor() {
    let mut world = World::new();
    world.make("/n", &[]);
    let before = world.service.position(&jid("a1"), "/n").unwrap();
    world.own_set("finesse", "<delete node='/n'/>");
    world.make("/n", &[]);
    assert_eq!(since(&world, "a1", &before), Err(Lost));
}

#[test]
fn who_may_not_read_a_node_fetches_nothing_of_it() {
    let mut world = World::new();
    world.make("/n", &[("access_model", "whitelist")]);
    assert!(world.service.position(&jid("a1"), "/n").is_err());
    assert!(world.service.position(&jid("a2"), "/product/a1").is_err());
    assert!(world.service.position(&jid("a1"), "/nowhere").is_err());
}
