//! A client and a session, and a network between them that loses, cuts, reorders and repeats.

use crate::pair::{EMPTY, SID, body, creation_with, some_instant};
use crate::sequence::Keys;
use aplomb_bosh::{Answer, Output, Policy, RequestId, Session, Stanza, StreamId};
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

/// Longer than any of this takes.
const PAUSE_SECS: u32 = 50_000;

/// What happens next. A number picks one of those it can happen to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// The client has a stanza, for one of its streams.
    Up(usize),
    /// The server has a stanza, for one of the streams.
    Down(usize),
    /// The client asks for a pause, long enough for everything here, and then says nothing until it has something to
    /// say or time has passed.
    Pause,
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
    /// A proxy repeats a request, and the older connection lives on.
    Double(usize),
    /// Time passes.
    Pass(u8),
}

/// A request that the client has no usable response to.
struct Outstanding {
    xml: String,
    /// The connections on which it waits for the response; none when it knows that they are broken. Two when a
    /// proxy repeated the request on its own: the client reads the response that comes first.
    connections: Vec<RequestId>,
    /// The response, when it came before that to an older request.
    response: Option<String>,
}

struct Client {
    habits: Habits,
    keys: Option<Keys>,
    requests: usize,
    next_rid: u64,
    outstanding: BTreeMap<u64, Outstanding>,
    /// Stream and number of what it has to say.
    queue: VecDeque<(usize, usize)>,
    /// How many stanzas it had for each stream.
    stanzas: Vec<usize>,
    /// How many stanzas of each stream it has read.
    read: Vec<usize>,
    /// The pause that it is about to ask for.
    wants_pause: bool,
    /// It has asked for one.
    asleep: bool,
}

/// What a client makes use of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    pub(crate) hold: u32,
    /// It acknowledges responses.
    pub(crate) acks: bool,
    /// How many streams it has (XEP-0124 §16).
    pub(crate) streams: usize,
    /// It protects its requests with keys.
    pub(crate) keys: bool,
    /// It repeats a request that is answered with a recoverable error. Others take the error for the answer.
    pub(crate) heeds_errors: bool,
}

/// What is made wrong on purpose, between the session and the network: the checks must find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// A repeated request is answered with nothing instead of what it was answered with.
    ForgetsResponses,
    /// What a repeated request brings is delivered again.
    DeliversRepeats,
    /// What leaves in one response is in the wrong order.
    TurnsRound,
    /// What left in one response leaves in the next as well.
    SaysTwice,
}

impl Fault {
    pub(crate) const ALL: [Self; 4] =
        [Self::ForgetsResponses, Self::DeliversRepeats, Self::TurnsRound, Self::SaysTwice];
}

pub(crate) struct World {
    fault: Fault,
    /// Which rid each connection carries.
    rids: BTreeMap<RequestId, u64>,
    answered: BTreeMap<u64, String>,
    now: Instant,
    session: Session,
    client: Client,
    to_server: Vec<(RequestId, u64, String)>,
    to_client: Vec<(RequestId, String)>,
    next_connection: u64,
    streams: Vec<StreamId>,
    /// How many stanzas from the client have come out of the session, on each stream.
    delivered: Vec<usize>,
    /// How many stanzas the server has sent, on each stream.
    sent: Vec<usize>,
    /// The server answers each stanza with one of its own, as it does IQs.
    echo: bool,
}

