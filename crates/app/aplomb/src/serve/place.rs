//! Where a server stands: its directory, its certificate, what the system lets it have.

use crate::config::Config;
use anyhow::{Context, bail};
use listen::Identity;
use std::path::{Path, PathBuf};

/// Every connection is a file, and many systems start programs with 1,024.
pub(super) fn raise_file_limit() {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(files) => tracing::debug!(files, "open files allowed"),
        Err(error) => tracing::warn!(%error, "the limit of open files cannot be raised"),
    }
}

/// Where the server keeps its state.
pub(crate) fn data_dir(given: Option<&Path>, is_demo: bool) -> anyhow::Result<PathBuf> {
    let directory = match (given, state_directory()) {
        (Some(directory), _) => directory.to_owned(),
        (None, Some(state)) => state.join(if is_demo { "aplomb-demo" } else { "aplomb" }),
        (None, None) => bail!("no place for the server's state: use --data-dir"),
    };
    std::fs::create_dir_all(&directory).with_context(|| format!("cannot make {}", directory.display()))?;
    Ok(directory)
}

/// Where programs keep their state.
pub(crate) fn state_directory() -> Option<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).or_else(home)
}

/// TLS, and the CA to trust if the certificate is our own make.
pub(super) fn tls(config: &Config, data_dir: &Path) -> anyhow::Result<(Identity, Option<PathBuf>)> {
    match (&config.tls.certificate, &config.tls.key) {
        (Some(certificate), Some(key)) => Ok((listen::from_files(certificate, key)?, None)),
        (None, None) => {
            let mut names = vec![config.server.domain.clone(), format!("pubsub.{}", config.server.domain)];
            let local = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
            names.extend(local.into_iter().filter(|name| *name != config.server.domain));
            let directory = data_dir.join("tls");
            Ok((listen::development(&directory, &names)?, Some(directory.join("ca.pem"))))
        }
        _ => bail!("tls.certificate and tls.key belong together"),
    }
}
