//! Calls that are heard of in the middle: nobody has told their beginning. The CTI server is asked what they are, and
//! whether they are at all: an event may come after the end of its call, and nothing else would ever take it away.

use super::{CallHappened, CallId, CallSnapshot, Connection};
use crate::floor::Purpose;
use crate::limits::QUERIES_OUTSTANDING_MAX;
use crate::{CtiCommand, CtiFailure, Floor, Note, Now, Token};
use std::collections::BTreeMap;
use std::time::Instant;

/// What is asked, and what will be. A call that is not followed any more is taken off, so there are never more than calls.
#[derive(Debug, Default)]
pub(crate) struct Strays {
    waiting: BTreeMap<CallId, Connection>,
    asked: BTreeMap<Token, (Instant, CallId)>,
}

/// What the CTI server said of such a call.
pub(crate) enum Stray {
    Told(CallSnapshot),
    NotTold(CtiFailure),
}

impl Strays {
    /// Nothing more is to be known of this call.
    pub(crate) fn forget(&mut self, id: CallId) {
        self.waiting.remove(&id);
    }
}

impl Floor {
    /// Whether this event came after the end of its call. One with which a call may begin did not: ids come again.
    pub(super) fn is_belated(&self, id: CallId, what: &CallHappened) -> bool {
        let may_be_new = matches!(
            what,
            CallHappened::Begun { .. }
                | CallHappened::ServiceInitiated { .. }
                | CallHappened::Originated { .. }
                | CallHappened::Delivered { .. }
                | CallHappened::Established { .. }
                | CallHappened::Conferenced { .. }
                | CallHappened::Transferred { .. }
        );
        // Repeated ends have a way of their own.
        let is_end = matches!(what, CallHappened::Cleared | CallHappened::Ended);
        !may_be_new && !is_end && !self.dialogs.calls.contains_key(&id) && self.dialogs.ended.has(id)
    }

    /// Asks about a call that an event has just made known.
    pub(super) fn ask_about(&mut self, now: Now, connection: Connection) {
        if self.dialogs.calls.contains_key(&connection.call) {
            self.dialogs.strays.waiting.insert(connection.call, connection);
            self.ask_about_strays(now);
        }
    }

    fn ask_about_strays(&mut self, now: Now) {
        let deadline = now.instant + self.policy.request_timeout;
        while self.dialogs.strays.asked.len() < QUERIES_OUTSTANDING_MAX
            && let Some((id, connection)) = self.dialogs.strays.waiting.pop_first()
        {
            let token = self.next_token();
            self.dialogs.strays.asked.insert(token, (deadline, id));
            self.expect_outcome(token, Purpose::Query, deadline);
            self.put_out(CtiCommand::SnapshotCall { token, connection });
        }
    }

    /// An answer that may be about such a call.
    pub(crate) fn stray_answered(&mut self, now: Now, token: Token, answer: Stray) {
        let Some((deadline, id)) = self.dialogs.strays.asked.remove(&token) else {
            return self.note(Note::LateOutcome);
        };
        self.forget_outcome(token, deadline);
        match answer {
            Stray::Told(snapshot) => self.learn_snapshot(now, snapshot),
            Stray::NotTold(failure) if self.is_denied(id, &failure) => self.call_denied(now, id),
            // Not a word about the call: it is what its events say.
            Stray::NotTold(failure) => {
                let why = crate::agent::failure_text(&failure);
                self.note(Note::CallNotTold { call: id, why });
            }
        }
        self.ask_about_strays(now);
    }

    /// Whether nothing is left of a call after this answer. When the connection is denied by which it was asked for, others may
    /// still be in it.
    pub(super) fn is_denied(&self, id: CallId, failure: &CtiFailure) -> bool {
        let others = self.dialogs.calls.get(&id).is_some_and(|call| call.live() > 1);
        failure.denies_call() || (failure.denies_connection() && !others)
    }

    /// The CTI server knows no such call.
    pub(super) fn call_denied(&mut self, now: Now, id: CallId) {
        let Some(call) = self.dialogs.calls.get(&id) else { return };
        if call.told.is_some() {
            self.note(Note::CallDenied { call: id });
        } else {
            self.dialogs.unseen += 1;
            self.note(Note::CallUnseen { call: id });
        }
        self.remove_call(now, id);
    }

    /// The link owes no answers any more.
    pub(crate) fn drop_strays(&mut self) {
        for (token, (deadline, _)) in std::mem::take(&mut self.dialogs.strays).asked {
            self.forget_outcome(token, deadline);
        }
    }
}
