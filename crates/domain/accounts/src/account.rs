//! One account.

use crate::password::PasswordHash;

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
