//! The owner of task routing: one task, a single writer, beside the floor's. The floor tells it of calls.

use crate::floor_task::{now, sleep_until};
use crate::metrics::FloorMetrics;
use floor::{AgentId, State};
use jiff::Timestamp;
use media::{Domain, Keep, Note, Output, Policy, SeatRecord, TaskRecord, TaskRouting};
use notification::Service;
use rest::{Job, MediaClient};
use std::time::Duration;
use store::Store;
use tokio::sync::mpsc;

/// Calls of the web service that may wait.
const JOBS: usize = 1_024;
/// What the floor has to tell and may wait; the floor waits when it is full.
const HEARD: usize = 4_096;

/// What task routing hears of the floor.
#[derive(Clone, Debug)]
pub(crate) enum Heard {
    /// An agent's state at the telephone.
    Voice { agent: AgentId, on_call: bool },
    /// An agent's presence.
    Presence { agent: AgentId, available: bool },
}

impl Heard {
    /// Whether an agent in this state is on a call, or about to be.
    pub(crate) fn voice(agent: &AgentId, state: State) -> Self {
        let on_call = matches!(
            state,
            State::Reserved
                | State::ReservedOutbound
                | State::ReservedOutboundPreview
                | State::Talking
                | State::Hold
        );
        Self::Voice { agent: agent.clone(), on_call }
    }
}

/// What task routing begins with, and where it has kept what comes. Without a store everything ends with the server.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) seats: Vec<SeatRecord>,
    pub(crate) tasks: Vec<TaskRecord>,
    pub(crate) store: Option<Store>,
}

struct MediaTask {
    media: TaskRouting,
    store: Option<Store>,
    notification: Service,
    metrics: FloorMetrics,
}

/// Starts the task. Returns the way for the web service, and where the floor tells what it hears; none without domains.
pub(crate) fn start(
    domains: Vec<Domain>,
    presence_grace: Duration,
    memory: Memory,
    notification: Service,
    metrics: FloorMetrics,
) -> (MediaClient, Option<mpsc::Sender<Heard>>) {
    let (jobs_in, jobs) = mpsc::channel(JOBS);
    let (heard_in, heard) = mpsc::channel(HEARD);
    let is_idle = domains.is_empty();
    // finer than any restart: no id comes twice
    let run = Timestamp::now().as_millisecond().unsigned_abs();
    let mut media = TaskRouting::new(domains, Policy { presence_grace }, run);
    let Memory { seats, tasks, store } = memory;
    media.restore(now(), seats, tasks);
    tokio::spawn(MediaTask { media, store, notification, metrics }.run(heard, jobs));
    (MediaClient::new(jobs_in), (!is_idle).then_some(heard_in))
}

impl MediaTask {
    /// Runs until nobody asks any more.
    async fn run(mut self, mut heard: mpsc::Receiver<Heard>, mut jobs: mpsc::Receiver<Job<TaskRouting>>) {
        // what the restart itself has changed
        self.drain().await;
        loop {
            let deadline = self.media.poll_timeout();
            tokio::select! {
                // what is heard first: a return that has arrived must count before the deadline it beats
                biased;
                Some(heard) = heard.recv() => match heard {
                    Heard::Voice { agent, on_call } => self.media.handle_call(now(), &agent, on_call),
                    Heard::Presence { agent, available } => self.media.handle_presence(now(), &agent, available),
                },
                () = sleep_until(deadline) => self.media.handle_timeout(now()),
                job = jobs.recv() => match job {
                    Some(job) => job(&mut self.media, now()),
                    None => return,
                },
            }
            self.drain().await;
        }
    }

    async fn drain(&mut self) {
        let mut kept = Vec::new();
        while let Some(output) = self.media.poll_output() {
            match output {
                Output::Change(change) => {
                    let notification = notify::of_media(&change);
                    self.metrics.replaced(&notification);
                    self.notification.publish(notification.node, notification.payload).await;
                }
                Output::Keep(keep) => kept.push(keep),
                Output::Note(note) => self.note(&note),
            }
        }
        self.keep(kept);
    }

    /// What one thing has changed becomes durable together. Nobody waits for it here.
    fn keep(&self, changes: Vec<Keep>) {
        if let Some(store) = self.store.as_ref().filter(|_| !changes.is_empty()) {
            drop(store.keep_tasks(changes));
        }
    }

    fn note(&self, note: &Note) {
        self.metrics.note(note.name());
        tracing::info!(note = note.name(), "{note}");
    }
}
