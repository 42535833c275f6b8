//! The books: what becomes of sessions, what may explain it, and who tells it.

use crate::config::{Config, LogFormat};
use crate::finesse_log::FinesseLog;
use crate::journal::{self, Before, Journal, What};
use crate::listeners::Listeners;
use crate::warnings::Warnings;
use crate::why::Books;
use rest::Diagnostician;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Opens the journal, and says what the run before did not live to say.
pub(super) fn open_journal(
    data_dir: &Path,
    config: &Config,
    warnings: Warnings,
) -> anyhow::Result<(Journal, Before)> {
    let people = config.users.iter().map(|user| (user.id.clone(), user.login_name.clone()));
    let inactivity = Duration::from_secs(config.bosh.inactivity_secs.into());
    let (journal, before) = Journal::open(data_dir, config.journal(), inactivity, people, warnings)?;
    if before.died {
        tracing::warn!("the run before ended without a word: a crash, kill or power");
    }
    let version = env!("CARGO_PKG_VERSION").to_owned();
    journal.note_now(What::ServerStarted { version, pid: std::process::id(), died: before.died });
    Ok((journal, before))
}

/// Answers why agents were disconnected, from the journal that is being written.
pub(super) fn diagnostician(data_dir: &Path, warnings: Warnings) -> Diagnostician {
    Diagnostician::new(Arc::new(Books { directory: journal::directory(data_dir), warnings }))
}

/// The logs in the original's form, if they are wanted.
pub(super) fn finesse_log(
    config: &Config,
    data_dir: &Path,
    listeners: &Listeners,
) -> anyhow::Result<FinesseLog> {
    if !matches!(config.log.format, LogFormat::Finesse) {
        return Ok(FinesseLog::default());
    }
    let named = Some(PathBuf::from(&config.log.directory)).filter(|named| !named.as_os_str().is_empty());
    let directory = named.unwrap_or_else(|| data_dir.join("logs"));
    // a node that listens everywhere has no one address; the field may be empty
    let addresses = listeners.addresses().into_iter().map(|(_, address)| address.ip());
    let node = addresses.filter(|ip| !ip.is_unspecified()).map(|ip| ip.to_string()).next();
    FinesseLog::open(&directory, node.unwrap_or_default(), &config.server.domain, config.deployment())
}
