//! Resident memory and idle CPU of parked polls.

use anyhow::{Context, Result, ensure};
use aplomb_benches::desktop::{Desktop, WAIT_SECS};
use aplomb_benches::http::Target;
use aplomb_benches::limits::{OTHER_DESCRIPTORS, SESSIONS_MAX, SIGN_INS_AT_ONCE};
use aplomb_benches::machine::{Machine, Usage, allow_open_files, stay_on_processor};
use aplomb_benches::server::{AGENTS_PER_TEAM, FIRST_AGENT, Options, Server};
use aplomb_benches::table::{self, percentile};
use clap::Parser;
use comfy_table::Table;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Signs agents in over BOSH, lets each hold a poll, and reads what the server then takes.
#[derive(Parser)]
struct Cli {
    /// The server's binary. Several are compared within one run: the machine is not the same an hour later.
    #[arg(long, default_value = "target/release/aplomb")]
    server: Vec<PathBuf>,
    /// Only over HTTP.
    #[arg(long)]
    plain_only: bool,
    /// Sessions.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..=i64::from(SESSIONS_MAX)))]
    sessions: u32,
    /// Sign in with password hashes of real cost.
    #[arg(long)]
    real_passwords: bool,
    /// Let the kernel place server and clients; else the server has processor 0 and the clients processor 1.
    #[arg(long)]
    free: bool,
    /// Further settings of the server, SECTION.KEY=VALUE.
    #[arg(long = "set")]
    settings: Vec<String>,
}

/// What was read.
struct Reading {
    /// Before anyone signed in.
    before: Usage,
    /// When all had signed in.
    signed_in: Usage,
    sign_in_time: Duration,
    /// Resident bytes while all polls were held, once a second, sorted.
    resident: Vec<u64>,
    /// Server CPU and time of the idle period.
    idle_cpu: Duration,
    idle_time: Duration,
    others: f64,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    allow_open_files(u64::from(cli.sessions) + OTHER_DESCRIPTORS)?;
    let mut figures = table::with_columns([
        "parked polls",
        "KiB a session",
        "RSS before, MiB",
        "RSS parked, MiB",
        "sign-in, server CPU s per 1,000",
        "idle, server CPU ms per s per 1,000",
        "taken by others",
    ]);
    let transports: &[bool] = if cli.plain_only { &[false] } else { &[false, true] };
    for tls in transports {
        for server in &cli.server {
            let transport = if *tls { "HTTPS" } else { "HTTP" };
            let name = server.file_name().unwrap_or_default().to_string_lossy();
            let name =
                if cli.server.len() > 1 { format!("{transport}, {name}") } else { transport.to_owned() };
            let reading = run(&cli, server, *tls)?;
            add_row(&mut figures, &cli, name, &reading)?;
        }
    }
    let title = format!("{} agents, one poll of {WAIT_SECS} s held by each", cli.sessions);
    table::print(&title, &figures)
}

fn run(cli: &Cli, binary: &Path, tls: bool) -> Result<Reading> {
    if !cli.free {
        stay_on_processor(0)?;
    }
    let server = Server::start(&Options {
        binary: binary.to_owned(),
        agents: cli.sessions,
        agents_per_team: AGENTS_PER_TEAM,
        real_passwords: cli.real_passwords,
        settings: [&["simulator.listen=127.0.0.1:0".to_owned()], cli.settings.as_slice()].concat(),
    })?;
    if !cli.free {
        stay_on_processor(1)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(park(&server, cli.sessions, tls)).with_context(|| server.log())
}

async fn park(server: &Server, sessions: u32, tls: bool) -> Result<Reading> {
    let address = server.http_bind(tls)?;
    let target = if tls { Target::encrypted(address, &server.ca_file())? } else { Target::plain(address) };
    let before = server.usage()?;
    let start = Instant::now();
    let places = Arc::new(Semaphore::new(SIGN_INS_AT_ONCE));
    let signed_in = Arc::new(Semaphore::new(0));
    let mut desktops = JoinSet::new();
    for n in 0..sessions {
        let (target, places, signed_in) = (target.clone(), places.clone(), signed_in.clone());
        desktops.spawn(async move {
            let place = places.acquire().await?;
            let mut desktop = Desktop::sign_in(&target, FIRST_AGENT + n).await?;
            drop(place);
            signed_in.add_permits(1);
            loop {
                desktop.poll().await?;
            }
        });
    }
    tokio::select! {
        all = signed_in.acquire_many(sessions) => drop(all?),
        ended = desktops.join_next() => return failed(ended),
    }
    let (sign_in_time, after) = (start.elapsed(), server.usage()?);
    table::progress(&format!("{sessions} signed in after {sign_in_time:.1?}"))?;
    tokio::select! {
        reading = watch(server) => {
            let (resident, idle_cpu, idle_time, others) = reading?;
            Ok(Reading { before, signed_in: after, sign_in_time, resident, idle_cpu, idle_time, others })
        }
        ended = desktops.join_next() => failed(ended),
    }
}

/// A desktop's loop has no end of its own.
fn failed<T>(ended: Option<Result<Result<()>, tokio::task::JoinError>>) -> Result<T> {
    ended.context("no desktops")??.context("a desktop failed")?;
    anyhow::bail!("a desktop stopped polling")
}

/// Looks on for a whole wait, so that each session's poll is renewed once, after a moment in which the last
/// answers to the sign-in leave.
async fn watch(server: &Server) -> Result<(Vec<u64>, Duration, Duration, f64)> {
    tokio::time::sleep(Duration::from_secs(5)).await;
    let (machine, us, start) = (Machine::read()?, Usage::of(std::process::id())?, Instant::now());
    let first = server.usage()?;
    let mut resident = Vec::new();
    for _ in 0..WAIT_SECS {
        tokio::time::sleep(Duration::from_secs(1)).await;
        resident.push(server.usage()?.resident_bytes);
    }
    let idle_cpu = server.usage()?.cpu - first.cpu;
    let ours = idle_cpu + (Usage::of(std::process::id())?.cpu - us.cpu);
    let others = Machine::read()?.since(&machine).others_share(ours);
    resident.sort_unstable();
    Ok((resident, idle_cpu, start.elapsed(), others))
}

fn add_row(figures: &mut Table, cli: &Cli, name: String, reading: &Reading) -> Result<()> {
    let parked = percentile(&reading.resident, 0.5).context("nothing was read")?;
    ensure!(parked >= reading.before.resident_bytes, "the server shrank");
    let thousands = f64::from(cli.sessions) / 1_000.0;
    let mib = |bytes: u64| format!("{:.1}", bytes as f64 / f64::from(1 << 20));
    let kib = (parked - reading.before.resident_bytes) as f64 / 1_024.0 / f64::from(cli.sessions);
    let sign_in = (reading.signed_in.cpu - reading.before.cpu).as_secs_f64() / thousands;
    let idle = reading.idle_cpu.as_secs_f64() * 1_000.0 / reading.idle_time.as_secs_f64() / thousands;
    table::progress(&format!(
        "resident from {} to {} MiB while idle; sign-in took {:.1?}",
        mib(reading.resident[0]),
        mib(reading.resident[reading.resident.len() - 1]),
        reading.sign_in_time
    ))?;
    figures.add_row([
        name,
        format!("{kib:.1}"),
        mib(reading.before.resident_bytes),
        mib(parked),
        format!("{sign_in:.2}"),
        format!("{idle:.1}"),
        format!("{:.0} %", reading.others * 100.0),
    ]);
    Ok(())
}
