//! The web service over TLS: requests a second and processor time of each, beside a bare axum route in the same run; mass
//! sign-in; a supervisor who reads a large team.
//!
//! The phone system is the server's own simulator, whose work is in the figures where it has some.

use anyhow::{Context, Result, ensure};
use aplomb_benches::bare::{ARGUMENT, Bare, serve};
use aplomb_benches::desktop::Desktop;
use aplomb_benches::http::{Connection, Target};
use aplomb_benches::limits::{OTHER_DESCRIPTORS, PATIENCE};
use aplomb_benches::machine::{Usage, allow_open_files, stay_on_processor};
use aplomb_benches::server::{
    AGENTS_PER_TEAM, FIRST_AGENT, FIRST_TEAM, Options, PASSWORD, SUPERVISOR, Server,
};
use aplomb_benches::table::{self, percentile, progress};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use clap::Parser;
use comfy_table::Table;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::timeout;

const FIRST_EXTENSION: u32 = 2_001;
/// How often the team is read.
const TEAM_READS: usize = 40;

#[derive(Parser)]
struct Cli {
    /// The server's binary, built for release.
    #[arg(long)]
    server: PathBuf,
    /// Connections at once.
    #[arg(long, default_value_t = 64)]
    connections: u32,
    /// Seconds of each row.
    #[arg(long, default_value_t = 8)]
    secs: u64,
    /// Agents of the mass sign-ins.
    #[arg(long, value_delimiter = ',', default_value = "2000,20000")]
    agents: Vec<u32>,
    /// Check real passwords in mass sign-ins: tens of milliseconds of argon2 for each agent.
    #[arg(long)]
    real_passwords: bool,
    /// Let the kernel place server and clients; else servers have processor 0, clients processor 1.
    #[arg(long)]
    free: bool,
    /// Further settings of the server, SECTION.KEY=VALUE.
    #[arg(long = "set")]
    settings: Vec<String>,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|argument| argument == ARGUMENT) {
        let folder = PathBuf::from(arguments.next().context("--bare FOLDER")?);
        return runtime()?.block_on(serve(&folder));
    }
    let cli = Cli::parse();
    allow_open_files(u64::from(cli.connections) * 4 + OTHER_DESCRIPTORS)?;
    requests(&cli)?;
    let mut figures = table::with_columns(["mass sign-in", "seconds", "server CPU s", "sign-ins a second"]);
    for agents in &cli.agents {
        mass_sign_in(&cli, *agents, &mut figures)?;
    }
    let passwords = if cli.real_passwords { "real passwords" } else { "the cheapest passwords" };
    let title = format!(
        "GET User, PUT LOGIN, GET User until signed in; {} connections, TLS, {passwords}",
        cli.connections
    );
    table::print(&title, &figures)
}

fn runtime() -> Result<Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Starts something on the servers' processor, and goes to the clients' own.
fn beside<T>(cli: &Cli, start: impl FnOnce() -> Result<T>) -> Result<T> {
    if cli.free {
        return start();
    }
    stay_on_processor(0)?;
    let started = start()?;
    stay_on_processor(1)?;
    Ok(started)
}

fn start(cli: &Cli, agents: u32, agents_per_team: u32, real_passwords: bool) -> Result<Server> {
    let own = ["simulator.listen=127.0.0.1:0".to_owned()];
    let settings = [own.as_slice(), cli.settings.as_slice()].concat();
    let options = Options { binary: cli.server.clone(), agents, agents_per_team, real_passwords, settings };
    beside(cli, || Server::start(&options))
}

/// Requests one after the other on every connection.
fn requests(cli: &Cli) -> Result<()> {
    let bare = beside(cli, Bare::start)?;
    let server = start(cli, cli.connections, AGENTS_PER_TEAM, false)?;
    let columns = [
        "one after the other on each connection",
        "requests/s",
        "server CPU \u{b5}s each",
        "of the bare route",
    ];
    let mut figures = table::with_columns(columns);
    let mut rows = Rows { secs: Duration::from_secs(cli.secs), bare_micros: None, figures: &mut figures };
    runtime()?.block_on(async {
        let n = cli.connections;
        let target = Target::encrypted(bare.address, &bare.ca_file())?;
        let lines = open(&target, n, |agent| get(agent, &format!("User/{agent}"))).await?;
        rows.measure("bare axum route, an answer as long as a user", lines, || bare.usage()).await?;
        let target = Target::encrypted(server.rest()?, &server.ca_file())?;
        let lines = open(&target, n, |_| {
            "GET /finesse/api/SystemInfo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".to_owned()
        })
        .await?;
        rows.measure("GET SystemInfo", lines, || server.usage()).await?;
        let lines = open(&target, n, |agent| get(agent, &format!("User/{agent}"))).await?;
        rows.measure("GET User", lines, || server.usage()).await?;
        rows.puts("PUT User to its event at the desktop", &server, n).await
    })?;
    table::print(&format!("{} connections, TLS", cli.connections), &figures)
}

