//! Who may sign in: accounts, their roles and passwords, and the lock after wrong ones.
//!
//! One [`Accounts`] serves the web service and the notification service, so that five wrong passwords lock a
//! user for both. Checking a password costs an argon2 run of tens of milliseconds, which a core must not do
//! while its owner waits: [`Accounts::begin`] says at once what needs no run, or hands out a [`Verification`]
//! to be run elsewhere and given back to [`Accounts::finish`].

mod account;
pub mod limits;
mod lockout;
mod password;
mod verified;

pub use account::{Account, Roles};
pub use password::{BadHash, Password, PasswordHash, hash};

use lockout::Lockout;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;
use verified::Verified;

/// Why someone may not sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// Nobody has this loginId or loginName.
    #[error("unknown user")]
    UnknownUser,
    /// The password is not the account's.
    #[error("wrong password")]
    WrongPassword,
    /// Too many wrong passwords in a row; right ones fail too until then (and start the time anew).
    #[error("locked after {} wrong passwords", limits::WRONG_PASSWORDS_MAX)]
    Locked {
        /// When the lock ends, unless someone tries before.
        until: Instant,
    },
}

/// What [`Accounts::begin`] found.
#[derive(Debug)]
pub enum Attempt {
    /// The credentials are right: verified not long ago.
    Granted(Arc<Account>),
    /// They are not, or must not be checked.
    Denied(Denial),
    /// They must be verified: run it, then [`Accounts::finish`].
    Verify(Verification),
}

/// A password to be compared with a hash. Holds the password; prints without it.
#[derive(Debug)]
pub struct Verification {
    account: Arc<Account>,
    password: Password,
}

/// The outcome of a [`Verification`].
#[derive(Debug)]
pub struct Outcome {
    account: Arc<Account>,
    password: Password,
    matches: bool,
}

impl Verification {
    /// Computes argon2: tens of milliseconds and some 20 MiB.
    pub fn run(self) -> Outcome {
        let matches = self.account.password.verify(&self.password);
        Outcome { account: self.account, password: self.password, matches }
    }
}

/// All accounts of a server.
pub struct Accounts {
    by_login_id: HashMap<String, Arc<Account>>,
    by_login_name: HashMap<String, Arc<Account>>,
    lockout: Lockout,
    verified: Verified,
}

impl Accounts {
    /// The accounts, and a random key for the memory of verified credentials.
    pub fn new(accounts: impl IntoIterator<Item = Account>, key: [u8; 32]) -> Self {
        let mut by_login_id = HashMap::new();
        let mut by_login_name = HashMap::new();
        for account in accounts {
            let account = Arc::new(account);
            by_login_name.insert(account.login_name.to_lowercase(), account.clone());
            by_login_id.insert(account.id.clone(), account);
        }
        Self { by_login_id, by_login_name, lockout: Lockout::default(), verified: Verified::new(key) }
    }

    /// The account of a loginId, or of a loginName in any case.
    pub fn find(&self, name: &str) -> Option<&Arc<Account>> {
        self.by_login_id.get(name).or_else(|| self.by_login_name.get(&name.to_lowercase()))
    }

    /// How many accounts there are.
    pub fn len(&self) -> usize {
        self.by_login_id.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_login_id.is_empty()
    }

    /// Starts a sign-in by loginId or loginName.
    pub fn begin(&mut self, now: Instant, name: &str, password: Password) -> Attempt {
        let Some(account) = self.find(name).cloned() else {
            return Attempt::Denied(Denial::UnknownUser);
        };
        if let Some(until) = self.lockout.locked_until(now, &account.id) {
            return Attempt::Denied(Denial::Locked { until });
        }
        if self.verified.knows(now, &account.password, &password) {
            self.lockout.forget(&account.id);
            return Attempt::Granted(account);
        }
        Attempt::Verify(Verification { account, password })
    }

