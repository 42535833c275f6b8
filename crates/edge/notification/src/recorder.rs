//! The flight recorder: what last went to and fro in a session, without what was in it.
//!
//! Kept is when, which way, of what kind and how long: nothing that could be a password, a token or a number.

use std::time::{Duration, Instant};

/// What kind of request or answer it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// The request that made the session.
    Create,
    /// A BOSH request with nothing in it.
    Poll,
    /// A BOSH request with stanzas, or an element on a stream.
    Stanza,
    /// A request that repeats an earlier one.
    Repeat,
    /// The client opens its stream anew.
    Restart,
    /// The client asks for a pause.
    Pause,
    /// The client takes its leave.
    Terminate,
    /// The client reports an error.
    Error,
    /// An answer, empty if it is a few bytes long; or stanzas for the client.
    Answer,
    /// The connection of a request was gone before its answer.
    Cut,
}

impl Passing {
    /// Its name in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Poll => "poll",
            Self::Stanza => "stanza",
            Self::Repeat => "repeat",
            Self::Restart => "restart",
            Self::Pause => "pause",
            Self::Terminate => "terminate",
            Self::Error => "error",
            Self::Answer => "answer",
            Self::Cut => "cut",
        }
    }

    /// What a BOSH request is.
    pub(crate) fn of(body: &bosh::Body, is_repeat: bool) -> Self {
        match body.kind {
            _ if is_repeat => Self::Repeat,
            bosh::Kind::Terminate => Self::Terminate,
            bosh::Kind::Error => Self::Error,
            bosh::Kind::Ordinary if body.restart => Self::Restart,
            bosh::Kind::Ordinary if body.pause_secs.is_some() => Self::Pause,
            bosh::Kind::Ordinary if body.payload.is_empty() => Self::Poll,
            bosh::Kind::Ordinary => Self::Stanza,
        }
    }
}

/// One request or answer of the last minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// How long before the session's end.
    pub ago: Duration,
    /// From us, not from the client.
    pub to_client: bool,
    /// BOSH: the request id.
    pub rid: Option<u64>,
    /// What it was.
    pub what: Passing,
    /// Its length: of a BOSH request or answer the body, of anything else the element.
    pub bytes: u32,
}

/// Sixteen bytes for each.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Milliseconds since the session began: 49 days.
    at_ms: u32,
    bytes: u32,
    /// The last 32 bits of the request id.
    rid: u32,
    what: Passing,
    to_client: bool,
    has_rid: bool,
}

/// A ring that grows as it is used.
#[derive(Debug)]
pub(crate) struct Recorder {
    began: Instant,
    entries: Vec<Entry>,
    /// Where the oldest is, once the ring is full.
    next: u32,
    max: u32,
    /// The request id that the last 32 bits are to be completed from.
    rid: u64,
}

impl Recorder {
    /// Keeps the last `max`.
    pub(crate) fn new(began: Instant, max: usize) -> Self {
        Self { began, entries: Vec::new(), next: 0, max: u32::try_from(max).unwrap_or(u32::MAX), rid: 0 }
    }

    pub(crate) fn note(
        &mut self,
        now: Instant,
        to_client: bool,
        rid: Option<u64>,
        what: Passing,
        bytes: usize,
    ) {
        if self.max == 0 {
            return;
        }
        self.rid = rid.unwrap_or(self.rid);
        let at_ms = now.saturating_duration_since(self.began).as_millis();
        let entry = Entry {
            at_ms: u32::try_from(at_ms).unwrap_or(u32::MAX),
            bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
            rid: rid.unwrap_or_default() as u32,
            what,
            to_client,
            has_rid: rid.is_some(),
        };
        let max = self.max as usize;
        if self.entries.len() < max {
            if self.entries.len() == self.entries.capacity() {
                // doubled, but never beyond what is kept
                self.entries.reserve_exact(self.entries.len().max(4).min(max - self.entries.len()));
            }
            return self.entries.push(entry);
        }
        self.entries[self.next as usize] = entry;
        self.next = (self.next + 1) % self.max;
    }

    /// All that is kept, oldest first.
    pub(crate) fn all(&self, now: Instant) -> Vec<Passed> {
        let end_ms = now.saturating_duration_since(self.began).as_millis();
        let (newer, older) = self.entries.split_at(self.next as usize);
        let passed = |entry: &Entry| Passed {
            ago: Duration::from_millis(
                u64::try_from(end_ms.saturating_sub(u128::from(entry.at_ms))).unwrap_or(0),
            ),
            to_client: entry.to_client,
            rid: entry.has_rid.then(|| self.whole(entry.rid)),
            what: entry.what,
            bytes: entry.bytes,
        };
        older.iter().chain(newer).map(passed).collect()
    }

    /// The request id with these last bits that is nearest below the latest one, or a little above it.
    fn whole(&self, rid: u32) -> u64 {
        let behind = (self.rid as u32).wrapping_sub(rid);
        if behind < u32::MAX / 2 {
            self.rid.saturating_sub(u64::from(behind))
        } else {
            self.rid + u64::from(behind.wrapping_neg())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_kept_in_their_order() {
        let began = Instant::now();
        let mut recorder = Recorder::new(began, 5);
        for n in 0..12_u64 {
            let now = began + Duration::from_secs(n);
            recorder.note(now, n % 2 == 1, Some(1_000 + n), Passing::Poll, n as usize);
        }
        let all = recorder.all(began + Duration::from_secs(20));
        let rids: Vec<_> = all.iter().map(|passed| passed.rid.unwrap()).collect();
        assert_eq!(rids, [1_007, 1_008, 1_009, 1_010, 1_011]);
        assert_eq!((all[0].ago, all[0].to_client, all[0].bytes), (Duration::from_secs(13), true, 7));
        assert_eq!(recorder.entries.capacity(), 5);
    }

    #[test]
    fn a_request_id_is_whole_again_across_the_edge_of_its_bits() {
        let began = Instant::now();
        let mut recorder = Recorder::new(began, 8);
        let edge = 7 << 32;
        for rid in [edge - 2, edge - 1, edge, edge + 2, edge + 1] {
            recorder.note(began, false, Some(rid), Passing::Poll, 0);
        }
        let rids: Vec<_> = recorder.all(began).iter().map(|passed| passed.rid.unwrap()).collect();
        assert_eq!(rids, [edge - 2, edge - 1, edge, edge + 2, edge + 1]);
    }

    #[test]
    fn a_recorder_of_nothing_keeps_nothing_and_an_entry_is_small() {
        let mut recorder = Recorder::new(Instant::now(), 0);
        recorder.note(Instant::now(), true, None, Passing::Answer, 57);
        assert_eq!((recorder.all(Instant::now()).len(), recorder.entries.capacity()), (0, 0));
        assert!(size_of::<Entry>() <= 16, "{}", size_of::<Entry>());
    }
}
