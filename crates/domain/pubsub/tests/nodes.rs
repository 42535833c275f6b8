//! Making, configuring, emptying and deleting nodes (XEP-0060 §8).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use aplomb_pubsub::{Change, limits};
use world::{World, between, form};

#[test]
fn a_node_is_made_once_and_only_by_whoever_may() {
    let mut world = World::new();
    assert_eq!(world.set("a1", "<create node='/n'/>"), "forbidden");
    assert!(world.set("finesse", "<create node='/n'/>").contains("<create node=\"/n\">"));
    assert_eq!(world.set("finesse", "<create node='/n'/>"), "conflict");
    assert_eq!(world.set("finesse", "<create node='/product/a1'/>"), "conflict");
    assert!(world.set("own1", "<create node='/own/1'/>").contains("/own/1"));
    assert_eq!(world.set("own1", "<create node='/else'/>"), "forbidden");
}

#[test]
fn a_node_without_a_name_gets_one() {
    let mut world = World::new();
    let made = world.set("finesse", "<create/>");
    let name = between(&made, "<create node=\"", "\"").to_owned();
    assert!(name.len() >= 8 && world.service.has_node(&name), "{made}");
    let other = world.set("finesse", "<create/>");
    assert_ne!(made, other);
}

#[test]
fn names_are_any_text_up_to_a_length() {
    let mut world = World::new();
    for name in ["/a/b/c", "ünïcödé 電話 🎧", "a b", "&lt;x y='1'&gt;", &"x".repeat(limits::NODE_BYTES_MAX)]
    {
        let made = world.set("finesse", &format!("<create node=\"{name}\"/>"));
        assert!(made.contains("<create node="), "{name}: {made}");
        let answer = world.set("a1", &format!("<subscribe node=\"{name}\" jid='a1@localhost'/>"));
        assert!(answer.contains("subscribed"), "{name}: {answer}");
    }
    assert!(world.service.has_node("<x y='1'>"));
    let long = "x".repeat(limits::NODE_BYTES_MAX + 1);
    assert_eq!(world.set("finesse", &format!("<create node='{long}'/>")), "not-acceptable");
}

#[test]
fn nodes_of_one_user_are_bounded_and_a_deleted_one_makes_room() {
    let mut world = World::new();
    for n in 0..limits::Limits::default().nodes_per_user_max {
        world.set("own1", &format!("<create node='/own/{n}'/>"));
    }
    let refused = "policy-violation too-many-nodes limits.nodes_per_user_max";
    assert_eq!(world.set("own1", "<create node='/own/more'/>"), refused);
    assert!(world.set("own2", "<create node='/own/more'/>").contains("create"));
    world.own_set("own1", "<delete node='/own/7'/>");
    assert!(world.set("own1", "<create node='/own/7'/>").contains("create"));
}

#[test]
fn how_many_nodes_there_may_be_is_the_operators_choice() {
    let limits = limits::Limits { created_nodes_max: 3, nodes_per_user_max: 1, ..Default::default() };
    let mut world = World::with_limits(limits);
    let mut create = |who, node| world.set(who, &format!("<create node='{node}'/>")).contains("<create");
    assert!(create("own1", "/own/a") && !create("own1", "/own/b"));
    assert!(create("own2", "/own/b") && create("finesse", "/c") && !create("finesse", "/d"));
}

#[test]
fn nodes_in_all_are_bounded() {
    let mut world = World::new();
    for n in 0..limits::Limits::default().created_nodes_max {
        let create = xmpp::payload::PubsubRequest::Create { node: Some(n.to_string()), configuration: None };
        world.service.handle_request(world.now, &world::jid("finesse"), create).unwrap();
        while world.service.poll_change().is_some() {}
    }
    let refused = "policy-violation too-many-nodes limits.created_nodes_max";
    assert_eq!(world.set("finesse", "<create node='one more'/>"), refused);
    world.service.create("/of the product").unwrap();
}

