//! The password that an agent signs in with at the CTI server.

use std::fmt;
use std::sync::Arc;

/// A password on its way from the client to the CTI server; `Debug` does not show it. Kept no longer than the request.
#[derive(Clone, PartialEq, Eq)]
pub struct AgentPassword(Arc<str>);

impl AgentPassword {
    /// The password as it is spelled, for sending.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for AgentPassword {
    fn from(password: &str) -> Self {
        Self(password.into())
    }
}

impl fmt::Debug for AgentPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
