//! What was published and what has arrived: the books of a run.

use crate::payload::Mark;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Instant;
use tokio::sync::Notify;

/// Nodes to which an agent is subscribed: its own, its team's, and the one for all.
pub(crate) const NODES_PER_AGENT: usize = 3;

/// How the nodes are numbered: agents, then teams, then the one for all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Floor {
    pub(crate) agents: u32,
    pub(crate) team_size: u32,
    /// Whether agents subscribe to the node for all.
    pub(crate) has_all: bool,
}

impl Floor {
    pub(crate) fn teams(self) -> u32 {
        self.agents.div_ceil(self.team_size)
    }

    pub(crate) fn nodes(self) -> u32 {
        self.agents + self.teams() + 1
    }

    pub(crate) fn nodes_of(self, agent: u32) -> [u32; NODES_PER_AGENT] {
        [agent, self.agents + agent / self.team_size, self.nodes() - 1]
    }

    /// Names do not change from run to run: nodes stay, and so do not pile up.
    pub(crate) fn name(self, node: u32) -> String {
        match node {
            agent if agent < self.agents => format!("/load/agent/{agent}"),
            all if all == self.nodes() - 1 => "/load/all".to_owned(),
            team => format!("/load/team/{}", team - self.agents),
        }
    }

    /// How many agents a publication to the node reaches.
    pub(crate) fn readers(self, node: u32) -> u32 {
        match node {
            agent if agent < self.agents => 1,
            all if all == self.nodes() - 1 => self.agents,
            team => self.team_size.min(self.agents - (team - self.agents) * self.team_size),
        }
    }
}

/// What went wrong, or well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) publications: u64,
    pub(crate) deliveries: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) out_of_order: u64,
    pub(crate) sessions_lost: u64,
    /// Publications that the server refused.
    pub(crate) refused: u64,
}

/// What an agent has of one node.
#[derive(Debug, Default)]
struct Seen {
    next: u64,
    /// Passed over, and not here yet.
    missing: BTreeSet<u64>,
}

#[derive(Debug)]
struct Books {
    /// Per node: how many publications there were.
    published: Vec<u64>,
    /// Per publication: readers that do not have it.
    open: Vec<u32>,
    in_flight: usize,
    seen: Vec<[Seen; NODES_PER_AGENT]>,
    tally: Tally,
    latencies: Latencies,
}

/// Times from publication to arrival, in microseconds.
#[derive(Debug, Default)]
pub(crate) struct Latencies {
    /// Of every reader.
    pub(crate) all_us: Vec<u32>,
    /// Of the reader of each publication who had it first.
    pub(crate) first_us: Vec<u32>,
    /// Of the reader of each publication who had it last.
    pub(crate) last_us: Vec<u32>,
}

/// The books, shared by all tasks of the one thread.
#[derive(Clone, Debug)]
pub(crate) struct Board {
    pub(crate) floor: Floor,
    pub(crate) run: u64,
    pub(crate) payload_bytes: usize,
    begin: Instant,
    books: Rc<RefCell<Books>>,
    /// Told whenever a publication has reached all its readers.
    pub(crate) done: Rc<Notify>,
}

impl Board {
    pub(crate) fn new(floor: Floor, run: u64, payload_bytes: usize) -> Self {
        let books = Books {
            published: vec![0; floor.nodes() as usize],
            open: Vec::new(),
            in_flight: 0,
            seen: std::iter::repeat_with(Default::default).take(floor.agents as usize).collect(),
            tally: Tally::default(),
            latencies: Latencies::default(),
        };
        let (books, done) = (Rc::new(RefCell::new(books)), Rc::new(Notify::new()));
        Self { floor, run, payload_bytes, begin: Instant::now(), books, done }
    }

    /// The payload of a new publication to a node, which is in flight from now on; and its number.
    pub(crate) fn publish(&self, node: u32) -> (u64, String) {
        let mut books = self.books.borrow_mut();
        let sequence = books.published[node as usize];
        books.published[node as usize] += 1;
        let number = books.open.len() as u64;
        books.open.push(self.floor.readers(node));
        books.in_flight += 1;
        books.tally.publications += 1;
        let sent_us = self.begin.elapsed().as_micros() as u64;
        let mark = Mark { run: self.run, node: u64::from(node), sequence, number, sent_us };
        (number, mark.payload(self.payload_bytes))
    }

    /// What an agent was sent: any number of events among anything else.
    pub(crate) fn receive(&self, agent: u32, bytes: &[u8]) {
        let now_us = self.begin.elapsed().as_micros() as u64;
        for mark in Mark::all(bytes).filter(|mark| mark.run == self.run) {
            let own = self.floor.nodes_of(agent);
            let Some(slot) = own.iter().position(|node| u64::from(*node) == mark.node) else { continue };
            let readers = self.floor.readers(own[slot]);
            let is_done = self.books.borrow_mut().note((agent as usize, slot), &mark, now_us, readers);
            if is_done {
                self.done.notify_one();
            }
        }
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.books.borrow().in_flight
    }

