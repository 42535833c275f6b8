//! Signing in with tokens of an identity provider.

use anyhow::{Context, ensure};
use credentials::{Mode, TokenTerms, Tokens};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Sso {
    /// How users sign in.
    pub(crate) mode: AuthMode,
    /// JSON Web Key Set of the identity provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) keys: Option<PathBuf>,
    /// Who must have issued a token; empty: whoever has a key.
    pub(crate) issuer: String,
    /// Whom a token must be for; empty: anybody.
    pub(crate) audience: String,
    /// The claim with the user's loginId or loginName.
    pub(crate) user_claim: String,
}

/// The names are those of the original's systemAuthMode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum AuthMode {
    #[default]
    NonSso,
    Sso,
    Hybrid,
}

impl Default for Sso {
    fn default() -> Self {
        let (issuer, audience) = (String::new(), String::new());
        Self { mode: AuthMode::NonSso, keys: None, issuer, audience, user_claim: "sub".into() }
    }
}

impl AuthMode {
    /// The name in SystemInfo.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NonSso => "NON_SSO",
            Self::Sso => "SSO",
            Self::Hybrid => "HYBRID",
        }
    }
}

impl Sso {
    /// How credentials are checked.
    pub(crate) fn mode(&self) -> anyhow::Result<Mode> {
        if self.mode == AuthMode::NonSso {
            ensure!(self.keys.is_none(), "sso.keys means nothing while sso.mode is NON_SSO");
            return Ok(Mode::Passwords);
        }
        let path =
            self.keys.as_ref().context("sso.keys is missing: a file with the identity provider's keys")?;
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {} (sso.keys)", path.display()))?;
        let terms = TokenTerms {
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            user_claim: self.user_claim.clone(),
        };
        let tokens = Tokens::new(&text, terms).with_context(|| format!("{} (sso.keys)", path.display()))?;
        Ok(if self.mode == AuthMode::Sso { Mode::Tokens(tokens) } else { Mode::Both(tokens) })
    }
}
