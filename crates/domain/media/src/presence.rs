//! What else happens to agents: calls, and whether anybody is there.

use crate::core::Timer;
use crate::{Note, TaskRouting};
use floor::{AgentId, Now};

impl TaskRouting {
    /// An agent's call has begun or ended.
    pub fn handle_call(&mut self, now: Now, agent: &AgentId, on_call: bool) {
        if !on_call && !self.people.contains_key(agent) {
            return;
        }
        let person = self.people.entry(agent.clone()).or_default();
        if std::mem::replace(&mut person.on_call, on_call) == on_call {
            return;
        }
        if !on_call && person.places.is_empty() {
            self.people.remove(agent);
            return;
        }
        self.settle(now, agent);
        self.route(now);
    }

    /// An agent's presence. Who is signed in and stays away is signed out of all domains. A return stops the timer that
    /// was started before it.
    pub fn handle_presence(&mut self, now: Now, agent: &AgentId, available: bool) {
        let was_present = match available {
            true => !self.present.insert(agent.clone()),
            false => self.present.remove(agent),
        };
        let grace = self.policy.presence_grace;
        let Some(person) = self.people.get_mut(agent) else { return };
        if available {
            person.is_awaited = false;
            if let Some(until) = person.watch.take() {
                self.timers.remove(&(until, Timer::Watch(agent.clone())));
            }
        } else if person.watch.is_none() && person.places.values().any(|place| place.signed_in) {
            let until = now.instant + grace;
            person.watch = Some(until);
            self.timers.insert((until, Timer::Watch(agent.clone())));
            self.note(Note::WatchStarted { agent: agent.clone(), grace });
        }
        if was_present != available {
            self.settle(now, agent);
            self.route(now);
        }
    }

    pub(crate) fn watch_expired(&mut self, now: Now, agent: &AgentId) {
        let Some(person) = self.people.get_mut(agent) else { return };
        (person.watch, person.is_awaited) = (None, false);
        if person.places.values().any(|place| place.signed_in) {
            self.note(Note::ForcedLogout { agent: agent.clone() });
            self.sign_out_everywhere(now, agent);
        }
    }
}
