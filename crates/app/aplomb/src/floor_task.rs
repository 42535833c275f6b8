//! The floor's owner: one task, a single writer. Takes one input, drains the outputs, waits for the next.

use crate::finesse_log::FinesseLog;
use crate::journal::Journal;
use crate::media_task::Heard;
use crate::metrics::FloorMetrics;
use crate::strangers::Strangers;
use floor::{AgentId, Change, CtiCommand, CtiInput, Floor, Note, Now, Output};
use jiff::Timestamp;
use notification::{Presence, Question, Service};
use notify::SystemIdentity;
use rest::{Catalogue, Job};
use std::time::Instant;
use tokio::sync::mpsc;

/// Calls of the web service that may wait for the floor.
pub(crate) const JOBS: usize = 4_096;
/// CTI events that may wait for the floor; the link waits when it is full.
pub(crate) const CTI_INPUTS: usize = 4_096;
/// Questions about the state of nodes that may wait for the floor: after a restart every client has one at once. Whose
/// question finds no room asks the web service.
pub(crate) const QUESTIONS: usize = 16_384;

/// The floor with all its neighbours.
pub(crate) struct FloorTask {
    pub(crate) floor: Floor,
    pub(crate) identity: SystemIdentity,
    pub(crate) catalogue: Catalogue,
    pub(crate) notification: Service,
    /// Task routing, which calls interrupt; none without media routing domains.
    pub(crate) media: Option<mpsc::Sender<Heard>>,
    pub(crate) commands: mpsc::Sender<CtiCommand>,
    pub(crate) metrics: FloorMetrics,
    pub(crate) journal: Journal,
    pub(crate) strangers: Strangers,
    pub(crate) finesse_log: FinesseLog,
}

/// What the floor hears.
pub(crate) struct Inputs {
    pub(crate) presence: mpsc::Receiver<Presence>,
    pub(crate) cti: mpsc::Receiver<CtiInput>,
    pub(crate) jobs: mpsc::Receiver<Job>,
    pub(crate) questions: mpsc::Receiver<Question>,
}

impl FloorTask {
    /// Runs until the inputs are closed.
    pub(crate) async fn run(mut self, mut inputs: Inputs) {
        self.notification.set_service_presence(true).await;
        loop {
            let deadline = self.floor.poll_timeout();
            tokio::select! {
                // presence first: a return that has arrived must count before the deadline it beats
                biased;
                Some(presence) = inputs.presence.recv() => {
                    let agent = AgentId::from(presence.user.as_str());
                    self.finesse_log.presence(Timestamp::now(), &presence.user, presence.available);
                    self.floor.handle_presence(now(), &agent, presence.available);
                    self.tell_media(Heard::Presence { agent, available: presence.available }).await;
                }
                Some(input) = inputs.cti.recv() => {
                    let now = now();
                    self.journal.note_cti(now.wall, &input);
                    self.finesse_log.heard(now.wall, &input);
                    self.floor.handle_cti(now, input);
                }
                () = sleep_until(deadline) => self.floor.handle_timeout(now()),
                Some(question) = inputs.questions.recv() => self.answer(question).await,
                job = inputs.jobs.recv() => match job {
                    Some(job) => job(&mut self.floor, now()),
                    None => return,
                },
            }
            self.drain().await;
        }
    }

    async fn drain(&mut self) {
        while let Some(output) = self.floor.poll_output() {
            match output {
                Output::Change(change) => self.tell(&change).await,
                Output::Cti(command) => {
                    self.finesse_log.ordered(Timestamp::now(), &command);
                    if self.commands.send(command).await.is_err() {
                        tracing::error!("the CTI link has stopped");
                    }
                }
                Output::Note(note) => self.note(&note),
            }
        }
    }

    /// Says what is true of nodes. Every change until now has been published, and goes the same way: the state is exactly
    /// what these changes have made.
    async fn answer(&self, Question { nodes, ticket }: Question) {
        let identity = self.catalogue.identity(&self.identity);
        let state = |node: &String| notify::state(&self.floor, &identity, Timestamp::now(), node);
        let states = nodes.iter().filter_map(state).inspect(|state| self.metrics.replaced(state));
        let states = states.map(|state| (state.node, state.payload)).collect();
        self.notification.tell_states(ticket, states).await;
    }

    async fn tell(&self, change: &Change) {
        log_change(change);
        if let Change::Agent { agent, .. } = change {
            self.tell_media(Heard::voice(agent.id(), agent.state)).await;
        }
        // read anew where it is told: an administrator may have named the other node
        let named;
        let identity = match change {
            Change::System { system, at } => {
                self.journal.note_system(*at, system);
                named = self.catalogue.identity(&self.identity);
                &named
            }
            _ => &self.identity,
        };
        for notification in notify::notifications(change, identity) {
            self.metrics.replaced(&notification);
            self.finesse_log.published(&notification);
            self.notification.publish(notification.node, notification.payload).await;
        }
    }

    async fn tell_media(&self, heard: Heard) {
        if let Some(media) = &self.media {
            // it ends when the server does
            let _ = media.send(heard).await;
        }
    }

    fn note(&mut self, note: &Note) {
        self.metrics.note(note.name());
        self.journal.note_floor(Timestamp::now(), note);
        self.finesse_log.note(Timestamp::now(), note);
        match note {
            flood if Strangers::may_flood(flood) => self.strangers.log(Instant::now(), flood),
            Note::StateNotTold { .. } | Note::LateOutcome => {
                tracing::debug!(note = note.name(), "{note}");
            }
            Note::ForcedLogoutFailed { .. } => tracing::warn!(note = note.name(), "{note}"),
            _ => tracing::info!(note = note.name(), "{note}"),
        }
    }
}

fn log_change(change: &Change) {
    match change {
        Change::Agent { agent, .. } => {
            tracing::debug!(agent = %agent.id(), state = agent.state.name(), "agent changed")
        }
        Change::Queue { queue } => tracing::debug!(queue = %queue.profile.id, "queue statistics changed"),
        Change::QueueList { agent, added, queues } => {
            tracing::debug!(%agent, added, queues = queues.len(), "an agent's list of queues changed");
        }
        Change::System { system, .. } => {
            tracing::info!(
                status = system.status.name(),
                reason = system.status_reason,
                "system status changed"
            );
        }
        Change::Dialog { dialog, event, told } => {
            let state = dialog.state.name();
            tracing::debug!(dialog = %dialog.id, state, ?event, agents = told.len(), "dialog changed");
        }
        Change::DialogRequestFailed { agent, error, .. } => {
            tracing::info!(%agent, error = error.error_type, "a request about a call failed");
        }
        Change::RequestFailed { agent, error, .. } => {
            tracing::info!(%agent, error = error.error_type, "a request on an agent failed");
        }
    }
}

pub(crate) fn now() -> Now {
    Now { instant: Instant::now(), wall: Timestamp::now() }
}

pub(crate) async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}
