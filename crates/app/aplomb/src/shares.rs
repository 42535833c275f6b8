//! Whether the agents of one network, or those with one version of a browser, lose more sessions than their share.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What was lost in this time is looked at together.
const WINDOW: Duration = Duration::from_secs(600);

/// Losses in the window; of more, the newest.
const LOST_MAX: usize = 4_096;

/// Sessions that are known; those above are left out of the sum.
const OPEN_MAX: usize = 65_536;

/// Fewer losses prove nothing.
const LEAST: usize = 5;

/// How rare a share must be by chance. Each loss asks anew, so it is smaller than for a single question.
const CHANCE: f64 = 1e-4;

/// The networks and browsers of sessions, open and lost.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    open: HashMap<String, Groups>,
    lost: VecDeque<(Instant, Groups)>,
    /// How many are in each group, so that ten thousand losses at once are not ten thousand looks at all sessions.
    sites: HashMap<String, Tally>,
    browsers: HashMap<String, Tally>,
}

/// Sessions of one group. A group without any is not kept.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    open: usize,
    lost: usize,
}

/// What a session has in common with others.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Groups {
    site: String,
    browser: String,
}

/// A group that lost more than its share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unequal {
    Site(String, usize),
    Browser(String, usize),
}

impl Shares {
    /// A session began. `browser`: name and version, as in `Chrome 129`; empty when it is not known.
    pub(crate) fn opened(&mut self, session: String, address: SocketAddr, browser: String) {
        if self.open.len() < OPEN_MAX {
            self.left(&session);
            let groups = Groups { site: diag::network(&address.ip().to_string()), browser };
            self.tally(&groups, |tally| tally.open += 1);
            self.open.insert(session, groups);
        }
    }

    /// It ended as somebody wished.
    pub(crate) fn left(&mut self, session: &str) {
        if let Some(groups) = self.open.remove(session) {
            self.tally(&groups, |tally| tally.open -= 1);
        }
    }

    /// It was lost. What comes back had more than its share of the losses with it.
    pub(crate) fn lost(&mut self, now: Instant, session: &str) -> Vec<Unequal> {
        let Some(own) = self.open.remove(session) else { return Vec::new() };
        self.forget(now);
        self.tally(&own, |tally| {
            tally.open -= 1;
            tally.lost += 1;
        });
        self.lost.push_back((now, own.clone()));
        let site = self.unequal(self.sites.get(&own.site));
        let browser = self.unequal(self.browsers.get(&own.browser)).filter(|_| !own.browser.is_empty());
        let site = site.map(|lost| Unequal::Site(own.site.clone(), lost));
        site.into_iter().chain(browser.map(|lost| Unequal::Browser(own.browser, lost))).collect()
    }

    /// Forgets the losses before the window, and the oldest if there is no room for one more.
    fn forget(&mut self, now: Instant) {
        while let Some((at, _)) = self.lost.front() {
            if self.lost.len() < LOST_MAX && now.saturating_duration_since(*at) <= WINDOW {
                return;
            }
            if let Some((_, groups)) = self.lost.pop_front() {
                self.tally(&groups, |tally| tally.lost -= 1);
            }
        }
    }

    fn tally(&mut self, groups: &Groups, count: impl Fn(&mut Tally)) {
        for (all, group) in [(&mut self.sites, &groups.site), (&mut self.browsers, &groups.browser)] {
            let tally = all.entry(group.clone()).or_default();
            count(tally);
            if tally.open + tally.lost == 0 {
                all.remove(group);
            }
        }
    }

    /// How many sessions of a group were lost, if they are more than chance would take.
    fn unequal(&self, group: Option<&Tally>) -> Option<usize> {
        let Tally { open, lost } = group.copied().filter(|tally| tally.lost >= LEAST)?;
        // of all sessions that could have been lost
        let share = (open + lost) as f64 / (self.open.len() + self.lost.len()) as f64;
        (at_least(lost, self.lost.len(), share) < CHANCE).then_some(lost)
    }
}

