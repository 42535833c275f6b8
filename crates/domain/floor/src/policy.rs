//! What an operator may set.

use crate::Terminal;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The floor's settings.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How long an agent may be away (presence unavailable) before a forced logout.
    pub presence_grace: Duration,
    /// How long a command to the CTI server may stay without the event that shows its effect.
    pub request_timeout: Duration,
    /// Who may drop another participant of a call.
    pub drop_participant: DropParticipant,
    /// What kind of contact centre it is.
    pub deployment: Deployment,
    /// The ECC variables that calls may have; empty where nobody has said which, and then it is any.
    pub ecc_variables: Vec<EccDefinition>,
    /// How many may be in a conference; `None` where only the phone system knows.
    pub conference_parties_max: Option<usize>,
    /// Whether agents may sign in as mobile agents. Only where the deployment knows such: CCE.
    pub mobile_agents: bool,
    /// The telephones of extensions that several share.
    pub terminals: BTreeMap<String, Arc<[Terminal]>>,
}

/// An ECC variable as the phone system has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EccDefinition {
    /// Its name with `user.`.
    pub name: String,
    /// Bytes of its value, or of each element's.
    pub value_bytes_max: u8,
    /// Elements of an array; `None` for a scalar.
    pub array_size: Option<u8>,
}

/// The kind of contact centre, which decides what agents may ask for (Finesse guide; deploymentType of SystemInfo).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deployment {
    /// Unified Contact Center Enterprise.
    #[default]
    Ucce,
    /// Unified Contact Center Express.
    Uccx,
}

impl Deployment {
    /// The name in SystemInfo.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ucce => "UCCE",
            Self::Uccx => "UCCX",
        }
    }
}

/// Who may drop another participant (PARTICIPANT_DROP).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DropParticipant {
    /// Supervisors who are in the call.
    #[default]
    SupervisorOnly,
    /// They, and who made the conference.
    ConferenceControllerAndSupervisor,
    /// Everybody in the call.
    All,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            presence_grace: Duration::from_secs(60),
            request_timeout: Duration::from_secs(10),
            drop_participant: DropParticipant::default(),
            deployment: Deployment::default(),
            ecc_variables: Vec::new(),
            conference_parties_max: None,
            mobile_agents: false,
            terminals: BTreeMap::new(),
        }
    }
}
