//! Looking for nodes, a page at a time: what one finds is what one may see, whatever was changed before.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use aplomb_pubsub::limits::PAGE_MAX;
use proptest::prelude::*;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use world::World;
use xmpp::payload::ResultSet;

/// One page: its nodes, the position of the first, how many there are.
fn page(world: &World, set: &ResultSet) -> (Vec<String>, Option<usize>, usize) {
    let (nodes, page) = world.service.visible_nodes(&world::jid("a1").to_bare(), Some(set)).unwrap();
    let nodes: Vec<String> = nodes.into_iter().map(|(node, _)| node.to_owned()).collect();
    let page = page.unwrap();
    let ends = page.ends.as_ref().map(|(first, last, _)| (first.clone(), last.clone()));
    assert_eq!(ends, nodes.first().cloned().zip(nodes.last().cloned()));
    (nodes, page.ends.and_then(|(_, _, index)| index), page.count)
}

/// Everything, from the front and from the back.
fn both_ways(world: &World, max: usize) -> (Vec<String>, Vec<String>) {
    let (mut forward, mut backward): (Vec<String>, Vec<String>) = Default::default();
    loop {
        let after = forward.last().cloned();
        let (nodes, _, _) = page(world, &ResultSet { max: Some(max), after, ..ResultSet::default() });
        if nodes.is_empty() {
            break;
        }
        forward.extend(nodes);
    }
    loop {
        let before = Some(backward.first().cloned().unwrap_or_default());
        let (nodes, _, _) = page(world, &ResultSet { max: Some(max), before, ..ResultSet::default() });
        if nodes.is_empty() {
            break;
        }
        backward.splice(0..0, nodes);
    }
    (forward, backward)
}

#[derive(Clone, Debug)]
enum Step {
    Make(u8, bool),
    Open(u8, bool),
    Affiliate(u8, &'static str),
    Delete(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let affiliation = prop::sample::select(vec!["member", "publisher", "outcast", "none"]);
    let step = prop_oneof![
        4 => (0..12_u8, any::<bool>()).prop_map(|(node, open)| Step::Make(node, open)),
        2 => (0..12_u8, any::<bool>()).prop_map(|(node, open)| Step::Open(node, open)),
        4 => (0..12_u8, affiliation).prop_map(|(node, word)| Step::Affiliate(node, word)),
        1 => (0..12_u8).prop_map(Step::Delete),
    ];
    prop::collection::vec(step, 1..40)
}

fn model(open: bool) -> &'static str {
    if open { "open" } else { "whitelist" }
}

proptest! {
    #[test]
    fn what_one_finds_is_what_one_may_see(steps in steps(), max in 1..5_usize) {
        let mut world = World::new();
        let mut truth: BTreeMap<String, (bool, &str)> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Make(node, open) => {
                    let node = format!("/n{node:02}");
                    if let Entry::Vacant(place) = truth.entry(node) {
                        world.make(place.key(), &[("access_model", model(open))]);
                        place.insert((open, "none"));
                    }
                }
                Step::Open(node, open) => if let Some(known) = truth.get_mut(&format!("/n{node:02}")) {
                    world.configure(&format!("/n{node:02}"), &[("access_model", model(open))]);
                    known.0 = open;
                },
                Step::Affiliate(node, word) => if let Some(known) = truth.get_mut(&format!("/n{node:02}")) {
                    world.affiliate(&format!("/n{node:02}"), "a1", word);
                    known.1 = word;
                },
                Step::Delete(node) => {
                    world.own_set("finesse", &format!("<delete node='/n{node:02}'/>"));
                    truth.remove(&format!("/n{node:02}"));
                }
            }
        }
        let visible = |(open, affiliation): &(bool, &str)| match *affiliation {
            "outcast" => false,
            "none" => *open,
            _ => true,
        };
        let made: BTreeSet<&String> = truth.iter().filter(|(_, known)| visible(known)).map(|(node, _)| node).collect();
        let expected: Vec<String> = ["/product/a1".to_owned()].into_iter().chain(made.into_iter().cloned()).collect();
        let (forward, backward) = both_ways(&world, max);
        prop_assert_eq!(&forward, &expected);
        prop_assert_eq!(&backward, &expected);
        for index in 0..expected.len() {
            let set = ResultSet { max: Some(max), index: Some(index), ..ResultSet::default() };
            let (nodes, first, count) = page(&world, &set);
            prop_assert_eq!((&nodes[0], first, count), (&expected[index], Some(index), expected.len()));
        }
    }
}

#[test]
fn a_long_list_comes_in_pages_also_to_who_did_not_ask_for_them() {
    let mut world = World::new();
    for node in 0..PAGE_MAX + 10 {
        world.make(&format!("/n{node:04}"), &[]);
    }
    let (nodes, first) = world.service.visible_nodes(&world::jid("a1").to_bare(), None).unwrap();
    let first = first.unwrap();
    assert_eq!((nodes.len(), first.count), (PAGE_MAX, PAGE_MAX + 11));
    let last = ResultSet { before: Some(String::new()), ..ResultSet::default() };
    let (nodes, index, _) = page(&world, &last);
    assert_eq!((nodes.last().unwrap().as_str(), index), ("/n0265", Some(11)));
    assert_eq!(page(&world, &ResultSet { max: Some(0), ..last }), (Vec::new(), None, PAGE_MAX + 11));
}

#[test]
fn one_cannot_go_on_from_what_one_does_not_find() {
    let mut world = World::new();
    world.make("/secret", &[("access_model", "whitelist")]);
    let user = world::jid("a1").to_bare();
    for name in ["/secret", "/nowhere", "/product/a2"] {
        let after = ResultSet { after: Some(name.into()), ..ResultSet::default() };
        let before = ResultSet { before: Some(name.into()), ..ResultSet::default() };
        for set in [after, before] {
            let error = world.service.visible_nodes(&user, Some(&set)).unwrap_err();
            assert_eq!(error.condition.name(), "item-not-found", "{name}");
        }
    }
}