impl World {
    pub(crate) fn new(habits: Habits, echo: bool, fault: Fault) -> Self {
        let Habits { hold, acks, keys, .. } = habits;
        let policy = Policy {
            hold_max: hold,
            inactivity_secs: 86_400,
            maxpause_secs: PAUSE_SECS,
            ..Policy::default()
        };
        let mut keys = keys.then(Keys::new);
        let newkey = keys.as_mut().map(Keys::first);
        let newkey = newkey.map_or_else(String::new, |key| format!(r#"newkey="{key}""#));
        let ack = if acks { r#"ack="1""# } else { "" };
        let creation = format!(r#"hold="{hold}" wait="30" ver="1.9" {ack} {newkey}"#);
        let creation = body(&creation_with(&creation));
        let rid = creation.rid.unwrap();
        let now = some_instant();
        let session = Session::create(now, creation, SID.into(), &policy, true, RequestId(0)).unwrap();
        let client = Client {
            habits,
            keys,
            requests: hold as usize + 1,
            next_rid: rid + 1,
            outstanding: BTreeMap::new(),
            queue: VecDeque::new(),
            stanzas: vec![0; habits.streams],
            read: vec![0; habits.streams],
            wants_pause: false,
            asleep: false,
        };
        let mut world = Self {
            fault,
            rids: BTreeMap::new(),
            answered: BTreeMap::new(),
            now,
            session,
            client,
            to_server: Vec::new(),
            to_client: Vec::new(),
            next_connection: 1,
            streams: vec![StreamId::FIRST],
            delivered: vec![0; habits.streams],
            sent: vec![0; habits.streams],
            echo,
        };
        world.drain();
        for _ in 1..habits.streams {
            world.open_stream();
        }
        world.to_client.clear();
        world
    }

    /// Another stream, before the network is bad.
    fn open_stream(&mut self) {
        let rid = self.client.next_rid;
        self.client.next_rid += 1;
        let keys = self.client.attributes(rid);
        let opening = crate::pair::request(rid, &format!(r#"to="cc.example" {keys}"#), "");
        self.session.handle_request(self.now, body(&opening), RequestId(0));
        self.drain();
    }

    pub(crate) fn step(&mut self, event: Event) {
        match event {
            Event::Up(pick) => {
                let stream = pick % self.streams.len();
                self.client.queue.push_back((stream, self.client.stanzas[stream]));
                self.client.stanzas[stream] += 1;
                self.client.asleep = false;
            }
            Event::Down(pick) => self.send_down(pick % self.streams.len()),
            Event::Pause => self.client.wants_pause = true,
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
            Event::Double(pick) => self.double(pick),
            Event::Pass(secs) => {
                self.now += Duration::from_secs(secs.into());
                self.session.handle_timeout(self.now);
                self.client.asleep = false;
            }
        }
        self.drain();
        self.client_acts();
        assert_eq!(self.session.reason(), None, "nobody broke a rule");
        assert!(self.session.parked() < self.client.requests, "no more is held than agreed");
    }

    fn send_down(&mut self, stream: usize) {
        let head = format!(r#"<message xmlns="jabber:client" id="{}">"#, self.sent[stream]);
        self.sent[stream] += 1;
        self.session.send_to(self.now, self.streams[stream], Stanza::new(head, "</message>"));
    }

    fn arrive(&mut self, pick: usize) {
        let Some((connection, rid, xml)) = take(&mut self.to_server, pick) else { return };
        let last = self.session.last_rid();
        self.session.handle_request(self.now, body(&xml), connection);
        if self.fault == Fault::DeliversRepeats && rid <= last {
            let stream = stream_of(&xml);
            self.delivered[stream] += ids(xml.as_bytes()).len();
        }
    }

    fn return_response(&mut self, pick: usize) {
        let Some((connection, response)) = take(&mut self.to_client, pick) else { return };
        let waits =
            |(_, outstanding): &(&u64, &mut Outstanding)| outstanding.connections.contains(&connection);
        let Some((rid, outstanding)) = self.client.outstanding.iter_mut().find(waits) else { return };
        let rid = *rid;
        if self.client.habits.heeds_errors && response.contains(r#"type="error""#) {
            outstanding.connections.retain(|own| *own != connection);
            self.repeat_up_to(rid);
            return;
        }
        outstanding.connections.clear();
        outstanding.response = Some(response);
        // It closes the other connection, so a copy that is still on its way over it is gone.
        self.to_server.retain(|(_, own, _)| *own != rid);
        self.client.read_in_order();
    }

    /// XEP-0124 §17.3: the request, and all before it that have no response.
    fn repeat_up_to(&mut self, rid: u64) {
        let broken =
            |(_, open): &(&u64, &Outstanding)| open.response.is_none() && open.connections.is_empty();
        let rids: Vec<_> =
            self.client.outstanding.range(..=rid).filter(broken).map(|(rid, _)| *rid).collect();
        for rid in rids {
            self.transmit(rid);
        }
    }

    fn forget_connection(&mut self, connection: RequestId) {
        for outstanding in self.client.outstanding.values_mut() {
            outstanding.connections.retain(|own| *own != connection);
        }
    }

    /// A connection whose request has reached the server and has not been answered.
    fn waiting(&self, pick: usize) -> Option<RequestId> {
        let is_under_way = |connection: &RequestId| {
            self.to_server.iter().any(|(own, ..)| own == connection)
                || self.to_client.iter().any(|(own, _)| own == connection)
        };
        let open: Vec<_> =
            self.client.outstanding.values().flat_map(|open| open.connections.iter().copied()).collect();
        let mut waiting: Vec<_> = open.into_iter().filter(|connection| !is_under_way(connection)).collect();
        take(&mut waiting, pick)
    }

    /// On a new connection. The older one is closed, so a copy that is still on its way over it is gone.
    fn repeat(&mut self, pick: usize) {
        let unanswered = self.client.outstanding.iter().filter(|(_, open)| open.response.is_none());
        let Some(rid) = take(&mut unanswered.map(|(rid, _)| *rid).collect(), pick) else { return };
        self.to_server.retain(|(_, own, _)| *own != rid);
        self.client.outstanding.get_mut(&rid).unwrap().connections.clear();
        self.transmit(rid);
    }

    /// On one more connection, and the older one is not given up.
    fn double(&mut self, pick: usize) {
        let waiting = self.client.outstanding.iter().filter(|(_, open)| open.connections.len() == 1);
        let Some(rid) = take(&mut waiting.map(|(rid, _)| *rid).collect(), pick) else { return };
        self.transmit(rid);
    }

    fn transmit(&mut self, rid: u64) {
        let connection = RequestId(self.next_connection);
        self.next_connection += 1;
        let outstanding = self.client.outstanding.get_mut(&rid).unwrap();
        outstanding.connections.push(connection);
        self.rids.insert(connection, rid);
        self.to_server.push((connection, rid, outstanding.xml.clone()));
    }

    /// What every client does when it can: send what it has, and keep one request open.
    fn client_acts(&mut self) {
        while self.client.outstanding.len() < self.client.requests
            && (self.client.wants_pause
                || !self.client.queue.is_empty()
                || self.client.outstanding.is_empty() && !self.client.asleep)
        {
            let rid = self.client.next_rid;
            self.client.next_rid += 1;
            let (attributes, payload) = if std::mem::take(&mut self.client.wants_pause) {
                self.client.asleep = true;
                (format!(r#"pause="{PAUSE_SECS}""#), String::new())
            } else {
                self.client.says(&self.session, &self.streams)
            };
            let attributes = attributes + " " + &self.client.attributes(rid);
            let xml = crate::pair::request(rid, &attributes, &payload);
            self.client.outstanding.insert(rid, Outstanding { xml, connections: Vec::new(), response: None });
            self.transmit(rid);
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Deliver { stream, stanza } => {
                    let stream = self.streams.iter().position(|own| *own == stream).unwrap();
                    let next = self.delivered[stream];
                    assert_eq!(ids(&stanza), [next], "what the client sent, once and in order");
                    self.delivered[stream] += 1;
                    if self.echo {
                        self.send_down(stream);
                    }
                }
                Output::Open { stream, .. } => self.streams.push(stream),
                Output::Respond { request, answer } => {
                    let response = self.spoil(request, text(&answer));
                    self.to_client.push((request, response));
                }
                other => panic!("nobody asked for {other:?}"),
            }
        }
    }

    /// Does what the fault makes of a response.
    fn spoil(&mut self, request: RequestId, response: String) -> String {
        let rid = self.rids.get(&request).copied().unwrap_or_default();
        let is_repeated = self.answered.contains_key(&rid);
        let older = self.answered.last_key_value().map(|(_, older)| older.clone()).unwrap_or_default();
        self.answered.insert(rid, response.clone());
        match self.fault {
            Fault::ForgetsResponses if is_repeated => EMPTY.into(),
            Fault::TurnsRound => with_messages(&response, messages(&response).into_iter().rev()),
            Fault::SaysTwice if !is_repeated => {
                with_messages(&response, messages(&older).into_iter().chain(messages(&response)))
            }
            _ => response,
        }
    }

    /// The network mends; everything under way arrives, everything missing is repeated.
    pub(crate) fn settle(&mut self) {
        self.client.wants_pause = false;
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
    /// What it has to say on the stream whose turn it is, at most three stanzas, and the attribute that names it.
    fn says(&mut self, session: &Session, streams: &[StreamId]) -> (String, String) {
        let stream = self.queue.front().map_or(0, |(stream, _)| *stream);
        let mut payload = String::new();
        for _ in 0..3 {
            let Some((_, id)) = self.queue.pop_front_if(|(own, _)| *own == stream) else { break };
            payload.push_str(&format!(r#"<iq id="{id}"/>"#));
        }
        let name = session.stream_name(streams[stream]);
        let names_it = streams.len() > 1 && !payload.is_empty();
        (if names_it { format!(r#"stream="{name}""#) } else { String::new() }, payload)
    }

    /// What its requests say beside their payload.
    fn attributes(&mut self, rid: u64) -> String {
        let keys = self.keys.as_mut().map_or_else(String::new, Keys::next);
        // All before the first that is outstanding have been read, in order.
        let read = self.outstanding.keys().next().map_or(rid - 1, |first| first - 1);
        if self.habits.acks && read < rid - 1 { format!(r#"ack="{read}" {keys}"#) } else { keys }
    }

    fn read_in_order(&mut self) {
        while let Some(first) = self.outstanding.first_entry().filter(|first| first.get().response.is_some())
        {
            let response = first.remove().response.unwrap();
            let stream = stream_of(&response);
            for id in ids(response.as_bytes()) {
                assert_eq!(id, self.read[stream], "what the server sent, once and in order");
                self.read[stream] += 1;
            }
        }
    }

    /// The first request that waits for nothing, among those without a response.
    fn broken(&self) -> Option<usize> {
        let mut unanswered = self.outstanding.values().filter(|open| open.response.is_none());
        unanswered.position(|open| open.connections.is_empty())
    }
}

fn messages(response: &str) -> Vec<&str> {
    let start = response.find("<message").unwrap_or(response.len());
    let end = response.rfind("</body>").unwrap_or(response.len());
    response[start.min(end)..end].split_inclusive("</message>").collect()
}

/// The response with these stanzas instead of its own.
fn with_messages<'a>(response: &str, messages: impl Iterator<Item = &'a str>) -> String {
    let (tag, _) = response.split_once('>').unwrap();
    format!("{}>{}</body>", tag.trim_end_matches('/'), messages.collect::<String>())
}

/// The stream that a body names, by its place; the first if it names none.
fn stream_of(xml: &str) -> usize {
    let document = xml::Document::parse(xml.as_bytes(), &xml::Limits::CLIENT).unwrap();
    let number = document.root().attribute("stream").and_then(|name| name.rsplit_once('-'));
    number.map_or(0, |(_, number)| number.parse::<usize>().unwrap() - 1)
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
