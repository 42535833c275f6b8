//! Who may sign in: accounts, their roles and passwords, and the lock after wrong ones.
//!
//! One [`Accounts`] serves the web service and the notification service, so that five wrong passwords lock a
//! user for both. Checking a password costs an argon2 run of tens of milliseconds, which a core must not do
//! while its owner waits: [`Accounts::begin`] says at once what needs no run, or hands out a [`Verification`]
//! to be run elsewhere and given back to [`Accounts::finish`]. A SCRAM exchange ([`scram`]) costs microseconds.
//!
//! Whoever asks learns nothing of which users there are: an unknown one is locked after five wrong passwords too,
//! costs the same argon2 run, and has a salt.

mod account;
pub mod limits;
mod lockout;
mod mechanism;
mod names;
mod password;
mod plain;
pub mod scram;
mod sign_in;
mod verified;

pub use account::{Account, Roles};
pub use mechanism::{ChannelBindings, Mechanism};
pub use password::{BadHash, Password, PasswordHash, hash};
pub use plain::Plain;
pub use sign_in::{Attempt, Outcome, ScramStep, Verification};

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
    #[error("locked after too many wrong passwords")]
    Locked {
        /// When the lock ends, unless someone tries before.
        until: Instant,
    },
    /// A token that is not good, or another user's.
    #[error("not a good token of this user")]
    BadToken,
    /// The password is right, and this user may sign in with a token only.
    #[error("a password where a token is needed")]
    TokenNeeded,
    /// Too many passwords wait to be checked; our fault.
    #[error("too many passwords wait to be checked")]
    Busy,
}

/// Why a SASL exchange failed. The client is at fault unless the variant says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The user may not sign in.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// Not a message of the mechanism.
    #[error("a malformed message: {0}")]
    Malformed(&'static str),
    /// The client wants to act as someone else.
    #[error("the authorization identity is another user's")]
    OtherIdentity,
    /// A channel binding that there is not on this connection.
    #[error("an unknown type of channel binding")]
    UnknownBinding,
    /// The client is bound to another TLS connection: somebody sits in between.
    #[error("channel binding to another TLS connection")]
    OtherBinding,
    /// The client was not shown that we can bind to the TLS connection: somebody sits in between.
    #[error("the client was not shown -PLUS, which was offered")]
    Downgraded,
}

/// All accounts of a server.
pub struct Accounts {
    by_login_id: HashMap<String, Arc<Account>>,
    by_login_name: HashMap<String, Arc<Account>>,
    lockout: Lockout,
    /// The same for users that there are not.
    strangers: Lockout,
    verified: Verified,
    /// An account to imitate for users that there are not.
    example: Option<Arc<Account>>,
    /// The hashes that every account has a verifier for.
    scram: Vec<scram::Hash>,
}

impl Accounts {
    /// The accounts, and a random key for the memory of verified credentials.
    pub fn new(accounts: impl IntoIterator<Item = Account>, key: [u8; 32]) -> Self {
        let mut empty = Self {
            by_login_id: HashMap::new(),
            by_login_name: HashMap::new(),
            lockout: Lockout::new(0),
            strangers: Lockout::new(limits::STRANGERS_MAX),
            verified: Verified::new(key),
            example: None,
            scram: Vec::new(),
        };
        empty.replace(accounts);
        empty
    }

    /// The same, with another lock after wrong passwords than [`limits::Lock::default`].
    pub fn with_lock(mut self, lock: limits::Lock) -> Self {
        self.lockout.set_lock(lock);
        self.strangers.set_lock(lock);
        self
    }

    /// Other accounts instead of these. Whoever is locked stays so; a password that was verified is granted further
    /// if its hash is still the same.
    pub fn replace(&mut self, accounts: impl IntoIterator<Item = Account>) {
        self.by_login_id.clear();
        self.by_login_name.clear();
        self.example = None;
        self.scram = scram::Hash::ALL.to_vec();
        for account in accounts {
            let account = Arc::new(account);
            self.scram.retain(|hash| account.verifier(*hash).is_some());
            self.by_login_name.insert(account.login_name.to_lowercase(), account.clone());
            self.by_login_id.insert(account.id.to_lowercase(), account.clone());
            self.example.get_or_insert(account);
        }
        if self.example.is_none() {
            self.scram.clear();
        }
        self.lockout.resize(self.by_login_id.len());
    }

    /// The account of a loginId or loginName, in any case.
    pub fn find(&self, name: &str) -> Option<&Arc<Account>> {
        let name = name.to_lowercase();
        self.by_login_id.get(&name).or_else(|| self.by_login_name.get(&name))
    }

    /// The accounts that are locked, by loginId, and when each lock ends. Asking is no try. Locked names that nobody has
    /// are not among them.
    pub fn locked(&self, now: Instant) -> Vec<(Arc<Account>, Instant)> {
        let locked = self.lockout.locked(now);
        let accounts = locked.filter_map(|(id, until)| Some((self.find(id)?.clone(), until)));
        let mut accounts: Vec<_> = accounts.collect();
        accounts.sort_by(|(one, _), (other, _)| one.id.cmp(&other.id));
        accounts
    }

    /// Ends the lock of this loginId: the wrong passwords until now do not count. Whether it was locked.
    pub fn unlock(&mut self, now: Instant, id: &str) -> bool {
        let was_locked = self.lockout.locked(now).any(|(locked, _)| locked == id);
        if was_locked {
            self.lockout.forget(id);
        }
        was_locked
    }

