//! The memory of verified credentials.

use crate::limits::{VERIFIED_KEPT, VERIFIED_MAX};
use crate::password::{Password, PasswordHash};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::{HashMap, VecDeque};
use std::time::Instant;

/// Which passwords were found to match which hashes, and until when that is believed. Holds keyed digests, so a
/// memory dump gives no passwords away. The key of an entry is hash and password, not the user: accounts that
/// share a hash (the demo's) share the run.
pub(crate) struct Verified {
    key: [u8; 32],
    until: HashMap<[u8; 32], Instant>,
    oldest_first: VecDeque<([u8; 32], Instant)>,
}

impl Verified {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key, until: HashMap::new(), oldest_first: VecDeque::new() }
    }

    pub(crate) fn knows(&self, now: Instant, hash: &PasswordHash, password: &Password) -> bool {
        self.until.get(&self.digest(hash, password)).is_some_and(|until| now < *until)
    }

    pub(crate) fn remember(&mut self, now: Instant, hash: &PasswordHash, password: &Password) {
        self.drop_old(now);
        let digest = self.digest(hash, password);
        let until = now + VERIFIED_KEPT;
        self.until.insert(digest, until);
        self.oldest_first.push_back((digest, until));
    }

    fn drop_old(&mut self, now: Instant) {
        while let Some((digest, until)) = self.oldest_first.front() {
            if *until > now && self.oldest_first.len() < VERIFIED_MAX {
                break;
            }
            // a later entry for the same credentials keeps them
            if self.until.get(digest) == Some(until) {
                self.until.remove(digest);
            }
            self.oldest_first.pop_front();
        }
    }

    fn digest(&self, hash: &PasswordHash, password: &Password) -> [u8; 32] {
        #[expect(clippy::unwrap_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).unwrap();
        mac.update(hash.as_str().as_bytes());
        mac.update(&[0]);
        mac.update(password.as_bytes());
        mac.finalize().into_bytes().into()
    }
}
