//! Everybody comes back at once after the server was killed.

use anyhow::{Context, Result, ensure};
use aplomb_benches::desktop::Desktop;
use aplomb_benches::http::Target;
use aplomb_benches::limits::{OTHER_DESCRIPTORS, RETURNS_AT_ONCE, SESSIONS_MAX, SIGN_INS_AT_ONCE};
use aplomb_benches::machine::{allow_open_files, stay_on_processor};
use aplomb_benches::server::{AGENTS_PER_TEAM, FIRST_AGENT, Options, Server};
use aplomb_benches::table::{self, percentile};
use clap::Parser;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// Signs agents in over BOSH, each holding numbers of its events; kills the server, starts it again, and waits until each is
/// signed in anew and has been told what is true of its nodes.
#[derive(Parser)]
struct Cli {
    /// The server's binary.
    #[arg(long, default_value = "target/release/aplomb")]
    server: PathBuf,
    /// Sessions.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=i64::from(SESSIONS_MAX)))]
    sessions: u32,
    /// Let the kernel place server and clients; else the server has processor 0 and the clients processor 1.
    #[arg(long)]
    free: bool,
    /// Further settings of the server, SECTION.KEY=VALUE.
    #[arg(long = "set")]
    settings: Vec<String>,
}

/// The server's end, and where it is afterwards.
type Back = watch::Receiver<Option<Target>>;

fn main() -> Result<()> {
    let cli = Cli::parse();
    allow_open_files(u64::from(cli.sessions) + OTHER_DESCRIPTORS)?;
    let options = Options {
        binary: cli.server.clone(),
        agents: cli.sessions,
        agents_per_team: AGENTS_PER_TEAM,
        real_passwords: false,
        settings: [&["simulator.listen=127.0.0.1:0".to_owned()], cli.settings.as_slice()].concat(),
    };
    let place = |processor| if cli.free { Ok(()) } else { stay_on_processor(processor) };
    place(0)?;
    let mut server = Server::start(&options)?;
    place(1)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (back, wait) = watch::channel(None);
    let (mut clients, known) = runtime.block_on(bring_online(&server, cli.sessions, &wait))?;
    let killed = Instant::now();
    server.kill()?;
    // the processor for the server is that of the thread which starts it
    let starting = std::thread::spawn(move || {
        if !cli.free {
            stay_on_processor(0)?;
        }
        server.start_again(&options)?;
        anyhow::Ok(server)
    });
    let (server, ready_after) = runtime.block_on(async {
        let joined = tokio::task::spawn_blocking(move || starting.join()).await?;
        let server = joined.map_err(|_| anyhow::anyhow!("the start panicked"))??;
        anyhow::Ok((server, killed.elapsed()))
    })?;
    back.send_replace(Some(Target::plain(server.http_bind(false)?)));
    let mut returned: Vec<Duration> = Vec::new();
    runtime
        .block_on(async {
            while let Some(client) = clients.join_next().await {
                returned.push(client??.duration_since(killed));
            }
            anyhow::Ok(())
        })
        .with_context(|| server.log())?;
    let usage = server.usage()?;
    ensure!(returned.len() == known, "everybody came back");
    returned.sort_unstable();
    let seconds = |time: Duration| format!("{:.2}", time.as_secs_f64());
    let mut figures = table::with_columns(["after a kill of the server", "s"]);
    figures.add_row(["it is ready again".into(), seconds(ready_after)]);
    for (what, share) in [("half are back", 0.5), ("99 % are back", 0.99), ("all are back", 1.0)] {
        let at = percentile(&returned, share).context("somebody came back")?;
        figures.add_row([what.into(), seconds(at)]);
    }
    figures.add_row(["processor time of the server until then".into(), seconds(usage.cpu)]);
    table::print(
        &format!("{} agents come back, each with the state of its three nodes", cli.sessions),
        &figures,
    )
}

/// Everybody online; each goes on in a task of its own, that ends when it is back.
async fn bring_online(
    server: &Server,
    sessions: u32,
    back: &Back,
) -> Result<(JoinSet<Result<Instant>>, usize)> {
    let target = Target::plain(server.http_bind(false)?);
    let places = Arc::new(Semaphore::new(SIGN_INS_AT_ONCE));
    let returns = Arc::new(Semaphore::new(RETURNS_AT_ONCE));
    let online = Arc::new(Semaphore::new(0));
    let mut clients = JoinSet::new();
    for number in 0..sessions {
        let (target, places, online) = (target.clone(), places.clone(), online.clone());
        let (mut back, returns) = (back.clone(), returns.clone());
        clients.spawn(async move {
            let place = places.acquire().await?;
            let mut desktop = Desktop::sign_in(&target, FIRST_AGENT + number).await?;
            let known = known(&desktop.numbers("").await?)?;
            drop(place);
            online.add_permits(1);
            while desktop.poll().await.is_ok() {}
            let target = back.wait_for(Option::is_some).await?.clone().context("an address")?;
            let place = returns.acquire().await?;
            let mut desktop = Desktop::sign_in(&target, FIRST_AGENT + number).await?;
            let told = desktop.numbers(&known).await?;
            ensure!(told.matches("snapshot=\"true\"").count() == 3, "not the state of each node: {told}");
            ensure!(told.matches("Event-Snapshot").count() == 3, "not the state of each node: {told}");
            drop(place);
            Ok(Instant::now())
        });
    }
    let all = online.acquire_many(sessions);
    tokio::select! {
        all = all => drop(all?),
        Some(ended) = clients.join_next() => {
            ended??;
            anyhow::bail!("a client ended before the server did");
        }
    }
    Ok((clients, sessions as usize))
}

/// What a client has of its nodes: the answer's elements as those of the next question.
fn known(answer: &str) -> Result<String> {
    let attribute = |element: &str, name: &str| {
        let value = element.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split('"').next());
        value.map(str::to_owned).with_context(|| format!("no {name} in {answer}"))
    };
    let elements = answer.split("<node ").skip(1).map(|rest| format!(" {rest}"));
    let node = |element: String| {
        let (name, epoch) = (attribute(&element, "name")?, attribute(&element, "epoch")?);
        let last = attribute(&element, "last")?;
        Ok(format!("<node name=\"{name}\" epoch=\"{epoch}\" after=\"{last}\"/>"))
    };
    elements.map(node).collect()
}
