//! Logs in the original's own form (`log.format = "finesse"`), so that scripts and people's eyes work unchanged: the web
//! services log, its twin with errors only, and the notification service's info and debug logs.
//!
//! What the original's documents show only in part is completed in our own words; `docs/manual/logs.md` says where.

mod client_logs;
mod files;
mod line;
mod notification_service;
mod requests;
mod writer;

pub(crate) use notification_service::{follow, sweep};
pub(crate) use requests::log_requests;

use ::store::ClientLogBody;
use floor::{AgentId, CtiCommand, CtiInput, Deployment, Note};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use line::{Event, Severity};
use notify::Notification;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use writer::{Writer, Written};

/// Agents under watch that a sweep names, and absent ones that events are lost for: the largest site.
const WATCHED_MAX: usize = 8_192;

const PRESENCE_THREAD: &str = "Smack Listener Processor (1)";
const SWEEP_THREAD: &str = "pool-8-thread-1";
const CORE_THREAD: &str = "CoreImpl-worker12";
const CTI_THREAD: &str = "CTI_MessageEventExecutor-0";
const PUBLISH_THREAD: &str = "pool-6-thread-1";

/// Writes these logs; or does not, when another form is configured. Clones write the same.
#[derive(Clone, Default)]
pub(crate) struct FinesseLog(Option<Inner>);

#[derive(Clone)]
struct Inner {
    writer: Writer,
    /// Agents whose presence is gone.
    watched: Arc<Mutex<BTreeSet<String>>>,
    /// The same until they are back, signed out or not.
    absent: Arc<Mutex<BTreeSet<String>>>,
    domain: Arc<str>,
    /// `CCE` or `CCX`.
    deployment: &'static str,
}

impl FinesseLog {
    /// Opens the files below `directory`. `node` is this server's address in each line.
    pub(crate) fn open(
        directory: &Path,
        node: String,
        domain: &str,
        deployment: Deployment,
    ) -> anyhow::Result<Self> {
        let writer = Writer::open(directory, node, TimeZone::system())?;
        let deployment = match deployment {
            Deployment::Ucce => "CCE",
            Deployment::Uccx => "CCX",
        };
        let (watched, absent) = (Arc::default(), Arc::default());
        let log = Self(Some(Inner { writer, watched, absent, domain: domain.into(), deployment }));
        log.info(Timestamp::now(), "HTTP bind service started".into());
        Ok(log)
    }

    /// Whether anything is written at all.
    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// The agent's presence came or went.
    pub(crate) fn presence(&self, at: Timestamp, user: &str, available: bool) {
        let Some(inner) = &self.0 else { return };
        put(&inner.absent, user, !available);
        let jid = format!("{user}@{}", inner.domain);
        let kind = if available { "available" } else { "unavailable" };
        self.event(
            at,
            PRESENCE_THREAD,
            "PRESENCE_NOTIFICATION_RECEIVED",
            vec![("from", jid), ("type", kind.to_owned())],
            "Received a presence notification",
        );
        if !available {
            let node = format!("/finesse/api/User/{user}");
            let pairs = vec![("agent_id", user.to_owned()), ("NodeId", node)];
            self.event(
                at,
                PRESENCE_THREAD,
                "UNSUBSCRIBE_NODE",
                pairs,
                "Unsubscribed the user from its nodes",
            );
        }
    }

    /// What the floor notes of an agent's presence.
    pub(crate) fn note(&self, at: Timestamp, note: &Note) {
        match note {
            Note::WatchStarted { agent, .. } => {
                self.watch(agent, true);
                let text = format!("Agent {agent} was added to the presence monitor");
                self.event(at, PRESENCE_THREAD, "AGENT_PRESENCE_MONITOR", message(text), "Presence monitor");
            }
            Note::Returned { agent, .. } | Note::WatchEnded { agent } => self.watch(agent, false),
            Note::ForcedLogout { agent } => {
                self.watch(agent, false);
                let pairs = vec![("agent_id", agent.to_string())];
                let text = "Performing a PRESENCE DRIVEN LOGOUT";
                self.event(at, CORE_THREAD, "PRESENCE DRIVEN LOGOUT", pairs, text);
            }
            _ => {}
        }
    }

    /// An order on its way to the CTI server.
    pub(crate) fn ordered(&self, at: Timestamp, command: &CtiCommand) {
        if let (true, CtiCommand::SetAgentState(order)) = (self.is_on(), command) {
            let pairs = vec![(line::MESSAGE, line::order(order))];
            let text = "Message going to the backend cti server";
            self.event(at, CORE_THREAD, "MESSAGE_TO_CTI_SERVER", pairs, text);
        }
    }

