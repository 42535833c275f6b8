//! Teams.

use crate::{Agent, AgentId, Floor, TeamId};

/// A team of agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its number.
    pub id: TeamId,
    /// Its name.
    pub name: String,
}

impl Floor {
    /// The team with this number.
    pub fn team(&self, id: TeamId) -> Option<&Team> {
        self.teams.get(&id).map(AsRef::as_ref)
    }

    /// All teams, by number.
    pub fn teams(&self) -> impl Iterator<Item = &Team> {
        self.teams.values().map(AsRef::as_ref)
    }

    /// The agents of a team, by id.
    pub fn members(&self, team: TeamId) -> impl Iterator<Item = &Agent> {
        self.agents().filter(move |agent| agent.profile.team == team)
    }

    /// Whether this user is a supervisor of the team.
    pub fn supervises(&self, user: &AgentId, team: TeamId) -> bool {
        self.agent(user)
            .is_some_and(|agent| agent.profile.roles.supervisor && agent.profile.supervises.contains(&team))
    }
}
