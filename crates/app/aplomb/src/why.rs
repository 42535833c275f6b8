//! `aplomb why AGENT`: the story of an agent's sessions, and why the agent was disconnected.

mod answer;
mod everybody;
mod evidence;
mod history;
mod json;
mod page;
mod when;
mod words;

use crate::cli::WhyArgs;
use crate::journal;
use answer::Answer;
use anyhow::{Context, anyhow, ensure};
use diag::render::{Reader, document, html, page as render_page};
use diag::{Case, Language, diagnose};
use evidence::Evidence;
use history::History;
use jiff::{Timestamp, Zoned};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use words::Clock;

/// Columns of a page that no terminal bounds.
const COLUMNS: usize = 120;

/// A narrower table would be hard to read; it wraps instead.
const COLUMNS_MIN: usize = 40;

/// What was asked.
struct Question {
    /// loginId or loginName, as it was typed.
    name: String,
    now: Timestamp,
    at: Option<Timestamp>,
    since: Timestamp,
}

impl Question {
    fn new(args: &WhyArgs, now: &Zoned) -> anyhow::Result<Self> {
        let at = args.at.as_deref().map(|text| when::moment(text, now)).transpose()?;
        let end = at.map_or_else(|| now.clone(), |at| at.to_zoned(now.time_zone().clone()));
        let since = when::before(&args.since, &end)?;
        Ok(Self { name: args.agent.clone().unwrap_or_default(), now: now.timestamp(), at, since })
    }

    /// The time that the answer is about.
    fn moment(&self) -> Timestamp {
        self.at.unwrap_or(self.now)
    }
}

/// Prints the answer.
pub(crate) fn command(args: WhyArgs) -> anyhow::Result<()> {
    let now = Zoned::now();
    let question = Question::new(&args, &now)?;
    let directory = journal::directory(&data_dir(args.data_dir.clone())?);
    let is_terminal = std::io::stdout().is_terminal();
    let reader = Reader {
        language: Language::of(args.lang.as_deref().unwrap_or_default()),
        zone: now.time_zone().clone(),
        columns: columns(is_terminal),
        emphasis: is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    let text = if args.all {
        let case = evidence(&directory, "", None, question.now)?;
        everybody::answer(case, &question, &reader, args.json)?
    } else {
        one_agent(&args, &question, &directory, &reader)?
    };
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // `aplomb why … | head`
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write the answer"),
    }
}

fn one_agent(
    args: &WhyArgs,
    question: &Question,
    directory: &Path,
    reader: &Reader,
) -> anyhow::Result<String> {
    let history = read(directory, &question.name)?;
    let clock = Clock::new(reader.zone.clone(), question.moment());
    let answer = answer::answer(&history, question);
    let at = match &answer {
        Answer::Disconnected(end) => Some(end.at),
        _ => question.at,
    };
    let case = evidence(directory, &history.user, at, question.now)?;
    if let Some(path) = &args.case {
        write_file(path, &serde_json::to_vec(&case)?)?;
    }
    let verdict = diagnose(&case);
    if let Some(path) = &args.html {
        let title = format!(
            "{}: {}",
            notification::printable(&history.user, 64),
            clock.heading(verdict.incident.moment)
        );
        write_file(path, html(&verdict, reader, &title).as_bytes())?;
    }
    if args.json {
        let verdict = document(&verdict, reader);
        return Ok(json::document(&history, question, &answer, &clock, verdict)? + "\n");
    }
    let story = page::page(&history, question, &answer, &clock, reader.columns, reader.emphasis);
    let is_asked = matches!(answer, Answer::Disconnected(_)) || verdict.cause.is_some();
    let cause = if is_asked { format!("\n{}", render_page(&verdict, reader)) } else { String::new() };
    Ok(story + &cause)
}

pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Everything the journal has to say, for the rules.
pub(crate) fn evidence(
    directory: &Path,
    subject: &str,
    at: Option<Timestamp>,
    now: Timestamp,
) -> anyhow::Result<Case> {
    let mut evidence = Evidence::default();
    ::journal::read(directory, |line| evidence.take(line))
        .with_context(|| format!("cannot read the journal in {}", directory.display()))?;
    let is_running = ::journal::is_being_written(directory);
    Ok(evidence.case(subject, at, is_running.then_some(now)))
}

fn columns(is_terminal: bool) -> usize {
    let told = || std::env::var("COLUMNS").ok()?.parse().ok();
    let measured = || Some(usize::from(terminal_size::terminal_size()?.0.0));
    let columns = if is_terminal { measured() } else { None };
    columns.or_else(told).unwrap_or(COLUMNS).max(COLUMNS_MIN)
}

/// The server's own default, or else the demo's, whichever has a journal; of two, the one being written or the
/// newer one.
pub(crate) fn data_dir(given: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    if let Some(directory) = given {
        return Ok(directory);
    }
    let state = crate::serve::state_directory().context("no place for the server's state: use --data-dir")?;
    let both = ["aplomb", "aplomb-demo"].map(|name| state.join(name));
    let modified = |path: &PathBuf| {
        let directory = journal::directory(path);
        let is_written = ::journal::is_being_written(&directory);
        let newest = std::fs::read_dir(&directory).into_iter().flatten().flatten();
        let newest = newest.filter_map(|entry| entry.metadata().ok()?.modified().ok()).max();
        (is_written, newest)
    };
    let [first, second] = both;
    Ok(if modified(&second) > modified(&first) { second } else { first })
}

fn read(directory: &Path, name: &str) -> anyhow::Result<History> {
    let mut collector = history::Collector::new(name);
    let reading = ::journal::read(directory, |line| collector.take(line))
        .with_context(|| format!("cannot read the journal in {}", directory.display()))?;
    ensure!(
        reading.lines > 0,
        "the journal in {} is empty: no server has written one there (see --data-dir)",
        directory.display()
    );
    let is_running = ::journal::is_being_written(directory);
    collector.finish(is_running).ok_or_else(|| {
        let name = notification::printable(name, 64);
        anyhow!("the journal in {} does not know {name}", directory.display())
    })
}

#[cfg(test)]
mod tests;
