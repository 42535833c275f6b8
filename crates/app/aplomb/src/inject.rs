//! `aplomb inject FAULT`: does to a running demo what happens to servers and agents, and writes the case with its label.

mod client;

use crate::cli::{Fault, InjectArgs};
use crate::{journal, why};
use anyhow::{Context, bail, ensure};
use client::{Client, ago, order};
use diag::{Case, Fact, Score, What};
use jiff::Timestamp;
use serde::Deserialize;
use std::io::Write;
use std::net::Shutdown;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The demo's.
const PASSWORD: &str = "aplomb";

/// How often it is looked whether something has happened.
const LOOK: Duration = Duration::from_millis(100);

/// Longer than any session may be silent.
const ENDS_WITHIN: Duration = Duration::from_secs(200);

/// Where the demo is.
#[derive(Deserialize)]
struct Ready {
    pid: u32,
    bosh_plain: Option<String>,
    cti_control: Option<String>,
}

/// How much longer than its session a client is away.
const AWAY_LONGER: Duration = Duration::from_secs(1);

/// More than any client sends at once.
const OVERACTIVE_POLLS: u32 = 12;

struct Scene {
    ready: Ready,
    journal: PathBuf,
    user: String,
    /// The desktop tells of itself.
    has_probe: bool,
    /// Tells this run from others.
    desk: String,
}

impl Fault {
    /// The cause of the table that it is.
    fn label(self) -> &'static str {
        match self {
            Self::Slept => "C1",
            Self::NetworkCut => "C2",
            Self::Reset => "C3",
            Self::TabFrozen => "C5",
            Self::Starved => "C6",
            Self::SecondSignIn => "C14",
            Self::WrongPassword => "C15",
            Self::PageClosed => "C16",
            Self::BrowserKilled => "C17",
            Self::RequestLost => "C18",
            Self::Overactivity => "C20",
            Self::Stopped => "S1",
            Self::Killed => "S2",
            Self::CtiLost => "S5",
            Self::Paused => "S7",
        }
    }
}

