//! Publishing, fetching and taking back items (XEP-0060 §6.5, §7).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use aplomb_pubsub::limits;
use world::{World, between, form};

fn ids(answer: &str) -> Vec<&str> {
    answer.split("<item id=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect()
}

fn filled(count: usize) -> World {
    let mut world = World::new();
    world.make("/n", &[("max_items", "max")]);
    for n in 1..=count {
        world.publish("finesse", "/n", &format!("i{n}"));
    }
    world
}

#[test]
fn a_published_item_reaches_subscribers_and_is_kept() {
    let mut world = World::new();
    world.make("/n", &[]);
    world.subscribe("a1", "/n");
    let answer = world.publish("finesse", "/n", "a&quot;b");
    assert!(answer.contains("<publish node=\"/n\"><item id=\"a&quot;b\"></item></publish>"), "{answer}");
    let item = "<item id=\"a&quot;b\"><x xmlns='urn:x'>a\"b</x></item>";
    assert!(world.sent()[0].1.contains(&item.replace(">a\"b<", ">a&quot;b<")));
    let items = world.get("a1", "<items node='/n'/>");
    assert!(items.contains("<items node=\"/n\"><item id=\"a&quot;b\"><x xmlns='urn:x'>"), "{items}");
    assert_eq!(world.changes().len(), 4, "node, owner, subscription, item");
}

#[test]
fn an_item_with_a_known_id_replaces_the_older_one_whoever_published_it() {
    let mut world = World::new();
    world.make("/n", &[("publish_model", "open")]);
    for (who, id) in [("a1", "x"), ("a1", "y"), ("a2", "x")] {
        world.publish(who, "/n", id);
    }
    assert_eq!(ids(&world.get("a1", "<items node='/n'/>")), ["y", "x"]);
}

#[test]
fn the_oldest_items_go_when_there_are_too_many() {
    let mut world = World::new();
    world.make("/n", &[("max_items", "2")]);
    for id in ["a", "b", "c", "b", "d"] {
        world.publish("finesse", "/n", id);
    }
    assert_eq!(ids(&world.get("a1", "<items node='/n'/>")), ["b", "d"]);
    world.configure("/n", &[("max_items", "1")]);
    assert_eq!(ids(&world.get("a1", "<items node='/n'/>")), ["d"]);
    world.configure("/n", &[("persist_items", "0")]);
    let none = "feature-not-implemented unsupported persistent-items";
    assert_eq!(world.get("a1", "<items node='/n'/>"), none);
}

#[test]
fn one_node_keeps_no_more_items_than_the_service_allows() {
    let mut world = filled(limits::ITEMS_PER_NODE_MAX as usize + 1);
    let ids = world.service.item_ids(&world::jid("a1"), "/n").unwrap();
    assert_eq!((ids.len(), ids[0]), (limits::ITEMS_PER_NODE_MAX as usize, "i2"));
    world.own_set("finesse", "<purge node='/n'/>");
    assert!(world.service.item_ids(&world::jid("a1"), "/n").unwrap().is_empty());
}

#[test]
fn kept_items_are_bounded_in_bytes_and_room_comes_back() {
    let mut world = World::new();
    let payload = format!("<x xmlns='urn:x'>{}</x>", "x".repeat(50_000));
    let publish = |world: &mut World, node: usize| {
        let publication =
            xmpp::payload::Publication { id: None, payload: Some((payload.clone().into(), "urn:x".into())) };
        let node = format!("/{node}");
        let request = xmpp::payload::PubsubRequest::Publish { node, item: Some(publication), options: None };
        let answer = world.service.handle_request(world.now, &world::jid("finesse"), request);
        while world.service.poll_change().is_some() {}
        answer
    };
    let mut count = 0;
    let error = loop {
        if let Err(error) = publish(&mut world, count / 20) {
            break error;
        }
        count += 1;
    };
    assert_eq!(error.condition, xmpp::Condition::ResourceConstraint);
    let bytes_max = limits::Limits::default().kept_bytes_max;
    assert!(count * payload.len() > bytes_max - 2 * payload.len() && count < 6_000, "{count}");
    world.own_set("finesse", "<delete node='/0'/>");
    assert!(publish(&mut world, 999_999).is_ok());
}

#[test]
fn a_full_service_takes_what_frees_as_much_as_it_needs() {
    let mut world = World::with_limits(limits::Limits { kept_bytes_max: 100, ..Default::default() });
    world.make("/n", &[("max_items", "2")]);
    world.make("/m", &[]);
    world.make("/none", &[("persist_items", "0")]);
    let full = "resource-constraint limits.kept_items_bytes_max";
    // each item is `<x xmlns='urn:x'>id</x>` and its id: 21 bytes and the id twice
    for (node, id, answer) in [
        ("/n", &"a".repeat(20)[..], ""),
        ("/n", "bb", ""),
        ("/m", "cc", full),
        ("/none", "cc", ""),
        ("/n", "bb", ""),
        ("/n", &"c".repeat(20), ""),
        ("/n", &"d".repeat(30), full),
        ("/n", "ee", ""),
        ("/n", "ff", ""),
        ("/m", "cc", ""),
    ] {
        let text = world.publish("finesse", node, id);
        assert!(
            if answer.is_empty() { text.contains("<publish") } else { text == answer },
            "{node} {id}: {text}"
        );
    }
    assert!(world.get("a1", "<items node='/n'/>").contains("id=\"ff\""));
}

#[test]
fn items_end_when_they_are_too_old() {
    let mut world = World::new();
    world.make("/n", &[("item_expire", "60")]);
    world.publish("finesse", "/n", "a");
    world.pass(30);
    world.publish("finesse", "/n", "b");
    world.pass(29);
    assert_eq!(ids(&world.get("a1", "<items node='/n'/>")), ["a", "b"]);
    world.pass(1);
    assert_eq!(ids(&world.get("a1", "<items node='/n'/>")), ["b"]);
    world.configure("/n", &[("item_expire", "10")]);
    assert_eq!(ids(&world.get("a1", "<items node='/n'/>")), [""; 0]);
    assert_eq!(world.service.poll_timeout().filter(|at| *at <= world.now), None);
    world.configure("/n", &[("item_expire", "max")]);
    world.publish("finesse", "/n", "c");
    world.pass(1_000_000);
    assert_eq!(ids(&world.get("a1", "<items node='/n'/>")), ["c"]);
}

#[test]
fn what_a_node_does_not_take_is_refused() {
    let mut world = World::new();
    world.make("/n", &[("max_payload_size", "60"), ("type", "urn:x")]);
    world.make("/fact", &[("deliver_payloads", "0"), ("persist_items", "0")]);
    world.make("/ids", &[("deliver_payloads", "0")]);
    world.subscribe("a1", "/fact");
    world.subscribe("a1", "/ids");
    let long_id =
        format!("<item id='{}'><x xmlns='urn:x'/></item>", "i".repeat(limits::ITEM_ID_BYTES_MAX + 1));
    let long = format!("<item><x xmlns='urn:x'>{}</x></item>", "x".repeat(60));
    for (node, inner, error) in [
        ("/n", "", "bad-request item-required"),
        ("/n", "<item/>", "bad-request payload-required"),
        ("/n", "<item><x xmlns='urn:x'/><x xmlns='urn:x'/></item>", "bad-request invalid-payload"),
        ("/n", "<item><x xmlns='urn:y'/></item>", "bad-request invalid-payload"),
        ("/n", "<item><x xmlns='urn:x'/></item><item><x xmlns='urn:x'/></item>", "bad-request"),
        ("/n", &long, "not-acceptable payload-too-big"),
        ("/n", &long_id, "not-acceptable"),
        ("/fact", "<item><x/></item>", "bad-request item-forbidden"),
    ] {
        let answer = world.set("finesse", &format!("<publish node='{node}'>{inner}</publish>"));
        assert_eq!(answer, error, "{node} {inner}");
    }
    assert_eq!(world.receivers(), [""; 0]);
    world.set("finesse", "<publish node='/fact'/>");
    world.set("finesse", "<publish node='/ids'><item id='i'/></publish>");
    let sent = world.sent();
    assert!(sent[0].1.contains("<items node=\"/fact\"></items>"), "{sent:?}");
    assert!(sent[1].1.contains("<items node=\"/ids\"><item id=\"i\"></item></items>"), "{sent:?}");
}

#[test]
fn publish_options_are_conditions_for_a_node_and_the_configuration_of_a_new_one() {
    let mut world = World::new();
    let publish = |world: &mut World, who: &str, node: &str, fields: &[(&str, &str)]| {
        let options = form("publish-options", fields);
        let item = "<item id='i'><x xmlns='urn:x'/></item>";
        world.set(
            who,
            &format!("<publish node='{node}'>{item}</publish><publish-options>{options}</publish-options>"),
        )
    };
    let conditions = [("access_model", "whitelist"), ("max_items", "3")];
    assert!(publish(&mut world, "finesse", "/n", &conditions).contains("<item id=\"i\">"));
    assert!(world.own_get("finesse", "<configure node='/n'/>").contains("</option><value>whitelist</value>"));
    assert!(publish(&mut world, "finesse", "/n", &conditions).contains("<item id=\"i\">"));
    let not_met = "conflict precondition-not-met";
    assert_eq!(publish(&mut world, "finesse", "/n", &[("access_model", "open")]), not_met);
    assert_eq!(publish(&mut world, "finesse", "/n", &[("no_such", "1")]), not_met);
    assert_eq!(publish(&mut world, "finesse", "/n", &[("persist_items", "perhaps")]), not_met);
    assert_eq!(publish(&mut world, "finesse", "/other", &[("no_such", "1")]), "not-acceptable");
    let about = form("node_config", &[]);
    let inner =
        format!("<publish node='/n'><item><x/></item></publish><publish-options>{about}</publish-options>");
    assert_eq!(world.set("finesse", &inner), "bad-request");
    assert_eq!(publish(&mut world, "a1", "/n", &conditions), "forbidden");
}

#[test]
fn publishing_makes_a_node_for_whoever_may_and_nothing_is_left_of_a_mistake() {
    let mut world = World::new();
    assert_eq!(world.publish("a1", "/new", "i"), "item-not-found");
    let inner = "<publish node='/new'><item/></publish>";
    assert_eq!(world.set("finesse", inner), "bad-request payload-required");
    assert!(!world.service.has_node("/new"));
    assert!(world.publish("finesse", "/new", "i").contains("<item id=\"i\">"));
    assert!(world.publish("own1", "/own/new", "i").contains("<item id=\"i\">"));
    assert!(world.own_get("own1", "<configure node='/own/new'/>").contains("<configure node=\"/own/new\">"));
}

#[test]
fn items_are_fetched_all_newest_by_id_and_in_pages() {
    let mut world = filled(5);
    let get = |world: &mut World, node: &str, set: &str| {
        let set = if set.is_empty() {
            String::new()
        } else {
            format!("<set xmlns='http://jabber.org/protocol/rsm'>{set}</set>")
        };
        world.get("a1", &format!("{node}{set}"))
    };
    assert_eq!(ids(&get(&mut world, "<items node='/n'/>", "")), ["i1", "i2", "i3", "i4", "i5"]);
    assert_eq!(ids(&get(&mut world, "<items node='/n' max_items='2'/>", "")), ["i4", "i5"]);
    let by_id = "<items node='/n'><item id='i4'/><item id='gone'/><item id='i2'/></items>";
    assert_eq!(ids(&get(&mut world, by_id, "")), ["i4", "i2"]);
    assert_eq!(get(&mut world, "<items node='/n'><item id='gone'/></items>", ""), "item-not-found");
    let page = get(&mut world, "<items node='/n'/>", "<max>2</max>");
    assert_eq!(ids(&page), ["i1", "i2"]);
    let set = between(&page, "rsm\">", "</set>");
    assert_eq!(set, "<first index=\"0\">i1</first><last>i2</last><count>5</count>");
    assert_eq!(ids(&get(&mut world, "<items node='/n'/>", "<max>2</max><after>i2</after>")), ["i3", "i4"]);
    assert_eq!(ids(&get(&mut world, "<items node='/n'/>", "<max>2</max><before/>")), ["i4", "i5"]);
    assert_eq!(get(&mut world, "<items node='/n'/>", "<after>gone</after>"), "item-not-found");
    assert_eq!(get(&mut world, "<items node='/n'/>", "<max>x</max>"), "bad-request");
    assert_eq!(get(&mut world, "<items node='/n' max_items='x'/>", ""), "bad-request");
    assert_eq!(
        get(&mut world, "<items node='/product/a1'/>", ""),
        "feature-not-implemented unsupported persistent-items"
    );
}

#[test]
fn an_answer_has_a_bound_and_says_how_much_there_is() {
    let mut world = filled(limits::PAGE_MAX + 10);
    let answer = world.get("a1", "<items node='/n'/>");
    let found = ids(&answer);
    assert_eq!((found.len(), found[0], *found.last().unwrap()), (limits::PAGE_MAX, "i11", "i266"));
    assert!(answer.contains(&format!("<count>{}</count>", limits::PAGE_MAX + 10)), "{answer}");
    let mut world = World::new();
    world.make("/big", &[]);
    let item = |n| format!("<item id='b{n}'><x xmlns='urn:x'>{}</x></item>", "x".repeat(55_000));
    for n in 0..12 {
        world.set("finesse", &format!("<publish node='/big'>{}</publish>", item(n)));
    }
    let answer = world.get("a1", "<items node='/big'/>");
    assert!(answer.len() < limits::ITEMS_ANSWER_BYTES_MAX + 1_000, "{}", answer.len());
    assert_eq!(ids(&answer).last(), Some(&"b11"));
    let set = "<items node='/big'/><set xmlns='http://jabber.org/protocol/rsm'><max>12</max></set>";
    let answer = world.get("a1", set);
    assert_eq!(ids(&answer)[0], "b0");
    assert!(answer.contains(&format!("<last>{}</last>", ids(&answer).last().unwrap())));
}

#[test]
fn items_are_taken_back_by_owners_publishers_and_whoever_published_them() {
    let mut world = World::new();
    world.make("/n", &[("publish_model", "open")]);
    world.subscribe("a1", "/n");
    world.affiliate("/n", "pub", "publisher");
    world.affiliate("/n", "only", "publish-only");
    for (who, id) in [("a1", "1"), ("a1", "2"), ("a2", "3"), ("only", "4"), ("finesse", "5")] {
        world.publish(who, "/n", id);
    }
    world.sent();
    let retract = |world: &mut World, who: &str, id: &str| {
        world.set(who, &format!("<retract node='/n'><item id='{id}'/></retract>"))
    };
    for (who, id, answer) in [
        ("a1", "3", "forbidden"),
        ("only", "4", "forbidden"),
        ("a1", "1", ""),
        ("pub", "3", ""),
        ("finesse", "4", ""),
        ("finesse", "4", "item-not-found"),
        ("a1", "4", "forbidden"),
    ] {
        assert_eq!(retract(&mut world, who, id), answer, "{who} {id}");
    }
    assert_eq!(ids(&world.get("a1", "<items node='/n'/>")), ["2", "5"]);
    assert!(world.sent()[0].1.contains("<items node=\"/n\"><retract id=\"1\"></retract></items>"));
    let both = "<retract node='/n' notify='false'><item id='2'/><item id='gone'/></retract>";
    assert_eq!(world.set("finesse", both), "item-not-found");
    assert_eq!(ids(&world.get("a1", "<items node='/n'/>")), ["2", "5"], "all or none");
    for (inner, error) in [
        ("<retract node='/n'/>", "bad-request item-required"),
        ("<retract node='/n'><item/></retract>", "bad-request item-required"),
        ("<retract node='/n' notify='maybe'><item id='2'/></retract>", "bad-request"),
        ("<retract><item id='2'/></retract>", "bad-request nodeid-required"),
        ("<retract node='/product/a1'><item id='2'/></retract>", "forbidden"),
    ] {
        assert_eq!(world.set("finesse", inner), error, "{inner}");
    }
}

#[test]
fn subscribers_hear_of_what_is_taken_back_if_the_request_or_the_node_says_so() {
    let mut world = filled(4);
    world.configure("/n", &[("notify_retract", "0")]);
    world.subscribe("a1", "/n");
    for (id, notify, told) in [("i1", "", false), ("i2", "notify='1'", true)] {
        world.set("finesse", &format!("<retract node='/n' {notify}><item id='{id}'/></retract>"));
        assert_eq!(!world.receivers().is_empty(), told, "{id}");
    }
    world.configure("/n", &[("notify_retract", "1")]);
    for (id, notify, told) in [("i3", "", true), ("i4", "notify='false'", false)] {
        world.set("finesse", &format!("<retract node='/n' {notify}><item id='{id}'/></retract>"));
        assert_eq!(!world.receivers().is_empty(), told, "{id}");
    }
}

#[test]
fn messages_have_the_type_that_the_node_says() {
    let mut world = World::new();
    world.make("/n", &[("notification_type", "headline")]);
    world.subscribe("a1", "/n");
    world.publish("finesse", "/n", "i");
    let head = String::from_utf8(world.deliveries()[0].head.to_vec()).unwrap();
    assert!(head.ends_with("\" type=\"headline\">"), "{head}");
}

#[test]
fn a_silent_node_keeps_items_and_tells_nobody() {
    let mut world = World::new();
    world.make("/n", &[("deliver_notifications", "0")]);
    world.subscribe("a1", "/n");
    world.publish("finesse", "/n", "i");
    assert_eq!(world.receivers(), [""; 0]);
    assert_eq!(ids(&world.get("a1", "<items node='/n'/>")), ["i"]);
}
