//! Client state (XEP-0352): a desktop that nobody looks at.
//!
//! What waits meanwhile is the presence of other clients, of each only the latest. Everything else goes out at once:
//! a hidden desktop still rings when a call comes, and the web service's own presence tells it that events may be
//! missing.

use crate::limits::DEFERRED_PRESENCES_MAX;

/// The presence that waits for a client to be looked at: newest of each sender, in the order of their first.
#[derive(Default)]
pub(super) struct Hidden {
    waiting: Vec<(String, bosh::Stanza)>,
}

impl Hidden {
    /// Puts a presence with the others. Whether there is no room for more.
    pub(super) fn defer(&mut self, from: String, stanza: bosh::Stanza) -> bool {
        match self.waiting.iter_mut().find(|(other, _)| *other == from) {
            Some((_, older)) => *older = stanza,
            None => self.waiting.push((from, stanza)),
        }
        self.waiting.len() >= DEFERRED_PRESENCES_MAX
    }

    /// Everything that waits.
    pub(super) fn take(&mut self) -> Vec<bosh::Stanza> {
        std::mem::take(&mut self.waiting).into_iter().map(|(_, stanza)| stanza).collect()
    }
}
