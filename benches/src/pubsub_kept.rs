//! What publish-subscribe keeps in memory: nodes, subscriptions, items.

use anyhow::{Context, Result, ensure};
use jid::{FullJid, Jid};
use jiff::Timestamp;
use pubsub::{Ids, Policy, PubsubAnswer, PubsubRequest, Service};
use xmpp::payload::{Publication, Submitted};

/// Bytes of an item's payload, which its memory is told without.
pub const PAYLOAD_BYTES: usize = 1_024;

/// Items of one node.
const ITEMS_PER_NODE: usize = 1_000;

/// Everybody may do everything; each user has one default node.
struct Anything;

impl Policy for Anything {
    fn may_subscribe(&self, _: &str, _: &str) -> bool {
        true
    }
    fn default_nodes(&self, user: &str) -> Vec<String> {
        vec![node(user)]
    }
    fn may_publish(&self, _: &str) -> bool {
        true
    }
    fn visible_nodes(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

/// A kind of thing that is kept.
pub struct Kind {
    /// For people.
    pub name: &'static str,
    /// Bytes of each that are no overhead: its payload.
    pub payload_bytes: usize,
    /// Makes a service in which there is everything that so many of them need.
    pub prepare: fn(usize) -> Result<Service>,
    /// Adds one.
    pub add: fn(&mut Service, usize) -> Result<()>,
}

/// All kinds.
pub const ALL: [Kind; 6] = [
    Kind { name: "a node of the product", payload_bytes: 0, prepare: empty, add: add_product_node },
    Kind { name: "a node that somebody made", payload_bytes: 0, prepare: empty, add: add_made_node },
    Kind {
        name: "a default subscription, and its user",
        payload_bytes: 0,
        prepare: products,
        add: add_default,
    },
    Kind { name: "a subscription, and its user", payload_bytes: 0, prepare: products, add: add_subscription },
    Kind { name: "one more subscription of a user", payload_bytes: 0, prepare: products, add: add_own },
    Kind {
        name: "an item of 1 KiB, its payload excluded",
        payload_bytes: PAYLOAD_BYTES,
        prepare: keeping,
        add: add_item,
    },
];

fn node(user: &str) -> String {
    format!("/finesse/api/User/{user}")
}

fn user(number: usize) -> Result<Jid> {
    Ok(FullJid::new(&format!("{}@cc.example/desktop", 1_001_001 + number))?.into())
}

fn name(number: usize) -> String {
    node(&(1_001_001 + number).to_string())
}

fn empty(_: usize) -> Result<Service> {
    Ok(Service::new(
        "pubsub.cc.example",
        Box::new(Anything),
        Ids::new("00000000-0000-4000-8000-000000000000", 1),
    ))
}

fn products(count: usize) -> Result<Service> {
    let mut service = empty(count)?;
    (0..count).try_for_each(|number| add_product_node(&mut service, number))?;
    Ok(service)
}

/// Nodes that keep items and tell nobody: what is told is kept for a while as well.
fn keeping(count: usize) -> Result<Service> {
    let mut service = empty(count)?;
    let fields = [("pubsub#deliver_notifications", "0"), ("pubsub#max_items", "max")];
    let fields = fields.map(|(var, value)| (var.to_owned(), vec![value.to_owned()]));
    for number in 0..count.div_ceil(ITEMS_PER_NODE) {
        let configuration = Some(Submitted { form_type: None, fields: fields.clone().into() });
        ask(&mut service, 0, PubsubRequest::Create { node: Some(name(number)), configuration })?;
    }
    Ok(service)
}

fn ask(service: &mut Service, asker: usize, request: PubsubRequest) -> Result<PubsubAnswer> {
    let answer = service.handle_request(Timestamp::UNIX_EPOCH, &user(asker)?, request);
    let answer = answer.map_err(|error| anyhow::anyhow!("refused: {error:?}"))?;
    // nothing of it stays where it would be counted
    while service.poll_change().is_some() {}
    while service.poll_delivery().is_some() {}
    Ok(answer)
}

fn add_product_node(service: &mut Service, number: usize) -> Result<()> {
    service.create(&name(number)).map_err(|error| anyhow::anyhow!("no node: {error:?}"))
}

fn add_made_node(service: &mut Service, number: usize) -> Result<()> {
    ask(service, 0, PubsubRequest::Create { node: Some(name(number)), configuration: None }).map(drop)
}

fn add_default(service: &mut Service, number: usize) -> Result<()> {
    service.make_defaults(&user(number)?.to_bare());
    Ok(())
}

fn add_subscription(service: &mut Service, number: usize) -> Result<()> {
    let jid = user(number)?.to_bare().into();
    ask(service, number, PubsubRequest::Subscribe { node: name(number), jid, options: None }).map(drop)
}

/// A user may have a thousand in all.
fn add_own(service: &mut Service, number: usize) -> Result<()> {
    let asker = number / 1_000;
    let jid = user(asker)?.to_bare().into();
    ask(service, asker, PubsubRequest::Subscribe { node: name(number), jid, options: None }).map(drop)
}

fn add_item(service: &mut Service, number: usize) -> Result<()> {
    let payload = vec![b'x'; PAYLOAD_BYTES];
    let item = Some(Publication { id: None, payload: Some((payload.into(), String::new())) });
    let node = name(number / ITEMS_PER_NODE);
    let answer = ask(service, 0, PubsubRequest::Publish { node, item, options: None })?;
    let PubsubAnswer::Published { id, .. } = answer else { anyhow::bail!("not published") };
    ensure!(!id.context("an id")?.is_empty(), "an item has an id");
    Ok(())
}
