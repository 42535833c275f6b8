//! What a server keeps of a password for SCRAM.

use super::{Hash, Key};
use crate::Password;
use crate::limits::{ITERATIONS_MAX, ITERATIONS_MIN, PASSWORD_BYTES_MAX, SALT_BYTES_MAX, SALT_BYTES_MIN};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A verifier in the form of RFC 5803 §2: `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`, base64 where there
/// are bytes. Prints without its keys.
#[derive(Clone)]
pub struct Verifier {
    hash: Hash,
    iterations: u32,
    salt: Box<[u8]>,
    stored_key: Key,
    server_key: Key,
}

/// The operator's text is no verifier, or the password cannot have one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadVerifier {
    /// Another form.
    #[error("not a SCRAM verifier (SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey)")]
    Form,
    /// Too few to protect, or so many that clients give up.
    #[error("{0} iterations: between {ITERATIONS_MIN} and {ITERATIONS_MAX} are wanted")]
    Iterations(u32),
    /// Too short to be unlike others, or longer than anything needs.
    #[error("a salt of {0} bytes: between {SALT_BYTES_MIN} and {SALT_BYTES_MAX} are wanted")]
    Salt(usize),
    /// SASLprep (RFC 4013) forbids a character of it, or it is too long.
    #[error("the password is too long or has characters that SCRAM cannot carry (RFC 4013)")]
    Password,
}

impl Verifier {
    /// Derives a verifier; takes milliseconds. The salt should be 16 random bytes.
    pub fn derive(
        hash: Hash,
        password: &Password,
        salt: &[u8],
        iterations: u32,
    ) -> Result<Self, BadVerifier> {
        check_cost(iterations, salt)?;
        let password = std::str::from_utf8(password.as_bytes()).map_err(|_| BadVerifier::Password)?;
        let prepared = stringprep::saslprep(password).map_err(|_| BadVerifier::Password)?;
        if prepared.is_empty() || prepared.len() > PASSWORD_BYTES_MAX {
            return Err(BadVerifier::Password);
        }
        let prepared = Zeroizing::new(prepared.into_owned());
        let salted = hash.salted(prepared.as_bytes(), salt, iterations);
        let client_key = hash.hmac(&salted, b"Client Key");
        Ok(Self {
            hash,
            iterations,
            salt: salt.into(),
            stored_key: hash.digest(&client_key),
            server_key: hash.hmac(&salted, b"Server Key"),
        })
    }

    /// A verifier that no password fits.
    pub(crate) fn made_up(hash: Hash, iterations: u32, salt: &[u8], keys: &[u8; 32]) -> Self {
        let key = |what: &[u8]| hash.hmac(keys, what);
        Self { hash, iterations, salt: salt.into(), stored_key: key(b"stored"), server_key: key(b"server") }
    }

    /// Reads the stored form.
    pub fn parse(text: &str) -> Result<Self, BadVerifier> {
        let mut parts = text.split('$');
        let (Some(scheme), Some(cost), Some(keys), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(BadVerifier::Form);
        };
        let hash = Hash::ALL.into_iter().find(|hash| hash.scheme() == scheme).ok_or(BadVerifier::Form)?;
        let (iterations, salt) = cost.split_once(':').ok_or(BadVerifier::Form)?;
        let (stored_key, server_key) = keys.split_once(':').ok_or(BadVerifier::Form)?;
        let iterations = iterations.parse().map_err(|_| BadVerifier::Form)?;
        let bytes = |text: &str| STANDARD.decode(text).map_err(|_| BadVerifier::Form);
        let (salt, stored_key, server_key) = (bytes(salt)?, bytes(stored_key)?, bytes(server_key)?);
        check_cost(iterations, &salt)?;
        if stored_key.len() != hash.bytes() || server_key.len() != hash.bytes() {
            return Err(BadVerifier::Form);
        }
        let (stored_key, server_key) = (Zeroizing::new(stored_key), Zeroizing::new(server_key));
        Ok(Self { hash, iterations, salt: salt.into(), stored_key, server_key })
    }

    /// The stored form.
    pub fn to_text(&self) -> String {
        let [salt, stored, server] =
            [&*self.salt, &self.stored_key, &self.server_key].map(|bytes| STANDARD.encode(bytes));
        format!("{}${}:{salt}${stored}:{server}", self.hash.scheme(), self.iterations)
    }

    /// The hash function it is for.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    pub(crate) fn iterations(&self) -> u32 {
        self.iterations
    }

    pub(crate) fn salt(&self) -> &[u8] {
        &self.salt
    }

    /// Whether a proof is that of the password, given what both sides said (RFC 5802 §3).
    pub(crate) fn accepts(&self, proof: &[u8], auth_message: &[u8]) -> bool {
        let signature = self.hash.hmac(&self.stored_key, auth_message);
        if proof.len() != signature.len() {
            return false;
        }
        let client_key: Key = Zeroizing::new(proof.iter().zip(&*signature).map(|(a, b)| a ^ b).collect());
        self.hash.digest(&client_key).ct_eq(&self.stored_key).into()
    }

    /// ServerSignature: that the server knows the verifier.
    pub(crate) fn signature(&self, auth_message: &[u8]) -> Key {
        self.hash.hmac(&self.server_key, auth_message)
    }
}

fn check_cost(iterations: u32, salt: &[u8]) -> Result<(), BadVerifier> {
    if !(ITERATIONS_MIN..=ITERATIONS_MAX).contains(&iterations) {
        return Err(BadVerifier::Iterations(iterations));
    }
    if !(SALT_BYTES_MIN..=SALT_BYTES_MAX).contains(&salt.len()) {
        return Err(BadVerifier::Salt(salt.len()));
    }
    Ok(())
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({}, …)", self.hash.scheme())
    }
}
