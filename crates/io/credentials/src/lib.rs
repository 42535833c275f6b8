//! Checks credentials for the edges. Both ask the same [`Checker`], so a lock after wrong passwords holds for
//! both, and a verified password is verified for both.

use accounts::{Account, Accounts, Attempt, Denial, Password};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::Semaphore;

/// argon2 runs at one time: each takes a core and some 20 MiB.
const RUNS_MAX: usize = 2;

/// Shared access to the accounts.
#[derive(Clone)]
pub struct Checker {
    accounts: Arc<Mutex<Accounts>>,
    runs: Arc<Semaphore>,
}

impl Checker {
    /// A checker over these accounts.
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts: Arc::new(Mutex::new(accounts)), runs: Arc::new(Semaphore::new(RUNS_MAX)) }
    }

    /// The account of a loginId or loginName.
    pub fn find(&self, name: &str) -> Option<Arc<Account>> {
        self.lock().find(name).cloned()
    }

    /// Whether this is the password of that user. Quick for credentials that were verified not long ago; else
    /// waits for an argon2 run on a thread of its own.
    pub async fn check(&self, name: &str, password: &str) -> Result<Arc<Account>, Denial> {
        let password = Password::new(password);
        if let Some(verdict) = self.known(name, password.clone()) {
            return verdict;
        }
        let Ok(_permit) = self.runs.acquire().await else { return Err(Denial::WrongPassword) };
        // while this one waited, another request may have verified or locked the same user
        let attempt = self.lock().begin(Instant::now(), name, password);
        let work = match attempt {
            Attempt::Granted(account) => return Ok(account),
            Attempt::Denied(denial) => return Err(denial),
            Attempt::Verify(work) => work,
        };
        match tokio::task::spawn_blocking(move || work.run()).await {
            Ok(outcome) => self.lock().finish(Instant::now(), outcome),
            Err(error) => {
                tracing::error!(%error, "a password check did not finish");
                Err(Denial::WrongPassword)
            }
        }
    }

    fn known(&self, name: &str, password: Password) -> Option<Result<Arc<Account>, Denial>> {
        match self.lock().begin(Instant::now(), name, password) {
            Attempt::Granted(account) => Some(Ok(account)),
            Attempt::Denied(denial) => Some(Err(denial)),
            Attempt::Verify(_) => None,
        }
    }

    /// A panic while holding the lock cannot leave the maps half changed in a way that matters.
    fn lock(&self) -> MutexGuard<'_, Accounts> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use accounts::{Roles, hash};

    fn checker() -> Checker {
        let password = hash(&Password::new("right"), b"a salt for tests").unwrap();
        let roles = Roles { agent: true, ..Roles::default() };
        let account =
            Account { id: "1001001".into(), login_name: "agent1".into(), roles, password, scram: Vec::new() };
        Checker::new(Accounts::new([account], [7; 32]))
    }

    #[tokio::test]
    async fn many_checks_at_once_agree_and_wrong_ones_lock() {
        let checker = checker();
        let checks: Vec<_> = (0..20)
            .map(|_| {
                let checker = checker.clone();
                tokio::spawn(async move { checker.check("agent1", "right").await.is_ok() })
            })
            .collect();
        for check in checks {
            assert!(check.await.unwrap());
        }
        for _ in 0..5 {
            assert_eq!(checker.check("agent1", "wrong").await.unwrap_err(), Denial::WrongPassword);
        }
        assert!(matches!(checker.check("agent1", "right").await, Err(Denial::Locked { .. })));
    }
}
