//! Signing in with a token (RFC 7519) that an identity provider has signed, in the place of a password.

use crate::limits::{CLOCKS_APART_SECS, TOKEN_BYTES_MAX};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;

/// What a token must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenTerms {
    /// Who must have signed it (`iss`); empty for anybody who has a key.
    pub issuer: String,
    /// Whom it must be for (`aud`); empty for anybody.
    pub audience: String,
    /// The claim that holds the user's loginId or loginName.
    pub user_claim: String,
}

/// Verifies tokens. Prints without keys.
pub struct Tokens {
    keys: RwLock<Arc<Keys>>,
    terms: TokenTerms,
    missed: Notify,
}

/// The keys at one time, and what a token of each algorithm must say.
struct Keys {
    keys: Vec<Key>,
    validations: Vec<(Algorithm, Validation)>,
}

struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// Keys that cannot be used. The operator is at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    /// Not a set of keys.
    #[error("not a JSON Web Key Set (RFC 7517): {0}")]
    Unreadable(String),
    /// There is none to verify with.
    #[error("no key of the set verifies signatures")]
    None,
}

impl Tokens {
    /// With the keys of a JSON Web Key Set (RFC 7517). Keys for other uses are left out.
    pub fn new(key_set: &str, terms: TokenTerms) -> Result<Self, BadKeys> {
        let keys = RwLock::new(Arc::new(Keys::read(key_set, &terms)?));
        Ok(Self { keys, terms, missed: Notify::new() })
    }

    /// Without keys until there are some: nobody's token is good.
    pub fn without_keys(terms: TokenTerms) -> Self {
        let keys = Keys { keys: Vec::new(), validations: Vec::new() };
        Self { keys: RwLock::new(Arc::new(keys)), terms, missed: Notify::new() }
    }

    /// Takes these keys instead of those of before, which stay where these cannot be used. How many there are.
    pub(crate) fn replace_keys(&self, key_set: &str) -> Result<usize, BadKeys> {
        let keys = Keys::read(key_set, &self.terms)?;
        let count = keys.keys.len();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(count)
    }

    /// Waits until a token names a key that is not among ours.
    pub(crate) async fn key_missed(&self) {
        self.missed.notified().await;
    }

    /// The user that a token is of and when it would be refused, or why it is not good: for the log, not for the
    /// client.
    pub(crate) fn user(&self, token: &str) -> Result<(String, Option<SystemTime>), String> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(format!("longer than {TOKEN_BYTES_MAX} bytes"));
        }
        let header = decode_header(token).map_err(|error| error.to_string())?;
        let fits = |key: &&Key| {
            // the key says how it is used, never the token: `none`, or HMAC with a public key, would be anybody's
            key.algorithm == header.alg && (header.kid.is_none() || key.id.is_none() || key.id == header.kid)
        };
        let mut why = "no key fits it".to_owned();
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner).clone();
        if header.kid.is_some() && !keys.keys.iter().any(|key| key.id == header.kid) {
            self.missed.notify_one();
        }
        for key in keys.keys.iter().filter(fits) {
            let validation = keys.validations.iter().find(|(algorithm, _)| *algorithm == key.algorithm);
            let Some((_, validation)) = validation else { continue };
            match decode::<Map<String, Value>>(token, &key.key, validation) {
                Ok(decoded) => return Ok((self.named(&decoded.claims)?, end(&decoded.claims))),
                Err(error) => why = error.to_string(),
            }
        }
        Err(why)
    }

    fn named(&self, claims: &Map<String, Value>) -> Result<String, String> {
        let name = claims.get(&self.terms.user_claim).and_then(Value::as_str).filter(|name| !name.is_empty());
        name.map(str::to_owned).ok_or_else(|| format!("it has no text {}", self.terms.user_claim))
    }
}

/// When a token would be refused (`exp`, RFC 7519 §4.1.4); `None` for a time that no clock will show.
fn end(claims: &Map<String, Value>) -> Option<SystemTime> {
    let expires = Duration::try_from_secs_f64(claims.get("exp")?.as_f64()?).ok()?;
    UNIX_EPOCH.checked_add(expires)?.checked_add(Duration::from_secs(CLOCKS_APART_SECS))
}

impl Keys {
    fn read(key_set: &str, terms: &TokenTerms) -> Result<Self, BadKeys> {
        let set: JwkSet =
            serde_json::from_str(key_set).map_err(|error| BadKeys::Unreadable(error.to_string()))?;
        let keys: Vec<Key> = set.keys.iter().filter_map(key).collect();
        if keys.is_empty() {
            return Err(BadKeys::None);
        }
        let mut validations: Vec<(Algorithm, Validation)> = Vec::new();
        for key in &keys {
            if validations.iter().all(|(algorithm, _)| *algorithm != key.algorithm) {
                validations.push((key.algorithm, validation(key.algorithm, terms)));
            }
        }
        Ok(Self { keys, validations })
    }
}

/// What may be a token rather than a password: a JOSE header of JSON in base64 (RFC 7515 §7.1) and two dots.
pub(crate) fn looks_like_one(password: &str) -> bool {
    password.starts_with("eyJ") && password.matches('.').count() == 2
}

fn key(jwk: &Jwk) -> Option<Key> {
    let named =
        jwk.common.key_algorithm.and_then(|algorithm| Algorithm::from_str(&algorithm.to_string()).ok());
    let usual = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(curve) => match curve.curve {
            jsonwebtoken::jwk::EllipticCurve::P384 => Algorithm::ES384,
            _ => Algorithm::ES256,
        },
        AlgorithmParameters::OctetKeyPair(_) => Algorithm::EdDSA,
        AlgorithmParameters::OctetKey(_) => Algorithm::HS256,
    };
    if jwk.common.public_key_use == Some(jsonwebtoken::jwk::PublicKeyUse::Encryption) {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some(Key { id: jwk.common.key_id.clone(), algorithm: named.unwrap_or(usual), key })
}

fn validation(algorithm: Algorithm, terms: &TokenTerms) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.leeway = CLOCKS_APART_SECS;
    validation.validate_nbf = true;
    validation.validate_aud = !terms.audience.is_empty();
    if !terms.audience.is_empty() {
        validation.set_audience(&[&terms.audience]);
        validation.required_spec_claims.insert("aud".to_owned());
    }
    if !terms.issuer.is_empty() {
        validation.set_issuer(&[&terms.issuer]);
        validation.required_spec_claims.insert("iss".to_owned());
    }
    validation
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("terms", &self.terms).finish_non_exhaustive()
    }
}
