//! What is kept, and what becomes of it.

use crate::Ground;
use crate::records::{affiliation, item, keep, node, put, subscription, user};
use pubsub::limits::{AFFILIATE_BYTES_MAX, ITEM_ID_BYTES_MAX, NODE_BYTES_MAX};
use pubsub::{Affiliation, Change, Record};

fn everything() -> Vec<Record> {
    vec![
        node("/a"),
        node("/b"),
        affiliation("/a", "1001001", Affiliation::Owner),
        affiliation("/a", "1001002", Affiliation::PublishOnly),
        subscription("/a", "s1"),
        subscription("/b", "s1"),
        item("/a", "one", 1),
        item("/b", "one", 1),
        item("/b", "two", 2),
    ]
}

pub(crate) async fn what_was_kept_is_there_after_a_restart(ground: Ground) {
    let store = ground.open().await;
    assert_eq!(store.pubsub_records().await.unwrap(), []);
    put(&store, everything()).await;
    store.close().await;
    drop(store);
    assert_eq!(ground.open().await.pubsub_records().await.unwrap(), everything());
}

pub(crate) async fn a_change_applied_twice_changes_nothing(ground: Ground) {
    let store = ground.open().await;
    let changes: Vec<Change> = everything().into_iter().map(Change::Put).collect();
    let removals = [
        Change::AffiliationRemoved { node: "/a".into(), user: user("1001002") },
        Change::SubscriptionRemoved { node: "/a".into(), subid: "s1".into() },
        Change::ItemsRemoved { node: "/b".into(), ids: vec!["one".into(), "never".into()] },
        Change::NodeDeleted { node: "/never".into() },
        Change::Purged { node: "/never".into() },
    ];
    keep(&store, changes.iter().chain(&removals).cloned()).await;
    let once = store.pubsub_records().await.unwrap();
    assert_eq!(once.len(), 6, "{once:?}");
    keep(&store, changes.iter().chain(&removals).cloned()).await;
    keep(&store, removals).await;
    assert_eq!(store.pubsub_records().await.unwrap(), once);
}

pub(crate) async fn a_record_with_the_same_key_is_replaced(ground: Ground) {
    let store = ground.open().await;
    put(&store, everything()).await;
    let Record::Node(mut renamed) = node("/a") else { unreachable!() };
    renamed.configuration.title = "another".into();
    let Record::Subscription(mut taken) = subscription("/a", "s1") else { unreachable!() };
    (taken.state, taken.expires) = (pubsub::SubscriptionState::Subscribed, None);
    let Record::Item(mut anew) = item("/a", "one", 9) else { unreachable!() };
    (anew.publisher, anew.payload) = (None, Default::default());
    let replaced = [
        Record::Node(renamed),
        affiliation("/a", "1001002", Affiliation::Outcast),
        Record::Subscription(taken),
        Record::Item(anew),
    ];
    put(&store, replaced.clone()).await;
    let records = store.pubsub_records().await.unwrap();
    assert_eq!(records.len(), everything().len());
    for record in &replaced {
        assert!(records.contains(record), "{record:?} in {records:?}");
    }
}

pub(crate) async fn with_a_node_goes_everything_of_it_and_nothing_else(ground: Ground) {
    let store = ground.open().await;
    put(&store, everything()).await;
    keep(&store, [Change::NodeDeleted { node: "/a".into() }]).await;
    let left = [node("/b"), subscription("/b", "s1"), item("/b", "one", 1), item("/b", "two", 2)];
    assert_eq!(store.pubsub_records().await.unwrap(), left);
}

pub(crate) async fn items_come_back_in_the_order_of_their_numbers(ground: Ground) {
    let store = ground.open().await;
    let items = [item("/a", "c", 1), item("/a", "a", 2), item("/a", "b", 10), item("/b", "z", 1)];
    put(&store, [node("/a"), node("/b")].into_iter().chain(items.iter().rev().cloned())).await;
    assert_eq!(store.pubsub_records().await.unwrap()[2..], items);
}

pub(crate) async fn a_purge_takes_the_items_and_leaves_the_node(ground: Ground) {
    let store = ground.open().await;
    put(&store, [node("/b"), item("/b", "one", 1), item("/b", "two", 2), item("/c", "x", 1)]).await;
    keep(&store, [Change::Purged { node: "/b".into() }]).await;
    assert_eq!(store.pubsub_records().await.unwrap(), [node("/b"), item("/c", "x", 1)]);
}

pub(crate) async fn names_may_be_any_text(ground: Ground) {
    let store = ground.open().await;
    let longest = "é".repeat(NODE_BYTES_MAX / 2);
    let id = "ß".repeat(ITEM_ID_BYTES_MAX / 2);
    // differ by case, by a blank at the end, by composition: they are compared byte by byte
    let names =
        ["%_\\", "'; DROP TABLE pubsub_nodes; --", "A", "a", "a ", "e\u{301}", "é", "日本/語", &longest];
    let records = names.iter().flat_map(|name| [node(name), item(name, &id, 1), subscription(name, "$1 ?")]);
    let records: Vec<Record> = records.collect();
    put(&store, records.clone()).await;
    let found = store.pubsub_records().await.unwrap();
    assert_eq!(found.len(), records.len());
    for record in &records {
        assert!(found.contains(record), "{record:?}");
    }
    keep(&store, [Change::NodeDeleted { node: "%_\\".into() }, Change::NodeDeleted { node: "A".into() }])
        .await;
    assert_eq!(store.pubsub_records().await.unwrap().len(), records.len() - 6);
}

pub(crate) async fn changes_become_durable_in_the_order_in_which_they_were_given(ground: Ground) {
    let store = ground.open().await;
    let mut kept = Vec::new();
    for sequence in 1..=1_500 {
        kept.push(store.keep(vec![Change::Put(item("/a", "last", sequence))]));
        if sequence % 100 == 0 {
            kept.push(store.keep(vec![Change::Purged { node: "/a".into() }]));
        }
    }
    kept.push(store.keep(vec![Change::Put(item("/a", "last", 1_501))]));
    for kept in kept {
        kept.await.unwrap().unwrap();
    }
    assert_eq!(store.pubsub_records().await.unwrap(), [item("/a", "last", 1_501)]);
}

pub(crate) async fn a_subscription_needs_no_node(ground: Ground) {
    let store = ground.open().await;
    put(&store, [subscription("/finesse/api/User/1001001", "s1")]).await;
    assert_eq!(store.pubsub_records().await.unwrap(), [subscription("/finesse/api/User/1001001", "s1")]);
}

pub(crate) async fn the_longest_keys_that_publish_subscribe_lets_in_are_taken(ground: Ground) {
    let store = ground.open().await;
    // of characters that a database does not compress
    let text = |bytes: usize, seed: u64| -> String {
        let next = |state: u64| state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let states = std::iter::successors(Some(next(seed)), |state| Some(next(*state)));
        states.map(|state| char::from(b'a' + (state >> 40) as u8 % 26)).take(bytes).collect()
    };
    let name = text(NODE_BYTES_MAX, 1);
    let host = "@desk.example".len();
    let records = [
        node(&name),
        affiliation(&name, &text(AFFILIATE_BYTES_MAX - host, 2), Affiliation::Owner),
        item(&name, &text(ITEM_ID_BYTES_MAX, 3), 1),
    ];
    put(&store, records.clone()).await;
    assert_eq!(store.pubsub_records().await.unwrap(), records);
}
