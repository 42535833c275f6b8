//! XEP-0060 over a connection: what depends on who is there, and what comes by other ways than a request.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod site;

use site::{Client, Site};

const NODE: &str = "/shop/orders";

fn pubsub(inner: &str) -> String {
    format!("<pubsub xmlns='http://jabber.org/protocol/pubsub'>{inner}</pubsub>")
}

fn form(about: &str, fields: &[(&str, &str)]) -> String {
    let field =
        |(var, value): &(&str, &str)| format!("<field var='pubsub#{var}'><value>{value}</value></field>");
    let fields: String = fields.iter().map(field).collect();
    format!(
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#{about}\
         </value></field>{fields}</x>"
    )
}

async fn set(client: &mut Client, inner: &str) -> String {
    client.ask("set", "pubsub.localhost", &pubsub(inner)).await
}

/// The service account, with a node of this configuration.
async fn owner(site: &Site, fields: &[(&str, &str)]) -> Client {
    let mut owner = site.available("4", "shop").await;
    let configuration = form("node_config", fields);
    let inner = format!("<create node='{NODE}'/><configure>{configuration}</configure>");
    let made = set(&mut owner, &inner).await;
    assert!(made.contains("type=\"result\""), "{made}");
    owner
}

async fn publish(owner: &mut Client, id: &str) {
    let answer =
        set(owner, &format!("<publish node='{NODE}'><item id='{id}'><a xmlns='x'/></item></publish>")).await;
    assert!(answer.contains("type=\"result\""), "{answer}");
}

async fn subscribe(client: &mut Client, jid: &str, options: &str) -> String {
    set(client, &format!("<subscribe node='{NODE}' jid='{jid}'/>{options}")).await
}

#[tokio::test]
async fn an_owner_is_asked_and_answers_in_messages() {
    let site = Site::start().await;
    let mut owner = owner(&site, &[("access_model", "authorize")]).await;
    let mut reader = site.available("1", "desk").await;
    assert!(subscribe(&mut reader, "1@localhost", "").await.contains("subscription=\"pending\""));
    let question = owner.next().await;
    assert!(question.contains("subscribe_authorization") && question.contains("<value>1@localhost</value>"));
    let decision = |allow| {
        form(
            "subscribe_authorization",
            &[("node", NODE), ("subscriber_jid", "1@localhost"), ("allow", allow)],
        )
    };
    reader.send(&format!("<message to='pubsub.localhost' id='m'>{}</message>", decision("true"))).await;
    let refused = reader.next().await;
    assert!(refused.contains("<forbidden ") && refused.contains("id=\"m\""), "{refused}");
    owner.send(&format!("<message to='pubsub.localhost'>{}</message>", decision("true"))).await;
    assert!(reader.next().await.contains("subscription=\"subscribed\""));
    publish(&mut owner, "i").await;
    assert!(reader.next().await.contains("<item id=\"i\">"));
    owner.send("<message to='pubsub.localhost' id='n'><body>hello</body></message>").await;
    assert!(owner.next().await.contains("<service-unavailable "));
}

#[tokio::test]
async fn a_command_lists_the_nodes_where_somebody_waits() {
    let site = Site::start().await;
    let mut owner = owner(&site, &[("access_model", "authorize")]).await;
    let mut reader = site.available("1", "desk").await;
    subscribe(&mut reader, "1@localhost", "").await;
    owner.next().await;
    let commands =
        "<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>";
    let list = owner.ask("get", "pubsub.localhost", commands).await;
    assert!(list.contains("node=\"http://jabber.org/protocol/pubsub#get-pending\""), "{list}");
    let command = |inner: &str| {
        format!(
            "<command xmlns='http://jabber.org/protocol/commands' node='http://jabber.org/protocol/pubsub#get-pending' \
             action='execute'>{inner}</command>"
        )
    };
    let answer = owner.ask("set", "pubsub.localhost", &command("")).await;
    assert!(answer.contains(&format!("<option><value>{NODE}</value></option>")), "{answer}");
    let chosen = form("subscribe_authorization", &[("node", NODE)]);
    let answer = owner.ask("set", "pubsub.localhost", &command(&chosen)).await;
    assert!(answer.contains("status=\"completed\""), "{answer}");
    assert!(owner.next().await.contains("<value>1@localhost</value>"));
}

