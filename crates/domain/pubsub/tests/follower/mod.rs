//! A client that follows the numbers of events, by the rule of the manual, and says when the service breaks its word.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use crate::world::between;
use std::collections::{BTreeMap, VecDeque};
use xmpp::payload::NumbersAnswer;

/// What comes to the client, in order.
pub enum Arrival {
    Event(String),
    Answer(NumbersAnswer),
}

/// What the client knows of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub epoch: String,
    pub last: u64,
    pub value: u64,
}

#[derive(Default)]
pub struct Client {
    pub is_connected: bool,
    /// It has asked for numbers in this session.
    pub follows: bool,
    /// The answer to that has arrived.
    is_settled: bool,
    /// It was told to ask once more.
    pub asks_again: bool,
    pub under_way: VecDeque<Arrival>,
    pub known: BTreeMap<String, Known>,
}

impl Client {
    pub fn disconnect(&mut self) {
        self.under_way.clear();
        (self.is_connected, self.follows, self.is_settled) = (false, false, false);
    }

    pub fn read(&mut self) {
        match self.under_way.pop_front() {
            Some(Arrival::Event(text)) => self.event(&text),
            Some(Arrival::Answer(answer)) => self.answer(answer),
            None => {}
        }
    }

    fn event(&mut self, text: &str) {
        // what has no number was sent before the client asked for them
        let Some((_, after)) = text.split_once("Event-Epoch\">") else { return };
        let epoch = after.split('<').next().unwrap();
        let number: u64 = between(text, "Event-Number\">", "<").parse().unwrap();
        let value: u64 = between(text, "<x xmlns='urn:x'>", "<").parse().unwrap();
        let node = between(text, "<items node=\"", "\"").to_owned();
        let is_snapshot = text.contains("Event-Snapshot");
        let known = self.known.entry(node).or_default();
        if is_snapshot {
            *known = Known { epoch: epoch.to_owned(), last: number, value };
            return;
        }
        if known.epoch != epoch {
            // it has asked, and was told to ask again
            return assert!(!self.is_settled, "a new epoch without a word: {text}");
        }
        if number > known.last {
            assert!(!self.is_settled || number == known.last + 1, "a hole after {known:?}: {text}");
            (known.last, known.value) = (number, value);
        }
    }

    fn answer(&mut self, answer: NumbersAnswer) {
        self.asks_again = false;
        for node in answer.nodes {
            let (epoch, last) = node.last.clone().expect("the client is subscribed");
            let known = self.known.entry(node.node.clone()).or_default();
            match node.recovered {
                _ if node.again => self.asks_again = true,
                Some(false) if !node.snapshot => {
                    // nothing was ever told of this node
                    assert!(last == 0 && !node.node.starts_with("/product"), "{node:?} has a state");
                    (known.epoch, known.last) = (epoch, last);
                }
                _ => assert!(known.epoch == epoch && known.last >= last, "{node:?} {known:?}"),
            }
        }
        self.is_settled = !self.asks_again;
    }
}
