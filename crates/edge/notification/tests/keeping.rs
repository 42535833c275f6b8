//! What must survive a restart: answers wait until it is kept, events do not, and what cannot be kept is refused.

mod site;

use aplomb_notification::{Config, Keeper, Kept, Memory};
use pubsub::{Change, Record};
use site::{Client, Site};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;

const NODE: &str = "/shop/orders";

/// Keeps when the test says so.
#[derive(Default)]
struct Slow {
    is_full: AtomicBool,
    waiting: Mutex<Vec<(Vec<Change>, oneshot::Sender<bool>)>>,
}

impl Slow {
    /// Says of everything that waits whether it is kept: what it was.
    fn decide(&self, is_kept: bool) -> Vec<Change> {
        let waiting = std::mem::take(&mut *self.waiting.lock().expect("no test panics with it"));
        let decided = waiting.into_iter().flat_map(|(changes, done)| {
            let _ = done.send(is_kept);
            changes
        });
        decided.collect()
    }
}

impl Keeper for Slow {
    fn is_ready(&self) -> bool {
        !self.is_full.load(Ordering::Relaxed)
    }

    fn keep(&self, changes: Vec<Change>) -> Kept {
        let (done, kept) = oneshot::channel();
        self.waiting.lock().expect("no test panics with it").push((changes, done));
        Box::pin(async move { kept.await.unwrap_or(false) })
    }
}

async fn site(records: Vec<Record>) -> (Site, Arc<Slow>) {
    let keeper = Arc::new(Slow::default());
    let memory = Memory { records, keeper: Some(keeper.clone()) };
    (Site::remembering(Config::default(), memory).await, keeper)
}

fn pubsub(inner: &str) -> String {
    format!("<pubsub xmlns='http://jabber.org/protocol/pubsub'>{inner}</pubsub>")
}

fn publish(node: &str) -> String {
    pubsub(&format!("<publish node='{node}'><item id='i'><x xmlns='urn:x'/></item></publish>"))
}

async fn send(client: &mut Client, id: &str, inner: &str) {
    client.send(&format!("<iq type='set' id='{id}' to='pubsub.localhost'>{inner}</iq>")).await;
}

/// Asks for something that changes something, and lets it be kept.
async fn made(client: &mut Client, keeper: &Slow, inner: &str) -> Vec<Change> {
    send(client, "made", inner).await;
    assert!(client.settled().await.is_empty(), "the answer waits");
    let changes = keeper.decide(true);
    let answer = client.next().await;
    assert!(answer.contains("id=\"made\"") && answer.contains("type=\"result\""), "{answer}");
    changes
}

#[tokio::test]
async fn an_answer_waits_until_what_it_promises_is_kept_and_an_event_does_not() {
    let (site, keeper) = site(Vec::new()).await;
    let mut publisher = site.available("4", "shop").await;
    let mut reader = site.available("1", "desk").await;
    made(&mut publisher, &keeper, &pubsub(&format!("<create node='{NODE}'/>"))).await;
    made(&mut reader, &keeper, &pubsub(&format!("<subscribe node='{NODE}' jid='1@localhost'/>"))).await;
    send(&mut publisher, "p", &publish(NODE)).await;
    let event = reader.next().await;
    assert!(event.contains("<item id=\"i\">"), "{event}");
    assert!(publisher.settled().await.is_empty(), "the publisher is not told yet");
    let kept = keeper.decide(true);
    assert!(matches!(&kept[..], [Change::Put(Record::Item(item))] if item.id == "i"), "{kept:?}");
    assert!(publisher.next().await.contains("type=\"result\""));
}

#[tokio::test]
async fn what_turns_out_not_to_be_kept_is_an_error() {
    let (site, keeper) = site(Vec::new()).await;
    let mut publisher = site.available("4", "shop").await;
    send(&mut publisher, "c", &pubsub(&format!("<create node='{NODE}'/>"))).await;
    publisher.settled().await;
    keeper.decide(false);
    let answer = publisher.next().await;
    assert!(answer.contains("id=\"c\"") && answer.contains("<resource-constraint"), "{answer}");
}

