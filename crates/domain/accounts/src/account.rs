//! One account.

use crate::password::PasswordHash;
use crate::scram::{Hash, Verifier};
use std::sync::Arc;

/// Someone who can sign in.
#[derive(Clone, Debug)]
pub struct Account {
    /// loginId: the node part of the JID and the id in REST URIs.
    pub id: String,
    /// loginName, compared without regard to case.
    pub login_name: String,
    /// What the account may be.
    pub roles: Roles,
    /// What the password is compared with.
    pub password: PasswordHash,
    /// What a SCRAM proof is compared with: one for each hash, or none for accounts that only have a password hash.
    pub scram: Vec<Arc<Verifier>>,
}

impl Account {
    pub(crate) fn verifier(&self, hash: Hash) -> Option<&Arc<Verifier>> {
        self.scram.iter().find(|verifier| verifier.hash() == hash)
    }
}

/// Roles; one account may have several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// Handles calls.
    pub agent: bool,
    /// Watches and changes agents of the own teams.
    pub supervisor: bool,
    /// Configures; sees every user.
    pub administrator: bool,
    /// The program itself: publishes to any node, and its presence says that the web service is up.
    pub service: bool,
}
