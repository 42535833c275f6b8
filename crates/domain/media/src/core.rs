//! The core itself: who is where, and what is true of it.

use crate::seat::Place;
use crate::task::{Held, Task};
use crate::{
    Change, Domain, DomainId, InterruptAction, Keep, Media, MediaState, Note, Output, Seat, TaskDialog,
    TaskId, TaskState,
};
use floor::{AgentId, Now, TeamId};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What an operator may set.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How long an agent may be away (presence unavailable) before it is signed out of all domains.
    pub presence_grace: Duration,
}

/// Task routing. One owner; see the crate's documentation for the four kinds of method.
#[derive(Debug)]
pub struct TaskRouting {
    pub(crate) policy: Policy,
    pub(crate) domains: BTreeMap<DomainId, Arc<Domain>>,
    pub(crate) people: BTreeMap<AgentId, Person>,
    pub(crate) tasks: BTreeMap<TaskId, Task>,
    /// Agents with a session of the notification service.
    pub(crate) present: BTreeSet<AgentId>,
    /// Tasks that wait, the next one first.
    pub(crate) queues: BTreeMap<DomainId, VecDeque<TaskId>>,
    pub(crate) run: u64,
    pub(crate) last_task: u64,
    pub(crate) last_offer: u64,
    /// The ranks of the first and the last task that came into a queue; see [`Task::rank`].
    pub(crate) ranks: (i64, i64),
    pub(crate) timers: BTreeSet<(Instant, Timer)>,
    outputs: VecDeque<Output>,
}

/// An agent who is, or was, signed in somewhere or is on a call.
#[derive(Debug, Default)]
pub(crate) struct Person {
    pub(crate) on_call: bool,
    /// Was there before a restart and has not come back: it would not see what it is offered.
    pub(crate) is_awaited: bool,
    /// When the agent is signed out unless it returns.
    pub(crate) watch: Option<Instant>,
    pub(crate) places: BTreeMap<DomainId, Place>,
}

/// What a deadline is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// To accept a task.
    Start(TaskId),
    /// To end a task.
    Life(TaskId),
    /// To return.
    Watch(AgentId),
}

impl TaskRouting {
    /// Domains in which nobody is signed in. `run` tells this run of the server from every other: ids of tasks begin
    /// with it.
    pub fn new(domains: impl IntoIterator<Item = Domain>, policy: Policy, run: u64) -> Self {
        Self {
            policy,
            domains: domains.into_iter().map(|domain| (domain.id, Arc::new(domain))).collect(),
            people: BTreeMap::new(),
            tasks: BTreeMap::new(),
            present: BTreeSet::new(),
            queues: BTreeMap::new(),
            run,
            last_task: 0,
            last_offer: 0,
            ranks: (0, 0),
            timers: BTreeSet::new(),
            outputs: VecDeque::new(),
        }
    }

    /// All domains, by number.
    pub fn domains(&self) -> impl Iterator<Item = &Arc<Domain>> {
        self.domains.values()
    }

    /// The domain with this number.
    pub fn domain(&self, id: DomainId) -> Option<&Arc<Domain>> {
        self.domains.get(&id)
    }

    /// An agent, of this team, in a domain; `None` if there is no such domain.
    pub fn media(&self, agent: &AgentId, team: TeamId, id: DomainId) -> Option<Media> {
        let domain = self.domains.get(&id)?.clone();
        let place = self.people.get(agent).and_then(|person| person.places.get(&id));
        let nowhere = || domain.is_for(team).then(Seat::default);
        let seat = place.map(|place| place.told.clone()).or_else(nowhere);
        Some(Media { agent: agent.clone(), domain, seat })
    }

    /// The tasks that an agent has, in one domain or in all.
    pub fn tasks_of(&self, agent: &AgentId, domain: Option<DomainId>) -> Vec<TaskDialog> {
        let places = self.people.get(agent).into_iter().flat_map(|person| &person.places);
        let places = places.filter(|(id, _)| domain.is_none_or(|domain| domain == **id));
        places.flat_map(|(_, place)| &place.tasks).filter_map(|task| self.task(*task)).collect()
    }

    /// All tasks that agents have.
    pub fn held(&self) -> impl Iterator<Item = TaskDialog> {
        self.tasks.keys().filter_map(|id| self.task(*id))
    }

    /// A task that an agent has.
    pub fn task(&self, id: TaskId) -> Option<TaskDialog> {
        let task = self.tasks.get(&id)?;
        let held = task.held.as_ref()?;
        let person = self.people.get(&held.agent)?;
        let place = person.places.get(&task.domain)?;
        let interrupted = person.is_interrupted(place);
        Some(TaskDialog {
            state: if interrupted && held.state.is_work() { TaskState::Interrupted } else { held.state },
            actions: if interrupted { &[] } else { held.state.actions() },
            ..self.dialog(task, held, &place.domain)
        })
    }