    /// What the CTI link brought, which was received at that time.
    pub(crate) fn heard(&self, received: Timestamp, input: &CtiInput) {
        let Some(inner) = &self.0 else { return };
        let (name, pairs, severity) = match input {
            CtiInput::AgentState(report) => {
                let now = Timestamp::now();
                let text = line::state_event(report, received, now, inner.deployment);
                let took = now.duration_since(received).as_millis().to_string();
                let pairs = vec![(line::MESSAGE, text), ("cti_response_time", took)];
                ("DECODED_MESSAGE_FROM_CTI_SERVER", pairs, Severity::Info)
            }
            CtiInput::LinkUp { server, .. } => {
                ("CTI_CONNECTION_ESTABLISHED", vec![("server", server.clone())], Severity::Info)
            }
            CtiInput::LinkDown { reason } => {
                ("CTI_CONNECTION_LOST", vec![("error_message", reason.clone())], Severity::Error)
            }
            _ => return,
        };
        let text = match input {
            CtiInput::AgentState(_) => "Decoded Message to Finesse from backend cti server",
            CtiInput::LinkUp { .. } => "The CTI connection is established",
            _ => "The CTI connection is lost",
        };
        self.put(Written::Web(Event { at: received, thread: CTI_THREAD, severity, name, pairs, text }));
    }

    /// An event that goes to the notification service. Its payload names telephones and callers: only its length is told.
    pub(crate) fn published(&self, notification: &Notification) {
        if self.is_on() {
            let payload = format!("{} bytes", notification.payload.len());
            let pairs = vec![("NodeId", notification.node.clone()), ("Payload", payload)];
            let text = "Publishing XMPP Message Asynchronously";
            self.event(Timestamp::now(), PUBLISH_THREAD, "XMPP_PUBLISH_ASYNCHRONOUS", pairs, text);
            self.lost(&notification.node);
        }
    }

    /// An event of a node whose agent has no session.
    fn lost(&self, node: &str) {
        let Some(inner) = &self.0 else { return };
        let user = node.strip_prefix("/finesse/api/User/").and_then(|rest| rest.split('/').next());
        let absent = inner.absent.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(user) = user.filter(|user| absent.contains(*user)) else { return };
        let domain = &inner.domain;
        let stanza = format!("<message from=\"pubsub.{domain}\" to=\"{user}@{domain}\" node=\"{node}\">");
        let text = "Unable to route packet. No session is available so store offline.";
        self.debug(Timestamp::now(), format!("{text} {stanza}"));
    }

    /// A client log that a desktop has sent in.
    pub(crate) fn client_log(&self, at: Timestamp, agent: &str, number: u64, body: ClientLogBody) {
        if let Some(inner) = &self.0 {
            inner.writer.put(Written::ClientLog { at, agent: agent.to_owned(), number, body });
        }
    }

    /// Says that the server stops and waits, within bounds, until all is written.
    pub(crate) fn close(&self) {
        self.info(Timestamp::now(), "HTTP bind service stopped".into());
        self.info(Timestamp::now(), "Openfire stopped".into());
        if let Some(inner) = &self.0 {
            inner.writer.close();
        }
    }

    /// The monitor looks at whoever is under watch.
    fn examine(&self, at: Timestamp) {
        let Some(inner) = &self.0 else { return };
        let watched = inner.watched.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for agent in watched {
            let text = format!("Agent {agent} is unavailable and under watch");
            self.event(at, SWEEP_THREAD, "AGENT_PRESENCE_MONITOR", message(text), "Presence monitor");
        }
    }

    fn watch(&self, agent: &AgentId, begins: bool) {
        if let Some(inner) = &self.0 {
            put(&inner.watched, agent.as_str(), begins);
        }
    }

    fn event(
        &self,
        at: Timestamp,
        thread: &'static str,
        name: &'static str,
        pairs: Vec<(&'static str, String)>,
        text: &'static str,
    ) {
        self.put(Written::Web(Event { at, thread, severity: Severity::Info, name, pairs, text }));
    }

    fn info(&self, at: Timestamp, text: String) {
        self.put(Written::Info(at, text));
    }

    fn debug(&self, at: Timestamp, text: String) {
        self.put(Written::Debug(at, text));
    }

    fn put(&self, written: Written) {
        if let Some(inner) = &self.0 {
            inner.writer.put(written);
        }
    }
}

/// Puts somebody into a set, if there is room, or takes them out.
fn put(set: &Mutex<BTreeSet<String>>, agent: &str, is_in: bool) {
    // a panic while holding the lock cannot leave half a name behind
    let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
    if !is_in {
        set.remove(agent);
    } else if set.len() < WATCHED_MAX {
        set.insert(agent.to_owned());
    }
}

fn message(text: String) -> Vec<(&'static str, String)> {
    vec![("message_string", text)]
}
