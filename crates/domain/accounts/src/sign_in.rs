//! Signing in: by password in two parts with an argon2 run between, by SCRAM in two steps.

use crate::scram::{Challenged, ClientFirst, Exchange, Hash, Verifier};
use crate::{Account, Accounts, Denial, Password, PasswordHash, Refusal, names};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::Arc;
use std::time::Instant;

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
    who: Who,
    hash: PasswordHash,
    password: Password,
}

/// The outcome of a [`Verification`].
#[derive(Debug)]
pub struct Outcome {
    who: Who,
    password: Password,
    matches: bool,
}

/// Whose password it is said to be.
#[derive(Debug)]
enum Who {
    Account(Arc<Account>),
    /// Nobody's; the name that was given.
    Stranger(String),
}

impl Verification {
    /// Computes argon2: tens of milliseconds and some 20 MiB.
    pub fn run(self) -> Outcome {
        let matches = self.hash.verify(&self.password);
        Outcome { who: self.who, password: self.password, matches }
    }
}

/// A SCRAM exchange that waits for the client's proof. Prints without secrets.
#[derive(Debug)]
pub struct ScramStep(Challenged);

impl Accounts {
    /// Starts a sign-in by loginId or loginName.
    pub fn begin(&mut self, now: Instant, name: &str, password: Password) -> Attempt {
        let account = self.find(name).cloned();
        if let Some(until) = self.locked_until(now, account.as_ref(), name) {
            return Attempt::Denied(Denial::Locked { until });
        }
        match (account, &self.example) {
            (Some(account), _) if self.verified.knows(now, &account.password, &password) => {
                self.lockout.forget(&account.id);
                Attempt::Granted(account)
            }
            (Some(account), _) => {
                let hash = account.password.clone();
                Attempt::Verify(Verification { who: Who::Account(account), hash, password })
            }
            (None, Some(example)) => {
                let (who, hash) = (Who::Stranger(name.to_owned()), example.password.clone());
                Attempt::Verify(Verification { who, hash, password })
            }
            (None, None) => Attempt::Denied(Denial::UnknownUser),
        }
    }

    /// Ends a sign-in whose password had to be verified.
    pub fn finish(&mut self, now: Instant, outcome: Outcome) -> Result<Arc<Account>, Denial> {
        let Outcome { who, password, matches } = outcome;
        match who {
            Who::Account(account) => {
                self.conclude(now, Some(account.clone()), &account.id, matches)?;
                self.verified.remember(now, &account.password, &password);
                Ok(account)
            }
            Who::Stranger(name) => self.conclude(now, None, &name, false),
        }
    }

    /// Starts a SCRAM exchange with the client's first message; `nonce` is our part: at least 18
    /// random printable characters without a comma. The answer is the message to send.
    pub fn begin_scram(
        &mut self,
        now: Instant,
        exchange: &Exchange,
        message: &[u8],
        nonce: &str,
    ) -> Result<(ScramStep, String), Refusal> {
        let mut first = ClientFirst::parse(message)?;
        if names::acts_as_another(&first.authzid, &first.name) {
            return Err(Refusal::OtherIdentity);
        }
        let bound = exchange.bound_data(&first.flag)?;
        first.name = names::user(&first.name).to_owned();
        let account = self.find(&first.name).cloned();
        if let Some(until) = self.locked_until(now, account.as_ref(), &first.name) {
            return Err(Denial::Locked { until }.into());
        }
        let kept = account.as_ref().and_then(|account| account.verifier(exchange.hash)).cloned();
        let verifier = match kept {
            Some(verifier) => verifier,
            None => Arc::new(self.made_up_verifier(exchange.hash, &first.name)?),
        };
        let (challenged, answer) = Challenged::new(account, verifier, first, bound, nonce);
        Ok((ScramStep(challenged), answer))
    }

    /// Ends a SCRAM exchange with the client's last message: the account, and the message that proves to the
    /// client that we are who we say.
    pub fn finish_scram(
        &mut self,
        now: Instant,
        step: &ScramStep,
        message: &[u8],
    ) -> Result<(Arc<Account>, String), Refusal> {
        let ScramStep(challenged) = step;
        let signature = challenged.prove(message)?;
        let account =
            self.conclude(now, challenged.account.clone(), &challenged.name, signature.is_some())?;
        signature.map(|signature| (account, signature)).ok_or(Refusal::Denied(Denial::WrongPassword))
    }

    /// Counts a password that was found right or wrong, unless the name is locked.
    fn conclude(
        &mut self,
        now: Instant,
        account: Option<Arc<Account>>,
        name: &str,
        right: bool,
    ) -> Result<Arc<Account>, Denial> {
        if let Some(until) = self.locked_until(now, account.as_ref(), name) {
            return Err(Denial::Locked { until });
        }
        match account {
            Some(account) if right => {
                self.lockout.forget(&account.id);
                Ok(account)
            }
            Some(account) => {
                self.lockout.count_wrong_password(now, &account.id);
                Err(Denial::WrongPassword)
            }
            None => {
                self.strangers.count_wrong_password(now, &stranger(name));
                Err(Denial::UnknownUser)
            }
        }
    }

    fn locked_until(&mut self, now: Instant, account: Option<&Arc<Account>>, name: &str) -> Option<Instant> {
        match account {
            Some(account) => self.lockout.locked_until(now, &account.id),
            None => self.strangers.locked_until(now, &stranger(name)),
        }
    }

    /// A verifier like that of the accounts, with a salt that is the same each time the name is asked for.
    fn made_up_verifier(&self, hash: Hash, name: &str) -> Result<Verifier, Refusal> {
        let account = self.example.as_ref();
        // not offered without an example
        let (account, example) = account
            .and_then(|account| Some((account, account.verifier(hash)?)))
            .ok_or(Refusal::Denied(Denial::UnknownUser))?;
        // has a salt of its own that nobody is told, and is the same after a restart
        let secret = account.password.as_str().as_bytes();
        let digest = |what: &[u8]| -> [u8; 32] {
            #[expect(clippy::unwrap_used, reason = "HMAC takes a key of any length")]
            let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
            mac.update(what);
            mac.update(hash.scheme().as_bytes());
            mac.update(&[0]);
            mac.update(name.to_lowercase().as_bytes());
            mac.finalize().into_bytes().into()
        };
        let salt = [digest(b"salt"), digest(b"more salt")].concat();
        let salt = &salt[..example.salt().len().min(salt.len())];
        Ok(Verifier::made_up(hash, example.iterations(), salt, &digest(b"keys")))
    }
}

/// What a stranger is counted by: a name that may be long, in any case.
fn stranger(name: &str) -> String {
    name.chars().take(64).flat_map(char::to_lowercase).collect()
}
