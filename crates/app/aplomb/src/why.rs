//! `aplomb why AGENT`: the story of an agent's sessions, and why the agent was disconnected.

mod answer;
mod because;
mod event;
mod everybody;
mod evidence;
mod history;
mod json;
mod matrix;
mod page;
mod sentences;
mod service;
mod traffic;
mod when;
mod words;

pub(crate) use matrix::matrix;
pub(crate) use service::Books;
pub(crate) use words::program;

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
        let since = beginning(&args.since, at, now)?;
        Ok(Self { name: args.agent.clone().unwrap_or_default(), now: now.timestamp(), at, since })
    }

    /// The time that the answer is about.
    fn moment(&self) -> Timestamp {
        self.at.unwrap_or(self.now)
    }
}

/// The beginning of a span that ends when the question is about.
fn beginning(since: &str, at: Option<Timestamp>, now: &Zoned) -> anyhow::Result<Timestamp> {
    when::before(since, &at.map_or_else(|| now.clone(), |at| at.to_zoned(now.time_zone().clone())))
}

/// One agent's story, and the evidence around what is asked about.
struct Story {
    history: History,
    case: Case,
}

impl Story {
    fn read(directory: &Path, history: History, question: &Question) -> anyhow::Result<Self> {
        let at = match answer::answer(&history, question) {
            Answer::Disconnected(end) => Some(end.at),
            _ => question.at,
        };
        let case = evidence(directory, &history.user, at, question.now)?;
        Ok(Self { history, case })
    }

    /// One document in one line. `may_name` says which other agents may be in it.
    fn json(
        &self,
        question: &Question,
        reader: &Reader,
        may_name: impl Fn(&str) -> bool,
    ) -> anyhow::Result<String> {
        let clock = Clock::new(reader.zone.clone(), question.moment(), reader.language);
        let answer = answer::answer(&self.history, question);
        let mut verdict = document(&diagnose(&self.case), reader);
        if let Some(others) = verdict["others"]["agents"].as_array_mut() {
            others.retain(|other| other.as_str().is_some_and(&may_name));
        }
        json::document(&self.history, question, &answer, &clock, verdict)
    }

    fn html(&self, question: &Question, reader: &Reader) -> String {
        let clock = Clock::new(reader.zone.clone(), question.moment(), reader.language);
        let verdict = diagnose(&self.case);
        let user = notification::printable(&self.history.user, 64);
        html(&verdict, reader, &format!("{user}: {}", clock.heading(verdict.incident.moment)))
    }

    fn page(&self, question: &Question, reader: &Reader) -> String {
        let clock = Clock::new(reader.zone.clone(), question.moment(), reader.language);
        let answer = answer::answer(&self.history, question);
        let verdict = diagnose(&self.case);
        let story = page::page(&self.history, question, &answer, &clock, reader.columns, reader.emphasis);
        let is_asked = matches!(answer, Answer::Disconnected(_)) || verdict.cause.is_some();
        let cause = if is_asked { format!("\n{}", render_page(&verdict, reader)) } else { String::new() };
        story + &cause
    }
}

impl Story {
    /// The flight recorder of the session that is meant.
    fn traffic(&self, question: &Question, reader: &Reader) -> String {
        let clock = Clock::new(reader.zone.clone(), question.moment(), reader.language);
        match answer::answer(&self.history, question) {
            Answer::Disconnected(end) => traffic::page(end.life, &clock),
            _ => traffic::none(&clock),
        }
    }
}

/// Prints the answer.
pub(crate) fn command(args: WhyArgs) -> anyhow::Result<()> {
    if let Some(directory) = &args.matrix {
        return matrix(directory, args.half, args.json);
    }
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
        everybody::answer(case, &question, &reader, args.json, |_| true)?
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
    let story = Story::read(directory, read(directory, &question.name)?, question)?;
    if let Some(path) = &args.case {
        write_file(path, &serde_json::to_vec(&story.case)?)?;
    }
    if let Some(path) = &args.html {
        write_file(path, story.html(question, reader).as_bytes())?;
    }
    if args.json {
        return Ok(story.json(question, reader, |_| true)? + "\n");
    }
    let traffic = if args.traffic { story.traffic(question, reader) } else { String::new() };
    Ok(story.page(question, reader) + &traffic)
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
    let (reading, history) = gather(directory, name)?;
    ensure!(
        reading.lines > 0,
        "the journal in {} is empty: no server has written one there (see --data-dir)",
        directory.display()
    );
    history.ok_or_else(|| {
        let name = notification::printable(name, 64);
        anyhow!("the journal in {} does not know {name}", directory.display())
    })
}

/// What the journal knows of whoever has this loginId or loginName.
fn gather(directory: &Path, name: &str) -> anyhow::Result<(::journal::Reading, Option<History>)> {
    let mut collector = history::Collector::new(name);
    let reading = ::journal::read(directory, |line| collector.take(line))
        .with_context(|| format!("cannot read the journal in {}", directory.display()))?;
    Ok((reading, collector.finish(::journal::is_being_written(directory))))
}

#[cfg(test)]
mod tests;
