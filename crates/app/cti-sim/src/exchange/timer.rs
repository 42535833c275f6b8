//! What will happen by itself.

use std::collections::BTreeMap;
use std::time::Instant;

/// What happens when the time has come, if it still makes sense then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Timer {
    /// The telephone has rung long enough. `since` is when it began to.
    RingsOut { call: u32, device: String, since: Instant },
    /// Somebody answers.
    Answers { call: u32, number: String },
    /// A caller has waited long enough for an answer.
    GivesUp { call: u32, number: String },
    /// Somebody hangs up.
    HangsUp { call: u32, number: String },
    /// A colleague puts a call on hold, or takes it back.
    Holds { call: u32, number: String },
    /// The time for wrap-up that began at `since` is over.
    WrapUpEnds { agent_id: String, since: Instant },
    /// A mobile agent takes the telephone off the hook that rings since then.
    TelephoneAnswers { agent_id: String, since: Instant },
    /// A mobile agent's telephone has rung long enough since then.
    TelephoneRingsOut { agent_id: String, since: Instant },
}

/// All of them, in the order of their times; those of one moment in the order in which they were set.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    queue: BTreeMap<(Instant, u64), Timer>,
    last: u64,
}

impl Timers {
    pub(crate) fn set(&mut self, at: Instant, timer: Timer) {
        self.last += 1;
        self.queue.insert((at, self.last), timer);
    }

    pub(crate) fn next(&self) -> Option<Instant> {
        self.queue.keys().next().map(|(at, _)| *at)
    }

    /// The next that is due.
    pub(crate) fn due(&mut self, now: Instant) -> Option<Timer> {
        let entry = self.queue.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(entry.remove())
    }
}
