//! The one task that owns the agents: it carries requests out and tells everyone who wants to know.

use crate::agents::{Agents, Order, Told};
use crate::colleagues::Crowd;
use crate::{Config, limits, replies};
use bytes::Bytes;
use ged188::message::{
    ControlFailureConf, FailureConf, FailureEvent, OpenReq, QueryAgentStateReq, SetAgentStateConf,
    SetAgentStateReq,
};
use ged188::{AgentState, Dialect, Message, Services, Status};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

/// A client whose OPEN_REQ was found in order.
#[derive(Debug)]
pub(crate) struct Newcomer {
    pub(crate) peer: SocketAddr,
    pub(crate) dialect: Dialect,
    pub(crate) granted: Services,
    pub(crate) open: OpenReq,
    pub(crate) outbox: mpsc::Sender<Bytes>,
    /// Ends the connection at once.
    pub(crate) kick: Arc<Notify>,
}

/// What clients tell the hall.
#[derive(Debug)]
pub(crate) enum ToHall {
    /// A session is to open.
    Opened { client: u64, newcomer: Box<Newcomer> },
    /// A request.
    Asked { client: u64, message: Box<Message> },
    /// The connection is gone.
    Left { client: u64 },
}

/// Whose events a client wants.
#[derive(Debug)]
enum Wants {
    Everyone,
    Agent(String),
    Nobody,
}

#[derive(Debug)]
struct Client {
    newcomer: Box<Newcomer>,
    wants: Wants,
}

/// The agents and the clients who watch and order them.
#[derive(Debug)]
pub(crate) struct Hall {
    config: Arc<Config>,
    agents: Agents,
    crowd: Option<Crowd>,
    clients: BTreeMap<u64, Client>,
}

impl Hall {
    pub(crate) fn new(config: Arc<Config>) -> Self {
        let agents = Agents::new(&config.agents, &config.extra_devices);
        let now = Instant::now().into_std();
        let crowd = config.colleagues.clone().map(|colleagues| Crowd::new(colleagues, now));
        let mut hall = Self { config, agents, crowd, clients: BTreeMap::new() };
        hall.colleagues_arrive();
        hall
    }

    /// Serves until told to stop, then says good-bye to every client.
    pub(crate) async fn run(mut self, mut mailbox: mpsc::Receiver<ToHall>, mut stop: oneshot::Receiver<()>) {
        loop {
            let next = self.crowd.as_ref().and_then(Crowd::next).map(Instant::from_std);
            tokio::select! {
                message = mailbox.recv() => match message {
                    Some(message) => self.handle(message),
                    None => return,
                },
                () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => self.colleagues_move(),
                _ = &mut stop => {
                    for client in self.clients.keys().copied().collect::<Vec<_>>() {
                        self.say(client, FailureEvent::new(Status::CTI_SERVER_OFFLINE));
                    }
                    return;
                }
            }
        }
    }

    fn handle(&mut self, message: ToHall) {
        match message {
            ToHall::Opened { client, newcomer } => self.open(client, newcomer),
            ToHall::Asked { client, message } => match *message {
                Message::QueryAgentStateReq(query) => self.query(client, &query),
                Message::SetAgentStateReq(request) => self.set(client, &request),
                _ => {}
            },
            ToHall::Left { client } => {
                self.clients.remove(&client);
            }
        }
    }

    fn open(&mut self, id: u64, newcomer: Box<Newcomer>) {
        let open = &newcomer.open;
        let invoke_id = open.invoke_id;
        let everyone = newcomer.granted.contains(Services::ALL_EVENTS);
        let (wants, refused) = if everyone {
            (Wants::Everyone, false)
        } else if newcomer.granted.contains(Services::CLIENT_EVENTS) {
            let agent = self.named_by(open);
            (agent.clone().map_or(Wants::Nobody, Wants::Agent), agent.is_none())
        } else {
            (Wants::Nobody, false)
        };
        let about = match &wants {
            Wants::Agent(id) => Some(self.agents.told(id)),
            Wants::Everyone | Wants::Nobody => None,
        };
        let (version, peripheral_id) = (newcomer.dialect.version, self.config.peripheral_id);
        let conf = replies::open_conf(open, version, newcomer.granted, peripheral_id, about);
        tracing::info!(
            peer = %newcomer.peer,
            version = newcomer.dialect.version,
            client = newcomer.open.client_id.as_deref().unwrap_or_default().escape_default().to_string(),
            granted = ?newcomer.granted,
            "a CTI session opens"
        );
        self.clients.insert(id, Client { newcomer, wants });
        if refused {
            self.say(id, FailureConf::new(invoke_id, Status::INVALID_AGENT_DATA));
            // The connection ends when its queue is read to the end.
            self.clients.remove(&id);
            return;
        }
        self.say(id, conf);
        if everyone {
            self.say(id, replies::peripheral_online(peripheral_id));
        }
    }

    /// The agent whom a session about one agent is about.
    fn named_by(&self, open: &OpenReq) -> Option<String> {
        let device = open.agent_instrument.as_deref().or(open.agent_extension.as_deref());
        let own = || {
            let mut agents = self.config.agents.iter();
            agents.find(|agent| Some(agent.extension.as_str()) == device).map(|agent| agent.id.clone())
        };
        match open.agent_id.as_deref() {
            Some(id) => self.agents.find(Some(id), None).ok(),
            None => self.agents.find(None, device).ok().or_else(own),
        }
    }

