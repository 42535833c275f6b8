//! Requests behind one another on a connection that answers in order.

use super::{Phase, Session};
use crate::RequestId;
use std::time::Instant;

impl Session {
    /// Another request has come on the connection of `request`, which answers its requests in order (HTTP/1.1
    /// pipelining, XEP-0124 §11): it is taken up only when `request` is answered. So that is answered now, with
    /// what waits or with nothing. If it came before one with a lower rid, which may be the one behind it, the
    /// client is asked to repeat it (§17.3).
    pub fn handle_behind(&mut self, now: Instant, request: RequestId) {
        self.expect_drained();
        self.tick(now);
        let Phase::Open = self.phase else { return };
        if let Some(at) = self.window.slots.iter().position(|slot| slot.request() == Some(request)) {
            // responses are in rid order
            self.window.slots.iter_mut().take(at + 1).for_each(|slot| slot.due = true);
        } else if let Some(early) = self.window.early.iter_mut().find(|early| early.request == Some(request))
        {
            early.request = None;
            early.is_spent = true;
            self.ask_to_repeat(request);
        }
    }
}
