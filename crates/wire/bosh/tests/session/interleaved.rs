//! A client and a session over a network that loses, cuts, reorders and repeats: no stanza is lost, none
//! comes twice, and order is kept both ways.

use crate::pair::{SID, body, creation_with, some_instant};
use aplomb_bosh::{Answer, Output, Policy, RequestId, Session, Stanza};
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// What happens next. A number picks one of those it can happen to.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// The client has a stanza.
    Up,
    /// The server has a stanza.
    Down,
    /// A request reaches the server.
    Arrive(usize),
    /// A response reaches the client.
    Return(usize),
    /// A request is lost on the way, and the client notices.
    LoseRequest(usize),
    /// A response is lost on the way, and the client notices.
    LoseResponse(usize),
    /// The connection of a request that the server has is cut, and both notice.
    Cut(usize),
    /// The client gives a connection up, and the server does not notice.
    Abandon(usize),
    /// The client repeats a request that it has no response to.
    Repeat(usize),
    /// Time passes.
    Pass(u8),
}

fn event() -> impl Strategy<Value = Event> {
    let any = 0..8_usize;
    prop_oneof![
        4 => Just(Event::Up),
        4 => Just(Event::Down),
        8 => any.clone().prop_map(Event::Arrive),
        8 => any.clone().prop_map(Event::Return),
        1 => any.clone().prop_map(Event::LoseRequest),
        2 => any.clone().prop_map(Event::LoseResponse),
        2 => any.clone().prop_map(Event::Cut),
        1 => any.clone().prop_map(Event::Abandon),
        3 => any.prop_map(Event::Repeat),
        2 => (0..40_u8).prop_map(Event::Pass),
    ]
}

/// A request that the client has no usable response to.
struct Outstanding {
    xml: String,
    /// The connection on which it waits for the response; `None` when it knows that it is broken.
    connection: Option<RequestId>,
    /// The response, when it came before that to an older request.
    response: Option<String>,
}

struct Client {
    requests: usize,
    next_rid: u64,
    outstanding: BTreeMap<u64, Outstanding>,
    queue: VecDeque<usize>,
    stanzas: usize,
    /// How many stanzas from the server it has read.
    read: usize,
}

struct World {
    now: Instant,
    session: Session,
    client: Client,
    to_server: Vec<(RequestId, u64, String)>,
    to_client: Vec<(RequestId, String)>,
    next_connection: u64,
    /// How many stanzas from the client have come out of the session.
    delivered: usize,
    /// How many stanzas the server has sent.
    sent: usize,
    /// The server answers each stanza with one of its own, as it does IQs.
    echo: bool,
}

