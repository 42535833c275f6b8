//! A fault against a demo: who it is done to, what is played for it, and what the journal must have told before the case
//! is whole.

use super::Fault;
use super::client::{Client, Note, ago};
use super::demo::Ready;
use crate::why;
use anyhow::{Context, bail, ensure};
use diag::{Case, Fact, What};
use jiff::Timestamp;
use std::io::Write;
use std::net::Shutdown;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The demo's.
pub(super) const PASSWORD: &str = "aplomb";

/// How often it is looked whether something has happened.
pub(super) const LOOK: Duration = Duration::from_millis(100);

/// Longer than any session may be silent.
pub(super) const ENDS_WITHIN: Duration = Duration::from_secs(200);

/// Whoever waits for longer is told that nothing hangs.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much longer than its session a client is away.
pub(super) const AWAY_LONGER: Duration = Duration::from_secs(1);

/// More than any client sends at once.
const OVERACTIVE_POLLS: u32 = 12;

/// One fault against one agent of a demo.
pub(super) struct Scene {
    pub(super) ready: Ready,
    pub(super) ready_file: PathBuf,
    pub(super) journal: PathBuf,
    pub(super) user: String,
    /// The desktop tells of itself.
    pub(super) has_probe: bool,
    /// How long the agent works before it happens.
    pub(super) after: Duration,
    /// Tells this run from others.
    pub(super) desk: String,
    pub(super) began: Instant,
}

/// So many milliseconds ago, as notes have it.
pub(super) fn ms_since(then: Instant) -> i64 {
    i64::try_from(then.elapsed().as_millis()).unwrap_or(i64::MAX)
}

impl Scene {
    /// Plays a fault, without a browser.
    pub(super) fn inject(&self, fault: Fault) -> anyhow::Result<()> {
        match fault {
            Fault::Slept => self.away(|scene, client, back| {
                // awake, it goes on as if nothing had been
                client.ask("", "")?;
                let slept = ms_since(back);
                scene.back(&[(ago(100), "asleep", slept, "")])
            }),
            Fault::TabFrozen => self.away(|scene, _, since| {
                let ms = ms_since(since);
                scene.back(&[
                    (ago(ms), "hidden", 0, ""),
                    (ago(ms - 50), "frozen", 0, ""),
                    (ago(100), "resumed", ms, ""),
                ])
            }),
            Fault::Starved => {
                self.away(|scene, _, since| scene.back(&[(ago(100), "stalled", ms_since(since), "")]))
            }
            Fault::NetworkCut => self.black_hole(),
            Fault::Reset | Fault::PortRefused => self.refused(fault),
            Fault::Delayed => self.delayed(),
            Fault::ProxyLimit => self.proxy_limit(),
            Fault::BrowserKilled => self.killed_browser(),
            Fault::PageClosed => self.sign_in()?.leave(),
            Fault::Reloaded => {
                self.sign_in()?.leave()?;
                self.sign_in()?.leave()
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
            Fault::Restarted => self.with_poll(Self::restarted),
            Fault::Killed => self.with_poll(|scene| scene.signal("-KILL")),
            Fault::Paused => self.paused(),
            Fault::CtiLost => self.cti_lost(),
            Fault::InvalidCharacters => self.invalid_characters(),
            Fault::TabThrottled | Fault::CertificateUntrusted => {
                bail!("{} is a browser's", fault.name())
            }
        }
    }

    /// Tells whoever waits how far it is.
    pub(super) fn say(&self, what: &str) {
        // nobody is there to be told
        let _ = writeln!(std::io::stderr(), "{:4} s  {what}", self.began.elapsed().as_secs());
    }

    /// Where polls go.
    pub(super) fn url(&self) -> anyhow::Result<&str> {
        self.ready.bosh_plain.as_deref().context("the demo listens nowhere in the clear (bosh_plain)")
    }

    /// An agent at a desktop that tells of itself, if that was wanted.
    pub(super) fn sign_in(&self) -> anyhow::Result<Client> {
        self.sign_in_by(self.url()?)
    }

    /// The same, by that way.
    pub(super) fn sign_in_by(&self, url: &str) -> anyhow::Result<Client> {
        let mut client = Client::sign_in(url, &self.user, PASSWORD)?;
        if self.has_probe {
            client.probe(&self.desk, 1, &[(Timestamp::now(), "started", 0, "")], 9)?;
        }
        client.work(self.after)?;
        self.say(&format!("{} is signed in", self.user));
        Ok(client)
    }

    /// The desktop's next session, with what it noted meanwhile.
    pub(super) fn back(&self, notes: &[Note]) -> anyhow::Result<()> {
        self.back_by(notes, 9)
    }

    /// The same, with how long the way there and back took.
    pub(super) fn back_by(&self, notes: &[Note], rtt_ms: u64) -> anyhow::Result<()> {
        let mut client = Client::sign_in(self.url()?, &self.user, PASSWORD)?;
        let since = ago(2);
        if self.has_probe {
            client.probe(&self.desk, 2, notes, rtt_ms)?;
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

    /// A signal to the server.
    pub(super) fn signal(&self, signal: &str) -> anyhow::Result<()> {
        let status = Command::new("kill").args([signal, &self.ready.pid.to_string()]).status()?;
        ensure!(status.success(), "kill {signal} {}: {status}", self.ready.pid);
        Ok(())
    }

    /// When the agent's session ended, once it has.
    pub(super) fn ended(&self, since: Timestamp) -> anyhow::Result<Timestamp> {
        self.wait("the session's end", |fact| {
            self.is_own(fact, since) && matches!(fact.what, What::SessionEnded { .. })
        })
    }

    /// Whether it is of the agent, and not older.
    pub(super) fn is_own(&self, fact: &Fact, since: Timestamp) -> bool {
        fact.of.as_deref() == Some(&self.user) && fact.at >= since
    }

    /// What the case is about, once the journal tells of all of it.
    pub(super) fn settled(&self, fault: Fault, from: Timestamp) -> anyhow::Result<Timestamp> {
        let then = |what: &str, is_it: fn(&What) -> bool| {
            self.wait(what, |fact| fact.at >= from && is_it(&fact.what))
        };
        match fault {
            Fault::WrongPassword => then("the refusal", |what| matches!(what, What::SignInRefused { .. })),
            Fault::CtiLost => then("the link's loss", |what| matches!(what, What::CtiLost { .. })),
            Fault::Stopped | Fault::Restarted => {
                then("the stop", |what| matches!(what, What::ServiceStopped)).and_then(|_| self.ended(from))
            }
            // nothing has ended
            Fault::InvalidCharacters => Ok(Timestamp::now()),
            _ => self.ended(from),
        }
    }

    /// What is known now.
    pub(super) fn case(&self) -> anyhow::Result<Case> {
        why::evidence(&self.journal, &self.user, None, Timestamp::now())
    }

    /// Waits until the evidence has such a fact.
    pub(super) fn wait(&self, what: &str, is_it: impl Fn(&Fact) -> bool) -> anyhow::Result<Timestamp> {
        let (until, mut told) = (Instant::now() + ENDS_WITHIN, Instant::now());
        while Instant::now() < until {
            if let Some(fact) = self.case()?.facts.iter().find(|fact| is_it(fact)) {
                self.say(&format!("{what} is in the journal"));
                return Ok(fact.at);
            }
            if told.elapsed() >= PATIENCE {
                told = Instant::now();
                self.say(&format!("waiting for {what}"));
            }
            sleep(LOOK);
        }
        bail!("the journal does not tell of {what} within {} s", ENDS_WITHIN.as_secs())
    }
}
