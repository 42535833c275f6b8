//! Counting wrong passwords.

use crate::limits::{LOCKED_FOR, WRONG_PASSWORDS_MAX};
use std::collections::HashMap;
use std::time::Instant;

/// Wrong passwords since the last right one, of accounts that exist (so the map is no larger than the accounts).
#[derive(Debug, Default)]
pub(crate) struct Lockout {
    wrong: HashMap<String, Wrong>,
}

#[derive(Debug)]
struct Wrong {
    count: u32,
    latest: Instant,
}

impl Lockout {
    /// When the lock ends. Asking is a try, and each try while locked starts the time anew.
    pub(crate) fn locked_until(&mut self, now: Instant, id: &str) -> Option<Instant> {
        let wrong = self.wrong.get_mut(id).filter(|wrong| wrong.count >= WRONG_PASSWORDS_MAX)?;
        if now >= wrong.latest + LOCKED_FOR {
            self.wrong.remove(id);
            return None;
        }
        wrong.latest = now;
        Some(now + LOCKED_FOR)
    }

    pub(crate) fn count_wrong_password(&mut self, now: Instant, id: &str) {
        let wrong = self.wrong.entry(id.to_owned()).or_insert(Wrong { count: 0, latest: now });
        wrong.count += 1;
        wrong.latest = now;
    }

    pub(crate) fn forget(&mut self, id: &str) {
        self.wrong.remove(id);
    }
}