impl World {
    fn new(hold: u32, echo: bool) -> Self {
        let policy = Policy { hold_max: hold, inactivity_secs: 86_400, ..Policy::default() };
        let creation = body(&creation_with(&format!(r#"hold="{hold}" wait="30" ver="1.9""#)));
        let rid = creation.rid.unwrap();
        let now = some_instant();
        let session = Session::create(now, creation, SID.into(), &policy, true, RequestId(0)).unwrap();
        let client = Client {
            requests: hold as usize + 1,
            next_rid: rid + 1,
            outstanding: BTreeMap::new(),
            queue: VecDeque::new(),
            stanzas: 0,
            read: 0,
        };
        let mut world = Self {
            now,
            session,
            client,
            to_server: Vec::new(),
            to_client: Vec::new(),
            next_connection: 1,
            delivered: 0,
            sent: 0,
            echo,
        };
        world.drain();
        world.to_client.clear();
        world
    }

    fn step(&mut self, event: Event) {
        match event {
            Event::Up => {
                self.client.queue.push_back(self.client.stanzas);
                self.client.stanzas += 1;
            }
            Event::Down => self.send_down(),
            Event::Arrive(pick) => self.arrive(pick),
            Event::Return(pick) => self.return_response(pick),
            Event::LoseRequest(pick) => {
                if let Some((connection, ..)) = take(&mut self.to_server, pick) {
                    self.forget_connection(connection);
                }
            }
            Event::LoseResponse(pick) => {
                if let Some((connection, _)) = take(&mut self.to_client, pick) {
                    self.session.handle_closed(self.now, connection);
                    self.forget_connection(connection);
                }
            }
            Event::Cut(pick) => {
                if let Some(connection) = self.waiting(pick) {
                    self.session.handle_closed(self.now, connection);
                    self.forget_connection(connection);
                }
            }
            Event::Abandon(pick) => {
                if let Some(connection) = self.waiting(pick) {
                    self.forget_connection(connection);
                }
            }
            Event::Repeat(pick) => self.repeat(pick),
            Event::Pass(secs) => {
                self.now += Duration::from_secs(secs.into());
                self.session.handle_timeout(self.now);
            }
        }
        self.drain();
        self.client_acts();
        assert_eq!(self.session.reason(), None, "nobody broke a rule");
        assert!(self.session.parked() < self.client.requests, "no more is held than agreed");
    }

    fn send_down(&mut self) {
        let head = format!(r#"<message xmlns="jabber:client" id="{}">"#, self.sent);
        self.sent += 1;
        self.session.send(self.now, Stanza::new(head, "</message>"));
    }

    fn arrive(&mut self, pick: usize) {
        if let Some((connection, _, xml)) = take(&mut self.to_server, pick) {
            self.session.handle_request(self.now, body(&xml), connection);
        }
    }

    fn return_response(&mut self, pick: usize) {
        let Some((connection, response)) = take(&mut self.to_client, pick) else { return };
        let waits = |outstanding: &&mut Outstanding| outstanding.connection == Some(connection);
        if let Some(outstanding) = self.client.outstanding.values_mut().find(waits) {
            outstanding.connection = None;
            outstanding.response = Some(response);
        }
        self.client.read_in_order();
    }

    fn forget_connection(&mut self, connection: RequestId) {
        for outstanding in self.client.outstanding.values_mut() {
            outstanding.connection.take_if(|own| *own == connection);
        }
    }

    /// A connection whose request has reached the server and has not been answered.
    fn waiting(&self, pick: usize) -> Option<RequestId> {
        let is_under_way = |connection: &RequestId| {
            self.to_server.iter().any(|(own, ..)| own == connection)
                || self.to_client.iter().any(|(own, _)| own == connection)
        };
        let open: Vec<_> = self.client.outstanding.values().filter_map(|open| open.connection).collect();
        let mut waiting: Vec<_> = open.into_iter().filter(|connection| !is_under_way(connection)).collect();
        take(&mut waiting, pick)
    }

    /// On a new connection. The older one is closed, so a copy that is still on its way over it is gone.
    fn repeat(&mut self, pick: usize) {
        let unanswered = self.client.outstanding.iter().filter(|(_, open)| open.response.is_none());
        let Some(rid) = take(&mut unanswered.map(|(rid, _)| *rid).collect(), pick) else { return };
        self.to_server.retain(|(_, own, _)| *own != rid);
        self.transmit(rid);
    }

    fn transmit(&mut self, rid: u64) {
        let connection = RequestId(self.next_connection);
        self.next_connection += 1;
        let outstanding = self.client.outstanding.get_mut(&rid).unwrap();
        outstanding.connection = Some(connection);
        self.to_server.push((connection, rid, outstanding.xml.clone()));
    }

    /// What every client does when it can: send what it has, and keep one request open.
    fn client_acts(&mut self) {
        while self.client.outstanding.len() < self.client.requests
            && (!self.client.queue.is_empty() || self.client.outstanding.is_empty())
        {
            let rid = self.client.next_rid;
            self.client.next_rid += 1;
            let count = self.client.queue.len().min(3);
            let payload: String =
                self.client.queue.drain(..count).map(|id| format!(r#"<iq id="{id}"/>"#)).collect();
            let xml = crate::pair::request(rid, "", &payload);
            self.client.outstanding.insert(rid, Outstanding { xml, connection: None, response: None });
            self.transmit(rid);
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Deliver { stanza, .. } => {
                    assert_eq!(ids(&stanza), [self.delivered], "what the client sent, once and in order");
                    self.delivered += 1;
                    if self.echo {
                        self.send_down();
                    }
                }
                Output::Respond { request, answer } => self.to_client.push((request, text(&answer))),
                other => panic!("nobody asked for {other:?}"),
            }
        }
    }

    /// The network mends; everything under way arrives, everything missing is repeated.
    fn settle(&mut self) {
        for _ in 0..1_000 {
            let is_done = self.client.queue.is_empty()
                && self.delivered == self.client.stanzas
                && self.client.read == self.sent;
            if is_done {
                return;
            }
            let step = if !self.to_client.is_empty() {
                Event::Return(0)
            } else if !self.to_server.is_empty() {
                Event::Arrive(0)
            } else if let Some(pick) = self.client.broken() {
                Event::Repeat(pick)
            } else {
                Event::Pass(30)
            };
            self.step(step);
        }
        panic!("stanzas are missing");
    }
}

impl Client {
    fn read_in_order(&mut self) {
        while let Some(first) = self.outstanding.first_entry().filter(|first| first.get().response.is_some())
        {
            let response = first.remove().response.unwrap();
            for id in ids(response.as_bytes()) {
                assert_eq!(id, self.read, "what the server sent, once and in order");
                self.read += 1;
            }
        }
    }

    /// The first request that waits for nothing, among those without a response.
    fn broken(&self) -> Option<usize> {
        let mut unanswered = self.outstanding.values().filter(|open| open.response.is_none());
        unanswered.position(|open| open.connection.is_none())
    }
}

fn take<T>(list: &mut Vec<T>, pick: usize) -> Option<T> {
    if list.is_empty() { None } else { Some(list.remove(pick % list.len())) }
}

fn text(answer: &Answer) -> String {
    assert_eq!(answer.status, 200);
    String::from_utf8(answer.to_vec()).unwrap()
}

/// The ids of a stanza, or of the stanzas in a body.
fn ids(xml: &[u8]) -> Vec<usize> {
    let document = xml::Document::parse(xml, &xml::Limits::CLIENT).unwrap();
    let nodes = document.root().descendants();
    nodes.filter_map(|node| node.attribute("id")).map(|id| id.parse().unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn no_stanza_is_lost_none_comes_twice_and_order_is_kept(
        hold in 1..=3_u32,
        echo: bool,
        events in prop::collection::vec(event(), 1..120),
    ) {
        let mut world = World::new(hold, echo);
        for event in events {
            world.step(event);
        }
        world.settle();
    }
}
