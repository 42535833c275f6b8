//! Why an agent was disconnected: evidence, a rule for each cause, and a verdict. No network, no clock, no disk.
//!
//! A [`Case`] holds [`Fact`]s (what was seen) and [`Watch`]es (where was looked, so that "not there" means something).
//! [`diagnose`] finds the disconnection that is meant, asks every one of the [`rules`] for its clues, and weighs them:
//! a [`Verdict`] names a cause, or says that it is not known and what to look at next.

mod case;
mod cohort;
mod evidence;
mod incident;
mod language;
pub mod limits;
pub mod reason_code;
pub mod render;
pub mod rules;
mod score;
mod sight;
mod telling;
mod verdict;

pub use case::{Case, CaseError, VERSION, shown};
pub use cohort::{Cohort, network};
pub use evidence::{End, Fact, Failure, Refusal, Sequel, Watch, What};
pub use incident::{Ended, Incident, Span};
pub use language::{Language, Words};
pub use score::{HEALTHY, Outcome, Score, Taken};
pub use sight::{Lane, Sight};
pub use telling::{duration, tell};
pub use verdict::{Candidate, Confidence, Verdict, diagnose};
