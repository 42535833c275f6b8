//! Who works here is told anew.

use super::Record;
use crate::{Floor, Roster, Team};
use std::sync::Arc;

impl Floor {
    /// Other people and teams instead of those of before (reasons: [`Floor::set_reasons`]). What an agent does goes on: who is new is signed
    /// out as far as is known, who has another name, team or role is published, and who is not in the roster any more
    /// stays until the end of the run, with an account no more.
    pub fn handle_roster(&mut self, roster: Roster) {
        let queue_lists = self.queue_lists();
        self.teams = roster.teams.into_iter().map(|team| (team.id, Arc::new(team))).collect();
        self.login_names.clear();
        for profile in roster.agents {
            self.login_names.insert(profile.login_name.to_lowercase(), profile.id.clone());
            let unlisted = || Arc::new(Team { id: profile.team, name: String::new() });
            let team = self.teams.get(&profile.team).cloned().unwrap_or_else(unlisted);
            let supervises: Arc<[Arc<Team>]> =
                profile.supervises.iter().filter_map(|id| self.teams.get(id).cloned()).collect();
            let Some(record) = self.records.get_mut(&profile.id) else {
                let id = profile.id.clone();
                self.records.insert(id, Record::new(Arc::new(profile), team, supervises));
                continue;
            };
            let agent = &mut record.agent;
            if *agent.profile == profile && agent.team == team && agent.supervises == supervises {
                continue;
            }
            (agent.profile, agent.team, agent.supervises) = (Arc::new(profile), team, supervises);
            let id = agent.id().clone();
            self.publish_agent(&id, None);
        }
        self.publish_queue_lists(queue_lists);
    }
}
