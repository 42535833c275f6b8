//! Numbered events, and what was missed.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use aplomb_pubsub::States;
use aplomb_pubsub::limits::{LOG_EVENTS_PER_NODE_MAX as EVENTS_PER_NODE_MAX, MISSED_EVENTS_MAX};
use world::{World, between, form};
use xmpp::payload::{self, Request};
use xmpp::{FullJid, Stanza};

/// Asks for numbers; the messages that come first, and the answer.
fn numbers(world: &mut World, who: &str, inner: &str) -> (Vec<String>, String) {
    let text = format!(
        "<iq xmlns='jabber:client' type='set' id='1'><numbers xmlns='urn:aplomb:pubsub:numbers:0' {inner}</numbers></iq>"
    );
    let stanza = Stanza::parse(text.as_bytes()).unwrap();
    let Request::Numbers(request) = payload::request("set", stanza.payload().unwrap()).unwrap() else {
        panic!()
    };
    let resource = FullJid::new(world::jid(who).as_str()).unwrap();
    let (deliveries, answer) = world.service.handle_numbers(world.now, &resource, *request, &States::new());
    let message = |delivery: aplomb_pubsub::Delivery| {
        assert_eq!(delivery.to, world::jid(who));
        let message = [&delivery.head[..], &delivery.tail].concat();
        Stanza::parse(&message).expect("messages are well-formed");
        String::from_utf8(message).unwrap()
    };
    let mut writer = xml::Writer::new(xml::Layout::Compact);
    answer.write(&mut writer);
    (deliveries.into_iter().map(message).collect(), writer.finish().0)
}

fn epoch(world: &mut World, who: &str, node: &str) -> String {
    let answer = numbers(world, who, ">").1;
    let of_node = answer.split_once(&format!("name=\"{node}\"")).unwrap_or_else(|| panic!("{answer}")).1;
    between(of_node, "epoch=\"", "\"").to_owned()
}

fn since(world: &mut World, who: &str, epoch: &str, node: &str, after: u64) -> (Vec<String>, String) {
    numbers(world, who, &format!("><node name='{node}' epoch='{epoch}' after='{after}'/>"))
}

fn number(message: &str) -> u64 {
    between(message, "<header name=\"Event-Number\">", "<").parse().unwrap()
}

fn product(world: &mut World, times: usize) {
    for _ in 0..times {
        world.service.publish(world.now, "/product/a1", b"<x xmlns=\"urn:x\"></x>").unwrap();
    }
}

#[test]
fn who_does_not_ask_sees_no_numbers() {
    let mut world = World::new();
    world.available("a1");
    product(&mut world, 1);
    let before = world.deliveries().remove(0);
    assert_eq!(before.numbered, None);
    epoch(&mut world, "a1", "/product/a1");
    product(&mut world, 1);
    let after = world.deliveries().remove(0);
    let plain =
        |tail: &[u8]| String::from_utf8(tail.to_vec()).unwrap().replace("run-1", "").replace("run-2", "");
    assert_eq!(plain(&after.tail), plain(&before.tail));
    assert_eq!(number(std::str::from_utf8(&after.numbered.unwrap()).unwrap()), 2);
}

#[test]
fn the_answer_tells_how_far_each_node_is() {
    let mut world = World::new();
    world.available("a1");
    product(&mut world, 3);
    let (missed, answer) = numbers(&mut world, "a1", ">");
    assert!(missed.is_empty());
    assert!(
        answer.contains("<node name=\"/product/a1\" epoch=\"") && answer.contains("\" last=\"3\"></node>"),
        "{answer}"
    );
}

#[test]
fn what_was_missed_comes_in_order_and_then_the_answer() {
    let mut world = World::new();
    world.available("a1");
    let epoch = epoch(&mut world, "a1", "/product/a1");
    product(&mut world, 5);
    let (missed, answer) = since(&mut world, "a1", &epoch, "/product/a1", 2);
    assert_eq!(missed.iter().map(|message| number(message)).collect::<Vec<_>>(), [3, 4, 5]);
    assert!(missed[0].contains(
        "<delay xmlns=\"urn:xmpp:delay\" from=\"pubsub.localhost\" stamp=\"2026-03-01T12:00:00Z\">"
    ));
    assert!(answer.contains("last=\"5\" recovered=\"true\""), "{answer}");
    let (missed, answer) = since(&mut world, "a1", &epoch, "/product/a1", 5);
    assert!(missed.is_empty() && answer.contains("recovered=\"true\""), "{answer}");
}