#[test]
fn a_node_is_made_with_its_configuration_or_not_at_all() {
    let mut world = World::new();
    world.make("/n", &[("title", "Orders"), ("max_items", "max"), ("item_expire", "60")]);
    let form_text = world.own_get("finesse", "<configure node='/n'/>");
    for field in [
        "<field var=\"pubsub#title\" type=\"text-single\" label=\"A short name\"><value>Orders</value></field>",
        "<value>1000</value>",
        "<value>60</value>",
        "<option><value>whitelist</value></option>",
    ] {
        assert!(form_text.contains(field), "{field} in {form_text}");
    }
    let create = |world: &mut World, inner: &str| {
        world.set("finesse", &format!("<create node='/m'/><configure>{inner}</configure>"))
    };
    let about = form("publish-options", &[("title", "x")]);
    assert_eq!(create(&mut world, &about), "not-acceptable", "a form about something else");
    for (fields, error) in [
        (("access_model", "none"), "not-acceptable unsupported-access-model"),
        (("access_model", "open|whitelist"), "not-acceptable unsupported-access-model"),
        (("node_type", "collection"), "feature-not-implemented unsupported collections"),
        (("max_items", "1001"), "not-acceptable max-items-exceeded"),
        (("max_items", "-1"), "not-acceptable"),
        (("max_items", "many"), "not-acceptable"),
        (("item_expire", "0"), "not-acceptable"),
        (("max_payload_size", "99999999"), "not-acceptable"),
        (("persist_items", "perhaps"), "not-acceptable"),
        (("persist_items", "1|0"), "not-acceptable"),
        (("tempsub", "1"), "not-acceptable"),
        (("purge_offline", "true"), "not-acceptable"),
        (("no_such_option", "1"), "not-acceptable"),
    ] {
        let text = form("node_config", &[fields]);
        assert_eq!(create(&mut world, &text), error, "{fields:?}");
    }
    let long = "x".repeat(limits::TEXT_BYTES_MAX + 1);
    assert_eq!(create(&mut world, &form("node_config", &[("title", &long)])), "not-acceptable");
    let groups = vec!["g"; limits::ROSTER_GROUPS_MAX + 1].join("|");
    let groups = form("node_config", &[("roster_groups_allowed", &groups)]);
    assert_eq!(create(&mut world, &groups), "not-acceptable");
    for broken in
        ["<x xmlns='jabber:x:data'/>", "<y/>", "<x xmlns='jabber:x:data' type='submit'><field/></x>"]
    {
        assert_eq!(create(&mut world, broken), "bad-request", "{broken}");
    }
    assert!(!world.service.has_node("/m"));
}

#[test]
fn every_word_of_a_form_is_taken_back() {
    let mut world = World::new();
    world.make("/n", &[]);
    for word in ["open", "presence", "roster", "authorize", "whitelist"] {
        assert_eq!(world.configure("/n", &[("access_model", word)]), "");
        let form = world.own_get("finesse", "<configure node='/n'/>");
        assert!(form.contains(&format!("</option><value>{word}</value>")), "{form}");
    }
    let form = world.own_get("finesse", "<configure node='/n'/>");
    let submitted =
        between(&form, "<configure node=\"/n\">", "</configure>").replace("type=\"form\"", "type=\"submit\"");
    assert_eq!(world.own_set("finesse", &format!("<configure node='/n'>{submitted}</configure>")), "");
    assert_eq!(
        world.own_get("finesse", "<configure node='/n'/>"),
        form,
        "a form sent back as it came changes nothing"
    );
}

