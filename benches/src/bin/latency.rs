//! From a CTI frame to the byte in the browser's socket.

use anyhow::{Context, Result, bail, ensure};
use aplomb_benches::cti_server::{CtiServer, Session};
use aplomb_benches::desktop::Desktop;
use aplomb_benches::http::{Response, Target};
use aplomb_benches::limits::{OTHER_DESCRIPTORS, PATIENCE};
use aplomb_benches::machine::{Machine, Usage, allow_open_files, stay_on_processor};
use aplomb_benches::server::{AGENTS_PER_TEAM, FIRST_AGENT, Options, Server};
use aplomb_benches::table::{self, percentile};
use clap::Parser;
use comfy_table::Table;
use ged188::AgentState;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, timeout};

/// Plays the phone system and the agents' browsers around one server, and takes the time between them.
#[derive(Parser)]
struct Cli {
    /// The server's binary.
    #[arg(long, default_value = "target/release/aplomb")]
    server: PathBuf,
    /// Agents, each with a poll held.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=5_000))]
    agents: u32,
    /// Events one at a time, each after the one before has arrived.
    #[arg(long, default_value_t = 2_000)]
    singles: u32,
    /// Events a second in the steady run.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    rate: u32,
    /// Seconds of the steady run.
    #[arg(long, default_value_t = 20)]
    secs: u32,
    /// Let the kernel place server and clients; else the server has processor 0, phone system and browsers
    /// processor 1.
    #[arg(long)]
    free: bool,
    /// Further settings of the server, SECTION.KEY=VALUE.
    #[arg(long = "set")]
    settings: Vec<String>,
}

/// The answer that carried an agent's event has begun to arrive.
struct Arrived {
    agent: u32,
    state: AgentState,
    at: Instant,
}

/// The scene: everyone signed in, with polls held.
struct Scene<'a> {
    server: &'a Server,
    cti: Session,
    agents: u32,
    arrivals: mpsc::Receiver<Arrived>,
    /// Each agent's state, and when the frame of an event that has not arrived was written.
    people: Vec<(AgentState, Option<Instant>)>,
    latencies: Vec<Duration>,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    allow_open_files(u64::from(cli.agents) + OTHER_DESCRIPTORS)?;
    let mut figures = table::with_columns([
        "frame to first byte",
        "events",
        "p50 µs",
        "p99 µs",
        "max µs",
        "server CPU µs an event",
        "taken by others",
    ]);
    for tls in [false, true] {
        run(&cli, tls, &mut figures)?;
    }
    table::print(&format!("{} agents, each with a poll held", cli.agents), &figures)
}

