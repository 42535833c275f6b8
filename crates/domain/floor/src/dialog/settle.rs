//! After each event: who sees the call now, and what they are told. Clients are told what differs from what they
//! were told before, so a repeated event tells nothing.

use super::actions::Telephone;
use super::call::{Call, Phase, Viewing};
use super::{Address, CallId, CallType, Dialog, DialogState, ParticipantState};
use crate::change::{DialogEvent, Told};
use crate::floor::Timer;
use crate::limits::WRAP_UP_MAX;
use crate::{Agent, AgentId, Change, Floor, Now, QueueId, State, WrapUp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a dialog waits for the agent's next state, or for END_CALL, after the agent is out of the call.
const LEAVING_MAX: Duration = Duration::from_secs(5);

/// How long a call in which nobody is left waits for END_CALL.
const ENDING_MAX: Duration = Duration::from_secs(60);

/// All calls.
#[derive(Debug, Default)]
pub(crate) struct Dialogs {
    pub(crate) calls: BTreeMap<CallId, Call>,
    /// The calls each agent sees.
    pub(crate) viewing: BTreeMap<AgentId, BTreeSet<CallId>>,
    /// Who is signed in at an extension.
    pub(crate) extensions: BTreeMap<String, AgentId>,
    /// Counts the link's sessions.
    pub(crate) link_session: u64,
    /// Calls that began and ended unseen.
    pub(crate) unseen: u64,
    pub(crate) ended: super::ended::Ended,
    pub(crate) strays: super::stray::Strays,
    pub(crate) orders: super::orders::Orders,
}

/// Who is told that a dialog is new, or gone.
#[derive(Default)]
struct Turn {
    added: Vec<AgentId>,
    removed: Vec<AgentId>,
    /// Of those removed, who gets no word of the call's last state: it moved on.
    silently: BTreeSet<AgentId>,
}

impl Floor {
    /// The dialogs an agent is in, by id.
    pub fn dialogs_of(&self, agent: &AgentId) -> impl Iterator<Item = &Arc<Dialog>> {
        let ids = self.dialogs.viewing.get(agent).into_iter().flatten();
        ids.filter_map(|id| self.dialogs.calls.get(id)?.told.as_ref())
    }

    /// The dialog with this id, as clients were told last. `None` for calls that no agent is in.
    pub fn dialog(&self, id: CallId) -> Option<&Arc<Dialog>> {
        let call = self.dialogs.calls.get(&id)?;
        call.told.as_ref().filter(|_| !call.viewers.is_empty())
    }

    /// The agents who see a dialog.
    pub fn viewers(&self, id: CallId) -> impl Iterator<Item = &AgentId> {
        self.dialogs.calls.get(&id).into_iter().flat_map(|call| call.viewers.keys())
    }

    /// Calls that are followed now, with and without agents.
    pub fn call_count(&self) -> usize {
        self.dialogs.calls.len()
    }

    /// How many calls began and ended unseen, as far as it was noticed.
    pub fn unseen_calls(&self) -> u64 {
        self.dialogs.unseen
    }

    /// Tells what is different about a call, and about the other calls of those in it: what one may do with a held
    /// call depends on the other.
    pub(crate) fn settle(&mut self, now: Now, id: CallId) {
        let mut people: BTreeSet<AgentId> = self.viewers(id).cloned().collect();
        self.tell(now, id);
        people.extend(self.viewers(id).cloned());
        let seen = people.iter().filter_map(|agent| self.dialogs.viewing.get(agent)).flatten();
        let others: BTreeSet<CallId> = seen.copied().filter(|other| *other != id).collect();
        for other in others {
            self.tell(now, other);
        }
        people.iter().for_each(|agent| self.name_reservation(agent));
    }

    /// What the calls say an agent is reserved for: a dialer's reservation is a call of its own.
    pub(crate) fn reservation_of(&self, agent: &AgentId) -> Option<State> {
        let seen = self.dialogs.viewing.get(agent)?;
        let calls = seen.iter().filter_map(|id| self.dialogs.calls.get(id));
        let mut live = calls.filter(|call| call.part_of(agent).is_some_and(|part| part.state.is_live()));
        live.find_map(|call| call.media.call_type.reserves())
    }

    /// Whether an agent who hands a call over, and so leaves it while it goes on, wraps up: because it must be, or because
    /// the agent has asked for it.
    pub(super) fn will_wrap_up(&self, id: CallId, at: &Address) -> bool {
        let agent = self.dialogs.extensions.get(at.as_str()).and_then(|agent| self.agent(agent));
        let Some((call, agent)) = self.dialogs.calls.get(&id).zip(agent) else { return false };
        let wraps_up = |state| matches!(state, State::Work | State::WorkReady);
        match wrap_up_setting(call, agent) {
            WrapUp::Required | WrapUp::RequiredWithData => true,
            WrapUp::Optional => wraps_up(agent.state) || agent.pending.is_some_and(wraps_up),
            WrapUp::NotAllowed => false,
        }
    }

    /// An agent's state or extension is another.
    pub(crate) fn settle_agent(&mut self, now: Now, agent: &AgentId, before: &str) {
        let after = self.agent(agent).map(|agent| agent.extension.clone()).unwrap_or_default();
        let mut calls = self.dialogs.viewing.get(agent).cloned().unwrap_or_default();
        if before != after {
            if self.dialogs.extensions.get(before) == Some(agent) {
                self.dialogs.extensions.remove(before);
            }
            if !after.is_empty() {
                self.dialogs.extensions.insert(after.clone(), agent.clone());
                let there = self.dialogs.calls.values().filter(|call| call.at(&after).is_some());
                calls.extend(there.map(|call| call.id));
            }
        }
        for id in calls {
            self.tell(now, id);
        }
    }

    /// Takes a call off, whatever its state, and tells its viewers.
    pub(crate) fn remove_call(&mut self, now: Now, id: CallId) {
        if let Some(call) = self.dialogs.calls.get_mut(&id) {
            call.phase = Phase::Ended;
            call.drop_everybody(now);
            call.parties.iter_mut().for_each(|party| party.move_on(now));
        }
        self.settle(now, id);
    }

    fn tell(&mut self, now: Now, id: CallId) {
        let Some(mut call) = self.dialogs.calls.remove(&id) else { return };
        self.find_agents(&mut call);
        call.media.queue_name = self.queue_name(&call);
        let turn = self.turn(now, &mut call);
        let last = call.dialog(|agent| self.telephone_of(agent));
        call.prune_moved_on();
        let dialog = Arc::new(call.dialog(|agent| self.telephone_of(agent)));
        let mut answered = self.take_answered(&call, &turn.added);
        let objects: Vec<_> = answered.iter().map(|order| order.object.clone()).collect();
        let mut name = |agent: &AgentId| {
            let at = answered.iter().position(|order| order.agent == *agent)?;
            answered.remove(at).request_id
        };
        if call.told.is_some() {
            let differs = call.told.as_ref() != Some(&dialog);
            let stay = call.viewers.keys().filter(|agent| !turn.added.contains(agent));
            let stay = stay.filter(|agent| !turn.silently.contains(agent) && !turn.removed.contains(agent));
            let mut told: Vec<Told> =
                stay.map(|agent| Told { agent: agent.clone(), request_id: name(agent) }).collect();
            told.retain(|told| differs || told.request_id.is_some());
            let going = turn.removed.iter().filter(|agent| differs && !turn.silently.contains(*agent));
            told.extend(going.map(|agent| Told { agent: agent.clone(), request_id: None }));
            self.publish_dialog(&dialog, DialogEvent::Changed, told);
        }
        let mut named = |agents: &[AgentId]| -> Vec<Told> {
            agents.iter().map(|agent| Told { agent: agent.clone(), request_id: name(agent) }).collect()
        };
        let (removed, added) = (named(&turn.removed), named(&turn.added));
        let last = Arc::new(Dialog { state: DialogState::Dropped, ..last });
        self.publish_dialog(&last, DialogEvent::Removed, removed);
        self.publish_dialog(&dialog, DialogEvent::Added, added);
        self.keep(now, call, &turn, dialog);
        for object in objects {
            self.send_next_order(now, &object);
        }
    }

    fn publish_dialog(&mut self, dialog: &Arc<Dialog>, event: DialogEvent, told: Vec<Told>) {
        if !told.is_empty() {
            self.publish(Change::Dialog { dialog: dialog.clone(), event, told });
        }
    }

    /// Puts a call back, unless nothing more can come of it.
    fn keep(&mut self, now: Now, mut call: Call, turn: &Turn, dialog: Arc<Dialog>) {
        for agent in &turn.removed {
            let seen = self.dialogs.viewing.get_mut(agent);
            if seen.is_some_and(|seen| seen.remove(&call.id) && seen.is_empty()) {
                self.dialogs.viewing.remove(agent);
            }
        }
        for agent in &turn.added {
            self.dialogs.viewing.entry(agent.clone()).or_default().insert(call.id);
        }
        if call.phase == Phase::Ended && call.viewers.is_empty() {
            if let Some(at) = call.forget_at {
                self.stop_timer(at, Timer::Call(call.id));
            }
            self.dialogs.strays.forget(call.id);
            return self.dialogs.ended.remember(call.id);
        }
        if call.phase == Phase::Cleared && call.forget_at.is_none() {
            let at = now.instant + ENDING_MAX;
            call.forget_at = Some(at);
            self.start_timer(at, Timer::Call(call.id));
        }
        call.told = if call.viewers.is_empty() && call.told.is_none() { None } else { Some(dialog) };
        // Clients have seen who left; from now on the rest is the call.
        if call.live() >= 2 && call.prune() {
            call.told = Some(Arc::new(call.dialog(|agent| self.telephone_of(agent))));
        }
        self.dialogs.calls.insert(call.id, call);
    }

    /// END_CALL did not come.
    pub(crate) fn call_timed_out(&mut self, now: Now, id: CallId) {
        if let Some(call) = self.dialogs.calls.get_mut(&id) {
            call.forget_at = None;
            call.phase = Phase::Ended;
            self.settle(now, id);
        }
    }

    fn find_agents(&self, call: &mut Call) {
        for party in &mut call.parties {
            let signed_in = self.dialogs.extensions.get(party.address.as_str());
            if party.state.is_live() || signed_in.is_none() {
                party.agent = signed_in.cloned();
            }
        }
    }

    fn queue_name(&self, call: &Call) -> String {
        let queue = call.media.queue.and_then(|queue| self.queue(QueueId(queue.number)));
        queue.map(|queue| queue.profile.name.clone()).unwrap_or_default()
    }

    /// Brings the viewers up to date.
    fn turn(&mut self, now: Now, call: &mut Call) -> Turn {
        let mut turn = Turn::default();
        let present: Vec<(AgentId, bool, bool)> = call
            .parties
            .iter()
            .filter_map(|party| Some((party.agent.clone()?, party.state.is_live(), party.moved_on)))
            .collect();
        for (agent, live, _) in present.iter().filter(|(_, live, _)| *live) {
            debug_assert!(live);
            if let Some(Viewing::Leaving(at) | Viewing::WrapUp(at)) =
                call.viewers.insert(agent.clone(), Viewing::Live)
            {
                self.stop_timer(at, Timer::Viewing(call.id, agent.clone()));
            } else if !self.sees(agent, call.id) {
                turn.added.push(agent.clone());
            }
        }
        let away: Vec<AgentId> = call
            .viewers
            .keys()
            .filter(|agent| !present.iter().any(|(other, live, _)| other == *agent && *live))
            .cloned()
            .collect();
        for agent in away {
            let part = present.iter().find(|(other, ..)| *other == agent);
            let moved_on = part.is_none_or(|(_, _, moved_on)| *moved_on);
            if moved_on {
                turn.silently.insert(agent.clone());
            }
            if moved_on || !self.still_views(now, call, &agent) {
                if let Some(Viewing::Leaving(at) | Viewing::WrapUp(at)) = call.viewers.remove(&agent) {
                    self.stop_timer(at, Timer::Viewing(call.id, agent.clone()));
                }
                turn.removed.push(agent);
            }
        }
        turn
    }

    fn sees(&self, agent: &AgentId, call: CallId) -> bool {
        self.dialogs.viewing.get(agent).is_some_and(|seen| seen.contains(&call))
    }

    /// Whether an agent who is out of a call keeps the dialog for now, to wrap up or to learn whether to.
    fn still_views(&mut self, now: Now, call: &mut Call, agent: &AgentId) -> bool {
        let Some(state) = self.agent(agent).map(|agent| agent.state) else { return false };
        let wraps_up = matches!(state, State::Work | State::WorkReady) && self.may_wrap_up(call, agent);
        let over = call.phase == Phase::Ended || call.live() >= 2;
        let viewing = call.viewers.get(agent).copied().unwrap_or(Viewing::Live);
        match viewing {
            Viewing::WrapUp(until) if wraps_up && now.instant < until => return true,
            Viewing::WrapUp(_) => {
                set_state(now, call, agent, ParticipantState::Dropped);
                return false;
            }
            Viewing::Leaving(until) if !wraps_up && now.instant >= until => return false,
            _ => {}
        }
        if wraps_up {
            let secs = self.agent(agent).and_then(|agent| agent.profile.wrap_up_timer_secs);
            let until = now.instant + secs.map_or(WRAP_UP_MAX, |secs| Duration::from_secs(secs.into()));
            self.view_until(call, agent, Viewing::WrapUp(until), until);
            set_state(now, call, agent, ParticipantState::WrapUp);
            return true;
        }
        if over && !(busy(state) && self.may_wrap_up(call, agent) && !self.has_other_live_call(agent)) {
            return false;
        }
        if viewing == Viewing::Live {
            let until = now.instant + LEAVING_MAX;
            self.view_until(call, agent, Viewing::Leaving(until), until);
        }
        true
    }

    fn view_until(&mut self, call: &mut Call, agent: &AgentId, viewing: Viewing, until: Instant) {
        let timer = Timer::Viewing(call.id, agent.clone());
        if let Some(Viewing::Leaving(at) | Viewing::WrapUp(at)) = call.viewers.insert(agent.clone(), viewing)
        {
            self.stop_timer(at, timer.clone());
        }
        self.start_timer(until, timer);
    }

    fn may_wrap_up(&self, call: &Call, agent: &AgentId) -> bool {
        self.agent(agent).is_some_and(|agent| wrap_up_setting(call, agent) != WrapUp::NotAllowed)
    }

    /// What an agent can do beside the call that is out of the map right now.
    fn telephone_of(&self, agent: &AgentId) -> Telephone {
        Telephone {
            active_elsewhere: self.speaks_elsewhere(agent),
            answers_outside: self.answers_outside(agent),
        }
    }

    fn speaks_elsewhere(&self, agent: &AgentId) -> bool {
        self.parts_elsewhere(agent)
            .any(|(call, state)| state == ParticipantState::Active && call.is_connected())
    }

    fn has_other_live_call(&self, agent: &AgentId) -> bool {
        self.parts_elsewhere(agent).any(|(_, state)| state.is_live())
    }

    fn parts_elsewhere(&self, agent: &AgentId) -> impl Iterator<Item = (&Call, ParticipantState)> {
        let ids = self.dialogs.viewing.get(agent).into_iter().flatten();
        let calls = ids.filter_map(|id| self.dialogs.calls.get(id));
        let calls = calls.filter(|call| call.media.call_type != CallType::SupervisorMonitor);
        calls.filter_map(|call| Some((call, call.part_of(agent)?.state)))
    }
}

fn wrap_up_setting(call: &Call, agent: &Agent) -> WrapUp {
    let settings = agent.profile.settings;
    match call.media.call_type {
        CallType::SupervisorMonitor => WrapUp::NotAllowed,
        other if other.is_outgoing() => settings.wrap_up_on_outgoing.unwrap_or(settings.wrap_up_on_incoming),
        _ => settings.wrap_up_on_incoming,
    }
}

/// Whether an agent in this state is in a call, as far as was told: the next state is still to come.
fn busy(state: State) -> bool {
    use State::{Hold, Reserved, ReservedOutbound, ReservedOutboundPreview, Talking};
    matches!(state, Hold | Reserved | ReservedOutbound | ReservedOutboundPreview | Talking)
}

fn set_state(now: Now, call: &mut Call, agent: &AgentId, state: ParticipantState) {
    let part = call.parties.iter_mut().find(|party| party.agent.as_ref() == Some(agent));
    if let Some(party) = part {
        party.become_state(now, state);
    }
}
