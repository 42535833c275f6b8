//! A subscriber that follows the numbers has, after any disorder, what is true; and it never skips an event without
//! being told.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod world;

use aplomb_pubsub::{Change, Delivery, Record};
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};
use world::{World, between};
use xmpp::payload::{self, NumbersAnswer, Request};
use xmpp::{FullJid, Stanza};

const NODES: [&str; 2] = ["n", "m"];

#[derive(Clone, Debug)]
enum Step {
    /// So many publications to a node: sometimes more than are kept.
    Publish(usize, usize),
    /// So many deliveries leave the service.
    Send(usize),
    /// The client reads so many of what is under way to it.
    Read(usize),
    /// Its connection breaks, with all that was under way.
    Disconnect,
    /// It comes back.
    Connect,
    /// It asks for what it missed.
    Recover,
    /// The server is killed, and starts again with what it had stored.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..NODES.len(), 1..4_usize).prop_map(|(node, times)| Step::Publish(node, times)),
        1 => (0..NODES.len(), 60..70_usize).prop_map(|(node, times)| Step::Publish(node, times)),
        5 => (1..6_usize).prop_map(Step::Send),
        4 => (1..6_usize).prop_map(Step::Read),
        1 => Just(Step::Disconnect),
        2 => Just(Step::Connect),
        2 => Just(Step::Recover),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..60)
}

/// What comes to the client, in order.
enum Arrival {
    Event(String),
    Answer(NumbersAnswer),
}

/// What the client knows of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    epoch: String,
    last: u64,
    value: u64,
}

#[derive(Default)]
struct Client {
    is_connected: bool,
    /// It has asked for numbers in this session.
    follows: bool,
    /// The answer to that has arrived.
    is_settled: bool,
    under_way: VecDeque<Arrival>,
    known: BTreeMap<String, Known>,
}

impl Client {
    fn disconnect(&mut self) {
        self.under_way.clear();
        (self.is_connected, self.follows, self.is_settled) = (false, false, false);
    }

    fn read(&mut self) {
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
        assert_eq!(known.epoch, epoch, "a new epoch without a word: {text}");
        if number > known.last {
            assert!(!self.is_settled || number == known.last + 1, "a hole after {known:?}: {text}");
            (known.last, known.value) = (number, value);
        }
    }

    fn answer(&mut self, answer: NumbersAnswer) {
        for node in answer.nodes {
            let (epoch, last) = node.last.clone().expect("the client is subscribed");
            let known = self.known.entry(node.node.clone()).or_default();
            match node.recovered {
                Some(false) if !node.snapshot => (known.epoch, known.last) = (epoch, last),
                _ => assert!(known.epoch == epoch && known.last >= last, "{node:?} {known:?}"),
            }
        }
        self.is_settled = true;
    }
}

struct Model {
    world: World,
    runs: u64,
    stored: Vec<Change>,
    client: Client,
    /// The value published last, per node.
    truth: BTreeMap<&'static str, u64>,
    values: u64,
}

impl Model {
    fn new() -> Self {
        let mut world = World::new();
        for node in NODES {
            world.make(node, &[("max_items", "1")]);
            world.subscribe("a1", node);
        }
        let (client, truth) = (Client::default(), BTreeMap::new());
        let mut model = Self { world, runs: 0, stored: Vec::new(), client, truth, values: 0 };
        model.store();
        model.step(&Step::Connect);
        model.step(&Step::Recover);
        model
    }

    fn store(&mut self) {
        self.stored.extend(self.world.changes());
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Publish(node, times) => (0..times).for_each(|_| self.publish(NODES[node])),
            Step::Send(count) => (0..count).for_each(|_| self.send()),
            Step::Read(count) => (0..count).for_each(|_| self.client.read()),
            Step::Disconnect => self.client.disconnect(),
            Step::Connect => self.client.is_connected = true,
            Step::Recover if self.client.is_connected => self.recover(),
            Step::Recover => {}
            Step::Restart => self.restart(),
        }
        self.store();
    }

    fn publish(&mut self, node: &'static str) {
        self.values += 1;
        let item = format!("<item id='i'><x xmlns='urn:x'>{}</x></item>", self.values);
        self.world.set("finesse", &format!("<publish node='{node}'>{item}</publish>"));
        self.truth.insert(node, self.values);
    }

    fn send(&mut self) {
        let Some(Delivery { tail, numbered, .. }) = self.world.service.poll_delivery() else { return };
        if !self.client.is_connected {
            return;
        }
        let tail = numbered.filter(|_| self.client.follows).unwrap_or(tail);
        self.client.under_way.push_back(Arrival::Event(String::from_utf8(tail.to_vec()).unwrap()));
    }

    fn recover(&mut self) {
        let nodes = NODES.map(|node| {
            let Known { epoch, last, .. } = self.client.known.get(node).cloned().unwrap_or_default();
            format!("<node name='{node}' epoch='{epoch}' after='{last}'/>")
        });
        let text = format!(
            "<iq xmlns='jabber:client' type='set' id='1'><numbers xmlns='urn:aplomb:pubsub:numbers:0'>{}</numbers></iq>",
            nodes.concat()
        );
        let stanza = Stanza::parse(text.as_bytes()).unwrap();
        let Request::Numbers(request) = payload::request("set", stanza.payload().unwrap()).unwrap() else {
            panic!()
        };
        let resource = FullJid::new("a1@localhost/r").unwrap();
        let (missed, answer) = self.world.service.handle_numbers(self.world.now, &resource, *request);
        self.client.follows = true;
        for Delivery { tail, .. } in missed {
            self.client.under_way.push_back(Arrival::Event(String::from_utf8(tail.to_vec()).unwrap()));
        }
        self.client.under_way.push_back(Arrival::Answer(answer));
    }

    fn restart(&mut self) {
        self.client.disconnect();
        self.runs += 1;
        self.world = World::of_run(&format!("run{}-", self.runs));
        for record in records(&self.stored) {
            self.world.service.restore(record);
        }
    }
}

/// What is left of all changes, nodes first.
fn records(changes: &[Change]) -> Vec<Record> {
    let mut records: BTreeMap<(u8, String), Record> = BTreeMap::new();
    for change in changes {
        let Change::Put(record) = change else { continue };
        let key = match record {
            Record::Node(record) => (0, record.name.clone()),
            Record::Affiliation(record) => (1, record.node.clone()),
            Record::Subscription(record) => (2, record.node.clone()),
            Record::Item(record) => (3, record.node.clone()),
        };
        records.insert(key, record.clone());
    }
    records.into_values().collect()
}

proptest! {
    #[test]
    fn nothing_is_missed(steps in steps()) {
        let mut model = Model::new();
        for step in &steps {
            model.step(step);
        }
        // in the end it comes back, and everything arrives
        for step in [Step::Disconnect, Step::Connect, Step::Recover, Step::Send(10_000), Step::Read(10_000)] {
            model.step(&step);
        }
        for (node, value) in &model.truth {
            prop_assert_eq!(model.client.known.get(*node).map(|known| known.value), Some(*value), "{}", node);
        }
        // and what happens next is told without another question
        model.step(&Step::Publish(0, 3));
        for step in [Step::Send(10), Step::Read(10)] {
            model.step(&step);
        }
        prop_assert_eq!(model.client.known[NODES[0]].value, model.values);
    }
}
