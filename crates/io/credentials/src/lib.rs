//! Checks credentials for the edges. Both ask the same [`Checker`], so a lock after wrong passwords holds for
//! both, and a verified password is verified for both. [`Exchange`] is a sign-in by SASL.

mod exchange;
pub mod limits;
mod provider;
mod token;

pub use exchange::{Exchange, Step};
pub use provider::{KeysAt, NoKeys, Provider};
pub use token::{BadKeys, TokenTerms, Tokens};

use accounts::{Account, Accounts, Attempt, Denial, Password, Verification};
use limits::{RUNS_MAX, WAITING_MAX};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::Semaphore;

/// How users sign in (Finesse guide, systemAuthMode).
#[derive(Debug)]
pub enum Mode {
    /// `NON_SSO`: by password.
    Passwords,
    /// `SSO`: by token; administrators and service accounts by password.
    Tokens(Tokens),
    /// `HYBRID`: by either.
    Both(Tokens),
}

/// Somebody whose credential is good.
struct Granted {
    account: Arc<Account>,
    /// Until when, if that is known.
    until: Option<SystemTime>,
}

/// Shared access to the accounts.
#[derive(Clone)]
pub struct Checker(Arc<Shared>);

struct Shared {
    accounts: Mutex<Accounts>,
    mode: Mode,
    /// Places for argon2 runs.
    places: Semaphore,
    /// Places to wait for one.
    queue: Semaphore,
    runs: AtomicU64,
}

impl Checker {
    /// A checker of passwords over these accounts.
    pub fn new(accounts: Accounts) -> Self {
        Self::in_mode(accounts, Mode::Passwords)
    }

    /// A checker over these accounts.
    pub fn in_mode(accounts: Accounts, mode: Mode) -> Self {
        Self::with_runs(accounts, mode, RUNS_MAX)
    }

    /// The same with so many argon2 runs at one time.
    pub fn with_runs(accounts: Accounts, mode: Mode, runs_max: usize) -> Self {
        Self(Arc::new(Shared {
            accounts: Mutex::new(accounts),
            mode,
            places: Semaphore::new(runs_max.clamp(1, Semaphore::MAX_PERMITS)),
            queue: Semaphore::new(WAITING_MAX),
            runs: AtomicU64::new(0),
        }))
    }

    /// Checks against these accounts from now on.
    pub fn replace(&self, accounts: Vec<Account>) {
        self.lock().replace(accounts);
    }

    /// The account of a loginId or loginName.
    pub fn find(&self, name: &str) -> Option<Arc<Account>> {
        self.lock().find(name).cloned()
    }

    /// Whether this is the password of that user. Quick for credentials that were verified not long ago; else
    /// waits for an argon2 run on a thread of its own.
    pub async fn check(&self, name: &str, password: &str) -> Result<Arc<Account>, Denial> {
        Ok(self.check_password(name, Password::new(password)).await?.account)
    }

    /// Whose token this is.
    pub fn check_token(&self, token: &str) -> Result<Arc<Account>, Denial> {
        Ok(self.token(token)?.account)
    }

    fn token(&self, token: &str) -> Result<Granted, Denial> {
        let (Mode::Tokens(tokens) | Mode::Both(tokens)) = &self.0.mode else { return Err(Denial::BadToken) };
        let (name, until) = tokens.user(token).map_err(|why| {
            tracing::info!(why, "a token was refused");
            Denial::BadToken
        })?;
        let account = self.find(&name).ok_or(Denial::UnknownUser)?;
        Ok(Granted { account, until })
    }

    /// Takes other keys of the identity provider. How many there are; those of before stay where these cannot be used.
    pub fn replace_keys(&self, key_set: &str) -> Result<usize, BadKeys> {
        match &self.0.mode {
            Mode::Passwords => Ok(0),
            Mode::Tokens(tokens) | Mode::Both(tokens) => tokens.replace_keys(key_set),
        }
    }

    /// Waits until a token names a key that is not known: the provider may have new ones. For ever where there are no
    /// tokens.
    pub async fn key_missed(&self) {
        match &self.0.mode {
            Mode::Passwords => std::future::pending().await,
            Mode::Tokens(tokens) | Mode::Both(tokens) => tokens.key_missed().await,
        }
    }

    /// The accounts that are locked after wrong passwords, and for how long yet unless someone tries before.
    pub fn locked(&self) -> Vec<(Arc<Account>, Duration)> {
        let now = Instant::now();
        let locked = self.lock().locked(now).into_iter();
        locked.map(|(account, until)| (account, until.saturating_duration_since(now))).collect()
    }

    /// Ends the lock of this loginId. Whether it was locked.
    pub fn unlock(&self, id: &str) -> bool {
        self.lock().unlock(Instant::now(), id)
    }

    /// Whether what was given as a password is taken for a token.
    pub fn is_token(&self, password: &str) -> bool {
        !matches!(self.0.mode, Mode::Passwords) && token::looks_like_one(password)
    }

    /// argon2 runs so far.
    pub fn runs(&self) -> u64 {
        self.0.runs.load(Ordering::Relaxed)
    }

    async fn check_password(&self, name: &str, password: Password) -> Result<Granted, Denial> {
        if self.is_token(password.as_str()) {
            let granted = self.token(password.as_str())?;
            let is_named = self.find(name).is_some_and(|named| named.id == granted.account.id);
            return if is_named { Ok(granted) } else { Err(Denial::BadToken) };
        }
        let account = self.verify(name, password).await?;
        self.may_use_password(&account)?;
        Ok(Granted { account, until: None })
    }

    /// After the password was found right: nobody learns from the time it takes who there is.
    fn may_use_password(&self, account: &Account) -> Result<(), Denial> {
        let apart = account.roles.administrator || account.roles.service;
        match self.0.mode {
            Mode::Tokens(_) if !apart => Err(Denial::TokenNeeded),
            _ => Ok(()),
        }
    }

    async fn verify(&self, name: &str, password: Password) -> Result<Arc<Account>, Denial> {
        if let Some(verdict) = self.known(name, password.clone()) {
            return verdict;
        }
        let Ok(_waiting) = self.0.queue.try_acquire() else { return Err(Denial::Busy) };
        let Ok(_place) = self.0.places.acquire().await else { return Err(Denial::Busy) };
        // while this one waited, another request may have verified or locked the same user
        let attempt = self.lock().begin(Instant::now(), name, password);
        match attempt {
            Attempt::Granted(account) => Ok(account),
            Attempt::Denied(denial) => Err(denial),
            Attempt::Verify(work) => self.run(work).await,
        }
    }

    async fn run(&self, work: Verification) -> Result<Arc<Account>, Denial> {
        self.0.runs.fetch_add(1, Ordering::Relaxed);
        match tokio::task::spawn_blocking(move || work.run()).await {
            Ok(outcome) => self.lock().finish(Instant::now(), outcome),
            Err(error) => {
                tracing::error!(%error, "a password check did not finish");
                Err(Denial::Busy)
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
        self.0.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Checker")
    }
}
