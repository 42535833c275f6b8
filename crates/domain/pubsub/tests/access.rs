//! Who may subscribe, read and publish (XEP-0060 §4.1, §4.5).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use aplomb_pubsub::limits;
use world::{OWNER, World};

/// What becomes of a subscription and of a look at the items, by affiliation `none` and `member`.
fn outcomes(world: &mut World, node: &str, who: &str) -> (String, String) {
    let subscribed = world.subscribe(who, node);
    let subscribed = match subscribed.contains("subscription=\"subscribed\"") {
        true => "subscribed".to_owned(),
        false if subscribed.contains("subscription=\"pending\"") => "pending".to_owned(),
        false => subscribed,
    };
    let items = world.get(who, &format!("<items node='{node}'/>"));
    (subscribed, if items.starts_with('<') { "items".to_owned() } else { items })
}

#[test]
fn each_access_model_lets_in_whom_it_names() {
    let mut world = World::new();
    let yes = || ("subscribed".to_owned(), "items".to_owned());
    let no = |error: &str| (error.to_owned(), error.to_owned());
    for (model, user, expected) in [
        ("open", "nobody", yes()),
        ("presence", "a1", yes()),
        ("presence", "nobody", no("not-authorized presence-subscription-required")),
        ("roster", "a1", yes()),
        ("roster", "a2", no("not-authorized not-in-roster-group")),
        ("roster", "nobody", no("not-authorized not-in-roster-group")),
        ("authorize", "a1", ("pending".into(), "not-authorized not-subscribed".into())),
        ("whitelist", "a1", no("not-allowed closed-node")),
    ] {
        let node = format!("/{model}/{user}");
        world.make(&node, &[("access_model", model), ("roster_groups_allowed", "1|7")]);
        assert_eq!(outcomes(&mut world, &node, user), expected, "{node}");
    }
}

#[test]
fn an_affiliation_opens_and_closes_every_node() {
    for model in ["open", "presence", "roster", "authorize", "whitelist"] {
        let mut world = World::new();
        world.make("/n", &[("access_model", model)]);
        for (affiliation, may) in [
            ("member", true),
            ("publisher", true),
            ("owner", true),
            ("publish-only", false),
            ("outcast", false),
        ] {
            assert_eq!(world.affiliate("/n", "nobody", affiliation), "");
            let expected = if may { ("subscribed", "items") } else { ("forbidden", "forbidden") };
            let (subscribed, items) = outcomes(&mut world, "/n", "nobody");
            assert_eq!((subscribed.as_str(), items.as_str()), expected, "{model} {affiliation}");
        }
    }
}

#[test]
fn each_publish_model_lets_publish_whom_it_names() {
    for (model, none, subscriber, member) in
        [("publishers", false, false, false), ("subscribers", false, true, false), ("open", true, true, true)]
    {
        let mut world = World::new();
        world.make("/n", &[("publish_model", model)]);
        world.subscribe("sub", "/n");
        for (who, affiliation) in
            [("mem", "member"), ("pub", "publisher"), ("only", "publish-only"), ("out", "outcast")]
        {
            world.affiliate("/n", who, affiliation);
        }
        for (who, may) in [
            ("nobody", none),
            ("sub", subscriber),
            ("mem", member),
            ("pub", true),
            ("only", true),
            ("finesse", true),
            ("out", false),
        ] {
            let answer = world.publish(who, "/n", "i");
            assert_eq!(answer != "forbidden", may, "{model} {who}: {answer}");
        }
    }
}

#[test]
fn only_service_accounts_publish_to_the_products_nodes() {
    let mut world = World::new();
    world.available("a1");
    assert_eq!(world.publish("a1", "/product/a1", "i"), "forbidden");
    assert!(world.publish("finesse", "/product/a1", "i").contains("<item id=\"i\">"));
    assert_eq!(world.receivers(), ["a1@localhost"]);
    assert_eq!(world.changes(), [], "nothing of it is kept");
}

#[test]
fn an_outcasts_subscriptions_end_at_once_and_a_members_when_the_list_forgets_it() {
    let mut world = World::new();
    world.make("/open", &[]);
    world.make("/list", &[("access_model", "whitelist")]);
    world.affiliate("/list", "a1", "member");
    world.subscribe("a1", "/open");
    world.subscribe("a1", "/list");
    world.sent();
    world.affiliate("/open", "a1", "outcast");
    world.affiliate("/list", "a1", "none");
    let sent = world.sent();
    let ended = |node: &str| {
        let text = format!(
            "<event xmlns=\"http://jabber.org/protocol/pubsub#event\"><subscription node=\"{node}\" jid=\"a1@localhost\""
        );
        sent.iter().any(|(_, event)| event.starts_with(&text) && event.contains("subscription=\"none\""))
    };
    assert!(ended("/open") && ended("/list"), "{sent:?}");
    world.publish("finesse", "/open", "i");
    world.publish("finesse", "/list", "i");
    assert_eq!(world.receivers(), [""; 0]);
}

