//! Random stories of three agents: whatever happens, in whatever order, what was told is what is true, and nobody has
//! a task that it should not have.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod office;

use aplomb_media::*;
use office::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const AGENTS: [u32; 3] = [1, 2, 3];
const DOMAINS: [DomainId; 3] = [CHAT, MAIL, FORM];

#[derive(Clone, Debug)]
enum Step {
    Ask(u32, DomainId, Wish),
    Bring(DomainId),
    /// An action on one of the agent's tasks.
    Act(u32, usize, TaskAction),
    Withdraw(u32, usize),
    Call(u32, bool),
    Presence(u32, bool),
    SignOut(u32),
    Sleep(u64),
    /// The server dies, and is there again after so many seconds.
    Restart(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let agent = || prop::sample::select(&AGENTS[..]);
    let domain = || prop::sample::select(&DOMAINS[..]);
    let terms = (1..=3u8, any::<bool>(), any::<bool>()).prop_map(|(dialogs_max, ignores, gives)| Terms {
        dialogs_max,
        interrupt: if ignores { InterruptAction::Ignore } else { InterruptAction::Accept },
        on_logout: if gives { LogoutAction::Transfer } else { LogoutAction::Close },
    });
    let wish = prop_oneof![
        3 => terms.prop_map(Wish::SignIn),
        6 => Just(Wish::Ready),
        1 => Just(Wish::NotReady(None)),
        1 => Just(Wish::SignOut(None)),
        1 => any::<bool>().prop_map(Wish::Routable),
    ];
    let action = prop::sample::select(
        &[
            TaskAction::Accept,
            TaskAction::Start,
            TaskAction::Pause,
            TaskAction::Resume,
            TaskAction::WrapUp,
            TaskAction::Close,
            TaskAction::Transfer,
        ][..],
    );
    let step = prop_oneof![
        6 => (agent(), domain(), wish).prop_map(|(agent, domain, wish)| Step::Ask(agent, domain, wish)),
        4 => domain().prop_map(Step::Bring),
        8 => (agent(), 0..4usize, action).prop_map(|(agent, at, action)| Step::Act(agent, at, action)),
        1 => (agent(), 0..4usize).prop_map(|(agent, at)| Step::Withdraw(agent, at)),
        2 => (agent(), any::<bool>()).prop_map(|(agent, on)| Step::Call(agent, on)),
        2 => (agent(), any::<bool>()).prop_map(|(agent, there)| Step::Presence(agent, there)),
        1 => agent().prop_map(Step::SignOut),
        3 => (0..30u64).prop_map(Step::Sleep),
        1 => (0..30u64).prop_map(Step::Restart),
    ];
    prop::collection::vec(step, 1..120)
}

/// What clients know from what they were told, and nothing else.
#[derive(Default)]
struct Screens {
    seats: BTreeMap<(u32, DomainId), Seat>,
    tasks: BTreeMap<TaskId, TaskDialog>,
    on_call: BTreeSet<u32>,
    /// Were there before a restart and are offered nothing before they return.
    awaited: BTreeSet<u32>,
}

impl Screens {
    /// What clients do by themselves, and what they find after a restart.
    fn follow(&mut self, step: &Step, office: &Office) {
        match step {
            Step::Call(agent, true) => drop(self.on_call.insert(*agent)),
            Step::Call(agent, false) => drop(self.on_call.remove(agent)),
            Step::Presence(agent, true) => drop(self.awaited.remove(agent)),
            Step::Restart(_) => {
                // whose call it is will be told anew, and what was only offered is not there any more
                self.on_call.clear();
                // who had signed out is as who never was there
                self.seats.retain(|_, seat| seat.state != MediaState::Logout);
                self.tasks.retain(|_, task| task.state != TaskState::Offered);
                let watched = office.disk.seats().into_iter().filter(|seat| seat.is_watched);
                self.awaited.extend(watched.map(|seat| seat.agent.parse::<u32>().unwrap()));
            }
            _ => {}
        }
    }