    /// The dialog of a task in somebody's hands, were there no interruptions.
    pub(crate) fn dialog(&self, task: &Task, held: &Held, domain: &Arc<Domain>) -> TaskDialog {
        TaskDialog {
            id: task.id,
            associated: task.associated,
            domain: domain.clone(),
            agent: held.agent.clone(),
            state: held.state,
            actions: held.state.actions(),
            variables: task.variables.clone(),
            started_at: held.started_at,
            changed_at: held.changed_at,
            disposition: None,
        }
    }

    /// How many tasks wait for an agent.
    pub fn waiting(&self, domain: DomainId) -> usize {
        self.queues.get(&domain).map_or(0, VecDeque::len)
    }

    /// Time has come to a deadline, or passed it.
    pub fn handle_timeout(&mut self, now: Now) {
        while let Some((_, timer)) = self.timers.first().filter(|(at, _)| *at <= now.instant).cloned() {
            self.timers.pop_first();
            match timer {
                Timer::Start(task) => self.not_accepted(now, task),
                Timer::Life(task) => self.too_long(now, task),
                Timer::Watch(agent) => self.watch_expired(now, &agent),
            }
        }
    }

    /// The next thing to do. Drain it after each mutation.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to call [`TaskRouting::handle_timeout`] next.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.timers.first().map(|(at, _)| *at)
    }

    pub(crate) fn publish(&mut self, change: Change) {
        self.outputs.push_back(Output::Change(change));
    }

    pub(crate) fn note(&mut self, note: Note) {
        self.outputs.push_back(Output::Note(note));
    }

    pub(crate) fn keep(&mut self, keep: Keep) {
        self.outputs.push_back(Output::Keep(keep));
    }

    pub(crate) fn place(&mut self, agent: &AgentId, domain: DomainId) -> Option<&mut Place> {
        self.people.get_mut(agent)?.places.get_mut(&domain)
    }

    /// Whether a task is in one of these states.
    pub(crate) fn is_in(&self, task: TaskId, states: &[TaskState]) -> bool {
        let held = self.tasks.get(&task).and_then(|task| task.held.as_ref());
        held.is_some_and(|held| states.contains(&held.state))
    }

    /// Tells, and has kept, what is different of an agent in its domains. To be called whenever something of the agent
    /// has changed.
    pub(crate) fn settle(&mut self, now: Now, agent: &AgentId) {
        self.tell_seats(now, agent);
        self.keep_seats(agent);
    }

    fn tell_seats(&mut self, now: Now, agent: &AgentId) {
        let Some(person) = self.people.get(agent) else { return };
        let seats: Vec<(DomainId, Seat)> =
            person.places.iter().map(|(id, place)| (*id, self.seat(now.wall, person, place))).collect();
        for (id, seat) in seats {
            let Some(place) = self.place(agent, id).filter(|place| place.told != seat) else { continue };
            place.told = seat.clone();
            let domain = place.domain.clone();
            self.publish(Change::Media(Box::new(Media { agent: agent.clone(), domain, seat: Some(seat) })));
        }
    }

    fn seat(&self, at: Timestamp, person: &Person, place: &Place) -> Seat {
        let (state, reason) = (self.state(person, place), place.reason.clone());
        let same = state == place.told.state && reason == place.told.reason;
        let changed_at = if same { place.told.changed_at } else { Some(at) };
        Seat { state, reason, routable: place.routable, terms: place.terms, changed_at }
    }

    fn state(&self, person: &Person, place: &Place) -> MediaState {
        let has = |states: &[TaskState]| place.tasks.iter().any(|task| self.is_in(*task, states));
        if !place.signed_in {
            MediaState::Logout
        } else if !place.ready {
            MediaState::NotReady
        } else if person.is_interrupted(place) {
            MediaState::Interrupted
        } else if has(&[TaskState::Active, TaskState::Accepted]) {
            MediaState::Active
        } else if has(&[TaskState::WrappingUp]) {
            MediaState::WorkReady
        } else if has(&[TaskState::Paused]) {
            MediaState::Paused
        } else if has(&[TaskState::Offered]) {
            MediaState::Reserved
        } else {
            MediaState::Ready
        }
    }
}

impl Person {
    /// Whether the agent is on a call, or has a task of another domain that nothing interrupts.
    pub(crate) fn is_busy_beside(&self, domain: DomainId) -> bool {
        let holds = |(id, place): (&DomainId, &Place)| {
            *id != domain && !place.domain.interruptible && !place.tasks.is_empty()
        };
        self.on_call || self.places.iter().any(holds)
    }

    /// Whether the agent's work in this place stands still. Who is not ready is not interrupted.
    pub(crate) fn is_interrupted(&self, place: &Place) -> bool {
        let yields = place.domain.interruptible && place.terms.interrupt == InterruptAction::Accept;
        yields && place.ready && !place.tasks.is_empty() && self.is_busy_beside(place.domain.id)
    }
}