#[test]
fn a_narrower_access_model_ends_the_subscriptions_of_those_outside() {
    let mut world = World::new();
    world.make("/n", &[]);
    for who in ["a1", "a2", "finesse"] {
        world.subscribe(who, "/n");
    }
    world.affiliate("/n", "a2", "member");
    world.sent();
    assert_eq!(world.configure("/n", &[("access_model", "whitelist")]), "");
    assert_eq!(world.receivers(), ["a1@localhost"]);
    world.publish("finesse", "/n", "i");
    assert_eq!(world.receivers(), ["a2@localhost", "finesse@localhost"]);
}

#[test]
fn affiliations_are_listed_set_and_told() {
    let mut world = World::new();
    world.make("/n", &[]);
    world.make("/m", &[]);
    world.affiliate("/n", "a1", "publisher");
    let (to, message) = world.sent().remove(0);
    assert_eq!(to, "a1@localhost");
    assert!(
        message.contains(
            "<affiliations node=\"/n\"><affiliation jid=\"a1@localhost\" affiliation=\"publisher\">"
        )
    );
    let list = world.own_get("finesse", "<affiliations node='/n'/>");
    for entry in
        ["jid=\"a1@localhost\" affiliation=\"publisher\"", "jid=\"finesse@localhost\" affiliation=\"owner\""]
    {
        assert!(list.contains(entry), "{list}");
    }
    let own = world.get("finesse", "<affiliations/>");
    assert!(own.contains("node=\"/m\" affiliation=\"owner\"") && own.contains("node=\"/n\""), "{own}");
    let own = world.get("a1", "<affiliations node='/n'/>");
    assert!(
        own.contains("<affiliations node=\"/n\"><affiliation node=\"/n\" affiliation=\"publisher\">"),
        "{own}"
    );
    assert!(!world.get("a1", "<affiliations node='/m'/>").contains("<affiliation "));
    assert_eq!(world.get("a1", "<affiliations node='/nowhere'/>"), "item-not-found");
    assert_eq!(world.own_get("a1", "<affiliations node='/n'/>"), "forbidden");
}

#[test]
fn affiliations_are_set_all_or_none_and_an_owner_is_left() {
    let mut world = World::new();
    world.make("/n", &[]);
    let before = world.own_get("finesse", "<affiliations node='/n'/>");
    let member = "<affiliation jid='a1@localhost' affiliation='member'/>";
    for (entries, error) in [
        (format!("{member}<affiliation jid='a2@localhost' affiliation='king'/>"), "bad-request"),
        (format!("{member}<affiliation jid='@' affiliation='member'/>"), "bad-request invalid-jid"),
        (format!("{member}<affiliation affiliation='member'/>"), "bad-request jid-required"),
        (format!("{member}<affiliation jid='a2@localhost'/>"), "bad-request"),
        (format!("{member}<affiliation jid='finesse@localhost' affiliation='none'/>"), "not-acceptable"),
        (format!("{member}<thing/>"), "bad-request"),
        (String::new(), "bad-request"),
    ] {
        let inner = format!("<affiliations node='/n'>{entries}</affiliations>");
        assert_eq!(world.own_set("finesse", &inner), error, "{entries}");
    }
    assert_eq!(world.own_get("finesse", "<affiliations node='/n'/>"), before);
    assert_eq!(world.receivers(), [""; 0]);
    world.affiliate("/n", "a1", "owner");
    assert_eq!(world.affiliate("/n", "finesse", "none"), "");
    assert_eq!(world.iq("finesse", "get", OWNER, "<affiliations node='/n'/>"), "forbidden");
}

#[test]
fn affiliations_with_one_node_are_bounded() {
    let mut world = World::new();
    world.make("/n", &[]);
    let affiliations = |from: usize, count: usize| {
        let member = |n| (world::jid(&format!("u{n}")), "member".to_owned());
        let affiliations = (from..from + count).map(member).collect();
        xmpp::payload::PubsubRequest::SetAffiliations { node: "/n".into(), affiliations }
    };
    let (finesse, now) = (world::jid("finesse"), world.now);
    let fits = affiliations(0, limits::AFFILIATIONS_PER_NODE_MAX - 1);
    world.service.handle_request(now, &finesse, fits).unwrap();
    let error = world.service.handle_request(now, &finesse, affiliations(900_000, 1)).unwrap_err();
    assert_eq!(error.condition, xmpp::Condition::ResourceConstraint);
}

#[test]
fn an_address_that_the_store_could_not_take_as_a_key_gets_no_affiliation() {
    let mut world = World::new();
    world.make("/n", &[]);
    let of = |bytes: usize| format!("{}@localhost", "x".repeat(bytes - "@localhost".len()));
    let give = |world: &mut World, jid: &str| {
        let entry = format!("<affiliation jid='{jid}' affiliation='member'/>");
        world.own_set("finesse", &format!("<affiliations node='/n'>{entry}</affiliations>"))
    };
    let max = aplomb_pubsub::limits::AFFILIATE_BYTES_MAX;
    assert_eq!(give(&mut world, &of(max)), "");
    // a name may be longer than its address's bound allows only through its domain
    let long = format!("{}@{}", "x".repeat(1_000), "y".repeat(50));
    assert_eq!(give(&mut world, &long), "not-acceptable");
}