/// Injects one fault and writes its case; or scores the rules.
pub(crate) fn command(args: InjectArgs) -> anyhow::Result<()> {
    if let Some(directory) = &args.score {
        return score(directory);
    }
    let (Some(fault), Some(ready_file), Some(path)) = (args.fault, args.ready_file, args.case) else {
        bail!("a fault needs --ready-file and --case");
    };
    let text = std::fs::read(&ready_file)
        .with_context(|| format!("cannot read --ready-file {}", ready_file.display()))?;
    let ready: Ready = serde_json::from_slice(&text).context("--ready-file: not a ready file")?;
    let data_dir = why::data_dir(args.data_dir)?;
    let scene = Scene {
        ready,
        journal: journal::directory(&data_dir),
        user: args.agent,
        has_probe: args.probe,
        desk: format!("{:08x}", rand::random::<u32>()),
    };
    let from = ago(2);
    scene.inject(fault)?;
    let at = scene.settled(fault, from)?;
    let mut case = why::evidence(&scene.journal, &scene.user, Some(at), Timestamp::now())?;
    case.label = Some(fault.label().to_owned());
    why::write_file(&path, &serde_json::to_vec(&case)?)?;
    writeln!(std::io::stdout(), "{} {}", fault.label(), path.display())?;
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

impl Scene {
    fn inject(&self, fault: Fault) -> anyhow::Result<()> {
        match fault {
            Fault::Slept => self.away(|scene, client, back| {
                // awake, it goes on as if nothing had been
                client.ask("", "")?;
                let slept = i64::try_from(back.elapsed().as_millis()).unwrap_or(i64::MAX);
                scene.back(&[(ago(100), "asleep", slept, "")])
            }),
            Fault::TabFrozen => self.away(|scene, _, since| {
                let ms = i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX);
                scene.back(&[
                    (ago(ms), "hidden", 0, ""),
                    (ago(ms - 50), "frozen", 0, ""),
                    (ago(100), "resumed", ms, ""),
                ])
            }),
            Fault::Starved => self.away(|scene, _, since| {
                let ms = i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX);
                scene.back(&[(ago(100), "stalled", ms, "")])
            }),
            Fault::NetworkCut => self.away(|scene, _, since| {
                let ms = i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX);
                scene.back(&[(ago(ms / 2), "lost", 0, "unreachable"), (ago(100), "up", ms, "bosh")])
            }),
            Fault::Reset => self.reset(),
            Fault::BrowserKilled => self.killed_browser(),
            Fault::PageClosed => {
                let mut client = self.sign_in()?;
                let leave = "<presence xmlns='jabber:client' type='unavailable'/>";
                client.ask("type='terminate'", leave).map(drop)
            }
            Fault::SecondSignIn => {
                let since = ago(2);
                let _first = self.sign_in()?;
                let mut second = self.sign_in()?;
                self.ended(since)?;
                // a session left behind would fall silent in somebody else's case
                second.ask("type='terminate'", "").map(drop)
            }
            Fault::RequestLost => {
                let mut client = self.sign_in()?;
                client.rid += 50;
                client.ask("", "").map(drop)
            }
            Fault::Overactivity => self.overactivity(),
            Fault::WrongPassword => Client::open(self.url()?)?.auth(&self.user, "not the password").map(drop),
            Fault::Stopped => self.with_poll(|scene| scene.signal("-TERM")),
            Fault::Killed => self.with_poll(|scene| scene.signal("-KILL")),
            Fault::Paused => self.paused(),
            Fault::CtiLost => self.cti_lost(),
        }
    }

    fn url(&self) -> anyhow::Result<&str> {
        self.ready.bosh_plain.as_deref().context("the demo listens nowhere in the clear (bosh_plain)")
    }

    fn sign_in(&self) -> anyhow::Result<Client> {
        let mut client = Client::sign_in(self.url()?, &self.user, PASSWORD)?;
        if self.has_probe {
            client.probe(&self.desk, 1, &[(Timestamp::now(), "started", 0, "")])?;
        }
        Ok(client)
    }

    /// The desktop's next session, with what it noted meanwhile.
    fn back(&self, notes: &[client::Note]) -> anyhow::Result<()> {
        let mut client = Client::sign_in(self.url()?, &self.user, PASSWORD)?;
        let since = ago(2);
        if self.has_probe {
            client.probe(&self.desk, 2, notes)?;
        }
        client.ask("type='terminate'", "")?;
        // the journal has the probe before the end
        self.ended(since).map(drop)
    }

    /// A client that says nothing until its session is over.
    fn away(
        &self,
        then: impl FnOnce(&Self, &mut Client, Instant) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let since = ago(2);
        let mut client = self.sign_in()?;
        let silent = Instant::now();
        self.ended(since)?;
        // nobody comes back in the moment in which the session ends
        sleep(AWAY_LONGER);
        then(self, &mut client, silent)
    }

    /// The way is cut with a reset: the poll, and every try after it.
    fn reset(&self) -> anyhow::Result<()> {
        let since = ago(2);
        let mut client = self.sign_in()?;
        let poll = client.begin("", "")?;
        sleep(3 * LOOK);
        drop(poll);
        let (lost, cut) = (Timestamp::now(), Instant::now());
        self.ended(since)?;
        let ms = i64::try_from(cut.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.back(&[(lost, "lost", 0, "unreachable"), (ago(100), "up", ms, "bosh")])
    }

    fn killed_browser(&self) -> anyhow::Result<()> {
        let since = ago(2);
        let mut client = self.sign_in()?;
        let poll = client.begin("", "")?;
        sleep(3 * LOOK);
        poll.shutdown(Shutdown::Both)?;
        self.ended(since).map(drop)
    }

    fn overactivity(&self) -> anyhow::Result<()> {
        let since = ago(2);
        let mut client = self.sign_in()?;
        let mut polls = Vec::new();
        for _ in 0..OVERACTIVE_POLLS {
            polls.push(client.begin("", "")?);
            sleep(LOOK / 4);
        }
        self.ended(since).map(drop)
    }

    fn with_poll(&self, fault: impl FnOnce(&Self) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let mut client = self.sign_in()?;
        let _poll = client.begin("", "")?;
        sleep(3 * LOOK);
        fault(self)
    }

    /// The server is halted between two polls, for longer than a session may be silent.
    fn paused(&self) -> anyhow::Result<()> {
        let since = ago(2);
        let _client = self.sign_in()?;
        self.signal("-STOP")?;
        sleep(Duration::from_secs(4));
        self.signal("-CONT")?;
        self.ended(since).map(drop)
    }

    fn cti_lost(&self) -> anyhow::Result<()> {
        let _client = self.sign_in()?;
        let control = self.ready.cti_control.as_deref().context("the demo has no simulator")?;
        for line in ["side a down", "side b down"] {
            order(control, line)?;
        }
        Ok(())
    }

    fn signal(&self, signal: &str) -> anyhow::Result<()> {
        let status = Command::new("kill").args([signal, &self.ready.pid.to_string()]).status()?;
        ensure!(status.success(), "kill {signal} {}: {status}", self.ready.pid);
        Ok(())
    }

    /// When the agent's session ended, once it has.
    fn ended(&self, since: Timestamp) -> anyhow::Result<Timestamp> {
        self.wait(|fact| {
            fact.of.as_deref() == Some(&self.user)
                && fact.at >= since
                && matches!(fact.what, What::SessionEnded { .. })
        })
    }

    /// What the case is about, once the journal tells of all of it.
    fn settled(&self, fault: Fault, from: Timestamp) -> anyhow::Result<Timestamp> {
        let then = |is_it: fn(&What) -> bool| self.wait(|fact| fact.at >= from && is_it(&fact.what));
        match fault {
            Fault::WrongPassword => then(|what| matches!(what, What::SignInRefused { .. })),
            Fault::CtiLost => then(|what| matches!(what, What::CtiLost { .. })),
            Fault::Stopped => {
                then(|what| matches!(what, What::ServiceStopped)).and_then(|_| self.ended(from))
            }
            _ => self.ended(from),
        }
    }

    fn wait(&self, is_it: impl Fn(&Fact) -> bool) -> anyhow::Result<Timestamp> {
        let until = Instant::now() + ENDS_WITHIN;
        while Instant::now() < until {
            let case = why::evidence(&self.journal, &self.user, None, Timestamp::now())?;
            if let Some(fact) = case.facts.iter().find(|fact| is_it(fact)) {
                return Ok(fact.at);
            }
            sleep(LOOK);
        }
        bail!("nothing came of it within {} s", ENDS_WITHIN.as_secs())
    }
}
