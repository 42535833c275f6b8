//! `aplomb inject FAULT`: does to a running demo what happens to servers and agents, and writes the case with its label.

mod chromium;
mod client;
mod demo;
mod desktop;
mod devtools;
mod fault;
mod in_browser;
mod network;
mod scene;
mod server;
mod way;

pub(crate) use fault::Fault;

use crate::cli::InjectArgs;
use crate::{journal, why};
use anyhow::{Context, bail, ensure};
use client::ago;
use demo::Ready;
use diag::{Case, Score};
use jiff::Timestamp;
use scene::Scene;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// Injects one fault and writes its case; or scores the rules; or lists what there is.
pub(crate) fn command(args: InjectArgs) -> anyhow::Result<()> {
    if args.list {
        return Ok(write!(std::io::stdout(), "{}", Fault::list())?);
    }
    if let Some(directory) = &args.score {
        return score(directory);
    }
    let (Some(fault), Some(ready_file), Some(path)) = (args.fault, args.ready_file, args.case) else {
        bail!("a fault needs --ready-file and --case");
    };
    ensure!(fault.has_browser() || !args.browser, "no browser can do {} (see --list)", fault.name());
    let data_dir = why::data_dir(args.data_dir)?;
    let scene = Scene {
        ready: Ready::read(&ready_file)?,
        ready_file,
        journal: journal::directory(&data_dir),
        user: args.agent,
        has_probe: args.probe,
        desk: format!("{:08x}", rand::random::<u32>()),
        began: Instant::now(),
    };
    let from = ago(2);
    let (at, browser) = if args.browser || fault.needs_browser() {
        let (at, browser) = scene.inject_in_browser(fault, args.chromium.as_deref())?;
        (at, Some(browser))
    } else {
        scene.inject(fault)?;
        (scene.settled(fault, from)?, None)
    };
    let mut case = why::evidence(&scene.journal, &scene.user, Some(at), Timestamp::now())?;
    case.label = fault.label().map(str::to_owned);
    // its session must not end before it is told of
    drop(browser);
    why::write_file(&path, &serde_json::to_vec(&case)?)?;
    writeln!(std::io::stdout(), "{} {}", fault.label().unwrap_or("-"), path.display())?;
    Ok(())
}

/// Prints the confusion matrix of a directory of cases.
fn score(directory: &Path) -> anyhow::Result<()> {
    let mut score = Score::default();
    let entries = std::fs::read_dir(directory).with_context(|| directory.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        let case = std::fs::read(&path).map_err(anyhow::Error::from).and_then(|text| Ok(Case::parse(&text)?));
        score.take(&case.with_context(|| path.display().to_string())?);
    }
    write!(std::io::stdout(), "{score}")?;
    Ok(())
}