#[test]
fn what_cannot_be_recovered_is_said_and_the_last_item_stands_for_it() {
    let mut world = World::new();
    world.make("kept", &[]);
    world.subscribe("a1", "kept");
    for id in ["older", "newest"] {
        world.publish("finesse", "kept", id);
    }
    let (missed, answer) = since(&mut world, "a1", "of another run", "kept", 1);
    assert!(answer.contains("last=\"2\" recovered=\"false\" snapshot=\"true\""), "{answer}");
    assert!(missed.len() == 1 && missed[0].contains("<item id=\"newest\">"), "{missed:?}");
    assert!(missed[0].contains("<header name=\"Event-Snapshot\">true</header>") && number(&missed[0]) == 2);
}

#[test]
fn a_node_that_keeps_nothing_has_no_snapshot_to_give() {
    let mut world = World::new();
    world.make("passing", &[("persist_items", "0")]);
    world.subscribe("a1", "passing");
    let epoch = epoch(&mut world, "a1", "passing");
    for _ in 0..=EVENTS_PER_NODE_MAX {
        world.publish("finesse", "passing", "x");
    }
    let (missed, answer) = since(&mut world, "a1", &epoch, "passing", 0);
    assert!(missed.is_empty());
    assert!(answer.contains("recovered=\"false\"></node>"), "{answer}");
}

#[test]
fn nobody_recovers_what_it_is_not_subscribed_to() {
    let mut world = World::new();
    world.available("a1");
    let epoch = epoch(&mut world, "a1", "/product/a1");
    product(&mut world, 1);
    for node in ["/product/a1", "/no/such/node"] {
        let (missed, answer) = since(&mut world, "a2", &epoch, node, 0);
        assert!(missed.is_empty());
        assert!(answer.contains(&format!("<node name=\"{node}\" subscribed=\"false\"></node>")), "{answer}");
    }
}

#[test]
fn one_request_brings_no_more_than_may_wait_for_a_client() {
    let mut world = World::new();
    let nodes = MISSED_EVENTS_MAX / EVENTS_PER_NODE_MAX + 1;
    let mut wanted = String::new();
    for node in 0..nodes {
        world.make(&node.to_string(), &[("persist_items", "0")]);
        world.subscribe("a1", &node.to_string());
        for _ in 0..EVENTS_PER_NODE_MAX {
            world.publish("finesse", &node.to_string(), "i");
        }
        let epoch = epoch(&mut world, "a1", &node.to_string());
        wanted.push_str(&format!("<node name='{node}' epoch='{epoch}' after='0'/>"));
    }
    let (missed, answer) = numbers(&mut world, "a1", &format!(">{wanted}"));
    assert_eq!(missed.len(), MISSED_EVENTS_MAX);
    assert_eq!(
        (answer.matches("recovered=\"true\"").count(), answer.matches("again=\"true\"").count()),
        (nodes - 1, 1)
    );
}

#[test]
fn every_kind_of_event_is_numbered() {
    let mut world = World::new();
    world.make("n", &[("notify_config", "1")]);
    world.subscribe("a1", "n");
    let epoch = epoch(&mut world, "a1", "n");
    world.publish("finesse", "n", "i");
    world.set("finesse", "<retract node='n' notify='1'><item id='i'/></retract>");
    world.configure("n", &[("title", "t")]);
    world.own_set("finesse", "<purge node='n'/>");
    let (missed, _) = since(&mut world, "a1", &epoch, "n", 0);
    let kinds = ["<item id=\"i\">", "<retract id=\"i\">", "<configuration node=\"n\">", "<purge node=\"n\">"];
    assert_eq!(missed.len(), kinds.len());
    for (at, kind) in kinds.into_iter().enumerate() {
        assert!(missed[at].contains(kind) && number(&missed[at]) == at as u64 + 1, "{}", missed[at]);
    }
}

#[test]
fn numbers_and_ids_of_subscriptions_share_one_list_of_headers() {
    let mut world = World::new();
    world.make("n", &[]);
    let full = world::jid("a1/r");
    let options = form("subscribe_options", &[("show-values", "online")]);
    world.set("a1/r", &format!("<subscribe node='n' jid='{full}'/>"));
    world.set("a1/r", &format!("<subscribe node='n' jid='{full}'/><options>{options}</options>"));
    epoch(&mut world, "a1/r", "n");
    world.publish("finesse", "n", "i");
    let delivery = world.deliveries().into_iter().find(|delivery| delivery.to == full).unwrap();
    let numbered = String::from_utf8(delivery.numbered.unwrap().to_vec()).unwrap();
    assert_eq!(
        (numbered.matches("<headers").count(), numbered.matches("SubID").count()),
        (1, 2),
        "{numbered}"
    );
    assert_eq!(number(&numbered), 1);
}

