//! A run: everybody online, the scenarios, the result.

use crate::Args;
use crate::args::Scenario;
use crate::board::{Board, Floor, Tally};
use crate::limits::{SIGN_INS_AT_ONCE, SILENCE};
use crate::process::Usage;
use crate::publisher::Publisher;
use crate::report::{Online, Report, Row, Spread, percentile_ms};
use crate::session;
use crate::target::Target;
use anyhow::{Context, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::Write;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;
use tokio::task::{JoinSet, LocalSet};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// Publications in flight of the closed loops.
const ONE_IN_FLIGHT: usize = 64;
const TEAM_IN_FLIGHT: usize = 8;
const ALL_IN_FLIGHT: usize = 1;

/// Agents are chosen this far apart, so that neighbours in the server's memory are not always hit together.
const STRIDE: u64 = 7_919;

/// The subcommand. An error when anything was lost, doubled or out of order, after the result was printed.
pub fn run_command(args: Args) -> Result<()> {
    let target = Target::new(&args)?;
    ensure!(
        !args.without_all || !args.scenarios.contains(&Scenario::All),
        "--without-all leaves nobody for the scenario all"
    );
    let allowed = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(0);
    let connections = target.http2.as_ref().map_or(args.sessions as usize, |shared| shared.count());
    ensure!(
        allowed == 0 || allowed > connections as u64 + 64,
        "{connections} connections need as many open files, and {allowed} are allowed: raise `ulimit -Hn`, or let \
         BOSH sessions share connections with --http2"
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = LocalSet::new().block_on(&runtime, run(&args, target))?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else {
        write!(out, "{}", report.table())?;
    }
    ensure!(report.scenarios.iter().all(Row::is_clean), "not every notification arrived once and in order");
    Ok(())
}

struct Run {
    args: Args,
    target: Target,
    board: Board,
    publisher: Publisher,
    /// Before the first session.
    idle_resident_bytes: Option<u64>,
    /// Goes on over the scenarios.
    turn: u64,
}

async fn run(args: &Args, target: Target) -> Result<Report> {
    let (agents, team_size) = (args.sessions, args.team_size);
    let floor = Floor { agents, team_size, has_all: !args.without_all };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let payload_bytes = args.payload_bytes as usize;
    let board = Board::new(floor, now.as_millis() as u64, payload_bytes);
    let publisher = Publisher::sign_in(&target, &board, &args.publisher, &args.password).await?;
    let before = target.pid.map(Usage::of).transpose()?;
    let (end, over) = watch::channel(false);
    let begin = Instant::now();
    let mut readers = bring_online(args, &target, &board, over).await?;
    let seconds = begin.elapsed().as_secs_f64();
    let after = target.pid.map(Usage::of).transpose()?;
    let thousands = f64::from(args.sessions) / 1_000.0;
    let usage = before.zip(after);
    let online = Online {
        seconds,
        server_cpu_s_per_1000: usage
            .map(|(before, after)| (after.cpu - before.cpu).as_secs_f64() / thousands),
        resident_kib_per_session: usage.map(|(before, after)| {
            kib_per_session(before.resident_bytes, after.resident_bytes, args.sessions)
        }),
    };
    let idle_resident_bytes = before.map(|usage| usage.resident_bytes);
    let mut run = Run { args: args.clone(), target, board, publisher, idle_resident_bytes, turn: 0 };
    let mut scenarios = Vec::new();
    for scenario in &args.scenarios {
        scenarios.push(run.scenario(*scenario).await?);
    }
    end.send_replace(true);
    while readers.join_next().await.is_some() {}
    Ok(Report {
        transport: args.transport,
        http2: args.http2,
        sessions: args.sessions,
        payload_bytes,
        online,
        scenarios,
    })
}

/// Signs everybody in, some at a time; afterwards each reads in a task of its own.
async fn bring_online(
    args: &Args,
    target: &Target,
    board: &Board,
    over: watch::Receiver<bool>,
) -> Result<JoinSet<()>> {
    let progress = bar("signing in", u64::from(args.sessions));
    let (mut readers, mut signing_in) = (JoinSet::new(), JoinSet::new());
    for agent in 0..args.sessions {
        if signing_in.len() >= SIGN_INS_AT_ONCE {
            read_on(&mut signing_in, &mut readers, board, &over).await?;
            progress.inc(1);
        }
        let (target, board, password) = (target.clone(), board.clone(), args.password.clone());
        let user = (args.first_agent + agent).to_string();
        signing_in.spawn_local(async move {
            Ok((agent, session::sign_in(&target, &board, &user, &password, agent).await?))
        });
    }
    while !signing_in.is_empty() {
        read_on(&mut signing_in, &mut readers, board, &over).await?;
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(readers)
}

async fn read_on(
    signing_in: &mut JoinSet<Result<(u32, crate::link::Link)>>,
    readers: &mut JoinSet<()>,
    board: &Board,
    over: &watch::Receiver<bool>,
) -> Result<()> {
    let Some(signed_in) = signing_in.join_next().await else { return Ok(()) };
    let (agent, link) = signed_in.context("a task panicked")??;
    readers.spawn_local(session::read(link, board.clone(), agent, over.clone()));
    Ok(())
}

impl Run {
    async fn scenario(&mut self, scenario: Scenario) -> Result<Row> {
        let usage = || self.target.pid.map(Usage::of).transpose();
        let (before, own_before) = (usage()?, Usage::of(std::process::id())?);
        let (tally_before, begin) = (self.board.tally(), Instant::now());
        match scenario {
            Scenario::Idle => self.idle().await,
            Scenario::One => self.closed_loop(scenario, ONE_IN_FLIGHT).await?,
            Scenario::Team => self.closed_loop(scenario, TEAM_IN_FLIGHT).await?,
            Scenario::All => self.closed_loop(scenario, ALL_IN_FLIGHT).await?,
            Scenario::Paced => self.paced().await?,
        }
        let elapsed = begin.elapsed();
        let usage = before.zip(self.target.pid.map(Usage::of).transpose()?);
        let own = Usage::of(std::process::id())?.cpu - own_before.cpu;
        let own_cpu_share = own.as_secs_f64() / elapsed.as_secs_f64();
        Ok(self.row(scenario, (tally_before, self.board.tally()), usage, elapsed, own_cpu_share))
    }

    fn row(
        &self,
        scenario: Scenario,
        (before, after): (Tally, Tally),
        usage: Option<(Usage, Usage)>,
        elapsed: Duration,
        own_cpu_share: f64,
    ) -> Row {
        let latencies = self.board.take_latencies();
        let deliveries = after.deliveries - before.deliveries;
        let cpu = usage.map(|(before, after)| (after.cpu - before.cpu).as_secs_f64());
        let (seconds, thousands) = (elapsed.as_secs_f64(), f64::from(self.args.sessions) / 1_000.0);
        let is_idle = scenario == Scenario::Idle;
        let resident = self.idle_resident_bytes.zip(usage).filter(|_| is_idle);
        Row {
            scenario,
            seconds,
            publications: after.publications - before.publications,
            deliveries,
            deliveries_per_s: deliveries as f64 / seconds,
            p50_ms: percentile_ms(&latencies.all_us, 0.5),
            p95_ms: percentile_ms(&latencies.all_us, 0.95),
            p99_ms: percentile_ms(&latencies.all_us, 0.99),
            max_ms: percentile_ms(&latencies.all_us, 1.0),
            first: Spread::of(&latencies.first_us),
            last: Spread::of(&latencies.last_us),
            server_cpu_s: cpu,
            server_cpu_s_per_100000: cpu.filter(|_| deliveries > 0).map(|cpu| cpu * 1e5 / deliveries as f64),
            server_cpu_ms_per_s_per_1000: cpu.filter(|_| is_idle).map(|cpu| cpu * 1e3 / seconds / thousands),
            resident_kib_per_session: resident.map(|(before, (_, after))| {
                kib_per_session(before, after.resident_bytes, self.args.sessions)
            }),
            own_cpu_share,
            // what was missing before and came now is no loss of either
            lost: after.lost.saturating_sub(before.lost),
            doubled: after.doubled - before.doubled,
            out_of_order: after.out_of_order - before.out_of_order,
            sessions_lost: after.sessions_lost - before.sessions_lost,
            refused: after.refused - before.refused,
        }
    }

    async fn idle(&self) {
        let progress = bar("idle", self.args.idle_seconds);
        for _ in 0..self.args.idle_seconds {
            sleep(Duration::from_secs(1)).await;
            progress.inc(1);
        }
        progress.finish_and_clear();
    }

    /// Publishes as soon as there is room among those in flight.
    async fn closed_loop(&mut self, scenario: Scenario, in_flight: usize) -> Result<()> {
        let (begin, duration) = (Instant::now(), Duration::from_secs(self.args.seconds));
        let progress = bar(&format!("{scenario:?}").to_lowercase(), self.args.seconds);
        while begin.elapsed() < duration {
            progress.set_position(begin.elapsed().as_secs());
            while self.board.in_flight() < in_flight {
                let node = self.next_node(scenario);
                self.publisher.publish(node);
            }
            self.publisher.flush()?;
            if timeout(SILENCE, self.board.done.notified()).await.is_err() {
                break;
            }
        }
        self.settle().await;
        progress.finish_and_clear();
        Ok(())
    }

    async fn paced(&mut self) -> Result<()> {
        let mut ticks = interval(Duration::from_secs(1) / self.args.rate);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let progress = bar("paced", self.args.seconds);
        for number in 0..self.args.seconds * u64::from(self.args.rate) {
            ticks.tick().await;
            progress.set_position(number / u64::from(self.args.rate));
            let node = self.next_node(Scenario::One);
            self.publisher.publish(node);
            self.publisher.flush()?;
        }
        self.settle().await;
        progress.finish_and_clear();
        Ok(())
    }

    fn next_node(&mut self, scenario: Scenario) -> u32 {
        let floor = self.board.floor;
        self.turn += 1;
        let of = |count: u32| (self.turn.wrapping_mul(STRIDE) % u64::from(count)) as u32;
        match scenario {
            Scenario::Team => floor.agents + of(floor.teams()),
            Scenario::All => floor.nodes() - 1,
            _ => of(floor.agents),
        }
    }

    /// Waits for what is under way; what does not come is lost.
    async fn settle(&self) {
        while self.board.in_flight() > 0 {
            if timeout(SILENCE, self.board.done.notified()).await.is_err() {
                return self.board.give_up();
            }
        }
        // what comes a second time comes soon after the first
        sleep(Duration::from_millis(50)).await;
    }
}

fn kib_per_session(before: u64, after: u64, sessions: u32) -> f64 {
    after.saturating_sub(before) as f64 / 1_024.0 / f64::from(sessions)
}

/// Shown on a terminal only.
fn bar(what: &str, length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:12} {bar:40} {pos}/{len} {elapsed}");
    let bar = ProgressBar::new(length).with_message(what.to_owned());
    if let Ok(style) = style { bar.with_style(style) } else { bar }
}
