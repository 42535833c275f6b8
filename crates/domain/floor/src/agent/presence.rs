//! Presence-driven logout: an agent whose presence is gone, and stays gone for the grace, is signed out by
//! force with reason 255.
//!
//! Each watch has a generation of its own. A timer names the generation it was started for and does nothing
//! when the agent's watch is another or none, so a return always wins over a timer started before it.

use crate::floor::{Purpose, Timer};
use crate::reason::CONNECTION_FAILURE;
use crate::{AgentId, CtiCommand, CtiFailure, Floor, Note, Now, Place, SetAgentState, State, Token};
use std::time::Instant;

/// What is known about an agent's presence.
#[derive(Debug)]
pub(super) enum Presence {
    /// Never announced. Such an agent (a client that only speaks REST) is never under watch.
    Unseen,
    /// At least one session is available.
    Available,
    /// No session any more; under watch if the agent was signed in when the last one went.
    Away(Option<Watch>),
}

/// An agent under watch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watch {
    generation: u64,
    stage: Stage,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    /// Until the deadline.
    Waiting(Instant),
    /// The deadline passed without a link to send the logout on.
    Overdue,
    /// The logout was sent.
    Sent(Token, Instant),
}

impl Floor {
    /// An agent's presence: whether at least one of its sessions is available. Names that are no agents'
    /// (the service account, administrators) are ignored.
    pub fn handle_presence(&mut self, now: Now, id: &AgentId, available: bool) {
        let Some(record) = self.records.get_mut(id) else { return };
        match (&record.presence, available) {
            (Presence::Available, false) if record.agent.state.is_signed_in() || record.is_signing_in() => {
                self.start_watch(now, id);
            }
            (Presence::Available, false) => record.presence = Presence::Away(None),
            (Presence::Unseen, false) | (Presence::Away(_), false) | (Presence::Available, true) => {}
            (Presence::Unseen, true) => record.presence = Presence::Available,
            (Presence::Away(_), true) => self.agent_returned(id),
        }
    }

    fn start_watch(&mut self, now: Now, id: &AgentId) {
        let grace = self.policy.presence_grace;
        self.wait_for_return(id, now.instant + grace);
        self.note(Note::WatchStarted { agent: id.clone(), grace });
    }

    /// (Re)starts the watch with a generation of its own.
    fn wait_for_return(&mut self, id: &AgentId, deadline: Instant) {
        self.watch_generation += 1;
        let generation = self.watch_generation;
        let Some(record) = self.records.get_mut(id) else { return };
        record.presence = Presence::Away(Some(Watch { generation, stage: Stage::Waiting(deadline) }));
        self.start_timer(deadline, Timer::Watch(id.clone(), generation));
    }

    fn agent_returned(&mut self, id: &AgentId) {
        let ended = self.stop_watch(id);
        if let Some(record) = self.records.get_mut(id) {
            record.presence = Presence::Available;
        }
        if let Some(watch) = ended {
            let too_late = matches!(watch.stage, Stage::Sent(..));
            self.note(Note::Returned { agent: id.clone(), too_late });
        }
    }

    pub(super) fn end_watch_of_signed_out(&mut self, id: &AgentId) {
        if self.stop_watch(id).is_some() {
            self.note(Note::WatchEnded { agent: id.clone() });
        }
    }

    /// Takes the watch off an agent who stays away, with its timer.
    fn stop_watch(&mut self, id: &AgentId) -> Option<Watch> {
        let Presence::Away(watch) = &mut self.records.get_mut(id)?.presence else { return None };
        let watch = watch.take()?;
        match watch.stage {
            Stage::Waiting(deadline) => self.stop_timer(deadline, Timer::Watch(id.clone(), watch.generation)),
            Stage::Overdue => {}
            Stage::Sent(token, deadline) => self.forget_outcome(token, deadline),
        }
        Some(watch)
    }

    /// The grace of a watch is over.
    pub(crate) fn watch_expired(&mut self, now: Now, id: &AgentId, generation: u64) {
        let in_service = self.in_service();
        let Some(watch) = self.watch(id) else { return };
        if watch.generation != generation {
            return;
        }
        if in_service {
            self.force_logout(now, id);
        } else {
            watch.stage = Stage::Overdue;
            self.note(Note::ForcedLogoutDeferred { agent: id.clone() });
        }
    }

    /// Sends the logouts that waited for the link.
    pub(crate) fn force_overdue_logouts(&mut self, now: Now) {
        let overdue = |presence: &Presence| {
            matches!(presence, Presence::Away(Some(Watch { stage: Stage::Overdue, .. })))
        };
        let due: Vec<AgentId> = self
            .records
            .iter()
            .filter(|(_, record)| overdue(&record.presence))
            .map(|(id, _)| id.clone())
            .collect();
        for id in due {
            self.force_logout(now, &id);
        }
    }

    /// Orders the logout, past the queue of the agent's own requests: nobody is there to wait for them.
    fn force_logout(&mut self, now: Now, id: &AgentId) {
        // The watch may have begun with a sign-in that then failed.
        if self.agent(id).is_none_or(|agent| agent.state == State::Logout) {
            return self.end_watch_of_signed_out(id);
        }
        let token = self.next_token();
        let deadline = now.instant + self.policy.request_timeout;
        let Some(watch) = self.watch(id) else { return };
        watch.stage = Stage::Sent(token, deadline);
        let extension = self.agent(id).map(|agent| agent.extension.clone()).unwrap_or_default();
        self.expect_outcome(token, Purpose::ForcedLogout(id.clone()), deadline);
        self.note(Note::ForcedLogout { agent: id.clone() });
        self.put_out(CtiCommand::SetAgentState(SetAgentState {
            token,
            agent: id.clone(),
            extension,
            place: Place::default(),
            state: State::Logout,
            reason: CONNECTION_FAILURE,
            forced: true,
            password: None,
        }));
    }

    /// A forced logout was refused or had no effect: the agent is still away and signed in, and calls would
    /// go to nobody. It is tried again after another grace.
    pub(crate) fn forced_logout_failed(&mut self, now: Now, id: &AgentId, failure: &CtiFailure) {
        if self.stop_watch(id).is_some() {
            self.note(Note::ForcedLogoutFailed { agent: id.clone(), why: failure_text(failure) });
            self.wait_for_return(id, now.instant + self.policy.presence_grace);
        }
    }

    /// The link went down: logouts that were sent and not yet seen are due again when it is back.
    pub(crate) fn forced_logouts_lost(&mut self) {
        let mut forgotten = Vec::new();
        for record in self.records.values_mut() {
            if let Presence::Away(Some(watch)) = &mut record.presence
                && let Stage::Sent(token, deadline) = watch.stage
            {
                watch.stage = Stage::Overdue;
                forgotten.push((token, deadline));
            }
        }
        for (token, deadline) in forgotten {
            self.forget_outcome(token, deadline);
        }
    }

    /// The watch an agent is under.
    fn watch(&mut self, id: &AgentId) -> Option<&mut Watch> {
        match &mut self.records.get_mut(id)?.presence {
            Presence::Away(watch) => watch.as_mut(),
            _ => None,
        }
    }
}

/// A failure for the log.
pub(crate) fn failure_text(failure: &CtiFailure) -> String {
    match failure {
        CtiFailure::Refused { code, name, .. } => format!("refused with {code} {name}"),
        CtiFailure::TimedOut => "no answer in time".to_owned(),
        CtiFailure::LinkDown => "the link went down".to_owned(),
    }
}
