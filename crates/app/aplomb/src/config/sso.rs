//! Signing in with tokens of an identity provider.

use anyhow::{Context, ensure};
use credentials::{KeysAt, Mode, Provider, TokenTerms, Tokens};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Sso {
    /// How users sign in.
    pub(crate) mode: AuthMode,
    /// JSON Web Key Set of the identity provider, a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) keys: Option<PathBuf>,
    /// The address of the same; empty: where the issuer says that it is.
    pub(crate) keys_url: String,
    /// The authorities of the certificate at that address, where it is not of a public one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ca: Option<PathBuf>,
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
        let (keys, keys_url, ca, user_claim) = (None, String::new(), None, "sub".into());
        Self { mode: AuthMode::NonSso, keys, keys_url, ca, issuer, audience, user_claim }
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

/// Where the keys come from.
#[derive(Clone, Debug)]
pub(crate) enum KeySource {
    /// Read again when it has changed.
    File(PathBuf),
    /// Asked again from time to time.
    Provider(Provider),
}

impl Sso {
    /// How credentials are checked, and where new keys will come from.
    pub(crate) fn mode(&self) -> anyhow::Result<(Mode, Option<KeySource>)> {
        if self.mode == AuthMode::NonSso {
            ensure!(self.keys.is_none(), "sso.keys means nothing while sso.mode is NON_SSO");
            ensure!(self.keys_url.is_empty(), "sso.keys_url means nothing while sso.mode is NON_SSO");
            return Ok((Mode::Passwords, None));
        }
        let terms = TokenTerms {
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            user_claim: self.user_claim.clone(),
        };
        let source = self.source()?;
        let tokens = match &source {
            KeySource::Provider(_) => Tokens::without_keys(terms),
            KeySource::File(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read {} (sso.keys)", path.display()))?;
                Tokens::new(&text, terms).with_context(|| format!("{} (sso.keys)", path.display()))?
            }
        };
        let mode = if self.mode == AuthMode::Sso { Mode::Tokens(tokens) } else { Mode::Both(tokens) };
        Ok((mode, Some(source)))
    }

    fn source(&self) -> anyhow::Result<KeySource> {
        if let Some(file) = &self.keys {
            ensure!(self.keys_url.is_empty(), "sso.keys and sso.keys_url: the keys are in one place");
            return Ok(KeySource::File(file.clone()));
        }
        let (keys, setting) = match self.keys_url.is_empty() {
            false => (KeysAt::Address(self.keys_url.clone()), "sso.keys_url"),
            true => (KeysAt::Issuer(self.issuer.clone()), "sso.issuer"),
        };
        ensure!(
            keys != KeysAt::Issuer(String::new()),
            "where are the identity provider's keys? Set sso.keys (a file), sso.keys_url, or sso.issuer to an address"
        );
        let provider = Provider::new(keys, self.ca.as_deref()).with_context(|| match setting {
            "sso.issuer" => {
                "without sso.keys and sso.keys_url, the keys are where sso.issuer says".to_owned()
            }
            setting => setting.to_owned(),
        })?;
        if provider.is_in_the_clear() {
            tracing::warn!(
                "{setting}: whoever is between us and the identity provider can give us keys, and sign in as anybody"
            );
        }
        Ok(KeySource::Provider(provider))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(keys: Option<&str>, keys_url: &str, issuer: &str) -> Result<KeySource, String> {
        let (keys, keys_url, issuer) = (keys.map(PathBuf::from), keys_url.to_owned(), issuer.to_owned());
        let sso = Sso { mode: AuthMode::Sso, keys, keys_url, issuer, ..Sso::default() };
        sso.source().map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn keys_are_in_a_file_or_at_an_address_or_where_the_issuer_says() {
        let issuer = "https://id.example";
        assert!(matches!(source(Some("keys.json"), "", issuer), Ok(KeySource::File(_))));
        for (keys_url, issuer, asked) in
            [("https://id.example/keys", "whoever", "https://id.example/keys"), ("", issuer, issuer)]
        {
            let Ok(KeySource::Provider(provider)) = source(None, keys_url, issuer) else { panic!("{asked}") };
            assert_eq!((provider.to_string().as_str(), provider.is_in_the_clear()), (asked, false));
        }
        let Ok(KeySource::Provider(plain)) = source(None, "http://id.example/keys", "") else { panic!() };
        assert!(plain.is_in_the_clear());
    }

    #[test]
    fn keys_in_no_place_or_in_two_are_refused() {
        for (keys, keys_url, issuer, why) in [
            (None, "", "", "where are the identity provider's keys?"),
            (None, "", "whoever", "the keys are where sso.issuer says: \"whoever\" is no address"),
            (None, "ftp://id.example", "", "sso.keys_url: \"ftp://id.example\" is no address"),
            (Some("keys.json"), "https://id.example", "", "the keys are in one place"),
        ] {
            let error = source(keys, keys_url, issuer).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn authorities_that_cannot_be_read_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, "no certificate").unwrap();
        let keys_url = "https://id.example/keys".to_owned();
        for ca in [file, folder.path().join("none.pem")] {
            let sso = Sso { mode: AuthMode::Sso, keys_url: keys_url.clone(), ca: Some(ca), ..Sso::default() };
            let error = format!("{:#}", sso.source().unwrap_err());
            assert!(error.contains("no PEM file with a certificate"), "{error}");
        }
    }
}
