//! Logging, and the last words of a command that failed.

use crate::config::{Log, LogFormat};
use std::io::{IsTerminal, Write};
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error.
pub(crate) fn start(log: &Log) -> anyhow::Result<()> {
    // in the original's form everything else is in files
    let filter = if matches!(log.format, LogFormat::Finesse) { "warn" } else { &log.filter };
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| anyhow::anyhow!("log.filter = {:?}: {error}", log.filter))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text | LogFormat::Finesse => builder.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    Ok(())
}

/// Says why a command failed.
pub(crate) fn complain(error: &anyhow::Error) {
    // nothing can be done when standard error is closed
    let _ = writeln!(std::io::stderr(), "aplomb: {error:#}");
}
