//! The one task that owns the contact centre: it carries requests out and tells everyone who wants to know.

use crate::asked::{self, Desk};
use crate::colleagues::Crowd;
use crate::exchange::{Exchange, Fact};
use crate::sessions::{Newcomer, Session, Sessions, Wants};
use crate::sides::{Side, Sides};
use crate::switchover::Switchover;
use crate::{Config, events, replies};
use ged188::message::{FailureConf, FailureEvent, OpenReq};
use ged188::{Message, Services, Status};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

/// What clients, and people, tell the hall.
#[derive(Debug)]
pub(crate) enum ToHall {
    /// A session is to open.
    Opened { client: u64, newcomer: Box<Newcomer> },
    /// A request.
    Asked { client: u64, message: Box<Message> },
    /// The connection is gone.
    Left { client: u64 },
    /// A line of a script; the answer is for people.
    Ordered { line: String, answer: oneshot::Sender<Result<String, String>> },
}

/// The contact centre and the clients who watch and order it.
#[derive(Debug)]
pub(crate) struct Hall {
    pub(crate) config: Arc<Config>,
    pub(crate) exchange: Exchange,
    pub(crate) sessions: Sessions,
    pub(crate) sides: Arc<Sides>,
    pub(crate) active: Side,
    pub(crate) switchover: Option<Switchover>,
    crowd: Option<Crowd>,
}

impl Hall {
    pub(crate) fn new(config: Arc<Config>, sides: Arc<Sides>) -> Self {
        let now = Instant::now().into_std();
        let exchange = Exchange::new(&config, now);
        let crowd = config.colleagues.clone().map(|colleagues| Crowd::new(colleagues, now));
        let mut hall = Self {
            config,
            exchange,
            sessions: Sessions::default(),
            sides,
            active: Side::A,
            switchover: None,
            crowd,
        };
        if let Some(crowd) = &hall.crowd {
            crowd.arrive(now, &mut hall.exchange);
        }
        hall.exchange.take_facts();
        hall
    }

    /// Serves until told to stop, then says good-bye to every client.
    pub(crate) async fn run(mut self, mut mailbox: mpsc::Receiver<ToHall>, mut stop: oneshot::Receiver<()>) {
        loop {
            let next = self.next_timeout();
            tokio::select! {
                message = mailbox.recv() => match message {
                    Some(message) => self.handle(message),
                    None => return,
                },
                () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => self.handle_timeout(),
                _ = &mut stop => {
                    for client in self.sessions.ids() {
                        self.sessions.say(client, FailureEvent::new(Status::CTI_SERVER_OFFLINE));
                    }
                    return;
                }
            }
        }
    }

    fn next_timeout(&self) -> Option<Instant> {
        let crowd = self.crowd.as_ref().and_then(|crowd| crowd.next(&self.exchange));
        let switchover = self.switchover.as_ref().map(Switchover::deadline);
        let times = [crowd, self.exchange.next_timeout(), switchover];
        times.into_iter().flatten().min().map(Instant::from_std)
    }

    fn handle_timeout(&mut self) {
        let now = Instant::now().into_std();
        self.exchange.handle_timeout(now);
        if let Some(crowd) = &mut self.crowd {
            crowd.handle_timeout(now, &mut self.exchange);
        }
        self.tell(None);
        self.switchover_times_out(now);
    }

    fn handle(&mut self, message: ToHall) {
        match message {
            ToHall::Opened { client, newcomer } => self.open(client, newcomer),
            ToHall::Asked { client, message } => self.asked(client, &message),
            ToHall::Left { client } => {
                self.sessions.remove(client);
                self.switchover_left(client);
            }
            ToHall::Ordered { line, answer } => {
                let said = crate::orders::carry_out(self, Instant::now().into_std(), &line);
                self.tell(None);
                // Whoever asked may be gone.
                let _ = answer.send(said);
            }
        }
    }

    fn open(&mut self, id: u64, newcomer: Box<Newcomer>) {
        let active = newcomer.side == self.active;
        let granted = newcomer.granted;
        let wants = if granted.contains(Services::ALL_EVENTS) {
            Ok(Wants::Everyone)
        } else if granted.contains(Services::CLIENT_EVENTS) {
            self.named_by(&newcomer.open).map(Wants::Agent).ok_or(Status::INVALID_AGENT_DATA)
        } else {
            Ok(Wants::Nobody)
        };
        let wants = match (active, newcomer.dialect.version, granted.contains(Services::ACTIVE_STANDBY)) {
            (false, ..24, _) => Err(Status::CTI_SERVER_OFFLINE),
            (false, _, false) => Err(Status::INVALID_CLIENT_FOR_STANDBY),
            _ => wants,
        };
        tracing::info!(
            peer = %newcomer.peer,
            side = %newcomer.side,
            active,
            version = newcomer.dialect.version,
            client = newcomer.open.client_id.as_deref().unwrap_or_default().escape_default().to_string(),
            granted = ?newcomer.granted,
            "a CTI session opens"
        );
        let invoke_id = newcomer.open.invoke_id;
        match wants {
            Ok(wants) => {
                self.sessions.insert(id, Session { newcomer, wants, active });
                self.greet(id);
            }
            Err(status) => {
                self.sessions.insert(id, Session { newcomer, wants: Wants::Nobody, active: false });
                self.sessions.say(id, FailureConf::new(invoke_id, status));
                // The connection ends when its queue is read to the end.
                self.sessions.remove(id);
            }
        }
    }

