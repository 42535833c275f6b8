//! People, and what belongs to them, as lists in the file.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Team {
    pub(crate) id: u32,
    pub(crate) name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Queue {
    /// SkillGroupNumber.
    pub(crate) id: u32,
    pub(crate) name: String,
    /// The teams that work for it; all when empty.
    #[serde(default)]
    pub(crate) teams: Vec<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EccVariable {
    /// With `user.`.
    pub(crate) name: String,
    /// Bytes of its value, or of each element's.
    pub(crate) max_length: u8,
    /// Elements of an array; a scalar without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) array_size: Option<u8>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Device {
    pub(crate) extension: String,
    /// Its name in the phone system.
    pub(crate) id: String,
    /// The number of its type there.
    #[serde(rename = "type")]
    pub(crate) kind: u32,
    /// The type for people.
    pub(crate) type_name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    /// loginId.
    pub(crate) id: String,
    pub(crate) login_name: String,
    #[serde(default)]
    pub(crate) first_name: String,
    #[serde(default)]
    pub(crate) last_name: String,
    /// Needed by agents and supervisors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) team: Option<u32>,
    pub(crate) roles: Vec<Role>,
    /// Teams a supervisor supervises.
    #[serde(default)]
    pub(crate) supervises: Vec<u32>,
    /// As `aplomb user hash` prints it.
    pub(crate) password_hash: String,
    /// SCRAM verifiers, likewise. SCRAM is offered when everybody has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) scram: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Agent,
    Supervisor,
    Administrator,
    Service,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonCode {
    pub(crate) id: u32,
    pub(crate) category: Category,
    /// The number that reports show.
    pub(crate) code: u16,
    pub(crate) label: String,
    /// For these teams only; for all when empty.
    #[serde(default)]
    pub(crate) teams: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Category {
    NotReady,
    Logout,
}
