//! SCRAM, the server's side (RFC 5802; SHA-256: RFC 7677).
//!
//! ```text
//! client-first  n,,n=user,r=nonce          ─▶ Challenged, server-first  r=nonce+ours,s=salt,i=iterations
//! client-final  c=binding,r=nonce,p=proof  ─▶ Proven,     server-final  v=signature
//! ```
//!
//! A server that keeps [`Verifier`]s can check a proof, and has nothing that a thief could sign in with.

mod exchange;
mod message;
mod verifier;

pub(crate) use exchange::Challenged;
pub use exchange::Exchange;
pub(crate) use message::ClientFirst;
pub use verifier::{BadVerifier, Verifier};

use hmac::{Hmac, KeyInit, Mac};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Bytes that open doors: zeroed when dropped.
pub(crate) type Key = Zeroizing<Vec<u8>>;

/// The hash function of a SCRAM mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hash {
    /// RFC 5802; for old clients.
    Sha1,
    /// RFC 7677.
    Sha256,
}

impl Hash {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sha1, Self::Sha256];

    /// The scheme of stored verifiers (RFC 5803 §2).
    pub fn scheme(self) -> &'static str {
        match self {
            Self::Sha1 => "SCRAM-SHA-1",
            Self::Sha256 => "SCRAM-SHA-256",
        }
    }

    /// Bytes of a digest.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    pub(crate) fn digest(self, data: &[u8]) -> Key {
        Zeroizing::new(match self {
            Self::Sha1 => Sha1::digest(data).to_vec(),
            Self::Sha256 => Sha256::digest(data).to_vec(),
        })
    }

    pub(crate) fn hmac(self, key: &[u8], data: &[u8]) -> Key {
        match self {
            Self::Sha1 => mac::<Hmac<Sha1>>(key, data),
            Self::Sha256 => mac::<Hmac<Sha256>>(key, data),
        }
    }

    /// `Hi(password, salt, iterations)`.
    pub(crate) fn salted(self, password: &[u8], salt: &[u8], iterations: u32) -> Key {
        let mut out = Zeroizing::new(vec![0; self.bytes()]);
        match self {
            Self::Sha1 => pbkdf2_hmac::<Sha1>(password, salt, iterations, &mut out),
            Self::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, iterations, &mut out),
        }
        out
    }
}

/// The name that a client's first message gives, without a domain: for logs.
pub fn name_in(message: &[u8]) -> Option<String> {
    ClientFirst::parse(message).ok().map(|first| crate::names::user(&first.name).to_owned())
}

fn mac<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Key {
    #[expect(clippy::unwrap_used, reason = "HMAC takes a key of any length")]
    let mut mac = <M as KeyInit>::new_from_slice(key).unwrap();
    mac.update(data);
    Zeroizing::new(mac.finalize().into_bytes().to_vec())
}
