//! Publishing over XMPP (XEP-0060 §7.1, §8.1).

mod site;

use site::{Client, Site};

const NODE: &str = "/shop/orders";

fn pubsub(inner: &str) -> String {
    format!("<pubsub xmlns='http://jabber.org/protocol/pubsub'>{inner}</pubsub>")
}

fn publish(item: &str) -> String {
    pubsub(&format!("<publish node='{NODE}'>{item}</publish>"))
}

async fn ask(client: &mut Client, inner: &str) -> String {
    client.ask("set", "pubsub.localhost", inner).await
}

async fn publisher(site: &Site) -> Client {
    let mut publisher = site.available("4", "shop").await;
    let made = ask(&mut publisher, &pubsub(&format!("<create node='{NODE}'/>"))).await;
    assert!(made.contains("type=\"result\""), "{made}");
    publisher
}

async fn subscribe(client: &mut Client, jid: &str) {
    let answer = ask(client, &pubsub(&format!("<subscribe node='{NODE}' jid='{jid}'/>"))).await;
    assert!(answer.contains("subscription=\"subscribed\""), "{answer}");
}

#[tokio::test]
async fn what_a_service_account_publishes_reaches_whoever_subscribed_in_order() {
    let site = Site::start().await;
    let mut publisher = publisher(&site).await;
    let mut reader = site.available("1", "desk").await;
    subscribe(&mut reader, "1@localhost").await;
    for n in 0..20 {
        let item = format!("<item id='i{n}'><order xmlns='urn:x:shop'>a &lt; {n}</order></item>");
        let answer = ask(&mut publisher, &publish(&item)).await;
        assert!(
            answer.contains(&format!("<publish node=\"{NODE}\"><item id=\"i{n}\"></item></publish>")),
            "{answer}"
        );
    }
    for n in 0..20 {
        let event = reader.next().await;
        let item = format!("<item id=\"i{n}\"><order xmlns='urn:x:shop'>a &lt; {n}</order></item>");
        assert!(event.contains("from=\"pubsub.localhost\"") && event.contains(&item), "{event}");
    }
}

#[tokio::test]
async fn an_item_without_id_gets_one_and_a_payload_keeps_the_namespaces_it_inherited() {
    let site = Site::start().await;
    let mut publisher = publisher(&site).await;
    subscribe(&mut publisher, "4@localhost").await;
    let answer = ask(&mut publisher, &publish("<item><notification>x</notification></item>")).await;
    let id = answer.split_once("<item id=\"").and_then(|(_, rest)| rest.split_once('"')).unwrap().0;
    let event = publisher.next().await;
    let payload = "<notification xmlns=\"http://jabber.org/protocol/pubsub\">x</notification>";
    assert!(event.contains(&format!("<item id=\"{id}\">{payload}</item>")), "{event}");
}

#[tokio::test]
async fn a_user_may_neither_create_nor_publish() {
    let site = Site::start().await;
    let _publisher = publisher(&site).await;
    let mut user = site.available("1", "desk").await;
    for inner in [pubsub("<create node='/mine'/>"), publish("<item><a xmlns='x'/></item>")] {
        let answer = ask(&mut user, &inner).await;
        assert!(answer.contains("<forbidden ") && answer.contains("type=\"auth\""), "{answer}");
    }
    let answer = ask(&mut user, &pubsub("<subscribe node='/mine' jid='1@localhost'/>")).await;
    assert!(answer.contains("<item-not-found "), "{answer}");
}

#[tokio::test]
async fn a_request_that_cannot_be_granted_says_why() {
    let site = Site::start().await;
    let mut publisher = publisher(&site).await;
    let whitelist = "<create node='/list'/><configure><x xmlns='jabber:x:data' type='submit'><field \
                     var='pubsub#access_model'><value>whitelist</value></field></x></configure>";
    let none = whitelist.replace("whitelist", "none");
    let cases = [
        (pubsub(&format!("<create node='{NODE}'/>")), "conflict", ""),
        (pubsub(&none), "not-acceptable", "unsupported-access-model"),
        (pubsub("<publish><item><a/></item></publish>"), "bad-request", "nodeid-required"),
        (publish(""), "bad-request", "item-required"),
        (publish("<item/>"), "bad-request", "payload-required"),
        (publish("<item><a/><b/></item>"), "bad-request", "invalid-payload"),
        (publish("<item><a/></item><item><b/></item>"), "bad-request", ""),
        (publish("<thing><a/></thing>"), "bad-request", ""),
        (publish(&format!("<item id='{}'><a/></item>", "x".repeat(1_024))), "not-acceptable", ""),
    ];
    for (inner, condition, own) in cases {
        let answer = ask(&mut publisher, &inner).await;
        assert!(answer.contains(&format!("<{condition} ")), "{inner}: {answer}");
        assert!(own.is_empty() || answer.contains(&format!("<{own} ")), "{inner}: {answer}");
    }
    let answer = ask(&mut publisher, &pubsub(whitelist)).await;
    assert!(answer.contains("type=\"result\""), "{answer}");
}
