//! Fetching items (XEP-0060 §6.5), and their end by age.

use super::Service;
use crate::access;
use crate::expiry::Expiring;
use crate::items::Item;
use crate::limits::{ITEMS_ANSWER_BYTES_MAX, PAGE_MAX};
use crate::node::{Entry, Node};
use crate::record::Change;
use jid::BareJid;
use jiff::{SignedDuration, Timestamp};
use xmpp::payload::{self, Page, PubsubAnswer, ResultSet};
use xmpp::{Condition, StanzaError};

/// Which items are wanted.
pub(super) struct Wanted {
    pub(super) max_items: Option<u32>,
    pub(super) subid: Option<String>,
    pub(super) ids: Vec<String>,
    pub(super) set: Option<ResultSet>,
}

impl Service {
    pub(super) fn items(
        &self,
        user: &BareJid,
        name: String,
        wanted: Wanted,
    ) -> Result<PubsubAnswer, StanzaError> {
        let node = self.find(&name)?;
        access::to_read(&*self.policy, &name, node, user)?;
        check_subid(node, user, wanted.subid.as_deref())?;
        let made = node.made.as_ref().filter(|made| made.configuration.persist_items);
        let items = &made.ok_or_else(|| StanzaError::unsupported("persistent-items"))?.items;
        let (found, page) = if wanted.ids.is_empty() {
            let newest = wanted.max_items.map_or(items.len(), |max| max as usize);
            let candidates: Vec<&Item> = items.iter().skip(items.len().saturating_sub(newest)).collect();
            in_pages(candidates, wanted.set)?
        } else {
            let found: Vec<&Item> = wanted.ids.iter().filter_map(|id| items.get(id)).take(PAGE_MAX).collect();
            if found.is_empty() {
                return Err(Condition::ItemNotFound.into());
            }
            (found, None)
        };
        let outgoing = |item: &Item| payload::Item { id: item.id.clone(), payload: item.payload.clone() };
        Ok(PubsubAnswer::Items { node: name, items: found.into_iter().map(outgoing).collect(), page })
    }

    /// Sets the time at which a node's oldest item ends.
    pub(super) fn watch_items(&mut self, name: &str) {
        let Some(made) = self.nodes.get(name).and_then(|node| node.made.as_ref()) else { return };
        let (Some(secs), Some(oldest)) = (made.configuration.item_expire_secs, made.items.first()) else {
            return;
        };
        if let Ok(at) = oldest.published.checked_add(SignedDuration::from_secs(secs.into())) {
            self.expiries.set(at, Expiring::Items { node: name.to_owned() });
        }
    }

    /// Takes out the items that are too old.
    pub(super) fn expire_items(&mut self, now: Timestamp, name: &str) {
        let Some(made) = self.nodes.get_mut(name).and_then(|node| node.made.as_mut()) else { return };
        let Some(secs) = made.configuration.item_expire_secs else { return };
        let Ok(since) = now.checked_sub(SignedDuration::from_secs(secs.into())) else { return };
        let before = made.items.bytes();
        // one that was published exactly so long ago has had its time
        let since = since.checked_add(SignedDuration::from_nanos(1)).unwrap_or(since);
        let gone = made.items.keep_since(since);
        self.kept_bytes = self.kept_bytes - before + made.items.bytes();
        if !gone.is_empty() {
            self.changes.push_back(Change::ItemsRemoved { node: name.to_owned(), ids: gone });
        }
        self.watch_items(name);
    }
}

/// An answer has a bound: past it the newest are returned, with word of how many there are (XEP-0059 §2.1).
fn in_pages(items: Vec<&Item>, set: Option<ResultSet>) -> Result<(Vec<&Item>, Option<Page>), StanzaError> {
    let newest = newest_that_fit(&items);
    let asked = set.is_some();
    let last_page = ResultSet { before: Some(String::new()), ..ResultSet::default() };
    if !asked && newest == items.len() {
        return Ok((items, None));
    }
    let page_max = if asked { PAGE_MAX } else { newest };
    let (mut range, mut page) =
        set.unwrap_or(last_page).of(|at| items[at].id.as_str(), items.len(), page_max)?;
    let fit = newest_that_fit(&items[range.clone()]);
    if fit < range.len() {
        range.end = range.start + oldest_that_fit(&items[range.clone()]);
        page.ends = Some((items[range.start].id.clone(), items[range.end - 1].id.clone(), Some(range.start)));
    }
    Ok((items[range].to_vec(), Some(page)))
}

fn newest_that_fit(items: &[&Item]) -> usize {
    fit(items.iter().rev())
}

fn oldest_that_fit(items: &[&Item]) -> usize {
    fit(items.iter())
}

/// How many fit into one answer: one at least.
fn fit<'a>(items: impl Iterator<Item = &'a &'a Item>) -> usize {
    let mut bytes = 0;
    let fitting = items.take(PAGE_MAX).take_while(|item| {
        let first = bytes == 0;
        bytes += item.payload.len() + item.id.len() + 32;
        first || bytes <= ITEMS_ANSWER_BYTES_MAX
    });
    fitting.count()
}

/// Which of several subscriptions of one address asks (§6.5.9.1, §6.5.9.2).
fn check_subid(node: &Node, user: &BareJid, subid: Option<&str>) -> Result<(), StanzaError> {
    let entries: &[Entry] = node.subscribers.get(user).map_or(&[], |subscriber| &subscriber.explicit);
    let Some(subid) = subid else {
        let several =
            entries.iter().enumerate().any(|(at, entry)| entries[..at].iter().any(|e| e.jid == entry.jid));
        let required = StanzaError::pubsub(Condition::BadRequest, "subid-required");
        return if several { Err(required) } else { Ok(()) };
    };
    let known = entries.iter().any(|entry| entry.subid == subid);
    if known { Ok(()) } else { Err(StanzaError::pubsub(Condition::NotAcceptable, "invalid-subid")) }
}
