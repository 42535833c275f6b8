//! Names of things.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// An agent's loginId: the peripheral number on CCE. The id in REST URIs, node names, JIDs and CTI messages.
///
/// Two that differ in case only are the same: a JID has them in lower case (RFC 7622 §3.3.1), the CTI server and the
/// clients of the web service as they were given.
#[derive(Clone)]
pub struct AgentId {
    spelled: Arc<str>,
    /// In lower case. What it is compared by.
    folded: Arc<str>,
}

impl AgentId {
    /// The id as it is spelled.
    pub fn as_str(&self) -> &str {
        &self.spelled
    }
}

impl From<&str> for AgentId {
    fn from(id: &str) -> Self {
        let (spelled, folded): (Arc<str>, _) = (id.into(), id.to_lowercase());
        let folded = if folded == id { spelled.clone() } else { folded.into() };
        Self { spelled, folded }
    }
}

impl PartialEq for AgentId {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for AgentId {}

impl PartialOrd for AgentId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for AgentId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl Hash for AgentId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl fmt::Debug for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AgentId").field(&self.spelled).finish()
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelled)
    }
}

/// A team's number, for example 5000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TeamId(pub u32);

impl fmt::Display for TeamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number by which the web service's clients name a reason code (the last segment of its URI),
/// not the code that the CTI server and the reports know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReasonCodeId(pub u32);

/// Pairs a command given to the CTI link with its outcome. Unique for the life of a floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeSet, HashSet};

    #[test]
    fn ids_that_differ_in_case_are_one_and_each_is_spelled_as_it_was_given() {
        let (given, folded) = (AgentId::from("AgentX"), AgentId::from("agentx"));
        assert_eq!((given.as_str(), folded.to_string()), ("AgentX", "agentx".to_owned()));
        assert!(
            HashSet::from([given.clone()]).contains(&folded) && BTreeSet::from([given]).contains(&folded)
        );
        assert_ne!(folded, AgentId::from("agenty"));
    }
}
