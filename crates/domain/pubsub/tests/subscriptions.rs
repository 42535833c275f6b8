//! Subscriptions: options, leases, several of them, approval, last items (XEP-0060 §6, §8.6–8.8).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use aplomb_pubsub::{Limits, Reach, Show, Shows};
use world::{OWNER, World, between, form};

fn with_options(world: &mut World, who: &str, node: &str, fields: &[(&str, &str)]) -> String {
    let (jid, options) = (world::jid(who).to_bare(), form("subscribe_options", fields));
    world.set(who, &format!("<subscribe node='{node}' jid='{jid}'/><options>{options}</options>"))
}

fn set_options(world: &mut World, who: &str, more: &str, fields: &[(&str, &str)]) -> String {
    let (jid, options) = (world::jid(who).to_bare(), form("subscribe_options", fields));
    world.set(who, &format!("<options node='/n' jid='{jid}' {more}>{options}</options>"))
}

#[test]
fn options_are_read_set_and_obeyed() {
    let mut world = World::new();
    world.make("/n", &[]);
    world.subscribe("a1", "/n");
    let read = "<options node='/n' jid='a1@localhost'/>";
    let before = world.get("a1", read);
    assert!(
        before.contains("pubsub#subscribe_options")
            && before.contains("<options node=\"/n\" jid=\"a1@localhost\" subid=")
    );
    assert_eq!(set_options(&mut world, "a1", "", &[("deliver", "false")]), "");
    world.publish("finesse", "/n", "i");
    assert_eq!(world.receivers(), [""; 0]);
    assert_eq!(set_options(&mut world, "a1", "", &[("deliver", "1"), ("show-values", "chat|online")]), "");
    world.publish("finesse", "/n", "i");
    let Reach { present_only, shows } = world.deliveries()[0].reach;
    assert!(!present_only && shows.include(Show::Chat) && !shows.include(Show::Away));
    assert_ne!(world.get("a1", read), before);
    let defaults = world.get("a2", "<default node='/n'/>");
    assert_eq!(between(&defaults, "<x", "</x>"), between(&before, "<x", "</x>"));
    assert_eq!(world.get("a2", "<default node='/nowhere'/>"), "item-not-found");
}

#[test]
fn options_that_there_are_not_are_refused_as_a_whole() {
    let mut world = World::new();
    world.make("/n", &[]);
    world.subscribe("a1", "/n");
    let read = "<options node='/n' jid='a1@localhost'/>";
    let before = world.get("a1", read);
    for field in [
        ("deliver", "perhaps"),
        ("deliver", "0|1"),
        ("digest", "1"),
        ("include_body", "1"),
        ("show-values", "asleep"),
        ("subscription_type", "nodes"),
        ("expire", "yesterday"),
        ("expire", "2020-01-01T00:00:00Z"),
        ("no_such_option", "1"),
    ] {
        let fields = [("deliver", "0"), field];
        let fields = if field.0 == "deliver" { &fields[1..] } else { &fields[..] };
        assert_eq!(set_options(&mut world, "a1", "", fields), "bad-request invalid-options", "{field:?}");
        assert_eq!(with_options(&mut world, "a2", "/n", fields), "bad-request invalid-options", "{field:?}");
    }
    let about = form("node_config", &[]);
    let inner = format!("<options node='/n' jid='a1@localhost'>{about}</options>");
    assert_eq!(world.set("a1", &inner), "bad-request invalid-options");
    assert_eq!(world.set("a1", "<options node='/n' jid='a1@localhost'/>"), "bad-request invalid-options");
    assert_eq!(world.get("a1", read), before);
    assert!(!world.get("a2", "<subscriptions/>").contains("/n"), "nothing half done");
}

