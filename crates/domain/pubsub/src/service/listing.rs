//! The nodes that one finds by looking (XEP-0060 §5.2), a page at a time (XEP-0059): a page costs what is on it, not what
//! there is.

use super::{Service, name};
use crate::configuration::{AccessModel, Affiliation};
use crate::limits::PAGE_MAX;
use crate::user::User;
use jid::BareJid;
use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};
use xmpp::payload::{Page, ResultSet};
use xmpp::{Condition, StanzaError};

/// A node and its title.
type Titled<'a> = (&'a str, Option<&'a str>);

/// What one user finds: first the product's nodes, then those that were made, by name.
struct Listing<'a> {
    product: Vec<&'a str>,
    /// What everybody finds of those that were made.
    listed: &'a BTreeSet<String>,
    user: &'a User,
}

impl Service {
    /// The nodes that a user finds by looking, with their titles; without `set` all of a short list, and the first page of
    /// a long one.
    ///
    /// # Errors
    /// `item-not-found` when the node to go on from is not there (XEP-0059 §2.2).
    pub fn visible_nodes(
        &self,
        user: &BareJid,
        set: Option<&ResultSet>,
    ) -> Result<(Vec<Titled<'_>>, Option<Page>), StanzaError> {
        let nobody = User::default();
        let product = self.policy.visible_nodes(name(user));
        let product = product.iter().filter_map(|name| self.nodes.get_key_value(name));
        let product = product.filter(|(_, node)| node.made.is_none()).map(|(name, _)| name.as_str());
        let listing = Listing {
            product: product.collect(),
            listed: &self.listed,
            user: self.users.get(user).unwrap_or(&nobody),
        };
        let (names, page) = listing.page(set)?;
        // borrowed anew from the nodes: the listing ends here
        let names = names.into_iter().filter_map(|name| self.nodes.get_key_value(name));
        let titled = names.map(|(name, node)| {
            let title = node.configuration().title.as_str();
            (name.as_str(), Some(title).filter(|title| !title.is_empty()))
        });
        Ok((titled.collect(), page))
    }

    /// A node was made, or its access model may be another: who finds it?
    pub(super) fn list(&mut self, name: &str) {
        let Some(made) = self.nodes.get(name).and_then(|node| node.made.as_ref()) else { return };
        if made.configuration.access_model == AccessModel::Whitelist {
            self.listed.remove(name);
        } else {
            self.listed.insert(name.to_owned());
        }
        let users: Vec<BareJid> = made.affiliations.keys().cloned().collect();
        for user in users {
            self.list_for(name, &user);
        }
    }

    /// The same for one user, whose affiliation may be another: who is not on a node's list does not find it.
    pub(super) fn list_for(&mut self, name: &str, user: &BareJid) {
        let affiliation = self.nodes.get(name).map_or(Affiliation::None, |node| node.affiliation(user));
        let is_listed = self.listed.contains(name);
        let exception = match affiliation {
            Affiliation::None => None,
            Affiliation::Outcast => is_listed.then_some(false),
            _ => (!is_listed).then_some(true),
        };
        if let Some(known) = self.users.get_mut(user) {
            known.list(name, exception);
        }
    }
}

impl<'a> Listing<'a> {
    fn len(&self) -> usize {
        self.product.len() + self.listed.len() + self.user.shown.len() - self.user.hidden.len()
    }

    fn page(&self, set: Option<&ResultSet>) -> Result<(Vec<&'a str>, Option<Page>), StanzaError> {
        let count = self.len();
        if set.is_none() && count <= PAGE_MAX {
            return Ok((self.behind(None).collect(), None));
        }
        let first = ResultSet::default();
        let set = set.unwrap_or(&first);
        let max = set.max.unwrap_or(PAGE_MAX).min(PAGE_MAX);
        let (names, index) = match (set.after.as_deref(), set.before.as_deref(), set.index) {
            (Some(after), _, _) if !after.is_empty() => {
                (self.behind(Some(self.known(after)?)).take(max).collect::<Vec<_>>(), None)
            }
            (_, Some(before), _) => {
                let from = if before.is_empty() { None } else { Some(self.known(before)?) };
                let mut names: Vec<&str> = self.before(from).take(max).collect();
                names.reverse();
                let index = from.is_none().then(|| count - names.len());
                (names, index)
            }
            (_, _, Some(index)) if index > count => return Err(Condition::ItemNotFound.into()),
            (_, _, index) => {
                let index = index.unwrap_or(0);
                (self.behind(None).skip(index).take(max).collect(), Some(index))
            }
        };
        let ends = names.first().zip(names.last());
        let ends = ends.map(|(first, last)| ((*first).to_owned(), (*last).to_owned(), index));
        Ok((names, Some(Page { ends, count })))
    }

    /// A name that the user finds.
    fn known<'n>(&self, name: &'n str) -> Result<&'n str, StanzaError> {
        let is_made =
            self.user.shown.contains(name) || self.listed.contains(name) && !self.user.hidden.contains(name);
        let is_there = is_made || self.product.contains(&name);
        if is_there { Ok(name) } else { Err(Condition::ItemNotFound.into()) }
    }

    /// Those behind a name, or all.
    fn behind(&self, name: Option<&str>) -> impl Iterator<Item = &'a str> {
        let at = name.and_then(|name| self.product.iter().position(|known| *known == name));
        let skipped = match (name, at) {
            (None, _) => 0,
            (Some(_), Some(at)) => at + 1,
            // it is one of those that were made
            (Some(_), None) => self.product.len(),
        };
        let from = name.filter(|_| at.is_none()).map_or(Unbounded, Excluded);
        let all = self.listed.range::<str, _>((from, Unbounded)).map(String::as_str);
        let hidden = &self.user.hidden;
        let all = all.filter(|name| !hidden.contains(*name));
        let shown = self.user.shown.range::<str, _>((from, Unbounded)).map(String::as_str);
        self.product.clone().into_iter().skip(skipped).chain(merged(all, shown, |a, b| a < b))
    }

    /// Those before a name, or all, from the last one on.
    fn before(&self, name: Option<&str>) -> impl Iterator<Item = &'a str> {
        let at = name.and_then(|name| self.product.iter().position(|known| *known == name));
        let product = self.product[..at.unwrap_or(self.product.len())].to_vec();
        // of what comes before a node of the product, nothing was made
        let to = if at.is_some() { Excluded("") } else { name.map_or(Unbounded, Excluded) };
        let all = self.listed.range::<str, _>((Unbounded, to)).rev().map(String::as_str);
        let hidden = &self.user.hidden;
        let all = all.filter(|name| !hidden.contains(*name));
        let shown = self.user.shown.range::<str, _>((Unbounded, to)).rev().map(String::as_str);
        merged(all, shown, |a, b| a > b).chain(product.into_iter().rev())
    }
}

/// Two lists in order as one.
fn merged<'a>(
    one: impl Iterator<Item = &'a str>,
    other: impl Iterator<Item = &'a str>,
    goes_first: impl Fn(&str, &str) -> bool,
) -> impl Iterator<Item = &'a str> {
    let (mut one, mut other) = (one.peekable(), other.peekable());
    std::iter::from_fn(move || match (one.peek(), other.peek()) {
        (Some(a), Some(b)) if goes_first(b, a) => other.next(),
        (Some(_), _) => one.next(),
        (None, _) => other.next(),
    })
}
