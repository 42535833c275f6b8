//! Events for many are written and sent a slice at a time: what is for one does not wait for them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use aplomb_pubsub::limits::DELIVERIES_PER_SLICE;
use aplomb_pubsub::{Delivery, Ids, Policy, Service};
use jid::{BareJid, Jid};
use jiff::Timestamp;
use xmpp::payload::PubsubRequest;

const MANY: usize = 15_000;

/// `everyone` is the node of all users, `one` that of user 1. User `boss` owns what it makes.
struct Rules;

impl Policy for Rules {
    fn may_subscribe(&self, _: &str, _: &str) -> bool {
        true
    }
    fn may_publish(&self, user: &str) -> bool {
        user == "boss"
    }
    fn default_nodes(&self, user: &str) -> Vec<String> {
        let own = (user == "00001").then(|| "one".to_owned());
        own.into_iter().chain(["everyone".to_owned()]).collect()
    }
    fn visible_nodes(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

fn user(number: usize) -> BareJid {
    BareJid::new(&format!("{number:05}@localhost")).unwrap()
}

/// A service with so many users who are there.
fn service(users: usize) -> Service {
    let mut service = Service::new("pubsub.localhost", Box::new(Rules), Ids::new("run-", 1));
    for node in ["everyone", "one"] {
        service.create(node).unwrap();
    }
    for number in 1..=users {
        service.make_defaults(&user(number));
    }
    service
}

fn publish(service: &mut Service, node: &str, text: &str) {
    service.publish(Timestamp::UNIX_EPOCH, node, format!("<{text}/>").as_bytes()).unwrap();
}

fn says(delivery: &Delivery, text: &str) -> bool {
    String::from_utf8_lossy(&delivery.tail).contains(&format!("<{text}/>"))
}

/// So many messages that are sent next.
fn next(service: &mut Service, count: usize) -> Vec<Delivery> {
    std::iter::from_fn(|| service.poll_delivery()).take(count).collect()
}

fn receivers(deliveries: &[Delivery], text: &str) -> Vec<String> {
    deliveries
        .iter()
        .filter(|delivery| says(delivery, text))
        .map(|delivery| delivery.to.to_string())
        .collect()
}

#[test]
fn what_is_for_one_waits_for_one_slice_of_a_broadcast_and_no_more() {
    let mut service = service(MANY);
    publish(&mut service, "everyone", "a");
    let first = next(&mut service, 10);
    assert_eq!(receivers(&first, "a").len(), 10);
    publish(&mut service, "one", "b");
    assert_eq!(service.waiting(), MANY - 10 + 1);
    let sent = next(&mut service, MANY);
    let own = sent.iter().position(|delivery| says(delivery, "b")).unwrap();
    assert_eq!(own, 2 * DELIVERIES_PER_SLICE - 10, "behind the slice that was begun and one more");
    assert_eq!(receivers(&sent, "a").len(), MANY - 10);
    assert_eq!((service.waiting(), service.turns()), (0, 0));
}

#[test]
fn every_subscriber_gets_a_broadcast_once_and_all_of_them_share_its_bytes() {
    let mut service = service(MANY);
    publish(&mut service, "everyone", "a");
    let sent = next(&mut service, usize::MAX);
    let expected: Vec<String> = (1..=MANY).map(|number| user(number).to_string()).collect();
    assert_eq!(receivers(&sent, "a"), expected);
    let bytes = sent[0].tail.as_ptr();
    assert!(sent.iter().all(|delivery| std::ptr::eq(delivery.tail.as_ptr(), bytes)), "written once");
    let mut heads: Vec<_> = sent.iter().map(|delivery| &delivery.head).collect();
    heads.sort_unstable();
    heads.dedup();
    assert_eq!(heads.len(), MANY);
}

#[test]
fn the_order_of_a_node_is_kept_for_everyone_even_when_its_turns_are_cut_short() {
    let many = 2 * DELIVERIES_PER_SLICE + 7;
    let mut service = service(many);
    publish(&mut service, "everyone", "a");
    publish(&mut service, "one", "c");
    publish(&mut service, "everyone", "b");
    let mut seen: Vec<Delivery> = Vec::new();
    while let Some(delivery) = service.poll_delivery() {
        seen.push(delivery);
        if seen.len().is_multiple_of(100) {
            service.end_turn();
        }
    }
    assert_eq!(seen.len(), 2 * many + 1);
    assert_eq!(seen.iter().filter(|delivery| delivery.to.as_str() == "00001@localhost").count(), 3);
    let first_b = seen.iter().position(|delivery| says(delivery, "b")).unwrap();
    assert!(seen[first_b..].iter().all(|delivery| !says(delivery, "a")));
    assert_eq!((service.waiting(), service.turns()), (0, 0));
}

#[test]
fn whose_turn_is_ended_lets_all_others_go_first() {
    let mut service = service(2 * DELIVERIES_PER_SLICE);
    publish(&mut service, "everyone", "a");
    publish(&mut service, "one", "b");
    next(&mut service, 1);
    assert_eq!(service.turns(), 3, "the one whose turn it is, which comes again, and the other");
    assert!(service.end_turn(), "there is more of it");
    let sent = next(&mut service, 2);
    assert!(says(&sent[0], "b") && says(&sent[1], "a"), "{sent:?}");
    next(&mut service, usize::MAX);
    publish(&mut service, "one", "c");
    publish(&mut service, "one", "d");
    next(&mut service, 1);
    assert!(!service.end_turn(), "a few are not worth it");
    assert!(says(&next(&mut service, 1)[0], "d"));
}

#[test]
fn who_comes_while_a_broadcast_is_on_its_way_hears_of_the_next_one_and_who_goes_of_none() {
    let mut service = service(MANY);
    publish(&mut service, "everyone", "a");
    next(&mut service, 1);
    let (early, late, gone) = (user(0), user(MANY + 1), user(MANY));
    for user in [&early, &late] {
        service.make_defaults(user);
    }
    service.drop_defaults(&gone);
    publish(&mut service, "everyone", "b");
    let sent = next(&mut service, usize::MAX);
    let (first, second) = (receivers(&sent, "a"), receivers(&sent, "b"));
    assert_eq!((first.len(), second.len()), (MANY - 2, MANY + 1));
    for user in [&early, &late].map(|user| user.to_string()) {
        assert!(!first.contains(&user) && second.contains(&user), "{user}");
    }
    assert!(!first.contains(&gone.to_string()) && !second.contains(&gone.to_string()));
}

#[test]
fn as_long_as_an_event_has_receivers_something_waits_however_many_came_meanwhile() {
    let many = 2 * DELIVERIES_PER_SLICE;
    let mut service = service(many);
    publish(&mut service, "everyone", "a");
    next(&mut service, 1);
    // they are looked at before those who were there
    for number in 0..many {
        service.make_defaults(&BareJid::new(&format!("00000-{number:05}@localhost")).unwrap());
        service.make_defaults(&BareJid::new(&format!("00300-{number:05}@localhost")).unwrap());
    }
    let mut sent = 1;
    while service.waiting() > 0 {
        sent += usize::from(service.poll_delivery().is_some());
    }
    assert_eq!(sent, many);
}

fn ask(service: &mut Service, request: PubsubRequest) {
    let boss = Jid::new("boss@localhost/r").unwrap();
    service.handle_request(Timestamp::UNIX_EPOCH, &boss, request).unwrap();
}

#[test]
fn of_a_node_that_is_deleted_meanwhile_everyone_hears_what_happened_and_the_end() {
    let mut service = service(0);
    let node = || "made".to_owned();
    let many = 2 * DELIVERIES_PER_SLICE;
    ask(&mut service, PubsubRequest::Create { node: Some(node()), configuration: None });
    let all = (1..=many).map(|number| (user(number).into(), "subscribed".to_owned(), None));
    ask(&mut service, PubsubRequest::SetSubscriptions { node: node(), subscriptions: all.collect() });
    next(&mut service, usize::MAX);
    publish(&mut service, "made", "a");
    next(&mut service, 1);
    ask(&mut service, PubsubRequest::Delete { node: node(), redirect: None });
    assert!(!service.has_node("made"));
    // another one of the same name has nothing to do with it
    ask(&mut service, PubsubRequest::Create { node: Some(node()), configuration: None });
    publish(&mut service, "made", "c");
    let sent = next(&mut service, usize::MAX);
    assert_eq!(sent.len(), 2 * many - 1);
    assert_eq!(receivers(&sent, "a").len(), many - 1);
    let is_end = |delivery: &&Delivery| {
        delivery.tail.starts_with(b"<event xmlns=\"http://jabber.org/protocol/pubsub#event\"><delete ")
    };
    assert_eq!(sent.iter().filter(is_end).count(), many);
    assert_eq!((service.waiting(), service.turns()), (0, 0));
}
