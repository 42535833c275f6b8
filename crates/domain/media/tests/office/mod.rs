//! An office with chats, which nothing interrupts, mails and forms, which calls interrupt, and claims of another team.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "a test may fail here")]
#![allow(
    clippy::disallowed_methods,
    reason = "an Instant has no other origin; the office's time is counted from it"
)]

use aplomb_media::*;
use floor::{AgentId, Now, TeamId};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

pub const CHAT: DomainId = DomainId(5001);
pub const MAIL: DomainId = DomainId(5002);
pub const FORM: DomainId = DomainId(5003);
pub const CLAIM: DomainId = DomainId(5004);
pub const TEAM: TeamId = TeamId(31);
pub const START: Duration = Duration::from_secs(20);
pub const LIFE: Duration = Duration::from_secs(3_600);
pub const GRACE: Duration = Duration::from_secs(60);

pub struct Office {
    pub media: TaskRouting,
    now: Now,
    pub disk: Disk,
    pub changes: Vec<Change>,
    pub notes: Vec<Note>,
}

/// What was kept, as text, as a store keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    tasks: BTreeMap<TaskId, String>,
    seats: BTreeMap<(String, u32), String>,
}

impl Disk {
    fn keep(&mut self, keep: Keep) {
        match keep {
            Keep::Task(task) => drop(self.tasks.insert(task.id, serde_json::to_string(&task).unwrap())),
            Keep::TaskOver(id) => drop(self.tasks.remove(&id)),
            Keep::Seat(seat) => {
                let text = serde_json::to_string(&seat).unwrap();
                self.seats.insert((seat.agent, seat.domain), text);
            }
            Keep::SignedOut { agent, domain } => drop(self.seats.remove(&(agent, domain))),
        }
    }

    pub fn tasks(&self) -> Vec<TaskRecord> {
        self.tasks.values().map(|text| serde_json::from_str(text).unwrap()).collect()
    }

    pub fn seats(&self) -> Vec<SeatRecord> {
        self.seats.values().map(|text| serde_json::from_str(text).unwrap()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty() && self.seats.is_empty()
    }
}

fn domain(id: DomainId, name: &str, interruptible: bool, teams: &[u32]) -> Domain {
    Domain {
        id,
        name: name.into(),
        description: String::new(),
        interruptible,
        teams: teams.iter().copied().map(TeamId).collect(),
        selectors: vec![format!("to_{name}")],
        start_timeout: START,
        task_life: LIFE,
    }
}

pub fn id(agent: u32) -> AgentId {
    AgentId::from(agent.to_string().as_str())
}

pub fn terms(dialogs_max: u8) -> Terms {
    Terms { dialogs_max, ..Terms::default() }
}

/// Everything that the office does.
pub fn domains() -> Vec<Domain> {
    vec![
        domain(CHAT, "chat", false, &[]),
        domain(MAIL, "mail", true, &[]),
        domain(FORM, "form", true, &[]),
        domain(CLAIM, "claim", false, &[32]),
    ]
}

impl Office {
    pub fn open() -> Self {
        let wall = Timestamp::from_second(1_800_000_000).unwrap();
        Self {
            media: TaskRouting::new(domains(), Policy { presence_grace: GRACE }, 7),
            now: Now { instant: Instant::now(), wall },
            disk: Disk::default(),
            changes: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The server dies and starts again after this time, with these domains, from what the disk has.
    pub fn restart(&mut self, after: Duration, domains: Vec<Domain>) {
        (self.now.instant, self.now.wall) = (self.now.instant + after, self.now.wall + after);
        // as if within one second of the start before
        self.media = TaskRouting::new(domains, Policy { presence_grace: GRACE }, 7);
        self.media.restore(self.now, self.disk.seats(), self.disk.tasks());
        self.drain();
    }

    pub fn now(&self) -> Now {
        self.now
    }

    pub fn drain(&mut self) {
        while let Some(output) = self.media.poll_output() {
            match output {
                Output::Change(change) => self.changes.push(change),
                Output::Keep(keep) => self.disk.keep(keep),
                Output::Note(note) => self.notes.push(note),
            }
        }
    }

    pub fn sleep(&mut self, time: Duration) {
        self.now.instant += time;
        self.now.wall += time;
        self.media.handle_timeout(self.now);
        self.drain();
    }

    pub fn ask(&mut self, agent: u32, domain: DomainId, wish: Wish) {
        let request_id = Some("asked".to_owned());
        let request = MediaRequest { agent: id(agent), team: TEAM, domain, wish, request_id };
        self.media.request(self.now, request).unwrap();
        self.drain();
    }

    /// Signed in and ready.
    pub fn ready(&mut self, agent: u32, domain: DomainId, terms: Terms) {
        self.ask(agent, domain, Wish::SignIn(terms));
        self.ask(agent, domain, Wish::Ready);
    }

    pub fn bring(&mut self, domain: DomainId) -> TaskId {
        let task = self.media.submit(self.now, NewTask { domain, variables: Vec::new() }).unwrap();
        self.drain();
        task
    }

    pub fn act(&mut self, agent: u32, task: TaskId, action: TaskAction) {
        self.act_on(agent, task, action, None).unwrap();
    }

    pub fn act_on(
        &mut self,
        agent: u32,
        task: TaskId,
        action: TaskAction,
        target: Option<&str>,
    ) -> Result<(), Refusal> {
        let target = target.map(str::to_owned);
        let request_id = Some("acted".to_owned());
        let done = self
            .media
            .request_task(self.now, TaskRequest { agent: id(agent), task, action, target, request_id });
        self.drain();
        done
    }

    pub fn call(&mut self, agent: u32, on_call: bool) {
        self.media.handle_call(self.now, &id(agent), on_call);
        self.drain();
    }

    pub fn presence(&mut self, agent: u32, available: bool) {
        self.media.handle_presence(self.now, &id(agent), available);
        self.drain();
    }

    pub fn seat(&self, agent: u32, domain: DomainId) -> Seat {
        self.media.media(&id(agent), TEAM, domain).unwrap().seat.unwrap()
    }

    pub fn state(&self, agent: u32, domain: DomainId) -> MediaState {
        self.seat(agent, domain).state
    }

    /// Ids of the agent's tasks.
    pub fn tasks(&self, agent: u32) -> Vec<TaskId> {
        self.media.tasks_of(&id(agent), None).iter().map(|task| task.id).collect()
    }

    pub fn task_state(&self, task: TaskId) -> Option<TaskState> {
        self.media.task(task).map(|task| task.state)
    }

    /// What was told since it was last asked, in short.
    pub fn told(&mut self) -> Vec<String> {
        let short = |change: &Change| match change {
            Change::Media(media) => format!("{} {}", media.agent, media.seat.as_ref().unwrap().state.name()),
            Change::Task { task, event } => {
                let why = task.disposition.map_or("", Disposition::name);
                format!("{} {event:?} {} {why}", task.agent, task.state.name()).trim_end().to_owned()
            }
            Change::MediaFailed { agent, fault, .. } | Change::TaskFailed { agent, fault, .. } => {
                format!("{agent} {fault:?}")
            }
        };
        self.changes.drain(..).map(|change| short(&change)).collect()
    }
}
