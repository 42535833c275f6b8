//! Faults of the server, of its machine and of the phone system.

use super::client::{Client, ago, get, order};
use super::demo::{Ready, Start, runs};
use super::scene::{ENDS_WITHIN, LOOK, Scene};
use anyhow::{Context, bail, ensure};
use diag::What;
use jiff::Timestamp;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How much longer than a session may be silent the server is halted.
const LONGER: Duration = Duration::from_secs(2);

impl Scene {
    /// The server is halted while a client is between two polls, for longer than it may be silent.
    pub(super) fn paused(&self) -> anyhow::Result<()> {
        let since = ago(2);
        let client = self.sign_in()?;
        let halt = client.inactivity + LONGER;
        self.say(&format!("the server is halted for {} s", halt.as_secs()));
        self.signal("-STOP")?;
        sleep(halt);
        self.signal("-CONT")?;
        self.ended(since).map(drop)
    }

    /// Stopped in order, and started as it was started before.
    pub(super) fn restarted(&self) -> anyhow::Result<()> {
        let start = Start::of(self.ready.pid)?;
        self.signal("-TERM")?;
        self.until("the server's end", || Ok((!runs(self.ready.pid)).then_some(())))?;
        start.again()?;
        let pid = self.until("the server's start", || {
            let ready = Ready::read(&self.ready_file).ok();
            Ok(ready.map(|ready| ready.pid).filter(|pid| *pid != self.ready.pid && runs(*pid)))
        })?;
        self.say(&format!("the server runs again, as process {pid}, in the background"));
        Ok(())
    }

    pub(super) fn cti_lost(&self) -> anyhow::Result<()> {
        let _client = self.sign_in()?;
        let control = self.ready.cti_control.as_deref().context("the demo has no simulator")?;
        for line in ["side a down", "side b down"] {
            order(control, line)?;
        }
        Ok(())
    }

    /// From a client, whose request is refused and whose session goes on; and from the phone system, in a call's data.
    pub(super) fn invalid_characters(&self) -> anyhow::Result<()> {
        let since = ago(2);
        let mut client = self.sign_in()?;
        let bell = "<message xmlns='jabber:client' to='finesse@localhost'><body>ring \u{7}</body></message>";
        let refused = client.ask("", bell)?;
        ensure!(!refused.contains("HTTP/1.1 200") || refused.contains("terminate"), "not refused: {refused}");
        client.rid -= 1;
        let control = self.ready.cti_control.as_deref().context("the demo has no simulator")?;
        order(control, "call from 5551007 to Support var1=\"gold\u{1}\u{b}\" waits 1s")?;
        let metrics = self.ready.metrics.as_deref().context("the demo shows no metrics")?;
        self.until("the characters' count", || {
            let counts = get(metrics, "/metrics")?;
            let is_counted = |source: &str| {
                let mut lines = counts.lines().filter(|line| line.starts_with("aplomb_forbidden_characters"));
                lines.any(|line| line.contains(&format!("source=\"{source}\"")) && !line.ends_with(" 0"))
            };
            Ok((is_counted("xmpp") && is_counted("cti")).then_some(()))
        })?;
        self.lives(&mut client, since)
    }

    /// The session goes on.
    fn lives(&self, client: &mut Client, since: Timestamp) -> anyhow::Result<()> {
        let answer = client.ask("", "")?;
        ensure!(answer.contains("HTTP/1.1 200") && !answer.contains("terminate"), "disconnected: {answer}");
        let facts = self.case()?.facts;
        let mut ends = facts.iter().filter(|fact| matches!(fact.what, What::SessionEnded { .. }));
        ensure!(!ends.any(|fact| self.is_own(fact, since)), "the session ended");
        Ok(())
    }

    fn until<T>(
        &self,
        what: &str,
        mut is_there: impl FnMut() -> anyhow::Result<Option<T>>,
    ) -> anyhow::Result<T> {
        let until = Instant::now() + ENDS_WITHIN;
        while Instant::now() < until {
            if let Some(thing) = is_there()? {
                return Ok(thing);
            }
            sleep(LOOK);
        }
        bail!("no sign of {what} within {} s", ENDS_WITHIN.as_secs())
    }
}
