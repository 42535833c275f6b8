//! The store: opened for the server, or for a command beside it.

use crate::cli::StoreArgs;
use crate::config::{Config, Source};
use crate::{config, demo, media_task, serve};
use ::store::{By, Metrics, Place, Role, Store, StoreError};
use anyhow::Context;
use jiff::Timestamp;
use notification::{Keeper, Kept, Memory};
use pubsub::Change;
use std::path::Path;
use std::sync::Arc;

/// Opens the server's store. In the demo a store that another server uses is done without: two demos side by side
/// are no mistake, and the second one keeps nothing.
pub(crate) async fn open(
    config: &Config,
    data_dir: &Path,
    is_demo: bool,
    metrics: Metrics,
) -> anyhow::Result<Option<Store>> {
    let place = config.store.place(data_dir)?;
    match Store::open(place, Role::Server, metrics).await {
        Ok(store) => Ok(Some(store)),
        Err(error @ StoreError::InUse { .. }) if is_demo => {
            tracing::warn!("{error}: what this one is told ends with it");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// What publish-subscribe remembers, and the store as its keeper.
pub(crate) async fn memory(store: Option<&Store>) -> anyhow::Result<Memory> {
    let Some(store) = store else { return Ok(Memory::default()) };
    let records = store.pubsub_records().await?;
    if !records.is_empty() {
        tracing::info!(records = records.len(), place = %store.place(), "publish-subscribe as it was");
    }
    Ok(Memory { records, keeper: Some(Arc::new(StoreKeeper(store.clone()))) })
}

/// What task routing remembers, and the store to keep it.
pub(crate) async fn tasks(store: Option<&Store>) -> anyhow::Result<media_task::Memory> {
    let Some(store) = store else { return Ok(media_task::Memory::default()) };
    let (seats, tasks) = store.tasks().await?;
    Ok(media_task::Memory { seats, tasks, store: Some(store.clone()) })
}

struct StoreKeeper(Store);

impl Keeper for StoreKeeper {
    fn is_ready(&self) -> bool {
        self.0.is_ready()
    }

    fn keep(&self, changes: Vec<Change>) -> Kept {
        let kept = self.0.keep(changes);
        Box::pin(async move { matches!(kept.await, Ok(Ok(()))) })
    }
}

/// What a command beside the server works with.
pub(crate) struct Tool {
    pub(crate) config: Config,
    pub(crate) place: Place,
}

impl Tool {
    /// Reads the server's settings.
    pub(crate) fn new(args: &StoreArgs) -> anyhow::Result<Self> {
        let defaults = if args.demo { demo::config(None)? } else { Config::default() };
        let environment = std::env::vars().filter(|(name, _)| name.starts_with("APLOMB_")).collect();
        let source = Source { file: args.config.clone(), environment, settings: args.settings.clone() };
        let config = config::load(defaults, &source)?;
        let data_dir = serve::data_dir(args.data_dir.as_deref(), args.demo)?;
        Ok(Self { place: config.store.place(&data_dir)?, config })
    }

    pub(crate) async fn open(&self) -> anyhow::Result<Store> {
        Ok(Store::open(self.place.clone(), Role::Tool, Metrics::default()).await?)
    }
}

/// Who runs this command, for the audit trail.
pub(crate) fn by() -> By {
    let who = ["SUDO_USER", "USER"].iter().find_map(|name| std::env::var(name).ok());
    let who = who.unwrap_or_else(|| "somebody".into());
    By { who: format!("{who} (command line)"), address: None, at: Timestamp::now() }
}

/// Runs a command's work.
pub(crate) fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("cannot start")?.block_on(work)
}
