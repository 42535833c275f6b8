//! `aplomb inject FAULT`: does to a running demo what happens to servers and agents, and writes the case with its label.

mod chromium;
mod client;
mod corpus;
mod demo;
mod desktop;
mod devtools;
mod fault;
mod in_browser;
mod network;
mod scene;
mod server;
mod way;

pub(crate) use corpus::{CORPUS_FILE, Corpus, Half};
pub(crate) use fault::Fault;

use crate::cli::InjectArgs;
use crate::{journal, why};
use anyhow::{bail, ensure};
use client::ago;
use demo::Ready;
use jiff::Timestamp;
use scene::Scene;
use std::io::Write;
use std::time::{Duration, Instant};

/// Injects one fault and writes its case, or makes a corpus of many; or scores the rules; or lists what there is.
pub(crate) fn command(args: InjectArgs) -> anyhow::Result<()> {
    if args.list {
        return Ok(write!(std::io::stdout(), "{}", Fault::list())?);
    }
    if let Some(directory) = &args.score {
        return why::matrix(directory, Half::All, false);
    }
    if let Some(directory) = &args.cases {
        return corpus::command(&args, directory);
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
        after: Duration::from_millis(args.after_ms),
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
