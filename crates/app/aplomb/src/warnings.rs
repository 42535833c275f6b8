//! What may end in disconnections, told before it does: as a metric, a line in the log, and a line on the supervisors' page.

mod sentence;

use diag::{Language, shown};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use sentence::sentence;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Warnings that are kept; the oldest goes. A page shows a few of them.
const KEPT_MAX: usize = 256;

/// Warnings of one document.
const TOLD_MAX: usize = 50;

/// The same again within this time is the same warning, and makes no second line in the log.
const SAME_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// Older ones are not shown.
const SHOWN_FOR: SignedDuration = SignedDuration::from_hours(1);

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A poll came almost too late. Amount: the milliseconds without one.
    LatePoll,
    /// A computer's clock is wrong. Milliseconds, ahead of the server's if positive.
    Drift,
    /// More and more waits for a client. Stanzas.
    Backlog,
    /// The server stood still. Milliseconds.
    Stalled,
    /// The server's clock jumped. Milliseconds.
    ClockStep,
    /// The server's certificate ends soon. Days left; negative when it has ended.
    Certificate,
    /// The disk of the data directory has little room left. Mebibytes.
    Disk,
    /// Connections wait to be accepted. How many.
    AcceptQueue,
    /// The system gave a listener no connection. Times.
    AcceptFailed,
    /// What must survive a restart is not kept: 1 while it is tried again, 2 when it is given up.
    Store,
    /// The agents of one network lose more sessions than others. Sessions lost.
    Site,
    /// Those with one version of a browser do. Sessions lost.
    Browser,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::LatePoll => "late-poll",
            Self::Drift => "drift",
            Self::Backlog => "backlog",
            Self::Stalled => "stalled",
            Self::ClockStep => "clock-step",
            Self::Certificate => "certificate",
            Self::Disk => "disk",
            Self::AcceptQueue => "accept-queue",
            Self::AcceptFailed => "accept-failed",
            Self::Store => "store",
            Self::Site => "site",
            Self::Browser => "browser",
        }
    }
}

/// One warning.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Warning {
    at: Timestamp,
    kind: Kind,
    /// Whom it is about; the server or many, if nobody.
    agent: Option<String>,
    /// Which network, browser, listener.
    what: String,
    amount: i64,
    times: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Label {
    kind: &'static str,
}

/// Takes and keeps warnings. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Warnings {
    kept: Arc<Mutex<VecDeque<Warning>>>,
    raised: Family<Label, Counter>,
}

impl Warnings {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let warnings = Self::default();
        let help = "Signs that agents may be disconnected soon, by kind";
        registry.register("aplomb_warnings", help, warnings.raised.clone());
        warnings
    }

    /// Something that an agent's connection may be lost by.
    pub(crate) fn of_agent(&self, at: Timestamp, kind: Kind, agent: &str, amount: i64) {
        self.raise(Warning { at, kind, agent: Some(agent.into()), what: String::new(), amount, times: 1 });
    }

    /// Something that many may be. `what`: the network, the browser, the listener.
    pub(crate) fn of_many(&self, at: Timestamp, kind: Kind, what: &str, amount: i64) {
        self.raise(Warning { at, kind, agent: None, what: what.into(), amount, times: 1 });
    }

    fn raise(&self, mut warning: Warning) {
        self.raised.get_or_create(&Label { kind: warning.kind.name() }).inc();
        // a panic while holding the lock leaves whole warnings behind
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |other: &Warning| {
            (other.kind, &other.agent, &other.what) == (warning.kind, &warning.agent, &warning.what)
                && warning.at.duration_since(other.at).abs() <= SAME_WITHIN
        };
        match kept.iter().position(is_same).and_then(|at| kept.remove(at)) {
            Some(same) => warning.times = same.times.saturating_add(1),
            None => {
                let (agent, text) = (warning.agent.as_deref().map(shown), warning.text(Language::English));
                tracing::warn!(kind = warning.kind.name(), agent, "{text}");
            }
        }
        if kept.len() == KEPT_MAX {
            kept.pop_front();
        }
        kept.push_back(warning);
    }

    /// The warnings of the last hour, newest first: of the server, of many, and of agents who may be named.
    pub(crate) fn document(
        &self,
        language: Language,
        zone: &TimeZone,
        may_name: impl Fn(&str) -> bool,
    ) -> String {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Timestamp::now();
        let is_told = |warning: &&Warning| {
            now.duration_since(warning.at) <= SHOWN_FOR && warning.agent.as_deref().is_none_or(&may_name)
        };
        let told = kept.iter().rev().filter(is_told).take(TOLD_MAX);
        let warnings: Vec<Value> = told.map(|warning| warning.document(language, zone)).collect();
        json!({ "version": 1, "warnings": warnings }).to_string()
    }
}

impl Warning {
    fn document(&self, language: Language, zone: &TimeZone) -> Value {
        let at = self.at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string();
        json!({ "at": at, "kind": self.kind.name(), "agent": self.agent, "times": self.times,
                "text": self.text(language) })
    }

    /// A sentence, without the agent.
    fn text(&self, language: Language) -> String {
        let (en, ja) = sentence(self.kind, self.amount, &shown(&self.what));
        if language == Language::Japanese { ja } else { en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(warnings: &Warnings, may_name: impl Fn(&str) -> bool) -> Vec<Value> {
        let text = warnings.document(Language::English, &TimeZone::UTC, may_name);
        serde_json::from_str::<Value>(&text).unwrap()["warnings"].as_array().unwrap().clone()
    }

    #[test]
    fn the_same_again_is_one_line_with_a_count() {
        let warnings = Warnings::default();
        let now = Timestamp::now();
        for ms in [41_000, 42_000, 43_000] {
            warnings.of_agent(now, Kind::LatePoll, "1001004", ms);
        }
        warnings.of_agent(now, Kind::LatePoll, "1001005", 41_000);
        let lines = told(&warnings, |_| true);
        assert_eq!(lines.len(), 2);
        assert_eq!((&lines[1]["times"], &lines[1]["agent"]), (&json!(3), &json!("1001004")));
        assert_eq!(lines[1]["text"], "No poll came for 43.0 s: the next one may be too late.");
    }

    #[test]
    fn who_may_not_be_named_is_not_and_the_server_is_everybodys() {
        let warnings = Warnings::default();
        warnings.of_agent(Timestamp::now(), Kind::Drift, "1001004", -5_000);
        warnings.of_many(Timestamp::now(), Kind::Certificate, "", 3);
        let lines = told(&warnings, |agent| agent == "1001009");
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["text"], "The server's certificate ends in 3 days.");
    }

    #[test]
    fn only_so_many_are_kept_and_a_clock_set_back_loses_none() {
        let warnings = Warnings::default();
        let later = Timestamp::now() + SignedDuration::from_hours(5);
        for n in 0..2 * KEPT_MAX {
            warnings.of_agent(later, Kind::LatePoll, &n.to_string(), 1);
        }
        assert_eq!(warnings.kept.lock().unwrap().len(), KEPT_MAX);
        assert_eq!(told(&warnings, |_| true).len(), TOLD_MAX);
    }

    #[test]
    fn what_a_client_calls_itself_is_shown_without_its_control_characters() {
        let warnings = Warnings::default();
        warnings.of_many(Timestamp::now(), Kind::Browser, "evil\u{1b}[2J\n\u{202e}", 7);
        let text = told(&warnings, |_| true)[0]["text"].as_str().unwrap().to_owned();
        assert!(
            text.starts_with("evil") && text.chars().all(|c| !c.is_control() && c != '\u{202e}'),
            "{text}"
        );
    }
}
