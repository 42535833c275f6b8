//! Agents.

mod presence;
mod report;
mod requests;
mod roster;
mod sign_in;

use crate::{AgentId, Floor, Place, Profile, ReasonCode, Roles, State, Team, Terminal};
use jiff::Timestamp;
use presence::Presence;
pub(crate) use presence::failure_text;
use requests::{InFlight, Order};
use std::collections::VecDeque;
use std::sync::Arc;

/// An agent at one moment. Cheap to clone: what does not change is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// What the roster says.
    pub profile: Arc<Profile>,
    /// The agent's team. Its name is empty when the roster does not list the team.
    pub team: Arc<Team>,
    /// The teams the agent supervises, as far as the roster lists them.
    pub supervises: Arc<[Arc<Team>]>,
    /// The extension signed in on; empty when signed out.
    pub extension: String,
    /// Where calls ring, if not at the extension's telephone.
    pub place: Place,
    /// The telephones that share the extension, where several do.
    pub terminals: Arc<[Terminal]>,
    /// The state.
    pub state: State,
    /// The state asked for that waits for the end of a call.
    pub pending: Option<State>,
    /// Why not ready or signed out.
    pub reason: Option<Reason>,
    /// Since when the state and its reason hold; `None` when nobody told.
    pub changed_at: Option<Timestamp>,
}

impl Agent {
    /// loginId.
    pub fn id(&self) -> &AgentId {
        &self.profile.id
    }

    /// Whether the agent may watch over teams.
    pub fn roles(&self) -> Roles {
        self.profile.roles
    }

    fn reason_code(&self) -> Option<u16> {
        self.reason.as_ref().map(|reason| reason.code)
    }
}

/// A reason that the CTI server gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Its number.
    pub code: u16,
    /// What the roster says about it; `None` when it is not listed.
    pub listed: Option<Arc<ReasonCode>>,
}

/// An agent with what is going on about it.
#[derive(Debug)]
pub(crate) struct Record {
    agent: Agent,
    /// Whether the CTI server ever told this agent's state.
    told: bool,
    /// Whether the wish that waits for the end of a call was told by a session of the link that is over: no question asks
    /// for it.
    pending_is_stale: bool,
    in_flight: Option<InFlight>,
    waiting: VecDeque<Order>,
    presence: Presence,
}

impl Record {
    pub(crate) fn new(profile: Arc<Profile>, team: Arc<Team>, supervises: Arc<[Arc<Team>]>) -> Self {
        let agent = Agent {
            profile,
            team,
            supervises,
            extension: String::new(),
            place: Place::default(),
            terminals: Arc::default(),
            state: State::Logout,
            pending: None,
            reason: None,
            changed_at: None,
        };
        Self {
            agent,
            told: false,
            pending_is_stale: false,
            in_flight: None,
            waiting: VecDeque::new(),
            presence: Presence::Unseen,
        }
    }
}

impl Floor {
    /// All agents, by id.
    pub fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.records.values().map(|record| &record.agent)
    }

    /// The agent with this id.
    pub fn agent(&self, id: &AgentId) -> Option<&Agent> {
        self.records.get(id).map(|record| &record.agent)
    }

    /// The agent with this loginId or, on CCE, loginName.
    pub fn find(&self, name: &str) -> Option<&Agent> {
        let by_id = self.agent(&AgentId::from(name));
        by_id.or_else(|| self.agent(self.login_names.get(&name.to_lowercase())?))
    }
}
