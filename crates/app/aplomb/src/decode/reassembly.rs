//! TCP: segments of a capture, in any order, repeated or overlapping, to the bytes of each direction.

use super::stream::Piece;
use bytes::Bytes;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// A TCP segment as captured.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) time: Option<Timestamp>,
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) sequence: u32,
    pub(super) syn: bool,
    pub(super) payload: Bytes,
}

/// One direction of a connection.
#[derive(Debug, Default)]
pub(super) struct Direction {
    /// Sequence number of the first byte: known from SYN, or that of the first segment.
    first: Option<u32>,
    /// Whether SYN was captured.
    pub(super) has_begin: bool,
    /// By distance from `first`; below 0 what came late.
    segments: BTreeMap<i64, (Option<Timestamp>, Bytes)>,
    /// The highest distance so far: sequence numbers wrap around near it.
    newest: i64,
}

impl Direction {
    /// Whether a SYN with this sequence number begins another connection than the one at hand.
    fn is_other(&self, sequence: u32) -> bool {
        self.first.is_some_and(|first| !self.has_begin || first != sequence.wrapping_add(1))
    }

    fn take(&mut self, segment: Segment) {
        if segment.syn {
            self.first = Some(segment.sequence.wrapping_add(1));
            self.has_begin = true;
        }
        let sequence = segment.sequence.wrapping_add(u32::from(segment.syn));
        let first = *self.first.get_or_insert(sequence);
        if segment.payload.is_empty() {
            return;
        }
        // The nearest place to the newest byte with this sequence number.
        let newest = first.wrapping_add(self.newest as u32);
        let at = self.newest + i64::from(sequence.wrapping_sub(newest) as i32);
        self.newest = self.newest.max(at);
        let longer = self.segments.get(&at).is_none_or(|(_, old)| old.len() < segment.payload.len());
        if longer {
            self.segments.insert(at, (segment.time, segment.payload));
        }
    }

    /// The bytes in their order, with the gaps.
    pub(super) fn pieces(self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let begin = if self.has_begin { 0 } else { self.segments.keys().next().copied().unwrap_or(0) };
        let mut end = begin;
        for (at, (time, mut bytes)) in self.segments {
            if at > end {
                pieces.push(Piece::Missing((at - end).unsigned_abs()));
                end = at;
            }
            let known = usize::try_from(end - at).unwrap_or(usize::MAX);
            if known < bytes.len() {
                let new = bytes.split_off(known);
                end += i64::try_from(new.len()).unwrap_or(0);
                pieces.push(Piece::Bytes(time, new));
            }
        }
        pieces
    }

    /// The first bytes.
    pub(super) fn head(&self) -> &[u8] {
        self.segments.values().next().map_or(&[], |(_, bytes)| bytes)
    }
}

/// A connection: the party that was seen first, the other, and what they sent.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) parties: [SocketAddr; 2],
    pub(super) directions: [Direction; 2],
}

/// Sorts segments by connection, in the order in which connections begin. The same two addresses with a new SYN are
/// a new connection.
pub(super) fn connections(segments: impl Iterator<Item = Segment>) -> Vec<Connection> {
    let mut all: Vec<Connection> = Vec::new();
    let mut latest: BTreeMap<[SocketAddr; 2], usize> = BTreeMap::new();
    for segment in segments {
        let mut key = [segment.from, segment.to];
        key.sort();
        let known = latest.get(&key).copied().filter(|at| {
            let connection: &Connection = &all[*at];
            !(segment.syn && connection.directions[connection.way(segment.from)].is_other(segment.sequence))
        });
        let at = known.unwrap_or_else(|| {
            all.push(Connection { parties: [segment.from, segment.to], directions: Default::default() });
            all.len() - 1
        });
        latest.insert(key, at);
        let way = all[at].way(segment.from);
        all[at].directions[way].take(segment);
    }
    all
}

impl Connection {
    fn way(&self, from: SocketAddr) -> usize {
        usize::from(self.parties[0] != from)
    }
}
