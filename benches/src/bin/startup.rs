//! Starting with many nodes in the store.

use anyhow::{Context, Result};
use aplomb_benches::limits::{NODES_MAX, NODES_PER_TRANSACTION};
use aplomb_benches::server::{AGENTS_PER_TEAM, Options, Server};
use aplomb_benches::table;
use aplomb_tests::Postgres;
use clap::Parser;
use jid::BareJid;
use jiff::Timestamp;
use pubsub::{
    Affiliation, AffiliationRecord, Change, Configuration, ItemRecord, NodeRecord, Record,
    SubscriptionOptions, SubscriptionRecord, SubscriptionState,
};
use std::path::PathBuf;
use std::time::Instant;
use store::{Metrics, Place, Role, Store};

/// Fills a store with nodes, each with an owner, a subscription and an item of 1 KiB, and starts the server on it.
#[derive(Parser)]
struct Cli {
    /// The server's binary.
    #[arg(long, default_value = "target/release/aplomb")]
    server: PathBuf,
    /// Nodes.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=i64::from(NODES_MAX)))]
    nodes: u32,
    /// In PostgreSQL as well: Debian's, started for this.
    #[arg(long)]
    postgres: bool,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let folder = tempfile::TempDir::new()?;
    let sqlite = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let cluster = cli.postgres.then(Postgres::start);
    let mut figures = table::with_columns(["the store", "s until ready", "CPU s", "resident MiB"]);
    start(&cli, "SQLite, empty", &sqlite("empty"), 0, &mut figures)?;
    start(&cli, "SQLite", &sqlite("full"), cli.nodes, &mut figures)?;
    if let Some(cluster) = &cluster {
        start(&cli, "PostgreSQL", &cluster.database(), cli.nodes, &mut figures)?;
    }
    let title =
        format!("Start with {} nodes, each with an owner, a subscription and an item of 1 KiB", cli.nodes);
    table::print(&title, &figures)
}

fn start(cli: &Cli, name: &str, url: &str, nodes: u32, figures: &mut comfy_table::Table) -> Result<()> {
    if nodes > 0 {
        tokio::runtime::Runtime::new()?.block_on(fill(url, nodes))?;
    }
    let begin = Instant::now();
    let server = Server::start(&Options {
        binary: cli.server.clone(),
        agents: 10,
        agents_per_team: AGENTS_PER_TEAM,
        real_passwords: false,
        settings: vec!["simulator.listen=127.0.0.1:0".into(), format!("store.url={url}")],
    })?;
    let (time, usage) = (begin.elapsed(), server.usage()?);
    let mebibytes = usage.resident_bytes as f64 / f64::from(1_u32 << 20);
    figures.add_row([
        name.to_owned(),
        format!("{:.2}", time.as_secs_f64()),
        format!("{:.2}", usage.cpu.as_secs_f64()),
        format!("{mebibytes:.0}"),
    ]);
    Ok(())
}

async fn fill(url: &str, nodes: u32) -> Result<()> {
    let store = Store::open(Place::parse(url)?, Role::Server, Metrics::default()).await?;
    let mut changes = Vec::new();
    for number in 0..nodes {
        changes.extend(records(number)?.map(Change::Put));
        if changes.len() >= NODES_PER_TRANSACTION || number + 1 == nodes {
            store.keep(std::mem::take(&mut changes)).await.context("the store")??;
        }
    }
    store.close().await;
    Ok(())
}

fn records(number: u32) -> Result<[Record; 4]> {
    let node = format!("/desk/{number}");
    let owner = BareJid::new("finesse@localhost")?;
    let created = Timestamp::UNIX_EPOCH;
    Ok([
        Record::Node(NodeRecord {
            name: node.clone(),
            creator: owner.clone(),
            created,
            configuration: Configuration::default(),
        }),
        Record::Affiliation(AffiliationRecord {
            node: node.clone(),
            user: owner.clone(),
            affiliation: Affiliation::Owner,
        }),
        Record::Subscription(SubscriptionRecord {
            node: node.clone(),
            jid: BareJid::new(&format!("{}@localhost", 1_001_001 + number))?.into(),
            subid: "s".into(),
            state: SubscriptionState::Subscribed,
            options: SubscriptionOptions::default(),
            expires: None,
        }),
        Record::Item(ItemRecord {
            node,
            id: "i".into(),
            publisher: Some(owner),
            payload: format!("<x xmlns='urn:x'>{}</x>", "x".repeat(1_000)).into(),
            sequence: 1,
            published: created,
        }),
    ])
}
