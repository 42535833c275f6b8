//! What of publish-subscribe survives: [`::pubsub::Record`], one table for each kind.

use crate::StoreError;
use crate::link::{Link, Row, Value, values};
use ::pubsub::{
    Affiliation, AffiliationRecord, Change, ItemRecord, NodeRecord, Record, SubscriptionRecord,
    SubscriptionState,
};
use jid::{BareJid, Jid};
use jiff::Timestamp;

const PUT_NODE: &str = "INSERT INTO pubsub_nodes (name, creator, created, configuration) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (name) DO UPDATE SET creator = excluded.creator, created = excluded.created, \
     configuration = excluded.configuration";
const PUT_AFFILIATION: &str = "INSERT INTO pubsub_affiliations (node, jid, affiliation) VALUES ($1, $2, $3) \
     ON CONFLICT (node, jid) DO UPDATE SET affiliation = excluded.affiliation";
const PUT_SUBSCRIPTION: &str = "INSERT INTO pubsub_subscriptions (node, subid, jid, state, options, expires) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (node, subid) DO UPDATE SET jid = excluded.jid, \
     state = excluded.state, options = excluded.options, expires = excluded.expires";
const PUT_ITEM: &str = "INSERT INTO pubsub_items (node, id, publisher, payload, sequence, published) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (node, id) DO UPDATE SET publisher = excluded.publisher, \
     payload = excluded.payload, sequence = excluded.sequence, published = excluded.published";

/// With a node everything of it goes.
const DELETE_NODE: [&str; 4] = [
    "DELETE FROM pubsub_items WHERE node = $1",
    "DELETE FROM pubsub_subscriptions WHERE node = $1",
    "DELETE FROM pubsub_affiliations WHERE node = $1",
    "DELETE FROM pubsub_nodes WHERE name = $1",
];

/// Applies a change. The same one twice changes nothing.
pub(crate) async fn apply(link: &mut Link, change: &Change) -> Result<(), StoreError> {
    match change {
        Change::Put(record) => {
            let (sql, values) = put(record)?;
            link.run(sql, values).await?;
        }
        Change::NodeDeleted { node } => {
            for sql in DELETE_NODE {
                link.run(sql, values![node.as_str()]).await?;
            }
        }
        Change::AffiliationRemoved { node, user } => {
            let values = values![node.as_str(), user.as_str()];
            link.run("DELETE FROM pubsub_affiliations WHERE node = $1 AND jid = $2", values).await?;
        }
        Change::SubscriptionRemoved { node, subid } => {
            let values = values![node.as_str(), subid.as_str()];
            link.run("DELETE FROM pubsub_subscriptions WHERE node = $1 AND subid = $2", values).await?;
        }
        Change::ItemsRemoved { node, ids } => {
            for id in ids {
                let values = values![node.as_str(), id.as_str()];
                link.run("DELETE FROM pubsub_items WHERE node = $1 AND id = $2", values).await?;
            }
        }
        Change::Purged { node } => {
            link.run("DELETE FROM pubsub_items WHERE node = $1", values![node.as_str()]).await?;
        }
    }
    Ok(())
}

fn put(record: &Record) -> Result<(&'static str, Vec<Value>), StoreError> {
    Ok(match record {
        Record::Node(node) => {
            let configuration = text(&node.configuration)?;
            let created = node.created.as_millisecond();
            (PUT_NODE, values![node.name.as_str(), node.creator.as_str(), created, configuration])
        }
        Record::Affiliation(record) => {
            let word = record.affiliation.word();
            (PUT_AFFILIATION, values![record.node.as_str(), record.user.as_str(), word])
        }
        Record::Subscription(record) => {
            let expires = record.expires.map(Timestamp::as_millisecond);
            let (node, subid, jid) = (record.node.as_str(), record.subid.as_str(), record.jid.as_str());
            let values = values![node, subid, jid, record.state.word(), text(&record.options)?, expires];
            (PUT_SUBSCRIPTION, values)
        }
        Record::Item(item) => {
            let publisher = item.publisher.as_ref().map(|user| user.as_str().to_owned());
            let sequence = i64::try_from(item.sequence).unwrap_or(i64::MAX);
            let (node, id, published) = (item.node.as_str(), item.id.as_str(), item.published);
            let payload = item.payload.to_vec();
            (PUT_ITEM, values![node, id, publisher, payload, sequence, published.as_millisecond()])
        }
    })
}

/// Everything, nodes first and the items of a node in the order of their numbers.
pub(crate) async fn load(link: &mut Link) -> Result<Vec<Record>, StoreError> {
    let mut records = Vec::new();
    let mut take = |record: Result<Record, StoreError>| {
        records.push(record?);
        Ok(())
    };
    let nodes = "SELECT name, creator, created, configuration FROM pubsub_nodes ORDER BY name";
    link.each(nodes, Vec::new(), |row| take(node(&row))).await?;
    let affiliations = "SELECT node, jid, affiliation FROM pubsub_affiliations ORDER BY node, jid";
    link.each(affiliations, Vec::new(), |row| take(affiliation(&row))).await?;
    let subscriptions =
        "SELECT node, subid, jid, state, options, expires FROM pubsub_subscriptions ORDER BY node, subid";
    link.each(subscriptions, Vec::new(), |row| take(subscription(&row))).await?;
    let items =
        "SELECT node, id, publisher, payload, sequence, published FROM pubsub_items ORDER BY node, sequence";
    link.each(items, Vec::new(), |row| take(item(&row))).await?;
    Ok(records)
}

fn node(row: &Row) -> Result<Record, StoreError> {
    Ok(Record::Node(NodeRecord {
        name: row.get(0)?,
        creator: user(row, 1)?,
        created: time(row.get(2)?)?,
        configuration: read(&row.get::<String>(3)?)?,
    }))
}

fn affiliation(row: &Row) -> Result<Record, StoreError> {
    let affiliation = word(row, 2, Affiliation::from_word)?;
    Ok(Record::Affiliation(AffiliationRecord { node: row.get(0)?, user: user(row, 1)?, affiliation }))
}

fn subscription(row: &Row) -> Result<Record, StoreError> {
    Ok(Record::Subscription(SubscriptionRecord {
        node: row.get(0)?,
        subid: row.get(1)?,
        jid: Jid::new(&row.get::<String>(2)?).map_err(damaged)?,
        state: word(row, 3, SubscriptionState::from_word)?,
        options: read(&row.get::<String>(4)?)?,
        expires: row.get::<Option<i64>>(5)?.map(time).transpose()?,
    }))
}

fn item(row: &Row) -> Result<Record, StoreError> {
    let publisher: Option<String> = row.get(2)?;
    Ok(Record::Item(ItemRecord {
        node: row.get(0)?,
        id: row.get(1)?,
        publisher: publisher.map(|user| BareJid::new(&user).map_err(damaged)).transpose()?,
        payload: row.get::<Vec<u8>>(3)?.into(),
        sequence: row.count(4)?,
        published: time(row.get(5)?)?,
    }))
}

fn user(row: &Row, column: usize) -> Result<BareJid, StoreError> {
    BareJid::new(&row.get::<String>(column)?).map_err(damaged)
}

fn word<T>(row: &Row, column: usize, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let word: String = row.get(column)?;
    read(&word).ok_or_else(|| StoreError::Damaged(format!("an unknown word: {word}")))
}

fn time(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(damaged)
}

fn text(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(damaged)
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(damaged)
}

fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(error.to_string())
}
