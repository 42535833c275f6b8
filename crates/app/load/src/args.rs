//! The command line.

use crate::limits::{PAYLOAD_BYTES_MAX, SECONDS_MAX, SESSIONS_MAX};
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

/// Sign many agents in and publish to them: what does a notification cost, is any lost, doubled or out of order?
#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The server's ready file (`aplomb serve --ready-file`): addresses, domains and process come from it
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
    /// Address of BOSH without TLS, for example http://127.0.0.1:7071/http-bind/
    #[arg(long, value_name = "URL")]
    pub bosh: Option<String>,
    /// Address of WebSocket without TLS, for example ws://127.0.0.1:7071/ws/
    #[arg(long, value_name = "URL")]
    pub websocket: Option<String>,
    /// Address of XMPP over TCP, for the publisher and --transport tcp. The server must take PLAIN without TLS there
    #[arg(long, value_name = "HOST:PORT")]
    pub tcp: Option<String>,
    /// The XMPP domain [default: of the ready file, or localhost]
    #[arg(long)]
    pub domain: Option<String>,
    /// The address of publish-subscribe [default: of the ready file, or pubsub. and the domain]
    #[arg(long, value_name = "DOMAIN")]
    pub pubsub_domain: Option<String>,
    /// The server's process, if it runs here: its processor time and memory are read [default: of the ready file]
    #[arg(long)]
    pub pid: Option<u32>,
    /// Allow a server that is not on this machine. Load is for servers of your own
    #[arg(long)]
    pub any_address: bool,

    /// How the agents are connected
    #[arg(long, value_enum, default_value_t = Transport::Bosh)]
    pub transport: Transport,
    /// BOSH over HTTP/2: many agents share a connection
    #[arg(long)]
    pub http2: bool,
    /// Agents that share a connection with --http2; no more than the server allows streams
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub http2_streams: u32,
    /// How many agents
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=i64::from(SESSIONS_MAX)))]
    pub sessions: u32,
    /// Agents of one team
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub team_size: u32,
    /// Agents do not subscribe to the node for all, which costs some servers most of their sign-in; not with `all`
    #[arg(long)]
    pub without_all: bool,
    /// Login id of the first agent; the others are numbered upward
    #[arg(long, value_name = "ID", default_value_t = 1_001_001)]
    pub first_agent: u32,
    /// Login id of the account that publishes
    #[arg(long, value_name = "ID", default_value = "finesse")]
    pub publisher: String,
    /// Everybody's password; better in the environment, where others do not see it
    #[arg(long, env = "APLOMB_LOAD_PASSWORD", default_value = "aplomb", hide_env_values = true)]
    pub password: String,

    /// What to do, in this order
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Scenario::Idle, Scenario::One, Scenario::Team, Scenario::Paced])]
    pub scenarios: Vec<Scenario>,
    /// Seconds of each publishing scenario
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=SECONDS_MAX))]
    pub seconds: u64,
    /// Seconds of `idle`; a poll lasts 30
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=SECONDS_MAX))]
    pub idle_seconds: u64,
    /// Publications a second of `paced`
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rate: u32,
    /// Text of a notification, in bytes on the wire
    #[arg(long, value_name = "N", default_value_t = 1_500, value_parser = clap::value_parser!(u32).range(100..=PAYLOAD_BYTES_MAX as i64))]
    pub payload_bytes: u32,
    /// Print one JSON document instead of the table
    #[arg(long)]
    pub json: bool,
}

/// How an agent is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// XEP-0124 and XEP-0206: wait 30, hold 1, one connection.
    Bosh,
    /// RFC 7395.
    Websocket,
    /// RFC 6120.
    Tcp,
}

/// What the publisher does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scenario {
    /// Nothing: what do sessions cost that only exist?
    Idle,
    /// One publication, one agent: 64 in flight
    One,
    /// One publication, a team: 8 in flight
    Team,
    /// One publication, all agents: one in flight
    All,
    /// One publication, one agent, at a fixed rate
    Paced,
}
