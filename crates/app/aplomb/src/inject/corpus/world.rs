//! One case: a demo of its own on loopback, the others in it, the fault, and how soon the verdict stood.

use super::plan::{Bystander, Fate, Made, Plan};
use crate::inject::client::Client;
use crate::inject::scene::{LOOK, PASSWORD};
use crate::{journal, why};
use anyhow::{Context, bail, ensure};
use diag::{Case, HEALTHY, diagnose};
use jiff::Timestamp;
use serde::Deserialize;
use std::fs::{self, File};
use std::net::Shutdown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Short silences, so that thousands of them can be waited for.
pub(super) const SETTINGS: [&str; 3] =
    ["bosh.inactivity_secs=2", "bosh.wait_secs_max=10", "websocket.ping_secs=1"];

/// Every port is the system's choice: many demos run beside each other.
const LISTENERS: [&str; 8] = [
    "listen.rest",
    "listen.rest_plain",
    "listen.notification",
    "listen.notification_plain",
    "listen.xmpp_tcp",
    "listen.xmpp_tls",
    "listen.metrics",
    "simulator.listen",
];

/// A demo on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// Everybody of a case.
const SIGNED_IN_WITHIN: Duration = Duration::from_secs(60);

/// An agent to whom nothing happens is watched for longer than a session may be silent.
const HEALTHY_FOR: Duration = Duration::from_secs(4);

/// Of a demo's ready file.
#[derive(Deserialize)]
struct Ready {
    pid: u32,
    bosh_plain: String,
}

/// A demo, ended when this is dropped.
struct World {
    folder: TempDir,
    demo: Child,
    ready: Ready,
}

/// Plays one case and writes it.
pub(super) fn play(plan: &Plan, directory: &Path) -> anyhow::Result<Made> {
    let world = World::start()?;
    world.people(&plan.bystanders)?;
    let file = format!("{}/{:04}-{}.json", plan.half.name(), plan.number, plan.name());
    let path = directory.join(&file);
    let (played, seen) = world.observed(&plan.agent, || match plan.fault {
        Some(_) => world.inject(plan, &path),
        None => world.nothing_happens(plan, &path),
    });
    played?;
    let case = Case::parse(&fs::read(&path)?)?;
    Ok(made(plan, file, &case, seen))
}

impl World {
    fn start() -> anyhow::Result<Self> {
        let folder = TempDir::new().context("no folder for a demo")?;
        let log = File::create(folder.path().join("log"))?;
        let mut command = aplomb()?;
        command.args(["serve", "--demo", "--data-dir"]).arg(folder.path().join("data"));
        command.arg("--ready-file").arg(folder.path().join("ready.json"));
        let listeners = LISTENERS.map(|listener| format!("{listener}=127.0.0.1:0"));
        for setting in listeners.iter().map(String::as_str).chain(SETTINGS) {
            command.args(["--set", setting]);
        }
        let demo = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let ready = Ready { pid: demo.id(), bosh_plain: String::new() };
        let mut world = Self { folder, demo, ready };
        let until = Instant::now() + READY_WITHIN;
        while Instant::now() < until {
            if let Some(ready) = world.read_ready() {
                world.ready = ready;
                return Ok(world);
            }
            if let Some(status) = world.demo.try_wait()? {
                let log = fs::read_to_string(world.folder.path().join("log")).unwrap_or_default();
                bail!("the demo ended before it was ready: {status}\n{log}");
            }
            sleep(LOOK);
        }
        bail!("no demo within {} s", READY_WITHIN.as_secs())
    }

    fn read_ready(&self) -> Option<Ready> {
        serde_json::from_slice(&fs::read(self.ready_file()).ok()?).ok()
    }

    fn ready_file(&self) -> PathBuf {
        self.folder.path().join("ready.json")
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Signs the bystanders in; each goes on by itself until the demo is gone.
    fn people(&self, bystanders: &[Bystander]) -> anyhow::Result<()> {
        let (signed_in, all) = channel();
        for one in bystanders {
            let (url, one, signed_in) = (self.ready.bosh_plain.clone(), one.clone(), signed_in.clone());
            thread::spawn(move || live(&url, &one, &signed_in));
        }
        bystanders.iter().try_for_each(|_| all.recv_timeout(SIGNED_IN_WITHIN).context("a bystander")?)
    }

    /// `aplomb inject FAULT`, as anybody would type it.
    fn inject(&self, plan: &Plan, case: &Path) -> anyhow::Result<()> {
        let mut command = aplomb()?;
        command.args(["inject", &plan.name(), "--agent", &plan.agent]);
        command.args(["--after-ms", &plan.after_ms.to_string()]).args(plan.has_probe.then_some("--probe"));
        command.arg("--ready-file").arg(self.ready_file()).arg("--data-dir").arg(self.data_dir());
        let out = command.arg("--case").arg(case).stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&out.stderr);
        ensure!(out.status.success(), "{}", said.lines().next_back().unwrap_or("it ended without a word"));
        Ok(())
    }

    /// The agent works, and is still there at the end.
    fn nothing_happens(&self, plan: &Plan, path: &Path) -> anyhow::Result<()> {
        let mut client = Client::sign_in(&self.ready.bosh_plain, &plan.agent, PASSWORD)?;
        client.work(HEALTHY_FOR + Duration::from_millis(plan.after_ms))?;
        let now = Timestamp::now();
        let mut case = why::evidence(&self.journal(), &plan.agent, Some(now), now)?;
        let verdict = diagnose(&case);
        ensure!(verdict.incident.ended.is_none(), "the agent lost the session: the machine is too busy");
        case.label = Some(HEALTHY.to_owned());
        why::write_file(path, &serde_json::to_vec(&case)?)
    }

