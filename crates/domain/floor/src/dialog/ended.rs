//! Which calls have ended lately.

use super::CallId;
use crate::limits::ENDED_CALLS_MAX;
use std::collections::VecDeque;

/// The ids of the calls that ended last, the latest at the back.
#[derive(Debug, Default)]
pub(crate) struct Ended(VecDeque<CallId>);

impl Ended {
    pub(super) fn remember(&mut self, id: CallId) {
        if self.0.len() == ENDED_CALLS_MAX {
            self.0.pop_front();
        }
        self.0.push_back(id);
    }

    pub(super) fn has(&self, id: CallId) -> bool {
        self.0.contains(&id)
    }
}