#[test]
fn a_client_that_says_how_long_it_was_away_gets_what_came_since() {
    let mut world = World::new();
    world.available("a1");
    product(&mut world, 1);
    world.pass(60);
    product(&mut world, 2);
    world.sent();
    let since = world.now.checked_sub(jiff::SignedDuration::from_secs(30)).unwrap();
    let resource = FullJid::new("a1@localhost/r").unwrap();
    world.service.handle_available(&resource, Some(since));
    let sent = world.sent();
    assert_eq!(sent.len(), 2);
    assert!(
        sent.iter().all(|(to, text)| to == "a1@localhost/r"
            && text.contains("<delay ")
            && !text.contains("<headers"))
    );
}

#[test]
fn bad_requests_for_numbers_are_refused() {
    let many: String = (0..=xmpp::limits::NUMBERED_NODES_MAX)
        .map(|n| format!("<node name='{n}' epoch='e' after='0'/>"))
        .collect();
    let twice = "<node name='n' epoch='e' after='1'/>";
    for (inner, condition) in [
        ("><node name='n' after='1'/>".to_owned(), "bad-request"),
        ("><node epoch='e' after='1'/>".to_owned(), "bad-request"),
        ("><node name='' epoch='e' after='1'/>".to_owned(), "bad-request"),
        ("><node name='n' epoch='e'/>".to_owned(), "bad-request"),
        ("><node name='n' epoch='e' after='-1'/>".to_owned(), "bad-request"),
        (format!(">{twice}{twice}"), "bad-request"),
        (format!(">{many}"), "policy-violation"),
    ] {
        let text = format!(
            "<iq xmlns='jabber:client' type='set' id='1'><numbers xmlns='urn:aplomb:pubsub:numbers:0' {inner}</numbers></iq>"
        );
        let stanza = Stanza::parse(text.as_bytes()).unwrap();
        let error = payload::request("set", stanza.payload().unwrap()).unwrap_err();
        assert_eq!(error.condition.name(), condition, "{inner}");
    }
}

#[test]
fn a_node_of_the_product_gives_its_publishers_state_when_it_was_asked_for_it() {
    let mut world = World::new();
    world.available("a1");
    let resource = FullJid::new("a1@localhost/r").unwrap();
    let known = payload::Known { node: "/product/a1".into(), epoch: "of yesterday".into(), after: 3 };
    let request = payload::NumbersRequest { nodes: vec![known] };
    assert_eq!(world.service.lost_states(&resource, &request), ["/product/a1"]);
    let mut ask = |states: &[(&str, Option<&'static str>)]| {
        let states = states.iter().map(|(node, state)| ((*node).to_owned(), state.map(Into::into)));
        let (missed, answer) =
            world.service.handle_numbers(world.now, &resource, request.clone(), &states.collect());
        let node = answer.nodes.into_iter().next().unwrap();
        assert_eq!(node.recovered, Some(false));
        (missed, node.snapshot, node.again)
    };
    let (missed, snapshot, again) = ask(&[("/product/a1", Some("<state/>"))]);
    let text = String::from_utf8_lossy(&missed[0].tail).into_owned();
    assert!(text.contains("<state/>") && text.contains("Event-Snapshot") && snapshot && !again, "{text}");
    assert_eq!(between(&text, "Event-Number\">", "<"), "0");
    let (missed, snapshot, again) = ask(&[("/product/a1", None)]);
    assert!(missed.is_empty() && !snapshot && !again, "it has none: the client asks elsewhere");
    let (missed, snapshot, again) = ask(&[]);
    assert!(missed.is_empty() && !snapshot && again, "it was not asked: the client asks once more");
}

#[test]
fn nobody_learns_the_state_of_a_node_it_is_not_subscribed_to() {
    let mut world = World::new();
    world.available("a1");
    let known = |node: &str| payload::Known { node: node.into(), epoch: "x".into(), after: 0 };
    let request = payload::NumbersRequest { nodes: vec![known("/product/a2"), known("/product/nowhere")] };
    let resource = FullJid::new("a1@localhost/r").unwrap();
    assert!(world.service.lost_states(&resource, &request).is_empty());
    let states = States::from([("/product/a2".to_owned(), Some("<state/>".into()))]);
    let (missed, answer) = world.service.handle_numbers(world.now, &resource, request, &states);
    assert!(missed.is_empty() && answer.nodes[0].last.is_none());
}
