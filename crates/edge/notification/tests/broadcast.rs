//! What goes to everyone does not hold up what is for one, and who does not read holds up nobody.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod site;

use aplomb_notification::limits::Limits;
use aplomb_notification::{Config, Memory};
use pubsub::limits::DELIVERIES_PER_SLICE;
use pubsub::{Configuration, NodeRecord, Record, SubscriptionOptions, SubscriptionRecord, SubscriptionState};
use site::{Client, Site};
use xmpp::{BareJid, Jid};

const NODE: &str = "/shop/news";

fn subscription(jid: &str) -> Record {
    Record::Subscription(SubscriptionRecord {
        node: NODE.into(),
        jid: Jid::new(jid).unwrap(),
        subid: jid.into(),
        state: SubscriptionState::Subscribed,
        options: SubscriptionOptions::default(),
        expires: None,
    })
}

/// A site with a node to which users 1 and 3 are subscribed, and between them so many who are not there.
async fn site(absent: usize) -> Site {
    let node = NodeRecord {
        name: NODE.into(),
        creator: BareJid::new("4@localhost").unwrap(),
        created: jiff::Timestamp::UNIX_EPOCH,
        configuration: Configuration { persist_items: false, ..Configuration::default() },
    };
    let absent = (0..absent).map(|number| subscription(&format!("2-{number:05}@localhost")));
    let there = ["1@localhost", "3@localhost"].map(subscription);
    let records = [Record::Node(node)].into_iter().chain(there).chain(absent).collect();
    Site::remembering(Config::default(), Memory { records, keeper: None }).await
}

async fn announce(site: &Site, payload: &str) {
    site.service.publish(NODE.into(), payload.to_owned().into()).await;
}

#[tokio::test]
async fn an_own_event_comes_between_the_slices_of_a_broadcast() {
    let site = site(20 * DELIVERIES_PER_SLICE).await;
    let mut first = site.available("1", "desk").await;
    let mut last = site.available("3", "desk").await;
    // both are in the router's mailbox before it takes the first: this test runs on one thread
    announce(&site, "<news n='1'/>").await;
    site.publish("3", "<own/>").await;
    let seen = [last.next().await, last.next().await];
    assert!(seen[0].contains("<own/>") && seen[1].contains("<news n='1'/>"), "{seen:?}");
    assert!(first.next().await.contains("<news n='1'/>"));
    // of one node nothing overtakes
    for n in 2..5 {
        announce(&site, &format!("<news n='{n}'/>")).await;
    }
    for n in 2..5 {
        assert!(last.next().await.contains(&format!("n='{n}'")));
    }
}

#[tokio::test]
async fn who_does_not_read_delays_no_other_subscriber_of_the_same_node() {
    let site = site(0).await;
    let slow = site.available("1", "desk").await;
    let mut quick = site.available("3", "desk").await;
    let payload = "x".repeat(32 * 1024);
    let ended = "aplomb_notification_sessions_ended_total{transport=\"tcp\",reason=\"queue-overflow\"}";
    let mut count = 0;
    // each arrives before the next one is published, until so much waits for the other that its session ends
    while site.metric(ended) == 0 {
        count += 1;
        assert!(count < 10_000, "the slow one's queue has an end");
        announce(&site, &format!("<news n='{count}'>{payload}</news>")).await;
        assert!(quick.next().await.contains(&format!("<news n='{count}'>")));
    }
    drop(slow);
    announce(&site, "<news n='after'/>").await;
    assert!(quick.next().await.contains("<news n='after'/>"));
}

/// The latest presence of the web service that a client was told, and the elements before it.
async fn service_presence(client: &mut Client, type_: &str) -> Vec<String> {
    let mut before = Vec::new();
    loop {
        let element = client.next().await;
        if element.starts_with("<presence ") && element.contains("from=\"finesse@") {
            let told = if element.contains("type=\"unavailable\"") { "unavailable" } else { "available" };
            if told == type_ {
                return before;
            }
        }
        before.push(element);
    }
}

#[tokio::test]
async fn the_web_services_presence_reaches_everyone_and_lets_events_go_first() {
    let mut config = Config::default();
    config.limits = Limits { resources_per_user_max: 1_000, ..config.limits };
    let site = Site::start_with(config).await;
    let mut many = Vec::new();
    for n in 0..DELIVERIES_PER_SLICE + 30 {
        let mut client = site.bound("1", &format!("desk{n}")).await;
        client.send("<presence/>").await;
        many.push(client);
    }
    let mut last = site.available("2", "desk").await;
    site.service.set_service_presence(true).await;
    site.publish("2", "<own/>").await;
    let before = service_presence(&mut last, "available").await;
    assert!(before.len() == 1 && before[0].contains("<own/>"), "{before:?}");
    for client in &mut many {
        service_presence(client, "available").await;
    }
    // it changes again before all have heard of it: the latest counts
    for available in [false, true, false] {
        site.service.set_service_presence(available).await;
    }
    for client in many.iter_mut().chain([&mut last]) {
        service_presence(client, "unavailable").await;
    }
    let more = last.settled().await;
    assert!(more.is_empty(), "{more:?}");
}
