//! `aplomb inject --all --cases DIR`: every fault many times, each in a demo of its own among other agents, as labelled
//! cases. Half of them tune the rules, half are kept apart; which is which follows from the seed.

mod plan;
mod world;

use crate::cli::InjectArgs;
use anyhow::{Context, bail, ensure};
use indicatif::{ProgressBar, ProgressStyle};
pub(crate) use plan::Half;
use plan::{Made, Plan};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// What was made and how, beside the folders of the halves.
pub(crate) const CORPUS_FILE: &str = "corpus.json";

/// The form of [`CORPUS_FILE`].
const VERSION: u32 = 1;

/// A busy machine may disturb what was planned; it is tried again.
const TRIES: u32 = 4;

/// Everything about a corpus but its cases.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Corpus {
    version: u32,
    /// Of this program.
    made_by: String,
    /// Decides everything that is planned: the halves, too.
    seed: u64,
    /// Of each fault.
    runs: u32,
    /// Of the demos.
    settings: Vec<String>,
    /// In the order of the plan.
    pub(crate) cases: Vec<Made>,
    /// Planned, and not made: number, fault and why.
    failed: Vec<(usize, String, String)>,
}

impl Corpus {
    /// Reads a corpus's own file; `None` when cases lie there without one.
    pub(crate) fn read(directory: &Path) -> anyhow::Result<Option<Self>> {
        let path = directory.join(CORPUS_FILE);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            text => text.with_context(|| path.display().to_string())?,
        };
        let corpus: Self = serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
        ensure!(
            corpus.version == VERSION,
            "{}: of version {}; this program reads version {VERSION}",
            path.display(),
            corpus.version
        );
        Ok(Some(corpus))
    }
}

/// Makes a corpus of one fault or of all.
pub(super) fn command(args: &InjectArgs, directory: &Path) -> anyhow::Result<()> {
    for half in [Half::Tune, Half::Kept] {
        let folder = directory.join(half.name());
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let is_empty = fs::read_dir(&folder)?.next().is_none();
        ensure!(is_empty, "{}: there are cases already; a corpus is made whole", folder.display());
    }
    let plans = plan::plans(args.fault, args.runs, args.seed);
    let style = "{elapsed_precise} {wide_bar} {pos}/{len} cases, {eta} left";
    let progress = ProgressBar::new(plans.len() as u64).with_style(ProgressStyle::with_template(style)?);
    let (mut made, mut failed) = (Vec::new(), Vec::new());
    for (plan, outcome) in make_all(&plans, directory, args.jobs as usize, &progress) {
        match outcome {
            Ok(one) => made.push(one),
            Err(error) => failed.push((plan.number, plan.name(), format!("{error:#}"))),
        }
    }
    progress.finish_and_clear();
    let corpus = Corpus {
        version: VERSION,
        made_by: format!("aplomb {}", env!("CARGO_PKG_VERSION")),
        seed: args.seed,
        runs: args.runs,
        settings: world::SETTINGS.map(str::to_owned).into(),
        cases: made,
        failed,
    };
    crate::why::write_file(&directory.join(CORPUS_FILE), &serde_json::to_vec_pretty(&corpus)?)?;
    report(&corpus, directory)
}

/// Some at a time, in the order of the plan.
fn make_all<'a>(
    plans: &'a [Plan],
    directory: &Path,
    jobs: usize,
    progress: &ProgressBar,
) -> Vec<(&'a Plan, anyhow::Result<Made>)> {
    let (waiting, done) = (Mutex::new(plans.iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                loop {
                    // a panic while holding a lock leaves the list and the iterator whole
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(plan) = next else { return };
                    let outcome = make(plan, directory);
                    progress.inc(1);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((plan, outcome));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(plan, _)| plan.number);
    done
}

fn make(plan: &Plan, directory: &Path) -> anyhow::Result<Made> {
    let mut tries = (1..=TRIES).map(|_| world::play(plan, directory));
    let mut last = tries.next();
    while matches!(last, Some(Err(_)))
        && let Some(again) = tries.next()
    {
        last = Some(again);
    }
    last.context("nothing was tried")?
}

fn report(corpus: &Corpus, directory: &Path) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    let of = |half: Half| corpus.cases.iter().filter(|made| made.half == half).count();
    let (tune, kept) = (of(Half::Tune), of(Half::Kept));
    let shown = directory.display();
    writeln!(out, "{shown}: {tune} cases to tune the rules with, {kept} kept apart (seed {})", corpus.seed)?;
    for (number, fault, why) in &corpus.failed {
        writeln!(out, "case {number} ({fault}) could not be made: {why}")?;
    }
    if corpus.cases.is_empty() {
        bail!("no case could be made");
    }
    Ok(())
}