    fn hear(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Media(media) => {
                    let agent = media.agent.as_str().parse().unwrap();
                    let before = self.seats.insert((agent, media.domain.id), media.seat.clone().unwrap());
                    assert_ne!(before, media.seat, "told twice");
                }
                Change::Task { task, event: TaskEvent::Added } => {
                    assert_eq!(task.state, TaskState::Offered);
                    let is_beside =
                        |other: &&TaskDialog| other.agent == task.agent && other.domain.id == task.domain.id;
                    let beside = self.tasks.values().filter(is_beside).count();
                    let agent = task.agent.as_str().parse().unwrap();
                    let most = self.seats[&(agent, task.domain.id)].terms.dialogs_max;
                    assert!(beside < usize::from(most), "more than agreed");
                    assert!(self.tasks.insert(task.id, *task).is_none(), "an id comes once");
                }
                Change::Task { task, event: TaskEvent::Changed } => {
                    let before = self.tasks.insert(task.id, *task.clone()).expect("it was added");
                    assert_eq!(before.agent, task.agent);
                }
                Change::Task { task, event: TaskEvent::Removed } => {
                    assert!(task.disposition.is_some() && task.actions.is_empty());
                    assert!(self.tasks.remove(&task.id).is_some(), "it was added");
                }
                Change::MediaFailed { .. } | Change::TaskFailed { .. } => {}
            }
        }
    }

    fn check(&self, office: &Office) {
        for (agent, domain) in AGENTS.into_iter().flat_map(|agent| DOMAINS.map(|domain| (agent, domain))) {
            let seat = office.seat(agent, domain);
            assert_eq!(self.seats.get(&(agent, domain)).cloned().unwrap_or_default(), seat);
            let tasks = office.media.tasks_of(&id(agent), Some(domain));
            assert!(seat.state != MediaState::Logout || tasks.is_empty(), "signed out with tasks");
            assert!(seat.state != MediaState::Ready || tasks.is_empty(), "ready means that there are none");
            let stands_still = seat.state == MediaState::Interrupted;
            for task in tasks {
                let told = self.tasks.get(&task.id).expect("it was told");
                assert_eq!((&told.agent, told.associated), (&task.agent, task.associated));
                // an interruption is told as the agent's state only
                match stands_still {
                    true => assert!(task.actions.is_empty()),
                    false => assert_eq!((told.state, told.actions), (task.state, task.actions)),
                }
            }
        }
        let held: usize = AGENTS.map(|agent| office.tasks(agent).len()).iter().sum();
        assert_eq!(held, self.tasks.len(), "nothing is shown that is not so");
        self.nobody_waits_in_vain(office);
    }

    /// A task waits only if nobody may take it. (Transfers lead to forms, which may wait for somebody else.)
    fn nobody_waits_in_vain(&self, office: &Office) {
        for agent in AGENTS.into_iter().filter(|agent| !self.awaited.contains(agent)) {
            let is_free = |domain| {
                let seat = office.seat(agent, domain);
                seat.state == MediaState::Ready && seat.routable
            };
            let ignores = office.seat(agent, MAIL).terms.interrupt == InterruptAction::Ignore;
            assert!(
                !is_free(MAIL) || !ignores || office.media.waiting(MAIL) == 0,
                "{agent} is free for mails"
            );
            let may_chat = is_free(CHAT) && !self.on_call.contains(&agent);
            assert!(!may_chat || office.media.waiting(CHAT) == 0, "{agent} is free for chats");
        }
    }
}

fn play(office: &mut Office, step: Step) {
    let nth = |office: &Office, agent, at: usize| {
        let tasks = office.tasks(agent);
        tasks.get(at % tasks.len().max(1)).copied()
    };
    match step {
        Step::Ask(agent, domain, wish) => office.ask(agent, domain, wish),
        Step::Bring(domain) => {
            office.bring(domain);
        }
        Step::Act(agent, at, action) => {
            if let Some(task) = nth(office, agent, at) {
                office.act_on(agent, task, action, Some("to_form")).unwrap();
            }
        }
        Step::Withdraw(agent, at) => {
            if let Some(task) = nth(office, agent, at) {
                let _ = office.media.withdraw(office.now(), task);
            }
        }
        Step::Call(agent, on_call) => office.call(agent, on_call),
        Step::Presence(agent, available) => office.presence(agent, available),
        Step::SignOut(agent) => office.media.sign_out_everywhere(office.now(), &id(agent)),
        Step::Sleep(secs) => office.sleep(Duration::from_secs(secs)),
        Step::Restart(secs) => office.restart(Duration::from_secs(secs), domains()),
    }
    office.drain();
}

proptest! {
    #[test]
    fn what_was_told_is_what_is_true(steps in steps()) {
        let mut office = Office::open();
        let mut screens = Screens::default();
        for step in steps {
            screens.follow(&step, &office);
            play(&mut office, step);
            screens.hear(std::mem::take(&mut office.changes));
            screens.check(&office);
        }
        // nothing is left over when everybody has gone
        for agent in AGENTS {
            office.media.sign_out_everywhere(office.now(), &id(agent));
            office.presence(agent, true);
        }
        office.drain();
        prop_assert_eq!(office.media.poll_timeout(), None);
        screens.hear(std::mem::take(&mut office.changes));
        prop_assert!(screens.tasks.is_empty());
        prop_assert!(office.disk.seats().is_empty() && office.disk.tasks().iter().all(|task| task.held.is_none()));
    }
}
