//! The ready file: where everything listens.

use anyhow::Context;
use serde::Serialize;
use std::path::Path;

/// Addresses of the running server. A contract: tools and tests find the server by it.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Ready {
    pub(crate) pid: u32,
    pub(crate) domain: String,
    pub(crate) pubsub_domain: String,
    pub(crate) rest: Option<String>,
    pub(crate) rest_plain: Option<String>,
    pub(crate) bosh: Option<String>,
    pub(crate) bosh_plain: Option<String>,
    pub(crate) ws: Option<String>,
    pub(crate) ws_plain: Option<String>,
    pub(crate) xmpp_tcp: Option<String>,
    pub(crate) xmpp_tls: Option<String>,
    pub(crate) cti: Option<String>,
    pub(crate) cti_control: Option<String>,
    pub(crate) metrics: Option<String>,
}

impl Ready {
    /// Writes the file whole or not at all.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let temporary = path.with_extension("part");
        let text = serde_json::to_string_pretty(self)?;
        std::fs::write(&temporary, text + "\n")
            .and_then(|()| std::fs::rename(&temporary, path))
            .with_context(|| format!("cannot write the ready file {}", path.display()))
    }
}