    /// Ends a sign-in whose password had to be verified.
    pub fn finish(&mut self, now: Instant, outcome: Outcome) -> Result<Arc<Account>, Denial> {
        let Outcome { account, password, matches } = outcome;
        if let Some(until) = self.lockout.locked_until(now, &account.id) {
            return Err(Denial::Locked { until });
        }
        if !matches {
            self.lockout.count_wrong_password(now, &account.id);
            return Err(Denial::WrongPassword);
        }
        self.lockout.forget(&account.id);
        self.verified.remember(now, &account.password, &password);
        Ok(account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[expect(clippy::disallowed_methods, reason = "a test needs some moment to begin at")]
    fn a_moment() -> Instant {
        Instant::now()
    }

    fn accounts() -> Accounts {
        let password = hash(&Password::new("right"), b"a salt for tests").unwrap();
        let account = |id: &str, name: &str| Account {
            id: id.into(),
            login_name: name.into(),
            roles: Roles { agent: true, ..Roles::default() },
            password: password.clone(),
        };
        Accounts::new([account("1001001", "agent1"), account("1001002", "Agent2")], [7; 32])
    }

    fn attempt(
        accounts: &mut Accounts,
        now: Instant,
        name: &str,
        password: &str,
    ) -> Result<Arc<Account>, Denial> {
        match accounts.begin(now, name, Password::new(password)) {
            Attempt::Granted(account) => Ok(account),
            Attempt::Denied(denial) => Err(denial),
            Attempt::Verify(work) => accounts.finish(now, work.run()),
        }
    }

    #[test]
    fn an_account_is_found_by_id_and_by_name_in_any_case() {
        let mut accounts = accounts();
        let now = a_moment();
        for name in ["1001002", "agent2", "AGENT2"] {
            assert_eq!(attempt(&mut accounts, now, name, "right").unwrap().id, "1001002");
        }
        assert_eq!(attempt(&mut accounts, now, "nobody", "right").unwrap_err(), Denial::UnknownUser);
    }

    #[test]
    fn five_wrong_passwords_lock_for_five_minutes_and_each_retry_starts_the_time_anew() {
        let mut accounts = accounts();
        let start = a_moment();
        for _ in 0..5 {
            assert_eq!(attempt(&mut accounts, start, "agent1", "wrong").unwrap_err(), Denial::WrongPassword);
        }
        let later = start + Duration::from_secs(299);
        assert!(matches!(attempt(&mut accounts, later, "1001001", "right"), Err(Denial::Locked { .. })));
        assert!(attempt(&mut accounts, later, "agent2", "right").is_ok(), "others are not locked");
        let still = later + Duration::from_secs(299);
        assert!(matches!(attempt(&mut accounts, still, "agent1", "right"), Err(Denial::Locked { .. })));
        assert!(attempt(&mut accounts, still + Duration::from_secs(300), "agent1", "right").is_ok());
    }

    #[test]
    fn a_right_password_forgets_the_wrong_ones() {
        let mut accounts = accounts();
        let now = a_moment();
        for _ in 0..3 {
            for _ in 0..4 {
                assert_eq!(
                    attempt(&mut accounts, now, "agent1", "wrong").unwrap_err(),
                    Denial::WrongPassword
                );
            }
            assert!(attempt(&mut accounts, now, "agent1", "right").is_ok());
        }
    }

    #[test]
    fn a_verified_password_is_granted_without_another_run_until_it_is_old() {
        let mut accounts = accounts();
        let now = a_moment();
        assert!(attempt(&mut accounts, now, "agent1", "right").is_ok());
        let again =
            |accounts: &mut Accounts, now, password| accounts.begin(now, "agent1", Password::new(password));
        assert!(matches!(again(&mut accounts, now, "right"), Attempt::Granted(_)));
        assert!(matches!(again(&mut accounts, now, "other"), Attempt::Verify(_)));
        let old = now + limits::VERIFIED_KEPT + Duration::from_secs(1);
        assert!(matches!(again(&mut accounts, old, "right"), Attempt::Verify(_)));
    }

    #[test]
    fn nothing_prints_a_password() {
        let mut accounts = accounts();
        let attempt = accounts.begin(a_moment(), "agent1", Password::new("a secret word"));
        assert!(!format!("{attempt:?}").contains("a secret word"));
    }
}
