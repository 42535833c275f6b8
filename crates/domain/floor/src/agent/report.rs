//! What the CTI server says about an agent's state. It is believed.

use super::{Agent, Reason, Record};
use crate::{AgentId, AgentStateReport, Change, Floor, Note, Now, Place, ReasonCategory, State};

impl Floor {
    /// Takes a report. Returns whether it changed what is known.
    pub(crate) fn take_report(&mut self, now: Now, report: AgentStateReport) -> bool {
        let id = report.agent.clone();
        let report = self.told_what_for(report);
        let Some(record) = self.records.get(&id) else {
            self.note(Note::UnknownAgent { agent: id });
            return false;
        };
        // LOGIN is a moment on the way to NOT_READY, whose event follows.
        if report.state == State::Login {
            return false;
        }
        let answers = report.answers.is_none() && record.is_answered_by(&report);
        let extension_before = record.agent.extension.clone();
        let changed = self.apply(now, &id, &report, answers);
        let request_id = if answers { self.take_in_flight(&id).flatten() } else { None };
        if changed || answers {
            self.publish_agent(&id, request_id);
        }
        if changed {
            self.settle_agent(now, &id, &extension_before);
        }
        if report.state == State::Logout {
            self.end_watch_of_signed_out(&id);
        }
        if answers {
            self.send_next(now, &id);
        }
        changed
    }

    /// Servers before version 16, and all answers to questions, leave out what a reserved agent is reserved for. The calls
    /// tell it.
    fn told_what_for(&self, report: AgentStateReport) -> AgentStateReport {
        let reserved = report.state == State::Reserved;
        let known = reserved.then(|| self.reservation_of(&report.agent)).flatten();
        AgentStateReport { state: known.unwrap_or(report.state), ..report }
    }

    /// The call that a dialer's reservation is may come after the state.
    pub(crate) fn name_reservation(&mut self, id: &AgentId) {
        let Some(state) = self.reservation_of(id) else { return };
        let record = self.records.get_mut(id).filter(|record| record.agent.state == State::Reserved);
        if let Some(record) = record {
            record.agent.state = state;
            self.publish_agent(id, None);
        }
    }

    /// Whether anything that clients see became different. `answers` tells whether it is the outcome of a request.
    fn apply(&mut self, now: Now, id: &AgentId, report: &AgentStateReport, answers: bool) -> bool {
        let told_reason = self.reason_of(report);
        let Some(record) = self.records.get_mut(id) else { return false };
        // QUERY_AGENT_STATE_CONF has no field for the reason: in the same state the known one still holds.
        let keeps_reason =
            report.answers.is_some() && told_reason.is_none() && report.state == record.agent.state;
        let reason = if keeps_reason { record.agent.reason.clone() } else { told_reason };
        let before = record.agent.clone();
        let first_told = !std::mem::replace(&mut record.told, true);
        record.agent.extension = extension_after(record, report);
        record.agent.place = place_after(record, &before, report, answers);
        record.agent.terminals =
            self.policy.terminals.get(&record.agent.extension).cloned().unwrap_or_default();
        let agent = &mut record.agent;
        if agent.state != report.state || agent.reason != reason {
            // At first sight nobody knows since when. After a lost link the change happened at most that
            // long ago.
            agent.changed_at = if first_told && report.answers.is_some() { None } else { Some(now.wall) };
        }
        agent.state = report.state;
        agent.reason = reason;
        let is_stale = record.pending_is_stale && report.answers.is_some();
        if !agent.state.defers_requests() || (is_stale && report.next.is_none()) {
            agent.pending = None;
        } else if let Some(next) = report.next {
            // A wish of any CTI client, and one that was taken back. READY is what follows a call by itself.
            agent.pending = Some(next).filter(|next| matches!(next, State::NotReady | State::Logout));
        }
        record.pending_is_stale &= report.answers.is_none() && report.next.is_none();
        let changed = before != *agent;
        self.note_oddities(&before, report);
        changed
    }

    fn reason_of(&self, report: &AgentStateReport) -> Option<Reason> {
        let category = ReasonCategory::of(report.state)?;
        let code = report.reason.filter(|code| *code != 0)?;
        let listed =
            self.reasons.iter().find(|reason| reason.category == category && reason.code == code).cloned();
        Some(Reason { code, listed })
    }

    fn note_oddities(&mut self, before: &Agent, report: &AgentStateReport) {
        let Some(agent) = self.agent(&report.agent) else { return };
        let (id, from, to) = (report.agent.clone(), before.state, agent.state);
        let unlisted = agent.reason.as_ref().filter(|reason| reason.listed.is_none()).map(|r| r.code);
        if report.answers.is_none() && !from.may_become(to) {
            self.note(Note::UnexpectedTransition { agent: id.clone(), from, to });
        }
        if let Some(code) = unlisted.filter(|code| before.reason_code() != Some(*code)) {
            self.note(Note::UnknownReason { agent: id, code });
        }
    }

    /// The link has another session: of wishes that wait for the end of a call, the CTI server tells only with the next
    /// event of the agent. The call may be another by now, and the wish fulfilled or forgotten.
    pub(crate) fn doubt_pending_states(&mut self) {
        for record in self.records.values_mut() {
            record.pending_is_stale = record.agent.pending.is_some();
        }
    }

    /// Publishes an agent as it is.
    pub(super) fn publish_agent(&mut self, id: &AgentId, request_id: Option<String>) {
        if let Some(agent) = self.agent(id).cloned() {
            self.publish(Change::Agent { agent: Box::new(agent), request_id });
        }
    }
}

/// The extension after a report: none when signed out, else the one that the report, the sign-in under way or
/// the past names, in this order.
fn extension_after(record: &Record, report: &AgentStateReport) -> String {
    if !report.state.is_signed_in() {
        return String::new();
    }
    let named = report.extension.as_deref().filter(|extension| !extension.is_empty());
    let signing_in = || record.signing_in_on().filter(|_| record.agent.extension.is_empty());
    named.or_else(signing_in).unwrap_or(&record.agent.extension).to_owned()
}

/// Where calls ring after a report: at the extension's telephone when signed out or at another extension, else as the
/// sign-in that the report answers wanted it, or as before. What the report says is believed.
fn place_after(record: &Record, before: &Agent, report: &AgentStateReport, answers: bool) -> Place {
    if !report.state.is_signed_in() {
        return Place::default();
    }
    let stays = before.extension == record.agent.extension;
    let mut place = if stays { before.place.clone() } else { Place::default() };
    if let Some(wanted) = record.signing_in_at().filter(|_| answers) {
        place.take(wanted);
    }
    place.believe(&report.place);
    place
}
