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