#[tokio::test]
async fn a_node_says_what_it_is_and_lists_its_items_in_pages() {
    let site = Site::start().await;
    let mut owner = owner(&site, &[("title", "Orders")]).await;
    for id in ["a", "b", "c"] {
        publish(&mut owner, id).await;
    }
    let info = |node: &str| format!("<query xmlns='http://jabber.org/protocol/disco#info' node='{node}'/>");
    let answer = owner.ask("get", "pubsub.localhost", &info(NODE)).await;
    assert!(answer.contains("<identity category=\"pubsub\" type=\"leaf\">"), "{answer}");
    assert!(answer.contains("pubsub#meta-data") && answer.contains("<value>Orders</value>"), "{answer}");
    let answer = owner.ask("get", "pubsub.localhost", &info("/finesse/api/User/4")).await;
    assert!(answer.contains("type=\"leaf\"") && !answer.contains("jabber:x:data"), "{answer}");
    let items = |set: &str| {
        format!(
            "<query xmlns='http://jabber.org/protocol/disco#items' node='{NODE}'>\
             <set xmlns='http://jabber.org/protocol/rsm'>{set}</set></query>"
        )
    };
    let answer = owner.ask("get", "pubsub.localhost", &items("<max>1</max><after>a</after>")).await;
    assert!(
        answer.contains("<item jid=\"pubsub.localhost\" name=\"b\">") && !answer.contains("name=\"c\""),
        "{answer}"
    );
    assert!(answer.contains("<first index=\"1\">b</first><last>b</last><count>3</count>"), "{answer}");
    let answer = owner.ask("get", "pubsub.localhost", &items("<after>x</after>")).await;
    assert!(answer.contains("<item-not-found "), "{answer}");
}

#[tokio::test]
async fn everything_that_is_announced_is_announced_once() {
    let site = Site::start().await;
    let mut client = site.available("1", "desk").await;
    let info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
    let answer = client.ask("get", "pubsub.localhost", info).await;
    let mut features: Vec<_> =
        answer.split("<feature var=\"").skip(1).map(|rest| rest.split('"').next()).collect();
    let count = features.len();
    features.sort_unstable();
    features.dedup();
    assert_eq!(features.len(), count);
    assert!(count > 40 && answer.contains("type=\"service\""), "{answer}");
}

#[tokio::test]
async fn availability_decides_who_gets_events_where_a_subscriber_says_so() {
    let site = Site::start().await;
    let mut owner = owner(&site, &[]).await;
    let mut reader = site.available("1", "desk").await;
    let options = form("subscribe_options", &[("show-values", "online")]);
    subscribe(&mut reader, "1@localhost", &format!("<options>{options}</options>")).await;
    publish(&mut owner, "a").await;
    assert!(reader.next().await.contains("<item id=\"a\">"));
    reader.send("<presence><show>dnd</show></presence>").await;
    reader.settled().await;
    publish(&mut owner, "b").await;
    reader.send("<presence/>").await;
    let seen = reader.settled().await;
    assert!(!seen.iter().any(|element| element.contains("<item ")), "{seen:?}");
    publish(&mut owner, "c").await;
    assert!(reader.next().await.contains("<item id=\"c\">"));
}