    pub(crate) fn note_session_lost(&self) {
        self.books.borrow_mut().tally.sessions_lost += 1;
    }

    pub(crate) fn note_refused(&self) {
        self.books.borrow_mut().tally.refused += 1;
    }

    /// Everything so far. What is missing now counts as lost.
    pub(crate) fn tally(&self) -> Tally {
        let books = self.books.borrow();
        let mut tally = books.tally;
        for (agent, seen) in books.seen.iter().enumerate() {
            for (node, seen) in self.floor.nodes_of(agent as u32).into_iter().zip(seen) {
                tally.lost += books.published[node as usize] - seen.next + seen.missing.len() as u64;
            }
        }
        tally
    }

    /// Takes the times since the last call, sorted.
    pub(crate) fn take_latencies(&self) -> Latencies {
        let mut latencies = std::mem::take(&mut self.books.borrow_mut().latencies);
        latencies.all_us.sort_unstable();
        latencies.first_us.sort_unstable();
        latencies.last_us.sort_unstable();
        latencies
    }

    /// What is not here now is not waited for any more.
    pub(crate) fn give_up(&self) {
        let mut books = self.books.borrow_mut();
        books.in_flight = 0;
        books.open.iter_mut().for_each(|open| *open = 0);
    }
}

impl Books {
    /// Whether the publication is complete by this.
    fn note(&mut self, (agent, slot): (usize, usize), mark: &Mark, now_us: u64, readers: u32) -> bool {
        let seen = &mut self.seen[agent][slot];
        if mark.sequence >= seen.next {
            seen.missing.extend(seen.next..mark.sequence);
            seen.next = mark.sequence + 1;
        } else if seen.missing.remove(&mark.sequence) {
            self.tally.out_of_order += 1;
        } else {
            self.tally.doubled += 1;
            return false;
        }
        self.tally.deliveries += 1;
        let latency_us = u32::try_from(now_us.saturating_sub(mark.sent_us)).unwrap_or(u32::MAX);
        self.latencies.all_us.push(latency_us);
        let Some(open) = self.open.get_mut(mark.number as usize).filter(|open| **open > 0) else {
            return false;
        };
        if *open == readers {
            self.latencies.first_us.push(latency_us);
        }
        *open -= 1;
        if *open == 0 {
            self.latencies.last_us.push(latency_us);
            self.in_flight = self.in_flight.saturating_sub(1);
        }
        *open == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOOR: Floor = Floor { agents: 5, team_size: 2, has_all: true };

    fn board() -> Board {
        Board::new(FLOOR, 1, 100)
    }

    #[test]
    fn nodes_are_numbered_and_the_last_team_may_be_small() {
        assert_eq!((FLOOR.teams(), FLOOR.nodes()), (3, 9));
        assert_eq!(FLOOR.nodes_of(4), [4, 7, 8]);
        assert_eq!([0, 5, 7, 8].map(|node| FLOOR.readers(node)), [1, 2, 1, 5]);
        assert_eq!(FLOOR.name(7), "/load/team/2");
    }

    #[test]
    fn a_publication_is_done_when_every_reader_has_it() {
        let board = board();
        let (_, payload) = board.publish(5);
        board.receive(0, payload.as_bytes());
        assert_eq!((board.in_flight(), board.tally().lost), (1, 1));
        board.receive(1, payload.as_bytes());
        assert_eq!((board.in_flight(), board.tally().lost, board.tally().deliveries), (0, 0, 2));
        let latencies = board.take_latencies();
        assert_eq!([latencies.all_us.len(), latencies.first_us.len(), latencies.last_us.len()], [2, 1, 1]);
        assert!(latencies.first_us <= latencies.last_us);
    }

    #[test]
    fn what_is_doubled_late_or_missing_is_told_apart() {
        let board = board();
        let payloads = [0; 4].map(|node| board.publish(node).1);
        for at in [0, 2, 2, 1] {
            board.receive(0, payloads[at].as_bytes());
        }
        let tally = board.tally();
        assert_eq!((tally.deliveries, tally.doubled, tally.out_of_order, tally.lost), (3, 1, 1, 1));
    }

    #[test]
    fn what_an_earlier_run_left_does_not_count() {
        let payload = Board::new(FLOOR, 2, 100).publish(0).1;
        let board = board();
        board.receive(0, payload.as_bytes());
        assert_eq!(board.tally(), Tally::default());
    }
}