/// How likely `count` or more of `all` are, if each is with probability `share` (binomial).
fn at_least(count: usize, all: usize, share: f64) -> f64 {
    if share >= 1.0 || count == 0 {
        return 1.0;
    }
    let (n, k) = (all as f64, count as f64);
    let choose: f64 = (1..=count).map(|i| ((n - k + i as f64) / i as f64).ln()).sum();
    let mut term = (choose + k * share.ln() + (n - k) * (1.0 - share).ln()).exp();
    let mut sum = 0.0;
    for i in count..=all {
        sum += term;
        term *= (all - i) as f64 / (i + 1) as f64 * share / (1.0 - share);
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sessions at two sites, 40 and 60; browsers alternate.
    fn floor() -> Shares {
        let mut shares = Shares::default();
        for n in 0..100_u8 {
            let site = if n < 40 { 1 } else { 2 };
            let browser = if n % 2 == 0 { "Chrome 129" } else { "Firefox 140" };
            shares.opened(n.to_string(), SocketAddr::from(([192, 0, site, n], 4_000)), browser.into());
        }
        shares
    }

    fn lose(shares: &mut Shares, sessions: impl IntoIterator<Item = u8>) -> Vec<Unequal> {
        let now = Instant::now();
        sessions.into_iter().flat_map(|n| shares.lost(now, &n.to_string())).collect()
    }

    #[test]
    fn a_site_that_loses_alone_is_named_and_its_browsers_are_not() {
        let found = lose(&mut floor(), 0..14);
        assert!(found.contains(&Unequal::Site("192.0.1.0/24".into(), 14)), "{found:?}");
        assert!(!found.iter().any(|one| matches!(one, Unequal::Browser(..))), "{found:?}");
    }

    #[test]
    fn a_browser_that_loses_alone_is_named_and_its_sites_are_not() {
        let found = lose(&mut floor(), (30..62).step_by(2));
        assert!(found.contains(&Unequal::Browser("Chrome 129".into(), 16)), "{found:?}");
        assert!(!found.iter().any(|one| matches!(one, Unequal::Site(..))), "{found:?}");
    }

    #[test]
    fn a_server_that_loses_everybody_blames_nobody() {
        assert_eq!(lose(&mut floor(), (0..100_u32).map(|n| (n * 37 % 100) as u8)), []);
    }

    #[test]
    fn a_few_prove_nothing_and_a_site_alone_in_the_world_neither() {
        assert_eq!(lose(&mut floor(), 0..4), []);
        let mut alone = Shares::default();
        for n in 0..50_u8 {
            alone.opened(n.to_string(), SocketAddr::from(([192, 0, 2, n], 1)), "Edge 130".into());
        }
        assert_eq!(lose(&mut alone, 0..50), []);
    }

    #[test]
    fn losses_of_another_hour_do_not_count() {
        let mut shares = floor();
        let now = Instant::now();
        for n in 0..7_u8 {
            shares.lost(now, &n.to_string());
        }
        let later = now + WINDOW + Duration::from_secs(1);
        assert_eq!((7..11_u8).flat_map(|n| shares.lost(later, &n.to_string())).count(), 0);
    }

    #[test]
    fn groups_without_sessions_are_not_kept() {
        let mut shares = floor();
        lose(&mut shares, 0..50);
        for n in 50..100_u8 {
            shares.left(&n.to_string());
        }
        assert_eq!((shares.sites.len(), shares.browsers.len()), (2, 2));
        shares.forget(Instant::now() + WINDOW + Duration::from_secs(1));
        assert!(
            shares.sites.is_empty() && shares.browsers.is_empty() && shares.lost.is_empty(),
            "{shares:?}"
        );
    }

    #[test]
    fn the_binomial_tail_is_right() {
        assert!((at_least(1, 2, 0.5) - 0.75).abs() < 1e-12);
        assert!((at_least(3, 3, 0.1) - 0.001).abs() < 1e-12);
        assert!(at_least(400, 4_096, 0.01) < 1e-100);
    }
}