#[test]
fn options_of_others_and_of_no_subscription_have_their_errors() {
    let mut world = World::new();
    world.make("/n", &[]);
    world.subscribe("a1", "/n");
    for (who, attributes, error) in [
        ("a2", "node='/n' jid='a1@localhost'", "forbidden"),
        ("a2", "node='/n' jid='a2@localhost'", "unexpected-request not-subscribed"),
        ("a1", "node='/n' jid='a1@localhost' subid='x'", "not-acceptable invalid-subid"),
        ("a1", "node='/n'", "bad-request jid-required"),
        ("a1", "jid='a1@localhost'", "bad-request nodeid-required"),
        ("a1", "node='/nowhere' jid='a1@localhost'", "item-not-found"),
    ] {
        assert_eq!(world.get(who, &format!("<options {attributes}/>")), error, "{attributes}");
    }
}

#[test]
fn a_lease_ends_unless_it_is_renewed_and_says_so() {
    let mut world = World::new();
    world.make("/n", &[("notify_sub", "1")]);
    for who in ["a1", "a2"] {
        with_options(&mut world, who, "/n", &[("expire", "2026-03-01T12:01:00Z")]);
    }
    world.sent();
    set_options(&mut world, "a2", "", &[("expire", "2026-03-01T14:02:00+02:00")]);
    world.pass(59);
    assert_eq!(world.receivers(), [""; 0]);
    world.pass(1);
    let sent = world.sent();
    assert_eq!(
        sent.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(),
        ["a1@localhost", "finesse@localhost"]
    );
    assert!(sent[0].1.contains("subscription=\"none\""), "{sent:?}");
    world.publish("finesse", "/n", "i");
    assert_eq!(world.receivers(), ["a2@localhost"]);
    set_options(&mut world, "a2", "", &[("expire", "")]);
    world.pass(1_000_000);
    assert_eq!(world.receivers(), [""; 0]);
    assert_eq!(world.service.poll_timeout(), None);
}

#[test]
fn several_subscriptions_of_one_address_are_told_apart_and_deliver_once() {
    let mut world = World::new();
    world.make("/n", &[]);
    let first = world.subscribe("a1", "/n");
    assert_eq!(world.subscribe("a1", "/n"), first, "a repeated request changes nothing");
    let second = with_options(&mut world, "a1", "/n", &[("show-values", "dnd")]);
    assert_eq!(with_options(&mut world, "a1", "/n", &[("show-values", "dnd")]), second);
    let subid = |answer: &str| between(answer, "subid=\"", "\"").to_owned();
    let (first, second) = (subid(&first), subid(&second));
    assert_ne!(first, second);
    world.publish("finesse", "/n", "i");
    let sent = world.sent();
    assert_eq!(sent.len(), 1);
    let headers = format!(
        "<headers xmlns=\"http://jabber.org/protocol/shim\"><header name=\"SubID\">{first}</header><header name=\"SubID\">{second}</header></headers>"
    );
    assert!(sent[0].1.ends_with(&headers), "{sent:?}");
    let required = "bad-request subid-required";
    assert_eq!(world.set("a1", "<unsubscribe node='/n' jid='a1@localhost'/>"), required);
    assert_eq!(world.get("a1", "<options node='/n' jid='a1@localhost'/>"), required);
    assert_eq!(world.get("a1", "<items node='/n'/>"), required);
    assert!(world.get("a1", &format!("<items node='/n' subid='{first}'/>")).contains("<item id=\"i\">"));
    assert_eq!(world.get("a1", "<items node='/n' subid='x'/>"), "not-acceptable invalid-subid");
    let inner = format!("<unsubscribe node='/n' jid='a1@localhost' subid='{first}'/>");
    assert_eq!(world.set("a1", &inner), "");
    world.publish("finesse", "/n", "i");
    let delivery = world.deliveries().remove(0);
    assert!(!delivery.reach.shows.include(Show::Online) && delivery.reach.shows.include(Show::DoNotDisturb));
    assert!(!String::from_utf8_lossy(&delivery.tail).contains("shim"));
}

#[test]
fn the_products_messages_are_the_same_for_a_client_that_subscribed_twice() {
    let mut world = World::new();
    world.available("a1");
    world.service.publish(world.now, "/product/a1", b"<x/>").unwrap();
    let one = world.sent();
    world.subscribe("a1", "/product/a1");
    world.service.publish(world.now, "/product/a1", b"<x/>").unwrap();
    let both = world.sent();
    assert_eq!(one[0].1.replace("run-1", ""), both[0].1.replace("run-2", ""));
    assert_eq!(both.len(), 1);
}