    fn journal(&self) -> PathBuf {
        journal::directory(&self.data_dir())
    }

    /// What there was to be known, and when, while something went on.
    fn observed<T>(&self, agent: &str, something: impl FnOnce() -> T) -> (T, Vec<(Timestamp, Case)>) {
        let is_over = AtomicBool::new(false);
        let look = || why::evidence(&self.journal(), agent, None, Timestamp::now()).ok();
        thread::scope(|scope| {
            let watching = scope.spawn(|| {
                let mut seen = Vec::new();
                loop {
                    // what is there at the end is looked at as well
                    let was_over = is_over.load(Ordering::Relaxed);
                    seen.extend(look().map(|case| (Timestamp::now(), case)));
                    if was_over {
                        return seen;
                    }
                    sleep(LOOK);
                }
            });
            let done = something();
            is_over.store(true, Ordering::Relaxed);
            (done, watching.join().unwrap_or_default())
        })
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // it may have been started again by another hand
        if let Some(pid) = self.read_ready().map(|ready| ready.pid).filter(|pid| *pid != self.demo.id()) {
            let _ = Command::new("kill").args(["-KILL", &pid.to_string()]).stderr(Stdio::null()).status();
        }
        // an error means that it is gone already
        let _ = self.demo.kill();
        let _ = self.demo.wait();
    }
}

/// This program, without the settings of the person who runs it.
fn aplomb() -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("where is this program?")?);
    let ours = std::env::vars_os().map(|(name, _)| name);
    for name in ours.filter(|name| name.to_string_lossy().starts_with("APLOMB_")) {
        command.env_remove(name);
    }
    Ok(command)
}

fn live(url: &str, one: &Bystander, signed_in: &Sender<anyhow::Result<()>>) {
    let client = Client::sign_in(url, &one.agent, PASSWORD);
    let (client, said) = match client {
        Ok(client) => (Some(client), Ok(())),
        Err(error) => (None, Err(error)),
    };
    let _ = signed_in.send(said);
    if let Some(mut client) = client {
        // it ends with the demo at the latest
        let _ = meet(&mut client, one);
    }
}

fn meet(client: &mut Client, one: &Bystander) -> anyhow::Result<()> {
    client.work(Duration::from_millis(one.after_ms))?;
    match one.fate {
        Fate::Works => loop {
            client.ask("", "")?;
        },
        Fate::Leaves => client.ask("type='terminate'", "").map(drop),
        Fate::FallsSilent => Ok(()),
        Fate::IsCut => {
            let poll = client.begin("", "")?;
            sleep(3 * LOOK);
            Ok(poll.shutdown(Shutdown::Both)?)
        }
    }
}

fn made(plan: &Plan, file: String, case: &Case, seen: Vec<(Timestamp, Case)>) -> Made {
    let incident = diagnose(case).incident;
    let since = |at: Timestamp| {
        let millis = at.duration_since(incident.moment).as_millis();
        i64::try_from(millis).unwrap_or(i64::MAX).max(0)
    };
    Made {
        file,
        half: plan.half,
        fault: plan.fault.map(|_| plan.name()),
        label: case.label.clone().unwrap_or_default(),
        has_probe: plan.has_probe,
        after_ms: plan.after_ms,
        bystanders: plan.bystanders.clone(),
        named_after_ms: named(case, seen).map(since),
        back_after_ms: incident.back.map(since),
    }
}

/// When the verdict of the case stood for good.
fn named(case: &Case, seen: Vec<(Timestamp, Case)>) -> Option<Timestamp> {
    let of = |case: &Case| diagnose(case).cause.map(|cause| cause.rule.id);
    let verdict = of(case)?;
    let is_it = |seen: &mut Case| {
        seen.at = case.at;
        of(seen) == Some(verdict)
    };
    let last = seen.into_iter().rev().map_while(|(at, mut seen)| is_it(&mut seen).then_some(at));
    last.last()
}

#[cfg(test)]
mod tests {
    use super::*;
    use diag::{End, Fact, What};

    /// An agent's session that ended for overactivity at second 10, or not yet.
    fn case(has_ended: bool) -> Case {
        let at = |secs| Timestamp::from_second(secs).unwrap_or_default();
        let mut case = Case::new("1001001", has_ended.then(|| at(10)));
        let what =
            What::SessionEnded { end: End::Overactivity, silent_ms: 0, longest_gap_ms: None, steady: true };
        let fact =
            Fact { at: at(10), of: Some("1001001".into()), session: None, source: String::new(), what };
        case.facts = has_ended.then_some(fact).into_iter().collect();
        case
    }

    #[test]
    fn a_verdict_stands_from_the_first_look_after_which_it_did_not_change() {
        let at = |millis| Timestamp::from_millisecond(millis).unwrap_or_default();
        let (no, yes) = (|| case(false), || case(true));
        let seen = vec![(at(9_000), no()), (at(10_100), yes()), (at(10_200), no()), (at(10_300), yes())];
        assert_eq!(named(&yes(), seen), Some(at(10_300)));
        let seen = vec![(at(9_000), no()), (at(10_100), yes()), (at(10_200), yes())];
        assert_eq!(named(&yes(), seen), Some(at(10_100)));
        assert_eq!(named(&yes(), vec![(at(10_400), no())]), None, "seen by nobody");
        assert_eq!(named(&no(), vec![(at(10_400), no())]), None, "no verdict");
    }
}