#[test]
fn only_owners_configure_and_a_wrong_form_changes_nothing() {
    let mut world = World::new();
    world.make("/n", &[]);
    world.affiliate("/n", "a1", "publisher");
    for who in ["a1", "a2"] {
        assert_eq!(world.own_get(who, "<configure node='/n'/>"), "forbidden");
        assert_eq!(world.own_set(who, "<purge node='/n'/>"), "forbidden");
        assert_eq!(world.own_set(who, "<delete node='/n'/>"), "forbidden");
    }
    assert_eq!(world.own_get("finesse", "<configure node='/product/a1'/>"), "forbidden");
    assert_eq!(world.own_get("finesse", "<configure node='/nowhere'/>"), "item-not-found");
    assert_eq!(world.own_get("finesse", "<configure/>"), "bad-request nodeid-required");
    let before = world.own_get("finesse", "<configure node='/n'/>");
    assert_eq!(world.configure("/n", &[("title", "x"), ("max_items", "x")]), "not-acceptable");
    let cancel = "<configure node='/n'><x xmlns='jabber:x:data' type='cancel'/></configure>";
    assert_eq!(world.own_set("finesse", cancel), "");
    assert_eq!(world.own_get("finesse", "<configure node='/n'/>"), before);
    assert_eq!(world.own_set("finesse", "<configure node='/n'/>"), "bad-request");
}

#[test]
fn subscribers_hear_of_a_new_configuration_if_the_node_says_so() {
    let mut world = World::new();
    world.make("/n", &[]);
    world.subscribe("a1", "/n");
    world.configure("/n", &[("title", "quiet")]);
    assert_eq!(world.receivers(), [""; 0]);
    world.configure("/n", &[("notify_config", "1"), ("title", "loud")]);
    let [(to, event)] = &world.sent()[..] else { panic!() };
    assert_eq!(to, "a1@localhost");
    assert!(
        event.contains("<configuration node=\"/n\"><x ") && event.contains("<value>loud</value>"),
        "{event}"
    );
    world.configure("/n", &[("deliver_payloads", "0")]);
    assert!(world.sent()[0].1.contains("<configuration node=\"/n\"></configuration>"));
}

#[test]
fn a_default_configuration_can_be_asked_for() {
    let mut world = World::new();
    let form = world.own_get("a1", "<default/>");
    assert!(
        form.starts_with("<pubsub xmlns=\"http://jabber.org/protocol/pubsub#owner\"><default><x "),
        "{form}"
    );
    world.make("/n", &[]);
    let made = world.own_get("finesse", "<configure node='/n'/>");
    assert_eq!(between(&form, "<x", "</x>"), between(&made, "<x", "</x>"));
}

#[test]
fn a_deleted_node_is_gone_and_says_so() {
    let mut world = World::new();
    world.make("/n", &[]);
    world.subscribe("a1", "/n");
    world.publish("finesse", "/n", "i");
    world.sent();
    assert_eq!(world.own_set("finesse", "<delete node='/n'><redirect/></delete>"), "bad-request");
    let redirect = "<redirect uri='xmpp:pubsub.localhost?;node=/m'/>";
    assert_eq!(world.own_set("finesse", &format!("<delete node='/n'>{redirect}</delete>")), "");
    let sent = world.sent();
    assert!(
        sent[0].1.contains(
            "<delete node=\"/n\"><redirect uri=\"xmpp:pubsub.localhost?;node=/m\"></redirect></delete>"
        ),
        "{sent:?}"
    );
    assert_eq!(world.publish("a1", "/n", "i"), "item-not-found");
    assert_eq!(world.get("a1", "<items node='/n'/>"), "item-not-found");
    assert!(!world.get("a1", "<subscriptions/>").contains("/n"));
    assert!(!world.get("finesse", "<affiliations/>").contains("/n"));
    world.make("/n", &[("notify_delete", "0")]);
    world.subscribe("a1", "/n");
    world.own_set("finesse", "<delete node='/n'/>");
    assert_eq!(world.receivers(), [""; 0]);
}

#[test]
fn a_purged_node_is_empty_and_says_so() {
    let mut world = World::new();
    world.make("/n", &[]);
    world.subscribe("a1", "/n");
    world.publish("finesse", "/n", "i");
    world.sent();
    assert_eq!(world.own_set("finesse", "<purge node='/n'/>"), "");
    assert!(world.sent()[0].1.contains("<purge node=\"/n\">"));
    assert!(!world.get("a1", "<items node='/n'/>").contains("<item "));
    world.configure("/n", &[("persist_items", "0")]);
    let unsupported = "feature-not-implemented unsupported persistent-items";
    assert_eq!(world.own_set("finesse", "<purge node='/n'/>"), unsupported);
}