#[tokio::test]
async fn while_nothing_can_be_kept_changes_are_refused_and_the_products_events_go_on() {
    let (site, keeper) = site(Vec::new()).await;
    let mut publisher = site.available("4", "shop").await;
    let mut agent = site.available("1", "desk").await;
    made(&mut publisher, &keeper, &pubsub(&format!("<create node='{NODE}'/>"))).await;
    keeper.is_full.store(true, Ordering::Relaxed);
    for refused in [
        publish(NODE),
        pubsub("<create node='other'/>"),
        pubsub(&format!("<subscribe node='{NODE}' jid='4@localhost'/>")),
    ] {
        let answer = publisher.ask("set", "pubsub.localhost", &refused).await;
        assert!(answer.contains("<resource-constraint") && answer.contains("type=\"wait\""), "{answer}");
        assert!(answer.contains("store takes no changes"), "{answer}");
    }
    assert_eq!(site.metric("aplomb_notification_refused_total{limit=\"store\"}"), 3);
    let items = pubsub(&format!("<items node='{NODE}'/>"));
    let answer = publisher.ask("get", "pubsub.localhost", &items).await;
    assert!(answer.contains("type=\"result\"") && !answer.contains("<item "), "nothing was done: {answer}");
    site.publish("1", "<notification/>").await;
    assert!(agent.next().await.contains("<notification"));
    keeper.is_full.store(false, Ordering::Relaxed);
    made(&mut publisher, &keeper, &publish(NODE)).await;
}

#[tokio::test]
async fn what_was_kept_is_there_at_the_next_start() {
    let (first, keeper) = site(Vec::new()).await;
    let mut publisher = first.available("4", "shop").await;
    let mut reader = first.available("1", "desk").await;
    let mut changes = made(&mut publisher, &keeper, &pubsub(&format!("<create node='{NODE}'/>"))).await;
    changes.extend(
        made(&mut reader, &keeper, &pubsub(&format!("<subscribe node='{NODE}' jid='1@localhost'/>"))).await,
    );
    changes.extend(made(&mut publisher, &keeper, &publish(NODE)).await);
    let records = changes.into_iter().filter_map(|change| match change {
        Change::Put(record) => Some(record),
        _ => None,
    });
    let (second, keeper) = site(records.collect()).await;
    let mut publisher = second.available("4", "shop").await;
    let mut reader = second.available("1", "desk").await;
    let items = pubsub(&format!("<items node='{NODE}'/>"));
    assert!(publisher.ask("get", "pubsub.localhost", &items).await.contains("<item id=\"i\""));
    send(&mut publisher, "again", &publish(NODE)).await;
    assert!(reader.next().await.contains("<item id=\"i\">"), "the subscription is there");
    keeper.decide(true);
}

#[tokio::test]
async fn a_node_that_is_being_deleted_takes_nothing_any_more() {
    let (site, keeper) = site(Vec::new()).await;
    let mut owner = site.available("4", "shop").await;
    let mut other = site.available("4", "other").await;
    owner.settled().await;
    let mut reader = site.available("1", "desk").await;
    made(&mut owner, &keeper, &pubsub(&format!("<create node='{NODE}'/>"))).await;
    made(&mut reader, &keeper, &pubsub(&format!("<subscribe node='{NODE}' jid='1@localhost'/>"))).await;
    send(&mut other, "before", &publish(NODE)).await;
    assert!(reader.next().await.contains("<item id=\"i\">"));
    let delete =
        format!("<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><delete node='{NODE}'/></pubsub>");
    send(&mut owner, "delete", &delete).await;
    assert!(reader.next().await.contains("<delete node="), "its subscribers have heard of the end");
    assert!(owner.settled().await.is_empty(), "its owner has not, until the disk has it");
    // a user who may not make it finds none; who may make it, makes another
    let refused = reader.ask("set", "pubsub.localhost", &publish(NODE)).await;
    assert!(refused.contains("<item-not-found "), "{refused}");
    for inner in ["<subscribe node='/shop/orders' jid='1@localhost'/>", "<items node='/shop/orders'/>"] {
        let type_ = if inner.contains("jid") { "set" } else { "get" };
        let refused = reader.ask(type_, "pubsub.localhost", &pubsub(inner)).await;
        assert!(refused.contains("<item-not-found "), "{refused}");
    }
    send(&mut other, "after", &publish(NODE)).await;
    assert!(other.settled().await.is_empty());
    // they become durable in this order: the item, the end, another node of this name with its item
    let kept = keeper.decide(true);
    let at = |wanted: fn(&Change) -> bool| kept.iter().rposition(wanted).expect("such a change");
    let deleted = at(|change| matches!(change, Change::NodeDeleted { .. }));
    assert!(at(|change| matches!(change, Change::Put(Record::Node(_)))) > deleted, "{kept:?}");
    assert!(matches!(&kept[0], Change::Put(Record::Item(_))), "{kept:?}");
    let answers = [other.next().await, other.next().await];
    assert!(answers.iter().all(|answer| answer.contains("type=\"result\"")), "{answers:?}");
    assert!(owner.next().await.contains("id=\"delete\""));
    assert_eq!(reader.settled().await, Vec::<String>::new(), "the subscription ended with its node");
}
