//! How wrong passwords are met, and what checking them may cost.

use super::limits::some;
use super::parts::secs;
use ::accounts::limits::Lock;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Accounts {
    /// Wrong passwords in a row before a user is locked.
    #[serde(deserialize_with = "some")]
    pub(crate) wrong_passwords_max: usize,
    /// How long the lock lasts after the latest try.
    pub(crate) locked_secs: u64,
    /// Passwords that are checked at one time.
    #[serde(deserialize_with = "some")]
    pub(crate) password_checks_max: usize,
}

impl Default for Accounts {
    fn default() -> Self {
        let lock = Lock::default();
        Self {
            wrong_passwords_max: lock.wrong_passwords_max as usize,
            locked_secs: lock.lasts.as_secs(),
            password_checks_max: credentials::limits::RUNS_MAX,
        }
    }
}

impl Accounts {
    pub(crate) fn lock(&self) -> Lock {
        let wrong_passwords_max = u32::try_from(self.wrong_passwords_max).unwrap_or(u32::MAX);
        Lock { wrong_passwords_max, lasts: secs(self.locked_secs) }
    }
}