#[test]
fn the_products_nodes_belong_to_nobody() {
    let mut world = World::new();
    for inner in ["<delete node='/product/all'/>", "<purge node='/product/all'/>"] {
        assert_eq!(world.own_set("finesse", inner), "forbidden");
    }
    assert_eq!(world.own_get("finesse", "<subscriptions node='/product/all'/>"), "forbidden");
    assert_eq!(world.own_get("finesse", "<affiliations node='/product/all'/>"), "forbidden");
}

#[test]
fn the_product_takes_a_name_over_that_somebody_has_used() {
    let mut world = World::new();
    world.make("/product/a3", &[("access_model", "open")]);
    world.subscribe("a1", "/product/a3");
    world.publish("finesse", "/product/a3", "i");
    world.receivers();
    world.service.create("/product/a3").unwrap();
    assert_eq!(world.receivers(), ["a1@localhost"], "who was subscribed hears that the node is deleted");
    assert!(world.changes().iter().any(|change| matches!(change, Change::NodeDeleted { .. })));
    assert_eq!(world.set("a1", "<subscribe node='/product/a3' jid='a1@localhost'/>"), "not-authorized");
    assert_eq!(world.own_set("finesse", "<delete node='/product/a3'/>"), "forbidden");
    world.service.make_defaults(&world::jid("a3").to_bare());
    world.service.publish(world.now, "/product/a3", b"<x/>").unwrap();
    assert_eq!(world.receivers(), ["a3@localhost"]);
}

#[test]
fn a_new_title_ends_no_subscription_and_neither_do_other_rights_where_owners_decide() {
    let mut world = World::new();
    world.make("/closed", &[("access_model", "whitelist")]);
    // who is not on the list, as the owner wishes
    let entry = "<subscription jid='a1@localhost' subscription='subscribed'/>";
    world.own_set("finesse", &format!("<subscriptions node='/closed'>{entry}</subscriptions>"));
    let hears = |world: &mut World| {
        world.receivers();
        world.publish("finesse", "/closed", "i");
        world.receivers()
    };
    world.configure("/closed", &[("title", "Another")]);
    world.service.handle_rights_changed(&world::jid("a1").to_bare());
    assert_eq!(hears(&mut world), ["a1@localhost"]);
    world.configure("/closed", &[("access_model", "authorize")]);
    world.configure("/closed", &[("access_model", "whitelist")]);
    assert!(hears(&mut world).is_empty(), "who may come in was decided anew");
}

#[test]
fn a_node_is_found_by_looking_unless_it_has_a_list_without_the_one_who_looks() {
    let mut world = World::new();
    world.make("/listed", &[("access_model", "whitelist")]);
    world.make("/open", &[("title", "For everyone")]);
    world.affiliate("/listed", "a1", "member");
    world.affiliate("/open", "a2", "outcast");
    let seen = |world: &World, who: &str| -> Vec<String> {
        let (nodes, page) = world.service.visible_nodes(&world::jid(who).to_bare(), None).unwrap();
        assert!(page.is_none(), "a short list comes whole");
        nodes.into_iter().map(|(node, title)| format!("{node} {}", title.unwrap_or(""))).collect()
    };
    assert_eq!(seen(&world, "a1"), ["/product/a1 ", "/listed ", "/open For everyone"]);
    assert_eq!(seen(&world, "a2"), ["/product/a2 "]);
    let meta = world.service.meta_data("/open").unwrap().unwrap();
    let value = |var| meta.fields.iter().find(|field| field.var == var).unwrap().values.clone();
    assert_eq!(value("pubsub#owner"), ["finesse@localhost"]);
    assert_eq!(value("pubsub#creation_date"), ["2026-03-01T12:00:00Z"]);
    assert_eq!(value("pubsub#title"), ["For everyone"]);
    assert_eq!(world.service.meta_data("/product/a1").unwrap(), None);
    assert!(world.service.meta_data("/nowhere").is_err());
}
