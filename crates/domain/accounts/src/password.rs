//! Passwords and their hashes.

use crate::limits::PASSWORD_BYTES_MAX;
use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A password in the clear, for as short as possible: zeroed when dropped. Prints as dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Wraps a password.
    pub fn new(password: impl Into<String>) -> Self {
        Self(Zeroizing::new(password.into()))
    }

    /// The password itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl From<Zeroizing<String>> for Password {
    fn from(password: Zeroizing<String>) -> Self {
        Self(password)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// An argon2 hash in PHC form (`$argon2id$v=19$…`).
#[derive(Clone)]
pub struct PasswordHash(Arc<str>);

/// The text is no argon2 hash in PHC form.
#[derive(Clone, Debug, thiserror::Error)]
#[error("not an argon2 hash in PHC form ($argon2id$v=19$…): {0}")]
pub struct BadHash(String);

impl PasswordHash {
    /// Takes a hash in PHC form.
    pub fn parse(text: &str) -> Result<Self, BadHash> {
        Phc::new(text).map_err(|error| BadHash(error.to_string()))?;
        Ok(Self(text.into()))
    }

    /// The PHC form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn verify(&self, password: &Password) -> bool {
        let bytes = password.as_bytes();
        bytes.len() <= PASSWORD_BYTES_MAX
            && Phc::new(&self.0).is_ok_and(|hash| Argon2::default().verify_password(bytes, &hash).is_ok())
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Hashes a password with argon2id at the library's recommended cost. The salt is 16 random bytes.
pub fn hash(password: &Password, salt: &[u8]) -> Result<PasswordHash, BadHash> {
    let hash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|error| BadHash(error.to_string()))?;
    Ok(PasswordHash(hash.to_string().into()))
}