#[tokio::test]
async fn a_resource_is_reached_before_its_presence_unless_the_node_goes_by_presence() {
    let site = Site::start().await;
    let mut owner = owner(&site, &[]).await;
    let mut reader = site.bound("1", "desk").await;
    subscribe(&mut reader, "1@localhost/desk", "").await;
    publish(&mut owner, "a").await;
    assert!(reader.next().await.contains("<item id=\"a\">"));
    let by_presence = form("node_config", &[("presence_based_delivery", "1")]);
    let inner = format!(
        "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='{NODE}'>{by_presence}</configure></pubsub>"
    );
    assert!(owner.ask("set", "pubsub.localhost", &inner).await.contains("type=\"result\""));
    publish(&mut owner, "b").await;
    assert_eq!(reader.settled().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_resource_that_comes_gets_the_last_item_behind_its_presence() {
    let site = Site::start().await;
    let mut owner = owner(&site, &[("send_last_published_item", "on_sub_and_presence")]).await;
    let mut reader = site.available("1", "desk").await;
    subscribe(&mut reader, "1@localhost", "").await;
    publish(&mut owner, "a").await;
    assert!(reader.next().await.contains("<item id=\"a\">"));
    let mut other = site.bound("1", "phone").await;
    other.send("<presence/>").await;
    let seen = other.settled().await;
    let at = |text: &str| seen.iter().position(|element| element.contains(text));
    let (presence, item) = (at("from=\"1@localhost/phone\""), at("<item id=\"a\">"));
    assert!(presence.is_some() && presence < item, "{seen:?}");
    assert!(seen[item.unwrap()].contains("<delay xmlns=\"urn:xmpp:delay\""));
    assert!(
        !reader.settled().await.iter().any(|element| element.contains("<item ")),
        "not to those who have it"
    );
}

#[tokio::test]
async fn a_lease_ends_by_itself() {
    let site = Site::start().await;
    let mut owner = owner(&site, &[("item_expire", "1")]).await;
    let mut reader = site.available("1", "desk").await;
    let soon = jiff::Timestamp::now().checked_add(jiff::SignedDuration::from_secs(1)).unwrap();
    let options = form("subscribe_options", &[("expire", &soon.to_string())]);
    subscribe(&mut reader, "1@localhost", &format!("<options>{options}</options>")).await;
    publish(&mut owner, "a").await;
    reader.next().await;
    let ended = reader.next().await;
    assert!(ended.contains("subscription=\"none\""), "{ended}");
}

/// Whether a client hears of another user's node, when all that it has said has been heard.
async fn hears_of_the_products_node(reader: &mut Client, site: &Site) -> bool {
    reader.settled().await;
    site.publish("2", "<notification/>").await;
    reader.settled().await.iter().any(|element| element.contains("<notification/>"))
}

#[tokio::test]
async fn the_products_nodes_reach_whoever_has_sent_its_presence_and_nobody_else() {
    let site = Site::start().await;
    let mut reader = site.bound("1", "desk").await;
    for jid in ["1@localhost", "1@localhost/desk"] {
        let subscribe = format!("<subscribe node='{}' jid='{jid}'/>", site::node("2"));
        assert!(set(&mut reader, &subscribe).await.contains("subscription=\"subscribed\""));
    }
    assert!(!hears_of_the_products_node(&mut reader, &site).await, "bound, and no more than that");
    reader.send("<presence/>").await;
    assert!(hears_of_the_products_node(&mut reader, &site).await);
    for priority in ["<presence><show>dnd</show></presence>", "<presence><priority>-1</priority></presence>"]
    {
        reader.send(priority).await;
        let hears = hears_of_the_products_node(&mut reader, &site).await;
        assert_eq!(
            hears,
            !priority.contains("-1"),
            "a bare JID is not reached below zero (RFC 6121 §4.7.2.3)"
        );
    }
    reader.send("<presence type='unavailable'/>").await;
    assert!(!hears_of_the_products_node(&mut reader, &site).await);
    // its own nodes by default: from the first presence on, and no longer
    site.publish("1", "<notification/>").await;
    assert_eq!(reader.settled().await, Vec::<String>::new());
}

#[tokio::test]
async fn headers_are_told_to_who_asks_for_them() {
    let site = Site::start().await;
    let mut client = site.available("1", "desk").await;
    let info =
        "<query xmlns='http://jabber.org/protocol/disco#info' node='http://jabber.org/protocol/shim'/>";
    let answer = client.ask("get", "pubsub.localhost", info).await;
    for header in ["SubID", "Event-Epoch", "Event-Number", "Event-Snapshot"] {
        assert!(answer.contains(&format!("var=\"http://jabber.org/protocol/shim#{header}\"")), "{answer}");
    }
}

#[tokio::test]
async fn names_of_nodes_and_items_are_as_long_as_they_may_be_and_no_longer() {
    let site = Site::start().await;
    let mut owner = site.available("4", "shop").await;
    let mut reader = site.available("1", "desk").await;
    // two bytes each, so that it is bytes that are counted
    let longest = "ä".repeat(511) + "n";
    let create = |node: &str| format!("<create node='{node}'/>");
    assert!(set(&mut owner, &create(&longest)).await.contains("type=\"result\""));
    let refused = set(&mut owner, &create(&format!("{longest}n"))).await;
    assert!(refused.contains("<not-acceptable "), "{refused}");
    let subscribe = |node: &str| format!("<subscribe node='{node}' jid='1@localhost'/>");
    assert!(set(&mut reader, &subscribe(&longest)).await.contains("subscription=\"subscribed\""));
    assert!(set(&mut reader, &subscribe(&format!("{longest}n"))).await.contains("<item-not-found "));
    let publish = |node: &str, id: &str| {
        format!("<publish node='{node}'><item id='{id}'><a xmlns='x'/></item></publish>")
    };
    assert!(set(&mut owner, &publish(&longest, &longest)).await.contains("type=\"result\""));
    let event = reader.next().await;
    assert!(event.contains(&format!("<items node=\"{longest}\"><item id=\"{longest}\">")), "{event}");
    let refused = set(&mut owner, &publish(&longest, &format!("{longest}n"))).await;
    assert!(refused.contains("<not-acceptable "), "{refused}");
    // a node that publishing would make
    let refused = set(&mut owner, &publish(&format!("{longest}n"), "i")).await;
    assert!(refused.contains("<not-acceptable "), "{refused}");
    assert_eq!(reader.settled().await, Vec::<String>::new(), "nothing half done");
}

#[tokio::test]
async fn of_two_publishers_with_one_id_the_later_one_is_kept_and_both_are_heard_in_that_order() {
    const EACH: usize = 40;
    let site = Site::start().await;
    let mut owner = owner(&site, &[("publish_model", "open")]).await;
    let mut reader = site.available("1", "desk").await;
    subscribe(&mut reader, "1@localhost", "").await;
    let mut others = [site.available("2", "one").await, site.available("3", "two").await];
    for n in 0..EACH {
        for (at, publisher) in others.iter_mut().enumerate() {
            let item = format!("<item id='same'><a xmlns='x' by='{at}' n='{n}'/></item>");
            let inner = pubsub(&format!("<publish node='{NODE}'>{item}</publish>"));
            publisher.send(&format!("<iq type='set' id='p{n}' to='pubsub.localhost'>{inner}</iq>")).await;
        }
    }
    let mut heard = Vec::new();
    for _ in 0..2 * EACH {
        let event = reader.next().await;
        let item = event.split_once("<item id=\"same\">").expect("the item").1;
        heard.push(item.split_once("</item>").expect("its end").0.to_owned());
    }
    for (at, publisher) in others.iter_mut().enumerate() {
        for n in 0..EACH {
            let answer = publisher.next().await;
            assert!(
                answer.contains(&format!("id=\"p{n}\"")) && answer.contains("type=\"result\""),
                "{answer}"
            );
        }
        let own: Vec<_> = heard.iter().filter(|item| item.contains(&format!("by='{at}'"))).collect();
        let in_order = own.iter().enumerate().all(|(n, item)| item.contains(&format!("n='{n}'")));
        assert!(own.len() == EACH && in_order, "{own:?}");
    }
    let items = owner.ask("get", "pubsub.localhost", &pubsub(&format!("<items node='{NODE}'/>"))).await;
    assert_eq!(items.matches("<item ").count(), 1, "{items}");
    assert!(
        items.contains(heard.last().expect("events")),
        "the last one heard is the one that is kept: {items}"
    );
}

#[tokio::test]
async fn a_character_that_xml_forbids_ends_the_stream_and_is_counted_with_its_field() {
    let site = Site::start().await;
    for (stanza, field) in [
        ("<message to='2@localhost'><body>a\u{1}b</body></message>", "body"),
        ("<message to='2@localhost'><body>a&#x1;b</body></message>", "body"),
        ("<iq type='set' id='i'><made-up-by-a-client>&#xFFFF;</made-up-by-a-client></iq>", "other"),
        ("<presence><status>\u{FFFE}</status></presence>", "status"),
    ] {
        let mut client = site.available("1", "desk").await;
        client.send(stanza).await;
        let error = client.next().await;
        assert!(error.contains("<not-well-formed "), "{error}");
        assert_eq!(client.next_or_end().await, None);
        assert!(site.metric(&counted(field)) > 0, "{field}");
    }
    assert_eq!(site.metric(&counted("body")), 2);
}

fn counted(field: &str) -> String {
    format!("aplomb_forbidden_characters_total{{source=\"xmpp\",field=\"{field}\"}}")
}