#[test]
fn an_owner_lets_in_or_turns_away_who_waits() {
    let mut world = World::new();
    world.make("/n", &[("access_model", "authorize"), ("send_last_published_item", "on_sub")]);
    world.publish("finesse", "/n", "i");
    for who in ["a1", "a2"] {
        assert!(world.subscribe(who, "/n").contains("subscription=\"pending\""));
        assert_eq!(world.subscribe(who, "/n"), "not-authorized pending-subscription");
    }
    let asked = world.sent();
    assert_eq!(asked[0].0, "finesse@localhost");
    assert!(
        asked[0].1.contains("pubsub#subscribe_authorization")
            && asked[0].1.contains("<value>a1@localhost</value>")
    );
    world.publish("finesse", "/n", "i");
    assert_eq!(world.receivers(), [""; 0], "nothing while they wait");
    let fields =
        |who: &'static str, allow: &'static str| [("node", "/n"), ("subscriber_jid", who), ("allow", allow)];
    let errors = [
        world.decide("a1", &fields("a1@localhost", "true")),
        world.decide("finesse", &fields("a3@localhost", "true")),
        world.decide("finesse", &[("node", "/n"), ("allow", "1")]),
        world.decide("finesse", &fields("a1@localhost", "perhaps")),
    ];
    let conditions = errors.map(|error| error.unwrap_err().condition.name());
    assert_eq!(conditions, ["forbidden", "item-not-found", "bad-request", "bad-request"]);
    world.decide("finesse", &fields("a1@localhost", "true")).unwrap();
    world.decide("finesse", &fields("a2@localhost", "0")).unwrap();
    let sent = world.sent();
    assert!(sent[0].1.contains("jid=\"a1@localhost\"") && sent[0].1.contains("subscription=\"subscribed\""));
    assert!(
        sent[1].0 == "a1@localhost"
            && sent[1].1.contains("<item id=\"i\">")
            && sent[1].1.contains("urn:xmpp:delay")
    );
    assert!(sent[2].1.contains("jid=\"a2@localhost\"") && sent[2].1.contains("subscription=\"none\""));
    world.publish("finesse", "/n", "i");
    assert_eq!(world.receivers(), ["a1@localhost"]);
}

#[test]
fn an_owner_asks_for_those_who_wait() {
    let mut world = World::new();
    world.make("/n", &[("access_model", "authorize")]);
    world.make("/quiet", &[]);
    world.subscribe("a1", "/n");
    world.sent();
    let command = |world: &mut World, who: &str, more: &str, inner: &str| {
        let node = "http://jabber.org/protocol/pubsub#get-pending";
        let xml = format!("<command xmlns='{}' node='{node}' {more}>{inner}</command>", xmpp::ns::COMMANDS);
        world.iq(who, "set", xmpp::ns::COMMANDS, &xml)
    };
    let first = command(&mut world, "finesse", "action='execute'", "");
    assert!(
        first.contains("status=\"executing\"") && first.contains("<option><value>/n</value></option>"),
        "{first}"
    );
    assert!(!first.contains("/quiet"));
    assert!(!command(&mut world, "a1", "", "").contains("<option>"));
    let session = between(&first, "sessionid=\"", "\"").to_owned();
    let chosen = form("subscribe_authorization", &[("node", "/n")]);
    let second = command(&mut world, "finesse", &format!("sessionid='{session}'"), &chosen);
    assert!(second.contains("status=\"completed\"") && second.contains(&session), "{second}");
    assert!(world.sent()[0].1.contains("<value>a1@localhost</value>"));
    assert_eq!(command(&mut world, "a1", "", &chosen), "forbidden");
    assert_eq!(command(&mut world, "finesse", "", &form("subscribe_authorization", &[])), "bad-request");
    assert_eq!(command(&mut world, "finesse", "action='fly'", ""), "bad-request");
    assert!(command(&mut world, "finesse", "action='cancel'", "").contains("status=\"canceled\""));
    assert_eq!(world.receivers(), [""; 0]);
}