    /// How many accounts there are.
    pub fn len(&self) -> usize {
        self.by_login_id.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_login_id.is_empty()
    }

    /// What to offer a client that connected so, the strongest first. SCRAM only if every account can use it:
    /// a client that chose it and fails does not come back with PLAIN.
    pub fn mechanisms(&self, bindings: &ChannelBindings) -> Vec<Mechanism> {
        let offered = |mechanism: &Mechanism| match mechanism {
            Mechanism::Plain => true,
            Mechanism::Scram { hash, plus } => self.scram.contains(hash) && (!plus || !bindings.is_empty()),
        };
        Mechanism::ALL.into_iter().filter(offered).collect()
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
            scram: Vec::new(),
        };
        let all = [account("1001001", "agent1"), account("1001002", "Agent2"), account("AgentX", "third")];
        Accounts::new(all, [7; 32])
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
    fn an_account_is_found_by_id_and_by_name_each_in_any_case() {
        let mut accounts = accounts();
        let now = a_moment();
        for name in ["1001002", "agent2", "AGENT2"] {
            assert_eq!(attempt(&mut accounts, now, name, "right").unwrap().id, "1001002");
        }
        assert_eq!(attempt(&mut accounts, now, "agentx", "right").unwrap().id, "AgentX");
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
    fn the_operator_chooses_after_how_many_and_for_how_long() {
        let lock = limits::Lock { wrong_passwords_max: 2, lasts: Duration::from_secs(9) };
        let mut accounts = accounts().with_lock(lock);
        let start = a_moment();
        for name in ["agent1", "nobody"] {
            for _ in 0..2 {
                assert!(attempt(&mut accounts, start, name, "wrong").is_err());
            }
            let locked = Denial::Locked { until: start + Duration::from_secs(9) };
            assert_eq!(attempt(&mut accounts, start, name, "right").unwrap_err(), locked, "{name}");
        }
        assert!(attempt(&mut accounts, start + Duration::from_secs(9), "agent1", "right").is_ok());
    }

    #[test]
    fn who_is_locked_can_be_seen_without_a_try_and_unlocked() {
        let mut accounts = accounts();
        let start = a_moment();
        for name in ["agent2", "agent1", "nobody"] {
            for _ in 0..5 {
                assert!(attempt(&mut accounts, start, name, "wrong").is_err());
            }
        }
        assert_eq!(attempt(&mut accounts, start, "agentx", "wrong").unwrap_err(), Denial::WrongPassword);
        let locked = |accounts: &Accounts, after: u64| {
            let locked = accounts.locked(start + Duration::from_secs(after)).into_iter();
            locked.map(|(account, until)| (account.id.clone(), until - start)).collect::<Vec<_>>()
        };
        let lasts = Duration::from_secs(300);
        for after in [0, 299] {
            let both = [("1001001".to_owned(), lasts), ("1001002".to_owned(), lasts)];
            assert_eq!(locked(&accounts, after), both, "asking does not start the time anew");
        }
        assert_eq!(locked(&accounts, 300), []);
        assert!(!accounts.unlock(start, "AgentX"), "one wrong password is no lock");
        assert!(!accounts.unlock(start, "nobody"));
        assert!(accounts.unlock(start, "1001001"));
        assert!(!accounts.unlock(start, "1001001"));
        assert_eq!(locked(&accounts, 0), [("1001002".to_owned(), lasts)]);
        assert_eq!(attempt(&mut accounts, start, "agent1", "wrong").unwrap_err(), Denial::WrongPassword);
        assert!(attempt(&mut accounts, start, "agent1", "right").is_ok());
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
    fn replaced_accounts_take_effect_at_once_and_a_lock_stays() {
        let mut accounts = accounts();
        let now = a_moment();
        assert!(attempt(&mut accounts, now, "agent1", "right").is_ok());
        for _ in 0..5 {
            assert_eq!(attempt(&mut accounts, now, "agent2", "wrong").unwrap_err(), Denial::WrongPassword);
        }
        let account = |id: &str, password: &str| Account {
            id: id.into(),
            login_name: id.into(),
            roles: Roles { agent: true, ..Roles::default() },
            password: hash(&Password::new(password), b"another salt").unwrap(),
            scram: Vec::new(),
        };
        let all = [account("1001001", "new"), account("1001002", "right"), account("1001003", "third")];
        accounts.replace(all);
        assert_eq!(attempt(&mut accounts, now, "1001001", "right").unwrap_err(), Denial::WrongPassword);
        assert!(attempt(&mut accounts, now, "1001001", "new").is_ok());
        assert!(attempt(&mut accounts, now, "1001003", "third").is_ok());
        assert!(matches!(attempt(&mut accounts, now, "1001002", "right"), Err(Denial::Locked { .. })));
        assert_eq!(attempt(&mut accounts, now, "agent1", "new").unwrap_err(), Denial::UnknownUser);
        assert_eq!(accounts.len(), 3);
    }

    #[test]
    fn nothing_prints_a_password() {
        let mut accounts = accounts();
        let attempt = accounts.begin(a_moment(), "agent1", Password::new("a secret word"));
        assert!(!format!("{attempt:?}").contains("a secret word"));
    }
}
