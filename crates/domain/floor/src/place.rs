//! Where an agent's calls ring, where that is not simply the telephone of the extension: at a telephone outside
//! (mobile agents), or at one of several that share the extension.

use crate::{Address, AgentId, Floor};
use std::sync::Arc;

/// How the phone system reaches a mobile agent (AgentWorkMode 3 and 4 of GED-188).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MobileMode {
    /// The telephone is called for each call, and it is there that the agent answers.
    CallByCall,
    /// The telephone is called once, at the sign-in; the line stays open until the sign-out.
    NailedConnection,
}

impl MobileMode {
    /// The name in REST bodies and notifications.
    pub fn name(self) -> &'static str {
        match self {
            Self::CallByCall => "CALL_BY_CALL",
            Self::NailedConnection => "NAILED_CONNECTION",
        }
    }

    /// The mode of this name.
    pub fn of(name: &str) -> Option<Self> {
        [Self::CallByCall, Self::NailedConnection].into_iter().find(|mode| mode.name() == name)
    }
}

/// An agent who works at a telephone that the phone system does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MobileAgent {
    /// How it is reached.
    pub mode: MobileMode,
    /// Its number.
    pub dial_number: Address,
}

/// One of several telephones that share an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Its name in the phone system.
    pub id: String,
    /// The number of its type in the phone system.
    pub kind: u32,
    /// The type as people call it.
    pub kind_name: String,
}

/// Where calls ring, as a sign-in wants it or as it is. What is absent is left to the phone system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The telephone outside.
    pub mobile: Option<MobileAgent>,
    /// The id of the chosen [`Terminal`] (ActiveTerminal of GED-188, activeDeviceId of REST).
    pub terminal: Option<String>,
}

impl Place {
    /// Takes over what a later sign-in wanted. What it did not speak of stays: an agent who is signed in already only shows
    /// who that is.
    pub(crate) fn take(&mut self, wanted: &Self) {
        if wanted.mobile.is_some() {
            self.mobile.clone_from(&wanted.mobile);
        }
        if wanted.terminal.is_some() {
            self.terminal.clone_from(&wanted.terminal);
        }
    }

    /// Believes what the CTI server said. A number alone makes nobody a mobile agent: it does not say in which mode.
    // COMPAT(finesse): mobileAgent is known only where the agent signed in.
    pub(crate) fn believe(&mut self, told: &PlaceReport) {
        if let (Some(mobile), Some(number)) = (&mut self.mobile, &told.dial_number) {
            mobile.dial_number = number.clone();
        }
        if told.terminal.is_some() {
            self.terminal.clone_from(&told.terminal);
        }
    }
}

/// What the CTI server says about it, if it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceReport {
    /// The mobile agent's number.
    pub dial_number: Option<Address>,
    /// The id of the terminal in use.
    pub terminal: Option<String>,
}

impl Floor {
    /// The telephones that share an extension, as configured; none where it is that of one telephone only.
    pub fn terminals(&self, extension: &str) -> Arc<[Terminal]> {
        self.policy.terminals.get(extension).cloned().unwrap_or_default()
    }

    /// Whether agents may sign in as mobile agents.
    pub fn takes_mobile_agents(&self) -> bool {
        self.policy.mobile_agents && self.policy.deployment == crate::Deployment::Ucce
    }

    /// Whether the agent answers calls at a telephone that the phone system cannot take off the hook.
    pub(crate) fn answers_outside(&self, id: &AgentId) -> bool {
        let mobile = self.agent(id).and_then(|agent| agent.place.mobile.as_ref());
        mobile.is_some_and(|mobile| mobile.mode == MobileMode::CallByCall)
    }
}