#[test]
fn an_owner_sees_and_sets_subscriptions_all_or_none() {
    let mut world = World::new();
    world.make("/n", &[("access_model", "authorize")]);
    world.subscribe("a1", "/n");
    world.sent();
    let set = |world: &mut World, entries: &str| {
        world.own_set("finesse", &format!("<subscriptions node='/n'>{entries}</subscriptions>"))
    };
    let entry =
        |who: &str, state: &str| format!("<subscription jid='{who}@localhost' subscription='{state}'/>");
    for (bad, error) in [
        (entry("a2", "king"), "bad-request"),
        (entry("a2", "pending"), "not-acceptable"),
        (
            "<subscription jid='a1@localhost' subid='x' subscription='none'/>".into(),
            "not-acceptable invalid-subid",
        ),
        ("<subscription subscription='none'/>".into(), "bad-request jid-required"),
    ] {
        assert_eq!(set(&mut world, &format!("{}{bad}", entry("a1", "subscribed"))), error, "{bad}");
    }
    assert_eq!(world.receivers(), [""; 0]);
    let list = world.own_get("finesse", "<subscriptions node='/n'/>");
    assert!(list.contains("<subscriptions node=\"/n\"><subscription jid=\"a1@localhost\" subid="), "{list}");
    assert!(list.contains("subscription=\"pending\""), "{list}");
    let wanted = [entry("a1", "subscribed"), entry("a2", "subscribed"), entry("a3", "none")].concat();
    assert_eq!(set(&mut world, &wanted), "");
    assert_eq!(world.receivers(), ["a1@localhost", "a2@localhost"]);
    assert_eq!(set(&mut world, &entry("a1", "none")), "");
    assert!(world.sent()[0].1.contains("subscription=\"none\""));
    world.publish("finesse", "/n", "i");
    assert_eq!(world.receivers(), ["a2@localhost"]);
    assert_eq!(world.iq("a1", "get", OWNER, "<subscriptions node='/n'/>"), "forbidden");
}

#[test]
fn owners_who_want_to_know_hear_of_subscriptions() {
    let mut world = World::new();
    world.make("/n", &[("notify_sub", "1")]);
    world.subscribe("a1", "/n");
    world.set("a1", "<unsubscribe node='/n' jid='a1@localhost'/>");
    let sent = world.sent();
    assert_eq!(sent.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["finesse@localhost"; 2]);
    assert!(sent[0].1.contains("subscription=\"subscribed\"") && sent[1].1.contains("subscription=\"none\""));
}

#[test]
fn a_node_may_take_no_subscriptions() {
    let mut world = World::new();
    world.make("/n", &[("subscribe", "0")]);
    assert_eq!(world.subscribe("a1", "/n"), "feature-not-implemented unsupported subscribe");
}

#[test]
fn the_last_item_is_sent_when_the_node_says_so() {
    let mut world = World::new();
    world.make("/never", &[]);
    world.make("/sub", &[("send_last_published_item", "on_sub")]);
    world.make("/presence", &[("send_last_published_item", "on_sub_and_presence")]);
    for node in ["/never", "/sub", "/presence"] {
        world.publish("finesse", node, "old");
        world.publish("finesse", node, "last");
        world.subscribe("a1", node);
    }
    let sent = world.sent();
    assert_eq!(sent.len(), 2);
    for (to, event) in &sent {
        assert!(to == "a1@localhost" && event.contains("<item id=\"last\">"), "{event}");
        let delay =
            "<delay xmlns=\"urn:xmpp:delay\" from=\"pubsub.localhost\" stamp=\"2026-03-01T12:00:00Z\">";
        assert!(event.contains(delay), "{event}");
    }
    world.available("a1/desk");
    let sent = world.sent();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].0 == "a1@localhost/desk" && sent[0].1.contains("node=\"/presence\""), "{sent:?}");
}