    /// What a session begins with.
    fn greet(&mut self, id: u64) {
        let Some(session) = self.sessions.get(id) else { return };
        let (active, wants, granted) = (session.active, session.wants.clone(), session.newcomer.granted);
        let now = Instant::now().into_std();
        let agent = match &wants {
            Wants::Agent(id) => self.exchange.agents().get(id),
            Wants::Everyone | Wants::Nobody => None,
        };
        let device = agent.and_then(|agent| agent.device.clone());
        let about = agent.map(|agent| agent.told(now));
        let newcomer = &session.newcomer;
        let conf = replies::open_conf(newcomer, self.config.peripheral_id, active, about);
        self.sessions.say(id, conf);
        if !active {
            return;
        }
        if wants == Wants::Everyone {
            self.sessions.say(id, replies::peripheral_online(self.config.peripheral_id));
        } else if let Some(device) = device {
            for fact in self.exchange.in_progress(Some(&device), false) {
                self.tell_one(id, &fact);
            }
        }
        if granted.contains(Services::SUPERVISOR) {
            let config = self.config.clone();
            for team in &config.teams {
                for event in asked::team_event(&self.exchange, &config, team, now) {
                    self.sessions.say(id, event);
                }
            }
        }
    }

    /// The agent whom a session about one agent is about.
    fn named_by(&self, open: &OpenReq) -> Option<String> {
        let device = open.agent_instrument.as_deref().or(open.agent_extension.as_deref());
        let own = || {
            let mut agents = self.config.agents.iter();
            agents.find(|agent| Some(agent.extension.as_str()) == device).map(|agent| agent.id.clone())
        };
        let known = |id: Option<&str>, device: Option<&str>| {
            self.exchange.agents().find(id, device).ok().map(|agent| agent.id.clone())
        };
        match open.agent_id.as_deref() {
            Some(id) => known(Some(id), None),
            None => known(None, device).or_else(own),
        }
    }

    fn asked(&mut self, client: u64, message: &Message) {
        if self.switchover_answered(client, message) {
            return;
        }
        let Some(head) = asked::head(message) else { return };
        if let Some(status) = self.objection(client, head) {
            return self.sessions.say(client, FailureConf::new(head.invoke_id, status));
        }
        let now = Instant::now().into_std();
        let mut desk = Desk { exchange: &mut self.exchange, config: &self.config, now };
        let conf = asked::answer(&mut desk, message).unwrap_or_else(|refusal| {
            let message = ged188::message::describe(message.kind());
            tracing::info!(message, ?refusal, "a request is refused");
            refusal.conf(head.invoke_id)
        });
        self.sessions.say(client, conf);
        let signature = self.sessions.get(client).and_then(|s| s.newcomer.open.client_signature.clone());
        self.tell(signature.as_deref());
    }

    /// Why a request is not even looked at.
    fn objection(&self, client: u64, head: asked::Head) -> Option<Status> {
        let session = self.sessions.get(client)?;
        if !session.active {
            Some(Status::CTI_SERVER_OFFLINE)
        } else if !session.newcomer.granted.contains(head.service) {
            Some(Status::FUNCTION_NOT_AVAILABLE)
        } else if head.peripheral_id.is_some_and(|id| id != self.config.peripheral_id) {
            Some(Status::INVALID_PERIPHERAL_ID)
        } else {
            None
        }
    }

    /// Sends what happened to everyone who wants it. `signature` is that of the client who caused it.
    pub(crate) fn tell(&mut self, signature: Option<&str>) {
        for fact in self.exchange.take_facts() {
            match &fact {
                Fact::Agent(told) => {
                    tracing::debug!(agent = told.agent_id, state = %told.state, reason = told.reason, "an agent's state");
                    let event = events::agent(told, &self.config, signature).into();
                    self.sessions.tell_agent(told, &event);
                }
                Fact::Call(call) => {
                    let event = events::call(call, &self.config);
                    tracing::debug!(call = call.id, "{}", ged188::message::describe(event.kind()));
                    let agents = self.exchange.agents();
                    let device_of = |id: &str| agents.get(id).and_then(|agent| agent.device.clone());
                    self.sessions.tell_call(call, &event, device_of);
                }
            }
        }
    }

    /// Sends something that happened to one client.
    pub(crate) fn tell_one(&mut self, client: u64, fact: &Fact) {
        let event: Message = match fact {
            Fact::Agent(told) => events::agent(told, &self.config, None).into(),
            Fact::Call(call) => events::call(call, &self.config),
        };
        self.sessions.say(client, event);
    }
}
