//! Records to keep.

use jid::{BareJid, Jid};
use jiff::Timestamp;
use pubsub::{
    AccessModel, Affiliation, AffiliationRecord, Change, Configuration, ItemRecord, NodeRecord, Record,
    SubscriptionOptions, SubscriptionRecord, SubscriptionState,
};
use store::Store;

/// A moment that both databases keep exactly.
pub(crate) fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_790_000_000_000 + millis).unwrap()
}

pub(crate) fn user(name: &str) -> BareJid {
    BareJid::new(&format!("{name}@desk.example")).unwrap()
}

pub(crate) fn node(name: &str) -> Record {
    let configuration = Configuration {
        title: "Über „alles“\n".into(),
        access_model: AccessModel::Whitelist,
        max_items: 7,
        item_expire_secs: Some(90),
        ..Configuration::default()
    };
    let (creator, created) = (user("finesse"), moment(1));
    Record::Node(NodeRecord { name: name.into(), creator, created, configuration })
}

pub(crate) fn affiliation(node: &str, name: &str, affiliation: Affiliation) -> Record {
    Record::Affiliation(AffiliationRecord { node: node.into(), user: user(name), affiliation })
}

pub(crate) fn subscription(node: &str, subid: &str) -> Record {
    Record::Subscription(SubscriptionRecord {
        node: node.into(),
        jid: Jid::new("1001001@desk.example/Büro 1'\"").unwrap(),
        subid: subid.into(),
        state: SubscriptionState::Pending,
        options: SubscriptionOptions { deliver: false, ..SubscriptionOptions::default() },
        expires: Some(moment(99)),
    })
}

pub(crate) fn item(node: &str, id: &str, sequence: u64) -> Record {
    Record::Item(ItemRecord {
        node: node.into(),
        id: id.into(),
        publisher: Some(user("1001002")),
        payload: format!("<entry xmlns='urn:example'>{id} ✓</entry>").into_bytes().into(),
        sequence,
        published: moment(2),
    })
}

/// Keeps changes and waits until they are durable.
pub(crate) async fn keep(store: &Store, changes: impl IntoIterator<Item = Change>) {
    store.keep(changes.into_iter().collect()).await.unwrap().unwrap();
}

pub(crate) async fn put(store: &Store, records: impl IntoIterator<Item = Record>) {
    keep(store, records.into_iter().map(Change::Put)).await;
}