fn run(cli: &Cli, tls: bool, figures: &mut Table) -> Result<()> {
    if !cli.free {
        stay_on_processor(1)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let listener = runtime.block_on(CtiServer::bind())?;
    let address = listener.address()?;
    if !cli.free {
        stay_on_processor(0)?;
    }
    let session = runtime.spawn(async move { listener.accept().await });
    let own = ["simulator.listen=off".to_owned(), format!("cti.sides={address}")];
    let server = Server::start(&Options {
        binary: cli.server.clone(),
        agents: cli.agents,
        agents_per_team: AGENTS_PER_TEAM,
        real_passwords: false,
        settings: [own.as_slice(), cli.settings.as_slice()].concat(),
    })?;
    if !cli.free {
        stay_on_processor(1)?;
    }
    runtime.block_on(async {
        let cti = session.await??;
        measure(cli, tls, &server, cti, figures).await.with_context(|| server.log())
    })
}

async fn measure(cli: &Cli, tls: bool, server: &Server, cti: Session, figures: &mut Table) -> Result<()> {
    cti.has_told(cli.agents).await?;
    let address = server.http_bind(tls)?;
    let target = if tls { Target::encrypted(address, &server.ca_file())? } else { Target::plain(address) };
    let (arrive, arrivals) = mpsc::channel(cli.agents as usize);
    let mut desktops = JoinSet::new();
    for agent in 0..cli.agents {
        let desktop = Desktop::sign_in(&target, FIRST_AGENT + agent).await?;
        desktops.spawn(watch(desktop, agent, arrive.clone()));
    }
    let people = vec![(AgentState::NOT_READY, None); cli.agents as usize];
    let mut scene = Scene { server, cti, agents: cli.agents, arrivals, people, latencies: Vec::new() };
    let transport = if tls { "HTTPS" } else { "HTTP" };
    let work = async {
        scene.one_at_a_time(cli.agents).await?;
        let usage = Marks::take(server)?;
        scene.latencies.clear();
        scene.one_at_a_time(cli.singles).await?;
        scene.report(&format!("{transport}, one at a time"), &usage, figures)?;
        let usage = Marks::take(server)?;
        scene.steadily(cli.rate, cli.secs).await?;
        scene.report(&format!("{transport}, {} events/s for {} s", cli.rate, cli.secs), &usage, figures)
    };
    tokio::select! {
        done = work => done,
        ended = desktops.join_next() => match ended {
            Some(ended) => ended?.context("a desktop failed"),
            None => bail!("no desktops"),
        }
    }
}

/// An agent's browser: notes when answers with events of this agent begin to arrive.
async fn watch(mut desktop: Desktop, agent: u32, arrive: mpsc::Sender<Arrived>) -> Result<()> {
    loop {
        let Response { first_byte: at, body } = desktop.poll().await?;
        if let Some(state) = state_of(&body, FIRST_AGENT + agent)? {
            arrive.send(Arrived { agent, state, at }).await?;
        }
    }
}

/// The state that an answer tells, if it carries an event of the agent.
fn state_of(body: &str, id: u32) -> Result<Option<AgentState>> {
    if !body.contains(&format!("<items node=\"/finesse/api/User/{id}\">")) {
        return Ok(None);
    }
    let ready = body.contains("&lt;state&gt;READY&lt;/state&gt;");
    ensure!(
        ready != body.contains("&lt;state&gt;NOT_READY&lt;/state&gt;"),
        "not one event in one answer: {body}"
    );
    Ok(Some(if ready { AgentState::AVAILABLE } else { AgentState::NOT_READY }))
}

impl Scene<'_> {
    /// The next event starts when the one before has arrived; agents take turns.
    async fn one_at_a_time(&mut self, events: u32) -> Result<()> {
        for n in 0..events {
            self.send(n % self.agents).await?;
            self.receive().await?;
        }
        Ok(())
    }

    /// Events at even distances, whether or not those before have arrived; agents take turns.
    async fn steadily(&mut self, rate: u32, secs: u32) -> Result<()> {
        let mut beat = tokio::time::interval(Duration::from_secs(1) / rate);
        beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let (mut sent, events) = (0, rate * secs);
        self.latencies.clear();
        while self.latencies.len() < events as usize {
            tokio::select! {
                _ = beat.tick(), if sent < events => {
                    self.send(sent % self.agents).await?;
                    sent += 1;
                }
                arrived = self.arrivals.recv() => self.take(arrived)?,
                () = tokio::time::sleep(PATIENCE), if sent == events => bail!("events were lost"),
            }
        }
        Ok(())
    }

    async fn send(&mut self, agent: u32) -> Result<()> {
        let (state, pending) = &mut self.people[agent as usize];
        ensure!(pending.is_none(), "the event before has not arrived: too many events for so few agents");
        *state = if *state == AgentState::NOT_READY { AgentState::AVAILABLE } else { AgentState::NOT_READY };
        *pending = Some(self.cti.tell(FIRST_AGENT + agent, *state).await?);
        Ok(())
    }

    async fn receive(&mut self) -> Result<()> {
        let arrived = timeout(PATIENCE, self.arrivals.recv()).await.context("an event was lost")?;
        self.take(arrived)
    }

    fn take(&mut self, arrived: Option<Arrived>) -> Result<()> {
        let Arrived { agent, state, at } = arrived.context("no desktops")?;
        let (expected, pending) = &mut self.people[agent as usize];
        ensure!(state == *expected, "agent {agent} was told {state:?}, not {expected:?}");
        let written = pending.take().with_context(|| format!("agent {agent} was told twice"))?;
        self.latencies.push(at - written);
        Ok(())
    }

    fn report(&mut self, name: &str, before: &Marks, figures: &mut Table) -> Result<()> {
        let (cpu, others) = before.passed(self.server)?;
        self.latencies.sort_unstable();
        let micros = |share| percentile(&self.latencies, share).map(|time| time.as_micros().to_string());
        let shares: Option<Vec<String>> = [0.5, 0.99, 1.0].into_iter().map(micros).collect();
        let events = self.latencies.len();
        let mut row = vec![name.to_owned(), events.to_string()];
        row.extend(shares.context("nothing arrived")?);
        row.push(format!("{:.0}", cpu.as_secs_f64() * 1e6 / events as f64));
        row.push(format!("{:.0} %", others * 100.0));
        figures.add_row(row);
        Ok(())
    }
}

/// Where the clocks of processor time stood.
struct Marks {
    server: Usage,
    us: Usage,
    machine: Machine,
}

impl Marks {
    fn take(server: &Server) -> Result<Self> {
        let us = Usage::of(std::process::id())?;
        Ok(Self { server: server.usage()?, us, machine: Machine::read()? })
    }

    /// The server's processor time since, and the share of the machine that others took.
    fn passed(&self, server: &Server) -> Result<(Duration, f64)> {
        let now = Self::take(server)?;
        let cpu = now.server.cpu - self.server.cpu;
        let ours = cpu + (now.us.cpu - self.us.cpu);
        Ok((cpu, now.machine.since(&self.machine).others_share(ours)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_known_by_its_node_and_state() {
        let event = |state| {
            format!("<items node=\"/finesse/api/User/1001001\">&lt;state&gt;{state}&lt;/state&gt;</items>")
        };
        assert_eq!(state_of(&event("READY"), 1_001_001).unwrap(), Some(AgentState::AVAILABLE));
        assert_eq!(state_of(&event("NOT_READY"), 1_001_001).unwrap(), Some(AgentState::NOT_READY));
        assert_eq!(state_of(&event("READY"), 1_001_002).unwrap(), None);
        assert!(state_of(&event("TALKING"), 1_001_001).is_err());
    }
}
