//! A case: everything that is known when somebody asks why.

use crate::evidence::{Fact, Watch, What};
use crate::limits::{CASE_BYTES_MAX, FACTS_MAX, TEXT_CHARS_MAX};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The form of case files.
pub const VERSION: u32 = 1;

/// A question with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// [`VERSION`].
    pub version: u32,
    /// The agent's loginId.
    pub subject: String,
    /// About when; `None`: the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Oldest first.
    pub facts: Vec<Fact>,
    /// Where was looked, and when.
    #[serde(default)]
    pub watches: Vec<Watch>,
    /// The cause that is known, when the case was made on purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// A case file that cannot be used: the file's fault.
#[derive(Debug, Error)]
pub enum CaseError {
    /// Longer than [`CASE_BYTES_MAX`].
    #[error("the case has {0} bytes; at most {CASE_BYTES_MAX} are read")]
    TooLong(usize),
    /// Not JSON, or not of this form.
    #[error("not a case: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// Of another version.
    #[error("a case of version {0}; this program reads version {VERSION}")]
    Version(u32),
}

impl Case {
    /// An empty case.
    pub fn new(subject: &str, at: Option<Timestamp>) -> Self {
        let subject = subject.to_owned();
        Self { version: VERSION, subject, at, facts: Vec::new(), watches: Vec::new(), label: None }
    }

    /// Reads a case file.
    ///
    /// # Errors
    /// It is too long, not of this form, or of another version.
    pub fn parse(bytes: &[u8]) -> Result<Self, CaseError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        if bytes.len() > CASE_BYTES_MAX {
            return Err(CaseError::TooLong(bytes.len()));
        }
        let head: Head = serde_json::from_slice(bytes)?;
        if head.version != VERSION {
            return Err(CaseError::Version(head.version));
        }
        let mut case: Self = serde_json::from_slice(bytes)?;
        case.order();
        Ok(case)
    }

    /// Puts the facts in order, and forgets the oldest of too many.
    pub fn order(&mut self) {
        self.facts.retain(|fact| fact.what != What::Unknown);
        self.facts.sort_by_key(|fact| fact.at);
        let over = self.facts.len().saturating_sub(FACTS_MAX);
        self.facts.drain(..over);
    }
}

/// At most [`TEXT_CHARS_MAX`] of a text, none of which does anything on a terminal but show.
pub fn shown(text: &str) -> String {
    xml::printable(text, TEXT_CHARS_MAX)
}
