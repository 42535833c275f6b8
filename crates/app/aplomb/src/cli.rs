//! The command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// An open agent-desktop server for contact centres: the Finesse REST API, the XMPP notification service behind
/// it, the CTI link, and the desktop, in one program.
#[derive(Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run the server. `aplomb serve --demo` is the quickest way to see it
    Serve(ServeArgs),
    /// Run the CTI simulator alone, for this server or any other CTI client
    Sim(cti_sim::Args),
    /// Say why an agent was disconnected: the story of the agent's sessions, from the server's journal
    Why(WhyArgs),
    /// Sign many agents in and publish to them: what does a notification cost, is any lost, doubled or out of order?
    Load(load::Args),
    /// Help with users
    #[command(subcommand)]
    User(UserCommand),
}

#[derive(Args)]
pub(crate) struct ServeArgs {
    /// Read settings from this TOML file
    #[arg(long, value_name = "FILE", env = "APLOMB_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Keep state in this directory [default: aplomb below $XDG_STATE_HOME or ~/.local/state]
    #[arg(long, value_name = "DIR", env = "APLOMB_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Run with made-up agents and a CTI simulator, on loopback only. Everybody's password is "aplomb"
    #[arg(long)]
    pub(crate) demo: bool,
    /// In the demo: this many agents (1001001 upward, extensions 2001 upward, 50 to a team) and no simulated
    /// colleagues
    #[arg(long, value_name = "N", requires = "demo", value_parser = clap::value_parser!(u32).range(1..=200_000))]
    pub(crate) demo_agents: Option<u32>,
    /// Write the addresses of all listeners to this file, as JSON, once everything listens
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
    /// Set one setting, over file and environment (may be repeated), for example presence.grace_secs=30
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE")]
    pub(crate) settings: Vec<String>,
}

#[derive(Args)]
pub(crate) struct WhyArgs {
    /// loginId or loginName
    #[arg(value_name = "AGENT")]
    pub(crate) agent: String,
    /// At about this time: 00:17, 2026-11-22T00:17, "10m ago" [default: the latest disconnection]
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Look back so far: 2h, 90m, 1d
    #[arg(long, value_name = "DURATION", default_value = "1d")]
    pub(crate) since: String,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
    /// The server's data directory; the server need not run [default: as for serve]
    #[arg(long, value_name = "DIR", env = "APLOMB_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Read a password from standard input and print `password_hash` and `scram` for the configuration
    Hash,
}
