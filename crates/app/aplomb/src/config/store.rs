//! Where what must survive a restart is kept.

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Store {
    /// `postgres://USER:PASSWORD@HOST/DATABASE` or `sqlite:PATH`; empty: a SQLite file in the data directory.
    pub(crate) url: Url,
    /// A file that holds the URL, for those who keep passwords apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url_file: Option<PathBuf>,
    /// Whether an answer waits for the disk, so that what was answered survives a power failure too.
    pub(crate) sync: bool,
}

impl Default for Store {
    fn default() -> Self {
        Self { url: Url::default(), url_file: None, sync: true }
    }
}

/// A URL that may hold a password. Prints as dots.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Url(String);

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Url(…)")
    }
}

impl Store {
    /// The place that the settings mean.
    pub(crate) fn place(&self, data_dir: &Path) -> anyhow::Result<::store::Place> {
        let Url(url) = &self.url;
        ensure!(url.is_empty() || self.url_file.is_none(), "set store.url or store.url_file, not both");
        let from_file = |file: &PathBuf| {
            std::fs::read_to_string(file)
                .with_context(|| format!("cannot read {} (store.url_file)", file.display()))
        };
        let read = self.url_file.as_ref().map(from_file).transpose()?;
        let place = match read.as_deref().unwrap_or(url).trim() {
            "" => ::store::Place::file(data_dir.join("store.sqlite")),
            url => ::store::Place::parse(url).context("store.url")?,
        };
        Ok(place.with_sync(self.sync))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(url: &str, url_file: Option<&Path>) -> Store {
        Store { url: Url(url.into()), url_file: url_file.map(Path::to_owned), ..Store::default() }
    }

    #[test]
    fn without_a_url_it_is_a_file_in_the_data_directory() {
        let place = store("", None).place(Path::new("/data")).unwrap();
        assert_eq!(place.to_string(), "/data/store.sqlite");
    }

    #[test]
    fn the_url_may_be_in_a_file_of_its_own() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "postgres://aplomb:a-secret-word@db.example/desk\n").unwrap();
        let place = store("", Some(file.path())).place(Path::new("/data")).unwrap();
        assert_eq!(place.to_string(), "postgres://db.example:5432/desk");
        let both = store("sqlite:x", Some(file.path())).place(Path::new("/data")).unwrap_err();
        assert!(both.to_string().contains("not both"), "{both:#}");
        let missing = store("", Some(Path::new("/nowhere"))).place(Path::new("/data")).unwrap_err();
        assert!(missing.to_string().contains("/nowhere"), "{missing:#}");
    }

    #[test]
    fn a_password_is_in_no_message() {
        let store = store("postgres://aplomb:a-secret-word@db.example:port/desk", None);
        let error = store.place(Path::new("/data")).unwrap_err();
        assert!(!format!("{error:#} {error:?} {store:?}").contains("a-secret-word"), "{error:#}");
    }
}
