//! The latest events of every node, by number: what a subscriber that was away may still get.
//!
//! A node numbers its events from 1 on; an item that nobody is told of takes a number, too. Numbers hold within an *epoch*, which is one life of a node in
//! one run of the server: what was delivered before a crash need not be on disk, so numbers of another epoch say
//! nothing. Whoever saw number `n` of this epoch has missed exactly the events from `n + 1` on.

use crate::limits::{LOG_BYTES_MAX, LOG_EVENTS_MAX, LOG_EVENTS_PER_NODE_MAX};
use bytes::Bytes;
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;

/// A node's life, unique in one run of the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Life(u64);

impl fmt::Display for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One event, as every subscriber gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number in the node.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// The message after its start tag.
    pub tail: Bytes,
}

/// Some of what was missed is not kept any more, or was never there: only the present state helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

/// Events of all nodes, the oldest of which give way to newer ones of any node.
#[derive(Debug, Default)]
pub(crate) struct Log {
    lives: u64,
    rings: BTreeMap<Life, VecDeque<Event>>,
    /// Every event in the order in which it came; some have left their ring since.
    order: VecDeque<(Life, u64)>,
    bytes: usize,
}

impl Log {
    /// A new node.
    pub(crate) fn begin(&mut self) -> Life {
        self.lives += 1;
        Life(self.lives)
    }

    /// A node is no more.
    pub(crate) fn end(&mut self, life: Life) {
        let gone = self.rings.remove(&life).unwrap_or_default();
        self.bytes -= gone.iter().map(size).sum::<usize>();
    }

    pub(crate) fn push(&mut self, life: Life, event: Event) {
        self.bytes += size(&event);
        self.order.push_back((life, event.sequence));
        let ring = self.rings.entry(life).or_default();
        ring.push_back(event);
        if ring.len() > LOG_EVENTS_PER_NODE_MAX
            && let Some(oldest) = ring.pop_front()
        {
            self.bytes -= size(&oldest);
        }
        while self.bytes > LOG_BYTES_MAX || self.order.len() > LOG_EVENTS_MAX {
            let Some((life, sequence)) = self.order.pop_front() else { return };
            self.evict(life, sequence);
        }
    }

    fn evict(&mut self, life: Life, sequence: u64) {
        let Some(ring) = self.rings.get_mut(&life) else { return };
        if ring.front().is_some_and(|oldest| oldest.sequence == sequence)
            && let Some(oldest) = ring.pop_front()
        {
            self.bytes -= size(&oldest);
        }
        if ring.is_empty() {
            self.rings.remove(&life);
        }
    }

    /// What is kept of a node's events since a time.
    pub(crate) fn since_time(&self, life: Life, since: Timestamp) -> impl Iterator<Item = &Event> {
        self.rings.get(&life).into_iter().flatten().filter(move |event| event.at >= since)
    }

    /// The events behind number `since`, of a node whose latest event is `latest`.
    pub(crate) fn since(
        &self,
        life: Life,
        since: u64,
        latest: u64,
    ) -> Result<impl Iterator<Item = &Event>, Lost> {
        let ring = self.rings.get(&life);
        let oldest = ring.and_then(VecDeque::front).map_or(latest + 1, |event| event.sequence);
        if since > latest || since + 1 < oldest {
            return Err(Lost);
        }
        Ok(ring.into_iter().flatten().skip_while(move |event| event.sequence <= since))
    }
}

fn size(event: &Event) -> usize {
    event.tail.len() + size_of::<Event>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed(log: &mut Log, life: Life, sequences: std::ops::RangeInclusive<u64>, bytes: usize) {
        for sequence in sequences {
            log.push(life, Event { sequence, at: Timestamp::UNIX_EPOCH, tail: vec![b'x'; bytes].into() });
        }
    }

    fn since(log: &Log, life: Life, since: u64, latest: u64) -> Option<Vec<u64>> {
        Some(log.since(life, since, latest).ok()?.map(|event| event.sequence).collect())
    }

    #[test]
    fn what_was_missed_is_there_or_is_said_to_be_lost() {
        let mut log = Log::default();
        let life = log.begin();
        assert_eq!(since(&log, life, 0, 0), Some(vec![]));
        pushed(&mut log, life, 1..=5, 10);
        assert_eq!(since(&log, life, 0, 5), Some(vec![1, 2, 3, 4, 5]));
        assert_eq!(since(&log, life, 3, 5), Some(vec![4, 5]));
        assert_eq!(since(&log, life, 5, 5), Some(vec![]));
        assert_eq!(since(&log, life, 6, 5), None, "a number that never was");
        log.end(life);
        assert_eq!((since(&log, life, 4, 5), since(&log, life, 5, 5)), (None, Some(vec![])));
        assert_eq!(log.bytes, 0);
    }

    #[test]
    fn one_node_keeps_so_many_events() {
        let mut log = Log::default();
        let life = log.begin();
        let max = LOG_EVENTS_PER_NODE_MAX as u64;
        pushed(&mut log, life, 1..=max + 2, 10);
        assert_eq!(since(&log, life, 2, max + 2).map(|events| events.len()), Some(LOG_EVENTS_PER_NODE_MAX));
        assert_eq!(since(&log, life, 1, max + 2), None);
    }

    #[test]
    fn all_nodes_together_keep_so_many_bytes_and_events() {
        let mut log = Log::default();
        let (quiet, busy) = (log.begin(), log.begin());
        pushed(&mut log, quiet, 1..=2, 10);
        pushed(&mut log, busy, 1..=LOG_EVENTS_MAX as u64, 10);
        assert_eq!(since(&log, quiet, 1, 2), None, "the oldest give way, whosever they are");
        assert!(log.order.len() <= LOG_EVENTS_MAX && log.rings.len() == 1);
        for _ in 0..1_000 {
            let life = log.begin();
            pushed(&mut log, life, 1..=1, LOG_BYTES_MAX / 100);
        }
        assert!(log.bytes <= LOG_BYTES_MAX && log.rings.len() < 100);
    }
}