    /// Why a client-control request is not even looked at.
    fn objection(&self, client: u64, peripheral_id: u32) -> Option<Status> {
        let granted = self.clients.get(&client)?.newcomer.granted;
        if !granted.contains(Services::CLIENT_CONTROL) {
            Some(Status::FUNCTION_NOT_AVAILABLE)
        } else if peripheral_id != self.config.peripheral_id {
            Some(Status::INVALID_PERIPHERAL_ID)
        } else {
            None
        }
    }

    fn query(&mut self, client: u64, query: &QueryAgentStateReq) {
        let invoke_id = query.invoke_id;
        if let Some(status) = self.objection(client, query.peripheral_id) {
            return self.say(client, FailureConf::new(invoke_id, status));
        }
        let device = query.agent_instrument.as_deref().or(query.agent_extension.as_deref());
        let told = match self.agents.find(query.agent_id.as_deref(), device) {
            Ok(id) => self.agents.told(&id),
            Err(failure) => return self.say(client, ControlFailureConf::new(invoke_id, failure)),
        };
        let conf = replies::query_conf(invoke_id, told);
        self.say(client, conf);
    }

    fn set(&mut self, client: u64, request: &SetAgentStateReq) {
        let invoke_id = request.invoke_id;
        if let Some(status) = self.objection(client, request.peripheral_id) {
            return self.say(client, FailureConf::new(invoke_id, status));
        }
        let order = Order {
            agent_id: request.agent_id.as_deref(),
            device: request.agent_instrument.as_deref(),
            state: request.agent_state,
            work_mode: request.agent_work_mode,
            reason: request.event_reason_code,
            forced: request.forced_flag,
        };
        match self.agents.set(order) {
            Ok(told) => {
                if order.state == AgentState::LOGIN
                    && let (Some(crowd), Some(agent_id)) = (&mut self.crowd, order.agent_id)
                {
                    crowd.release(agent_id);
                }
                let asker = self.clients.get(&client);
                let signature = asker.and_then(|client| client.newcomer.open.client_signature.clone());
                self.say(client, SetAgentStateConf::new(invoke_id));
                self.tell(&told, signature.as_deref());
            }
            Err(failure) => {
                tracing::info!(agent = order.agent_id, state = %order.state, %failure, "an order is refused");
                self.say(client, ControlFailureConf::new(invoke_id, failure));
            }
        }
    }

    fn colleagues_arrive(&mut self) {
        let Some(crowd) = &self.crowd else { return };
        for agent_id in crowd.agents() {
            let device = self.agents.extension(agent_id).map(str::to_owned);
            let order = Order {
                agent_id: Some(agent_id),
                device: device.as_deref(),
                state: AgentState::LOGIN,
                work_mode: 0,
                reason: 0,
                forced: 0,
            };
            if let Err(failure) = self.agents.set(order) {
                tracing::warn!(agent = agent_id, %failure, "a simulated colleague cannot sign in");
            }
        }
    }

    fn colleagues_move(&mut self) {
        let Some(crowd) = &mut self.crowd else { return };
        let agents = &self.agents;
        let is_ready = |id: &str| {
            agents.find(Some(id), None).is_ok_and(|id| agents.told(&id).state == AgentState::AVAILABLE)
        };
        let Some(due) = crowd.due(Instant::now().into_std(), is_ready) else { return };
        let order = Order {
            agent_id: Some(&due.agent_id),
            device: None,
            state: due.state,
            work_mode: 0,
            reason: due.reason,
            forced: 0,
        };
        match self.agents.set(order) {
            Ok(told) => self.tell(&told, None),
            // Somebody has signed the colleague out.
            Err(_) => crowd.release(&due.agent_id),
        }
    }

    /// Sends events to everyone who wants them.
    fn tell(&mut self, told: &[Told], signature: Option<&str>) {
        for told in told {
            tracing::debug!(agent = told.agent_id, state = %told.state, reason = told.reason, "an agent's state");
            let event = Message::from(replies::event(told, self.config.peripheral_id, signature));
            let wanting = self.clients.iter().filter(|(_, client)| match &client.wants {
                Wants::Everyone => true,
                Wants::Agent(id) => *id == told.agent_id,
                Wants::Nobody => false,
            });
            let wanting: Vec<(u64, Dialect)> =
                wanting.map(|(id, client)| (*id, client.newcomer.dialect)).collect();
            let mut encoded: Vec<(Dialect, Bytes)> = Vec::new();
            for (client, dialect) in wanting {
                let known =
                    encoded.iter().find(|(known, _)| *known == dialect).map(|(_, bytes)| bytes.clone());
                let Some(bytes) = known.or_else(|| encode(&event, dialect)) else { continue };
                encoded.push((dialect, bytes.clone()));
                self.push(client, bytes);
            }
        }
    }

    fn say(&mut self, client: u64, message: impl Into<Message>) {
        let Some(Client { newcomer, .. }) = self.clients.get(&client) else { return };
        if let Some(bytes) = encode(&message.into(), newcomer.dialect) {
            self.push(client, bytes);
        }
    }

    fn push(&mut self, id: u64, bytes: Bytes) {
        let Some(Client { newcomer, .. }) = self.clients.get(&id) else { return };
        match newcomer.outbox.try_send(bytes) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                let waiting = limits::OUTBOX_MAX;
                tracing::warn!(peer = %newcomer.peer, waiting, "a CTI client does not read; dropped");
                newcomer.kick.notify_one();
                self.clients.remove(&id);
            }
            Err(TrySendError::Closed(_)) => {
                self.clients.remove(&id);
            }
        }
    }
}

fn encode(message: &Message, dialect: Dialect) -> Option<Bytes> {
    message
        .encode(dialect)
        .inspect_err(|error| tracing::error!(%error, "a message does not fit the client's version"))
        .ok()
}