#[test]
fn a_lost_right_ends_subscriptions_at_once_those_to_the_products_nodes_without_a_word() {
    let mut world = World::new();
    world.make("/n", &[("access_model", "roster"), ("roster_groups_allowed", "1")]);
    world.available("a1");
    for node in ["/product/all", "/n"] {
        world.subscribe("a1", node);
    }
    let publish = |world: &mut World| {
        for node in ["/product/all", "/product/a1"] {
            world.service.publish(world.now, node, b"<x/>").unwrap();
        }
        world.publish("finesse", "/n", "i");
    };
    publish(&mut world);
    assert_eq!(world.receivers(), ["a1@localhost"; 3]);
    world.dismiss("a1");
    let [(to, event)] = &world.sent()[..] else { panic!("one message") };
    assert!(to == "a1@localhost" && event.contains("<subscription node=\"/n\""), "{event}");
    publish(&mut world);
    assert_eq!(world.receivers(), [""; 0]);
    assert_eq!(world.subscribe("a1", "/product/a1"), "not-authorized");
}

#[test]
fn an_agent_who_has_left_is_none_of_the_former_supervisors_business() {
    for signed_in in [true, false] {
        let mut world = World::new();
        if signed_in {
            world.available("a2");
        }
        world.subscribe("boss", "/product/a2");
        world.service.publish(world.now, "/product/a2", b"<x/>").unwrap();
        assert!(world.receivers().contains(&"boss@localhost".to_owned()));
        world.dismiss("a2");
        world.service.publish(world.now, "/product/a2", b"<x/>").unwrap();
        assert!(!world.receivers().contains(&"boss@localhost".to_owned()), "{signed_in}");
    }
}

#[test]
fn nobody_is_a_contact_of_a_service_account_that_is_gone() {
    let mut world = World::new();
    world.make("/n", &[("access_model", "presence")]);
    world.subscribe("a1", "/n");
    world.sent();
    world.dismiss("finesse");
    let sent = world.sent();
    assert!(sent.len() == 1 && sent[0].1.contains("subscription=\"none\""), "{sent:?}");
}

#[test]
fn an_owner_subscribes_no_more_than_there_may_be_in_one_request() {
    let mut world = World::with_limits(Limits { subscriptions_per_user_max: 20, ..Limits::default() });
    world.make("/m", &[]);
    world.make("/n", &[]);
    let set = |world: &mut World, node: &str, resources: std::ops::Range<usize>| {
        let entry = |n: usize| format!("<subscription jid='a1@localhost/{n}' subscription='subscribed'/>");
        let entries: String = resources.map(entry).collect();
        world.own_set("finesse", &format!("<subscriptions node='{node}'>{entries}</subscriptions>"))
    };
    let count = |world: &mut World| world.get("a1", "<subscriptions/>").matches("subscription=").count();
    let refused = "policy-violation too-many-subscriptions";
    assert_eq!(set(&mut world, "/n", 0..17), refused, "17 to one node");
    assert_eq!(count(&mut world), 0, "all or none");
    assert_eq!(set(&mut world, "/n", 0..16), "");
    assert!(set(&mut world, "/m", 0..5).starts_with(refused), "21 of one user");
    assert_eq!(count(&mut world), 16);
    assert_eq!(set(&mut world, "/m", 0..4), "");
    assert_eq!(count(&mut world), 20);
}

#[test]
fn an_address_that_stands_twice_in_a_request_is_subscribed_once() {
    let mut world = World::new();
    world.make("/n", &[]);
    let entry = "<subscription jid='a1@localhost' subscription='subscribed'/>";
    let twice = format!("<subscriptions node='/n'>{entry}{entry}</subscriptions>");
    assert_eq!(world.own_set("finesse", &twice), "");
    assert_eq!(world.receivers(), ["a1@localhost"]);
    world.publish("finesse", "/n", "i");
    assert_eq!(world.receivers(), ["a1@localhost"]);
}

#[test]
fn availability_that_is_not_restricted_is_any() {
    assert!(Shows::ANY.include(Show::DoNotDisturb) && Shows::default() == Shows::ANY);
}
