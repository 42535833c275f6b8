//! Cases made by hand: seconds on an axis, at which things are seen.

use aplomb_diag::{Case, End, Fact, Sight, Watch, What};
use jiff::{SignedDuration, Timestamp};

pub(crate) const AGENT: &str = "1001003";

/// Everything that can be looked at.
pub(crate) const EVERYWHERE: [Sight; 16] = [
    Sight::Sessions,
    Sight::Requests,
    Sight::SignIns,
    Sight::Page,
    Sight::Fetches,
    Sight::Path,
    Sight::Rest,
    Sight::Payloads,
    Sight::Service,
    Sight::Pulse,
    Sight::Clock,
    Sight::Listeners,
    Sight::Cti,
    Sight::PhoneSystem,
    Sight::Disk,
    Sight::Administration,
];

/// What a server without a desktop's probe can look at.
pub(crate) const SERVER_ONLY: [Sight; 8] = [
    Sight::Sessions,
    Sight::Requests,
    Sight::SignIns,
    Sight::Rest,
    Sight::Service,
    Sight::Pulse,
    Sight::Clock,
    Sight::Cti,
];

pub(crate) fn at(secs: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + secs).unwrap()
}

pub(crate) struct World(pub(crate) Case);

impl World {
    /// An hour in which these things were looked at.
    pub(crate) fn watched(sights: &[Sight]) -> Self {
        let mut case = Case::new(AGENT, None);
        let watch = |sight: &Sight| Watch { sight: *sight, from: at(-7_200), to: at(7_200), of: None };
        case.watches = sights.iter().map(watch).collect();
        Self(case)
    }

    pub(crate) fn of(mut self, user: Option<&str>, secs: i64, what: What) -> Self {
        let session = user.map(|user| format!("session of {user}"));
        let source = "made".to_owned();
        self.0.facts.push(Fact { at: at(secs), of: user.map(str::to_owned), session, source, what });
        self.0.order();
        self
    }

    pub(crate) fn agent(self, secs: i64, what: What) -> Self {
        self.of(Some(AGENT), secs, what)
    }

    pub(crate) fn server(self, secs: i64, what: What) -> Self {
        self.of(None, secs, what)
    }

    pub(crate) fn opened(self, user: &str, secs: i64, address: &str) -> Self {
        let opened = What::SessionOpened {
            transport: "bosh".into(),
            address: address.into(),
            client: Some("Mozilla/5.0".into()),
            inactivity_ms: Some(60_000),
        };
        self.of(Some(user), secs, opened)
    }

    /// The agent's session, an hour old, ends so.
    pub(crate) fn ended(self, secs: i64, end: End, silent_secs: u64) -> Self {
        self.opened(AGENT, -3_600, "192.0.2.7").agent(secs, end_of(end, silent_secs))
    }

    pub(crate) fn back(self, secs: i64) -> Self {
        self.opened(AGENT, secs, "192.0.2.7")
    }
}

pub(crate) fn end_of(end: End, silent_secs: u64) -> What {
    What::SessionEnded { end, silent_ms: silent_secs * 1_000, longest_gap_ms: Some(80), steady: false }
}

pub(crate) fn minutes(count: i64) -> i64 {
    SignedDuration::from_mins(count).as_secs()
}