/// A connection with the request that it repeats.
type Line = (Connection, String);

async fn open(target: &Target, count: u32, request: impl Fn(u32) -> String) -> Result<Vec<Line>> {
    let mut lines = Vec::with_capacity(count as usize);
    for n in 0..count {
        lines.push((Connection::open(target).await?, request(FIRST_AGENT + n)));
    }
    Ok(lines)
}

fn authorization(user: u32) -> String {
    format!("Authorization: Basic {}\r\n", BASE64_STANDARD.encode(format!("{user}:{PASSWORD}")))
}

fn get(user: u32, path: &str) -> String {
    format!("GET /finesse/api/{path} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", authorization(user))
}

fn put_user(user: u32, body: &str) -> String {
    let (authorization, length) = (authorization(user), body.len());
    format!(
        "PUT /finesse/api/User/{user} HTTP/1.1\r\nHost: localhost\r\n{authorization}\
         Content-Type: application/xml\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

struct Rows<'a> {
    secs: Duration,
    /// Processor time of a request to the bare route.
    bare_micros: Option<f64>,
    figures: &'a mut Table,
}

impl Rows<'_> {
    async fn measure(
        &mut self,
        name: &str,
        lines: Vec<Line>,
        usage: impl Fn() -> Result<Usage>,
    ) -> Result<()> {
        progress(name)?;
        let before = usage()?;
        let (begun, until) = (Instant::now(), Instant::now() + self.secs);
        let mut all = JoinSet::new();
        for (mut connection, request) in lines {
            all.spawn(async move {
                let mut count = 0_u64;
                while Instant::now() < until {
                    timeout(PATIENCE, connection.exchange(&request)).await.context("no answer")??;
                    count += 1;
                }
                anyhow::Ok(count)
            });
        }
        let count = sum(all).await?;
        self.add(name, count, begun.elapsed(), usage()?.cpu - before.cpu)
    }

    /// Each agent changes between ready and not ready, and asks anew when its desktop has the event.
    async fn puts(&mut self, name: &str, server: &Server, agents: u32) -> Result<()> {
        progress(name)?;
        let rest = Target::encrypted(server.rest()?, &server.ca_file())?;
        let bosh = Target::encrypted(server.http_bind(true)?, &server.ca_file())?;
        let mut pairs = Vec::new();
        for agent in FIRST_AGENT..FIRST_AGENT + agents {
            let mut desk = (Connection::open(&rest).await?, Desktop::sign_in(&bosh, agent).await?);
            let body = sign_in_body(agent);
            change(&mut desk, &put_user(agent, &body), "NOT_READY").await?;
            pairs.push((desk, agent));
        }
        let before = server.usage()?;
        let (begun, until) = (Instant::now(), Instant::now() + self.secs);
        let mut all = JoinSet::new();
        for (mut desk, agent) in pairs {
            all.spawn(async move {
                let mut count = 0_u64;
                while Instant::now() < until {
                    let state = if count.is_multiple_of(2) { "READY" } else { "NOT_READY" };
                    let request = put_user(agent, &format!("<User><state>{state}</state></User>"));
                    change(&mut desk, &request, state).await?;
                    count += 1;
                }
                anyhow::Ok(count)
            });
        }
        let count = sum(all).await?;
        self.add(name, count, begun.elapsed(), server.usage()?.cpu - before.cpu)
    }

    fn add(&mut self, name: &str, count: u64, took: Duration, cpu: Duration) -> Result<()> {
        ensure!(count > 0, "{name}: nothing was answered");
        let micros = cpu.as_secs_f64() * 1e6 / count as f64;
        let bare = *self.bare_micros.get_or_insert(micros);
        self.figures.add_row([
            name.to_owned(),
            format!("{:.0}", count as f64 / took.as_secs_f64()),
            format!("{micros:.0}"),
            format!("{:.1}", micros / bare),
        ]);
        Ok(())
    }
}

async fn sum(mut all: JoinSet<Result<u64>>) -> Result<u64> {
    let mut count = 0;
    while let Some(one) = all.join_next().await {
        count += one??;
    }
    Ok(count)
}

