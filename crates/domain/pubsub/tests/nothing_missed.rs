//! A subscriber that follows the numbers has, after any disorder, what is true; and it never skips an event without
//! being told.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod follower;
mod world;

use aplomb_pubsub::{Change, Delivery, Record, States};
use follower::{Arrival, Client, Known};
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};
use world::World;
use xmpp::payload::{self, NumbersRequest, Request};
use xmpp::{FullJid, Stanza};

/// Nodes that keep their last item.
const NODES: [&str; 2] = ["n", "m"];
/// Nodes of the product, whose state only the publisher knows.
const PRODUCT: [&str; 2] = ["/product/a1", "/product/all"];

#[derive(Clone, Debug)]
enum Step {
    /// So many publications to a node: sometimes more than are kept.
    Publish(usize, usize),
    /// Something of the product changes so many times; the publisher tells, and is not heard yet.
    Change(usize, usize),
    /// The publisher answers a question, if there is one.
    Answer,
    /// The service hears so much of what the publisher has told.
    Hear(usize),
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
        5 => (0..PRODUCT.len(), 1..4_usize).prop_map(|(node, times)| Step::Change(node, times)),
        1 => (0..PRODUCT.len(), 60..70_usize).prop_map(|(node, times)| Step::Change(node, times)),
        3 => Just(Step::Answer),
        5 => (1..6_usize).prop_map(Step::Hear),
        1 => Just(Step::Hear(100)),
        5 => (1..6_usize).prop_map(Step::Send),
        4 => (1..6_usize).prop_map(Step::Read),
        1 => Just(Step::Disconnect),
        2 => Just(Step::Connect),
        2 => Just(Step::Recover),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..60)
}

/// What the publisher tells the service, in one row.
enum Told {
    Event(&'static str, u64),
    States(States),
}

/// Whoever makes the events of the product's nodes: it knows what is true, and outlives nothing but itself.
#[derive(Default)]
struct Publisher {
    values: BTreeMap<&'static str, u64>,
    questions: VecDeque<Vec<String>>,
    told: VecDeque<Told>,
}

impl Publisher {
    fn change(&mut self, node: &'static str, value: u64) {
        self.values.insert(node, value);
        self.told.push_back(Told::Event(node, value));
    }

    fn answer(&mut self) {
        let Some(nodes) = self.questions.pop_front() else { return };
        let state = |node: String| {
            let value = self.values.get(node.as_str()).copied().unwrap_or_default();
            (node, Some(payload_of(value).into()))
        };
        self.told.push_back(Told::States(nodes.into_iter().map(state).collect()));
    }
}

fn payload_of(value: u64) -> String {
    format!("<x xmlns='urn:x'>{value}</x>")
}

struct Model {
    world: World,
    runs: u64,
    stored: Vec<Change>,
    publisher: Publisher,
    client: Client,
    /// Its question, while the publisher is asked.
    waiting: Option<NumbersRequest>,
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
        world.subscribe("a1", PRODUCT[1]);
        world.available("a1");
        let mut model = Self {
            world,
            runs: 0,
            stored: Vec::new(),
            publisher: Publisher::default(),
            client: Client::default(),
            waiting: None,
            truth: BTreeMap::new(),
            values: 0,
        };
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
            Step::Change(node, times) => (0..times).for_each(|_| {
                self.values += 1;
                self.publisher.change(PRODUCT[node], self.values);
                self.truth.insert(PRODUCT[node], self.values);
            }),
            Step::Answer => self.publisher.answer(),
            Step::Hear(count) => (0..count).for_each(|_| self.hear()),
            Step::Send(count) => (0..count).for_each(|_| self.send()),
            Step::Read(count) => (0..count).for_each(|_| self.client.read()),
            Step::Disconnect => self.disconnect(),
            Step::Connect => self.client.is_connected = true,
            Step::Recover if self.client.is_connected && self.waiting.is_none() => self.recover(),
            Step::Recover => {}
            Step::Restart => self.restart(),
        }
        self.store();
    }

    fn disconnect(&mut self) {
        self.client.disconnect();
        self.waiting = None;
        self.publisher.questions.clear();
    }

    fn hear(&mut self) {
        match self.publisher.told.pop_front() {
            Some(Told::Event(node, value)) => {
                self.world.service.publish(self.world.now, node, payload_of(value).as_bytes()).unwrap();
            }
            Some(Told::States(states)) => {
                if let Some(request) = self.waiting.take() {
                    self.tell(request, &states);
                }
            }
            None => {}
        }
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
        let nodes = NODES.into_iter().chain(PRODUCT).map(|node| {
            let Known { epoch, last, .. } = self.client.known.get(node).cloned().unwrap_or_default();
            format!("<node name='{node}' epoch='{epoch}' after='{last}'/>")
        });
        let text = format!(
            "<iq xmlns='jabber:client' type='set' id='1'><numbers xmlns='urn:aplomb:pubsub:numbers:0'>{}</numbers></iq>",
            nodes.collect::<String>()
        );
        let stanza = Stanza::parse(text.as_bytes()).unwrap();
        let Request::Numbers(request) = payload::request("set", stanza.payload().unwrap()).unwrap() else {
            panic!()
        };
        let lost = self.world.service.lost_states(&resource(), &request);
        if lost.is_empty() {
            return self.tell(*request, &States::new());
        }
        self.publisher.questions.push_back(lost);
        self.waiting = Some(*request);
    }

    fn tell(&mut self, request: NumbersRequest, states: &States) {
        let (missed, answer) =
            self.world.service.handle_numbers(self.world.now, &resource(), request, states);
        self.client.follows = true;
        for Delivery { tail, .. } in missed {
            self.client.under_way.push_back(Arrival::Event(String::from_utf8(tail.to_vec()).unwrap()));
        }
        self.client.under_way.push_back(Arrival::Answer(answer));
    }

    /// Both are one process: what the publisher had told and nobody had heard is gone as well, and what is true is not.
    fn restart(&mut self) {
        self.disconnect();
        self.publisher.told.clear();
        self.runs += 1;
        self.world = World::of_run(&format!("run{}-", self.runs));
        self.world.service.restore(records(&self.stored));
        self.world.available("a1");
    }

    /// The client comes back, and everything arrives.
    fn come_back(&mut self) {
        for step in [Step::Disconnect, Step::Connect] {
            self.step(&step);
        }
        for _ in 0..3 {
            for step in
                [Step::Recover, Step::Answer, Step::Hear(10_000), Step::Send(10_000), Step::Read(20_000)]
            {
                self.step(&step);
            }
            if !self.client.asks_again {
                return;
            }
        }
        panic!("told to ask again for ever");
    }
}

fn resource() -> FullJid {
    FullJid::new("a1@localhost/r").unwrap()
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
        model.come_back();
        for (node, value) in &model.truth {
            prop_assert_eq!(model.client.known.get(*node).map(|known| known.value), Some(*value), "{}", node);
        }
        // and what happens next is told without another question
        for step in [Step::Publish(0, 3), Step::Change(0, 3), Step::Hear(10), Step::Send(10), Step::Read(10)] {
            model.step(&step);
        }
        prop_assert_eq!(model.client.known[NODES[0]].value, model.truth[NODES[0]]);
        prop_assert_eq!(model.client.known[PRODUCT[0]].value, model.truth[PRODUCT[0]]);
    }
}
