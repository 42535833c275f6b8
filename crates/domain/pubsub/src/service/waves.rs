//! Messages on their way out, so that an event for everyone does not hold up what is for one.

use super::Service;
use super::broadcast::{Audience, Broadcast};
use crate::Delivery;
use crate::limits::DELIVERIES_PER_SLICE;
use crate::log::Life;
use std::collections::{BTreeMap, VecDeque};

/// What waits to be sent, a queue for each node. Nodes take turns, a slice each; within a node the order is kept.
#[derive(Default)]
pub(super) struct Waves {
    queues: BTreeMap<Life, VecDeque<Wave>>,
    turns: VecDeque<Life>,
    /// What is left of the slice of the node whose turn it is.
    slice: VecDeque<Delivery>,
    whose: Life,
    /// Whether it was a whole one.
    is_whole: bool,
    /// Messages that wait, those of events that are not written yet as well.
    waiting: usize,
}

/// A step of what waits.
pub(super) enum Wave {
    /// A message.
    One(Delivery),
    /// An event for many.
    Event(Box<Broadcast>),
}

impl Wave {
    fn messages(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Event(event) => event.left(),
        }
    }
}

impl Waves {
    pub(super) fn push(&mut self, life: Life, wave: Wave) {
        self.waiting += wave.messages();
        self.queue(life).push_back(wave);
    }

    /// A node's queue; one that is new has a turn.
    fn queue(&mut self, life: Life) -> &mut VecDeque<Wave> {
        let turns = &mut self.turns;
        self.queues.entry(life).or_insert_with(|| {
            turns.push_back(life);
            VecDeque::new()
        })
    }

    /// Whether events of a node wait that are not written yet.
    pub(super) fn has_events(&self, life: Life) -> bool {
        self.queues.get(&life).is_some_and(|queue| queue.iter().any(|wave| matches!(wave, Wave::Event(_))))
    }

    /// The turn of the next node begins.
    fn begin_turn(&mut self) -> Option<(Life, VecDeque<Wave>)> {
        let life = self.turns.pop_front()?;
        Some((life, self.queues.remove(&life)?))
    }

    /// A node has its slice; what it has beyond that waits for its next turn.
    fn set_slice(&mut self, life: Life, slice: Vec<Delivery>, rest: VecDeque<Wave>) {
        self.is_whole = slice.len() >= DELIVERIES_PER_SLICE;
        (self.slice, self.whose) = (slice.into(), life);
        if !rest.is_empty() {
            self.turns.push_back(life);
            self.queues.insert(life, rest);
        }
    }

    /// The rest of the slice waits with the rest of its node; whether there is any.
    fn end_turn(&mut self) -> bool {
        if !self.is_whole {
            return false;
        }
        let (life, slice) = (self.whose, std::mem::take(&mut self.slice));
        if !slice.is_empty() {
            self.waiting += slice.len();
            let queue = self.queue(life);
            slice.into_iter().rev().for_each(|delivery| queue.push_front(Wave::One(delivery)));
        }
        self.queues.contains_key(&life)
    }
}

impl Service {
    /// The next message to be sent. To be asked after each mutation until there is none, or as long as the owner has
    /// nothing more urgent to do.
    ///
    /// Messages of one node come in order. Nodes take turns: what is for one subscriber comes at the latest after a slice
    /// of each event that goes to many ([`DELIVERIES_PER_SLICE`]).
    pub fn poll_delivery(&mut self) -> Option<Delivery> {
        loop {
            if let Some(delivery) = self.waves.slice.pop_front() {
                return Some(delivery);
            }
            self.next_turn()?;
        }
    }

    /// The node of the message that was given out last waits until all others have had their turn, unless its messages were
    /// fewer than a slice. Whether it waits.
    pub fn end_turn(&mut self) -> bool {
        self.waves.end_turn()
    }

    /// How many turns wait to be had: one for each node with messages, and the one that was begun.
    pub fn turns(&self) -> usize {
        self.waves.turns.len() + usize::from(!self.waves.slice.is_empty())
    }

    /// How many messages wait.
    pub fn waiting(&self) -> usize {
        self.waves.waiting + self.waves.slice.len()
    }

    /// Writes the slice of the node whose turn it is.
    fn next_turn(&mut self) -> Option<()> {
        let (life, mut queue) = self.waves.begin_turn()?;
        let mut slice = Vec::new();
        while slice.len() < DELIVERIES_PER_SLICE
            && let Some(mut wave) = queue.pop_front()
        {
            let before = wave.messages();
            let is_cut = match &mut wave {
                Wave::One(_) => false,
                Wave::Event(event) => {
                    let room = DELIVERIES_PER_SLICE - slice.len();
                    self.write(event, room, &mut slice)
                }
            };
            match wave {
                wave if is_cut => {
                    self.waves.waiting -= before - wave.messages();
                    queue.push_front(wave);
                    break;
                }
                Wave::One(delivery) => slice.push(delivery),
                Wave::Event(_) => {}
            }
            self.waves.waiting -= before;
        }
        if queue.is_empty() {
            self.departed.remove(&life);
        }
        self.waves.set_slice(life, slice, queue);
        Some(())
    }

    /// Writes an event for those who come next; whether there are more.
    fn write(&mut self, event: &mut Broadcast, room: usize, slice: &mut Vec<Delivery>) -> bool {
        let here = self.nodes.get(event.name()).filter(|node| node.life == event.life());
        let Some(node) = here.or_else(|| self.departed.get(&event.life())) else { return false };
        let audience = Audience { node, interests: &self.interests, policy: &*self.policy };
        event.go_on(&audience, &mut self.ids, room, slice)
    }
}
