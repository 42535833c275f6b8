//! Text from the CTI server is made fit for XML at the door: we cannot refuse what the server says, and a single
//! forbidden character in a notification ends the session of everyone who receives it.

use crate::{Metrics, limits};
use std::collections::BTreeSet;

/// Cleans strings, counts each replaced character, and logs each field and agent once.
#[derive(Debug)]
pub(crate) struct Hygiene {
    metrics: Metrics,
    logged: BTreeSet<(&'static str, String)>,
}

impl Hygiene {
    pub(crate) fn new(metrics: Metrics) -> Self {
        Self { metrics, logged: BTreeSet::new() }
    }

    /// The text with U+FFFD for whatever XML forbids. `agent` is for the log.
    pub(crate) fn clean(&mut self, field: &'static str, agent: &str, text: &str) -> String {
        let cleaned = xml::clean(text);
        // The codec has already put U+FFFD for bytes that are no text; those count as well.
        let undecodable = text.matches('\u{FFFD}').count();
        let replaced = cleaned.replaced + undecodable;
        if replaced > 0 {
            self.metrics.forbidden_characters(field, replaced as u64);
            self.log_once(field, agent, replaced);
        }
        cleaned.text.into_owned()
    }

    fn log_once(&mut self, field: &'static str, agent: &str, replaced: usize) {
        if self.logged.len() < limits::LOGGED_ONCE_MAX && self.logged.insert((field, agent.to_owned())) {
            tracing::warn!(
                field,
                agent = agent.escape_default().to_string(),
                replaced,
                "the CTI server sent characters that XML forbids; each is replaced by U+FFFD"
            );
        }
    }
}
