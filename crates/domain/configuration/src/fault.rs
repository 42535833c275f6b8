//! Why something cannot be so. The administrator is at fault.

use thiserror::Error;

/// What is wrong with a change.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Fault {
    /// A value is needed.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A value is not what it may be.
    #[error("{name} {why}")]
    Invalid {
        /// The element.
        name: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Another object has it.
    #[error("there is a {kind} with {key}")]
    Duplicate {
        /// Of which kind.
        kind: &'static str,
        /// What both have.
        key: String,
    },
    /// There are as many as there may be.
    #[error("there may be {count_max} {what}")]
    Exceeded {
        /// Of what.
        what: String,
        /// How many.
        count_max: usize,
    },
    /// Something else needs it.
    #[error("{what} is in use: {by}")]
    InUse {
        /// What.
        what: String,
        /// By whom.
        by: String,
    },
    /// There is no such object.
    #[error("there is no {kind} {id}")]
    NotFound {
        /// Of which kind.
        kind: &'static str,
        /// Its number.
        id: u32,
    },
    /// It stays as it is.
    #[error("{0}")]
    Fixed(&'static str),
}

impl Fault {
    pub(crate) fn invalid(name: &'static str, why: impl Into<String>) -> Self {
        Self::Invalid { name, why: why.into() }
    }
}
