//! Who else, and whether that is more than chance.
//!
//! Compared are last activities, never closing times: a server that looks for silent clients every so often closes
//! strangers in the same second.

use crate::case::Case;
use crate::evidence::{End, Fact, What};
use crate::incident::{Ended, ended};
use crate::limits::{CHANCE, OTHERS_MAX, TOGETHER};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Agents who fell silent at the same time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cohort {
    /// Who, the asked one not among them; at most [`OTHERS_MAX`].
    pub others: Vec<String>,
    /// How many they are.
    pub count: usize,
    /// How many others had a session then, and kept it.
    pub stayed: usize,
    /// How many would be expected in such a moment, by the rate of the whole time known.
    pub expected: f64,
    /// How likely so many are by chance.
    pub probability: f64,
    /// Less likely than [`CHANCE`].
    pub is_more_than_chance: bool,
    /// The network that all of them share with the asked one, when others elsewhere stayed.
    pub site: Option<String>,
    /// Their ends among the facts.
    pub(crate) places: Vec<usize>,
}

impl Cohort {
    pub(crate) fn of(case: &Case, own: Option<&Ended>) -> Self {
        let Some(own) = own else { return Self::default() };
        let is_other = |fact: &Fact| fact.of.as_deref().is_some_and(|of| of != case.subject);
        let ends: Vec<Ended> = case
            .facts
            .iter()
            .enumerate()
            .filter(|(_, fact)| is_other(fact))
            .filter_map(|(place, fact)| ended(place, fact))
            .filter(Ended::is_unwanted)
            .collect();
        let is_together = |ended: &&Ended| together(ended, own);
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for ended in ends.iter().filter(is_together) {
            found.entry(name(case, ended.place)).or_insert(ended.place);
        }
        let elsewhere = ends.iter().filter(|ended| !together(ended, own)).count();
        let expected = expected(case, elsewhere);
        let count = found.len();
        let probability = at_least(count, expected);
        let stayed: Vec<&str> =
            stayed(case, own).into_iter().filter(|user| !found.contains_key(user)).collect();
        Self {
            others: found.keys().take(OTHERS_MAX).map(|user| (*user).to_owned()).collect(),
            count,
            stayed: stayed.len(),
            expected,
            probability,
            is_more_than_chance: count > 0 && probability < CHANCE,
            site: site(case, own, &found, &stayed),
            places: found.into_values().collect(),
        }
    }
}

/// Silences by last activity; ends that the server made by their kind, when it made both in the same breath. An end that
/// a client brought about has no company.
fn together(one: &Ended, other: &Ended) -> bool {
    let is_close = |a: Timestamp, b: Timestamp| a.duration_since(b).abs() <= TOGETHER;
    match (one.end, other.end) {
        (End::Idle | End::Broken, End::Idle | End::Broken) => {
            is_close(one.last_activity, other.last_activity)
        }
        (End::Stopped | End::Died | End::Other, end) if end == one.end => is_close(one.at, other.at),
        _ => false,
    }
}

fn name(case: &Case, place: usize) -> &str {
    case.facts[place].of.as_deref().unwrap_or_default()
}

/// Ends in a window as long as [`TOGETHER`] is to both sides, if they came by the rate of all others. One end more
/// than were seen is assumed, so that a short journal proves nothing.
fn expected(case: &Case, elsewhere: usize) -> f64 {
    let first = case.facts.first().map(|fact| fact.at);
    let last = case.facts.last().map(|fact| fact.at);
    let known = first.zip(last).map_or(0.0, |(first, last)| last.duration_since(first).as_secs_f64());
    let window = 2.0 * TOGETHER.as_secs_f64();
    let rate = (elsewhere as f64 + 1.0) / known.max(60.0 * 60.0);
    rate * window
}

/// How likely `count` or more are, where `expected` are expected (Poisson).
fn at_least(count: usize, expected: f64) -> f64 {
    let mut term = (-expected).exp();
    let mut below = 0.0;
    for k in 0..count {
        below += term;
        term *= expected / (k + 1) as f64;
    }
    // the difference loses its last digits; the first term of the tail does not
    (1.0 - below).max(term).clamp(0.0, 1.0)
}

/// Other users whose session was open before the last activity and did not end with it.
fn stayed<'a>(case: &'a Case, own: &Ended) -> Vec<&'a str> {
    let mut open: BTreeMap<&str, Option<Timestamp>> = BTreeMap::new();
    for fact in &case.facts {
        let Some(user) = fact.of.as_deref().filter(|user| *user != case.subject) else { continue };
        match fact.what {
            What::SessionOpened { .. } if fact.at <= own.last_activity => {
                open.insert(user, None);
            }
            What::SessionEnded { .. } => {
                if let Some(end) = open.get_mut(user)
                    && end.is_none()
                {
                    *end = Some(fact.at);
                }
            }
            _ => {}
        }
    }
    let is_longer = |end: &Option<Timestamp>| end.is_none_or(|end| end > own.at);
    open.into_iter().filter(|(_, end)| is_longer(end)).map(|(user, _)| user).collect()
}

/// The network of them all, if it is one and not that of everybody who stayed.
fn site(case: &Case, own: &Ended, found: &BTreeMap<&str, usize>, stayed: &[&str]) -> Option<String> {
    let mut networks: BTreeMap<&str, String> = BTreeMap::new();
    for fact in case.facts.iter().filter(|fact| fact.at <= own.at) {
        if let (What::SessionOpened { address, .. }, Some(user)) = (&fact.what, fact.of.as_deref()) {
            networks.insert(user, network(address));
        }
    }
    let home = networks.get(case.subject.as_str())?.clone();
    let is_home = |user: &&str| networks.get(user) == Some(&home);
    let all = !found.is_empty() && found.keys().all(is_home);
    (all && !stayed.is_empty() && !stayed.iter().any(is_home)).then_some(home)
}

/// The first three numbers of an IPv4 address, the first four groups of an IPv6 one.
pub fn network(address: &str) -> String {
    match address.parse() {
        Ok(std::net::IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(std::net::IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_number_is_less_likely_than_a_common_one() {
        assert!((at_least(0, 0.5) - 1.0).abs() < 1e-9);
        assert!((at_least(1, 0.5) - (1.0 - (-0.5_f64).exp())).abs() < 1e-9);
        assert!(at_least(20, 0.001) < 1e-30 && at_least(20, 0.001) > 0.0);
        assert!(at_least(3, 1.0) > at_least(4, 1.0));
    }

    #[test]
    fn a_network_is_the_front_of_an_address() {
        assert_eq!(network("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("[odd"), "[odd");
    }
}
