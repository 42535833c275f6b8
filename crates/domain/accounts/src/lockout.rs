//! Counting wrong passwords.

use crate::limits::Lock;
use std::collections::HashMap;
use std::time::Instant;

/// Wrong passwords since the last right one, by name.
#[derive(Debug)]
pub(crate) struct Lockout {
    wrong: HashMap<String, Wrong>,
    names_max: usize,
    lock: Lock,
}

#[derive(Debug)]
struct Wrong {
    count: u32,
    latest: Instant,
}

impl Lockout {
    /// Counts for so many names.
    pub(crate) fn new(names_max: usize) -> Self {
        Self { wrong: HashMap::new(), names_max, lock: Lock::default() }
    }

    /// Locks so from now on.
    pub(crate) fn set_lock(&mut self, lock: Lock) {
        self.lock = lock;
    }

    /// Counts for so many names from now on.
    pub(crate) fn resize(&mut self, names_max: usize) {
        self.names_max = names_max;
        while self.wrong.len() > names_max {
            self.forget_oldest();
        }
    }

    /// When the lock ends. Asking is a try, and each try while locked starts the time anew.
    pub(crate) fn locked_until(&mut self, now: Instant, id: &str) -> Option<Instant> {
        let wrong = self.wrong.get_mut(id).filter(|wrong| wrong.count >= self.lock.wrong_passwords_max)?;
        if now >= wrong.latest + self.lock.lasts {
            self.wrong.remove(id);
            return None;
        }
        wrong.latest = now;
        Some(now + self.lock.lasts)
    }

    /// The names that are locked and when each lock ends. Asking so is no try.
    pub(crate) fn locked(&self, now: Instant) -> impl Iterator<Item = (&str, Instant)> {
        let locked = self.wrong.iter().filter(|(_, wrong)| wrong.count >= self.lock.wrong_passwords_max);
        let ends = locked.map(|(id, wrong)| (id.as_str(), wrong.latest + self.lock.lasts));
        ends.filter(move |(_, until)| now < *until)
    }

    pub(crate) fn count_wrong_password(&mut self, now: Instant, id: &str) {
        if !self.wrong.contains_key(id) && self.wrong.len() >= self.names_max {
            self.forget_oldest();
        }
        let wrong = self.wrong.entry(id.to_owned()).or_insert(Wrong { count: 0, latest: now });
        wrong.count += 1;
        wrong.latest = now;
    }

    pub(crate) fn forget(&mut self, id: &str) {
        self.wrong.remove(id);
    }

    fn forget_oldest(&mut self) {
        let oldest = self.wrong.iter().min_by_key(|(_, wrong)| wrong.latest).map(|(id, _)| id.clone());
        if let Some(oldest) = oldest {
            self.wrong.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test needs some moment to begin at")]
    fn no_more_names_are_kept_than_allowed_and_the_oldest_goes() {
        let start = Instant::now();
        let mut lockout = Lockout::new(3);
        for (second, name) in ["a", "b", "c", "a", "d"].into_iter().enumerate() {
            lockout.count_wrong_password(start + Duration::from_secs(second as u64), name);
        }
        let mut names: Vec<_> = lockout.wrong.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["a", "c", "d"]);
    }
}