/// Asks, and waits for the event with the state.
async fn change((rest, desktop): &mut (Connection, Desktop), request: &str, state: &str) -> Result<()> {
    timeout(PATIENCE, rest.exchange(request)).await.context("no answer")??;
    let wanted = format!("&lt;state&gt;{state}&lt;/state&gt;");
    loop {
        if desktop.poll().await?.body.contains(&wanted) {
            return Ok(());
        }
    }
}

fn sign_in_body(agent: u32) -> String {
    let extension = FIRST_EXTENSION + agent - FIRST_AGENT;
    format!("<User><state>LOGIN</state><extension>{extension}</extension></User>")
}

fn mass_sign_in(cli: &Cli, agents: u32, figures: &mut Table) -> Result<()> {
    progress(&format!("{agents} agents sign in"))?;
    // all in one team, unless its people are the demo's
    let server = start(cli, agents, agents, cli.real_passwords)?;
    runtime()?.block_on(async {
        let target = Target::encrypted(server.rest()?, &server.ca_file())?;
        let before = server.usage()?;
        let begun = Instant::now();
        let mut all = JoinSet::new();
        for first in 0..cli.connections {
            let (target, step) = (target.clone(), cli.connections as usize);
            all.spawn(async move {
                let mut connection = Connection::open(&target).await?;
                let mut count = 0_u64;
                for agent in (FIRST_AGENT + first..FIRST_AGENT + agents).step_by(step) {
                    sign_in(&mut connection, agent).await.with_context(|| format!("agent {agent}"))?;
                    count += 1;
                }
                anyhow::Ok(count)
            });
        }
        let count = sum(all).await?;
        let (took, cpu) = (begun.elapsed().as_secs_f64(), (server.usage()?.cpu - before.cpu).as_secs_f64());
        ensure!(count == u64::from(agents), "{count} of {agents} signed in");
        let rate = format!("{:.0}", f64::from(agents) / took);
        figures.add_row([format!("{agents} agents"), format!("{took:.1}"), format!("{cpu:.1}"), rate]);
        if agents <= 2_000 && !cli.real_passwords {
            read_team(&server, &target, agents).await?;
        }
        Ok(())
    })
}

async fn sign_in(connection: &mut Connection, agent: u32) -> Result<()> {
    let look = get(agent, &format!("User/{agent}"));
    timeout(PATIENCE, connection.exchange(&look)).await.context("no answer")??;
    let ask = put_user(agent, &sign_in_body(agent));
    timeout(PATIENCE, connection.exchange(&ask)).await.context("no answer")??;
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        let seen = timeout(PATIENCE, connection.exchange(&look)).await.context("no answer")??.body;
        if seen.contains("<state>NOT_READY</state>") {
            return Ok(());
        }
    }
    anyhow::bail!("not signed in within {} s", PATIENCE.as_secs())
}

/// A supervisor reads the team of all agents.
async fn read_team(server: &Server, target: &Target, agents: u32) -> Result<()> {
    let mut connection = Connection::open(target).await?;
    let request = get(SUPERVISOR, &format!("Team/{FIRST_TEAM}"));
    let before = server.usage()?;
    let (mut times, mut bytes) = (Vec::with_capacity(TEAM_READS), 0);
    for _ in 0..TEAM_READS {
        let begun = Instant::now();
        let body = timeout(PATIENCE, connection.exchange(&request)).await.context("no answer")??.body;
        times.push(begun.elapsed());
        bytes = body.len();
        let shown = body.matches("<User>").count();
        ensure!(shown == agents as usize, "the team shows {shown} of {agents}");
    }
    let cpu = (server.usage()?.cpu - before.cpu).as_secs_f64() * 1e3 / TEAM_READS as f64;
    times.sort_unstable();
    let median = percentile(&times, 0.5).context("nothing was read")?.as_secs_f64() * 1e3;
    let mut figures = table::with_columns(["a supervisor reads a team", "KB", "ms, median", "server CPU ms"]);
    let name = format!("GET Team of {agents} agents, signed in");
    figures.add_row([name, format!("{}", bytes / 1_000), format!("{median:.1}"), format!("{cpu:.1}")]);
    table::print("One connection, TLS", &figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_whole() {
        let request = put_user(1_001_001, "<User/>");
        assert!(request.starts_with("PUT /finesse/api/User/1001001 HTTP/1.1\r\n"), "{request}");
        assert!(
            request.contains("Content-Length: 7\r\n") && request.ends_with("\r\n\r\n<User/>"),
            "{request}"
        );
        assert!(get(1, "User/1").ends_with("=\r\n\r\n"), "one header after the other");
    }
}
