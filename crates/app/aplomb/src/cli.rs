//! The command line.

use crate::inject::{Fault, Half};
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
    /// Do to a running demo what happens to servers and agents, and write the case with its label; or score the rules
    Inject(InjectArgs),
    /// Say why an agent was disconnected: the story of the agent's sessions, from the server's journal
    Why(WhyArgs),
    /// Sign many agents in and publish to them: what does a notification cost, is any lost, doubled or out of order?
    Load(load::Args),
    /// Help with the CTI link
    #[command(subcommand)]
    Cti(CtiCommand),
    /// Make, change and list users
    #[command(subcommand)]
    User(UserCommand),
    /// List and read what desktops have sent in to explain themselves
    #[command(subcommand)]
    ClientLogs(ClientLogsCommand),
    /// Write everything that is stored to a file, while the server runs or not
    Backup(BackupArgs),
    /// Put a backup in the place of everything that is stored; also into another database
    Restore(BackupArgs),
}

/// Which server's store.
#[derive(Args)]
pub(crate) struct StoreArgs {
    /// Read settings from this TOML file
    #[arg(long, value_name = "FILE", env = "APLOMB_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The server's data directory [default: as for serve]
    #[arg(long, value_name = "DIR", env = "APLOMB_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Of the demo
    #[arg(long)]
    pub(crate) demo: bool,
    /// Set one setting, over file and environment (may be repeated), for example store.url=postgres://…
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE")]
    pub(crate) settings: Vec<String>,
}

#[derive(Args)]
pub(crate) struct BackupArgs {
    /// The file; - for standard output or input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
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
pub(crate) struct InjectArgs {
    /// What happens
    #[arg(value_name = "FAULT", value_enum, required_unless_present_any = ["score", "list", "all"])]
    pub(crate) fault: Option<Fault>,
    /// List the faults with their causes, and which of them a browser can do
    #[arg(long)]
    pub(crate) list: bool,
    /// To whom; the demo's password is used
    #[arg(long, value_name = "ID", default_value = "1001001")]
    pub(crate) agent: String,
    /// The agent's desktop tells of itself, as far as the fault lets it
    #[arg(long)]
    pub(crate) probe: bool,
    /// The desktop's own page in a real Chromium, instead of a client that plays its part
    #[arg(long)]
    pub(crate) browser: bool,
    /// The browser [default: the first Chromium, Chrome or Edge on the path]
    #[arg(long, value_name = "FILE")]
    pub(crate) chromium: Option<PathBuf>,
    /// The demo's ready file (serve --ready-file)
    #[arg(long, value_name = "FILE", required_unless_present_any = ["score", "list", "cases"])]
    pub(crate) ready_file: Option<PathBuf>,
    /// Write the case to this file
    #[arg(long, value_name = "FILE", required_unless_present_any = ["score", "list", "cases"])]
    pub(crate) case: Option<PathBuf>,
    /// The agent works so long before it happens, where a client plays the desktop's part
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=3_600_000))]
    pub(crate) after_ms: u64,
    /// Make a corpus: the fault many times, each in a demo of its own among other agents, as labelled cases below this
    /// directory, half of them to tune the rules with and half kept apart
    #[arg(long, value_name = "DIR", conflicts_with_all = ["agent", "probe", "browser", "after_ms", "ready_file", "case"])]
    pub(crate) cases: Option<PathBuf>,
    /// Every fault that needs no browser, and as many cases in which nothing happens
    #[arg(long, requires = "cases", conflicts_with = "fault")]
    pub(crate) all: bool,
    /// How many cases of each fault
    #[arg(long, value_name = "N", default_value_t = 20, requires = "cases", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) runs: u32,
    /// What else there is in a case, and which half is kept, follows from it
    #[arg(long, value_name = "N", default_value_t = 1, requires = "cases")]
    pub(crate) seed: u64,
    /// Demos at a time
    #[arg(long, value_name = "N", default_value_t = 4, requires = "cases", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) jobs: u32,
    /// Inject nothing: the same as `aplomb why --matrix DIR`
    #[arg(long, value_name = "DIR", conflicts_with_all = ["fault", "probe", "ready_file", "case", "cases"])]
    pub(crate) score: Option<PathBuf>,
    /// The demo's data directory [default: as for serve]
    #[arg(long, value_name = "DIR", env = "APLOMB_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct WhyArgs {
    /// loginId or loginName
    #[arg(value_name = "AGENT", required_unless_present_any = ["all", "matrix"])]
    pub(crate) agent: Option<String>,
    /// Everybody whose session was lost: the table of a bad hour
    #[arg(long, conflicts_with_all = ["agent", "at", "html"])]
    pub(crate) all: bool,
    /// How often the rules are right about the labelled cases of this directory (`aplomb inject --cases DIR`). Fails
    /// when a case is named wrongly at high confidence
    #[arg(long, value_name = "DIR", conflicts_with_all = ["agent", "all", "at", "traffic", "html", "case"])]
    pub(crate) matrix: Option<PathBuf>,
    /// Of the cases for the matrix
    #[arg(long, value_enum, default_value_t = Half::All, requires = "matrix")]
    pub(crate) half: Half,
    /// At about this time: 00:17, 2026-11-22T00:17, "10m ago" [default: the latest disconnection]
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Look back so far: 2h, 90m, 1d
    #[arg(long, value_name = "DURATION", default_value = "1d")]
    pub(crate) since: String,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
    /// Show the last requests and answers of the session, too
    #[arg(long, conflicts_with = "all")]
    pub(crate) traffic: bool,
    /// Write a page for a browser, with the picture, to this file
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub(crate) html: Option<PathBuf>,
    /// Write the evidence to this file: a case that can be asked again elsewhere. It names people and addresses
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub(crate) case: Option<PathBuf>,
    /// Language of the cause and its evidence: en or ja
    #[arg(long, value_name = "LANGUAGE", env = "LANG", hide_env_values = true)]
    pub(crate) lang: Option<String>,
    /// The server's data directory; the server need not run [default: as for serve]
    #[arg(long, value_name = "DIR", env = "APLOMB_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Read a password from standard input and print `password_hash` and `scram` for the configuration
    Hash,
    /// Make a user; the password is read from standard input. A running server knows the user within seconds
    Add(UserAddArgs),
    /// Give a user another password, read from standard input
    Passwd {
        /// loginId
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Make or replace the users of a CSV file, with a report line by line
    ///
    /// The first line names the columns: id and password (or password_hash and scram), and as needed login_name,
    /// first_name, last_name, team, team_name (makes the team), roles, supervises. Several roles, teams or verifiers
    /// are separated by blanks.
    Import {
        /// The file; - for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// List the users of the store
    List {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        store: StoreArgs,
    },
}

#[derive(Subcommand)]
pub(crate) enum ClientLogsCommand {
    /// List client logs, the newest first
    List {
        /// Only those of this user, by loginId
        #[arg(long, value_name = "ID")]
        user: Option<String>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50)]
        count: u32,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Print a client log: its text, or the zip archive as it came
    Show {
        /// Its number in the list
        #[arg(value_name = "NUMBER")]
        number: u64,
        /// Write it to this file, which must not be there yet
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        store: StoreArgs,
    },
}

#[derive(Args)]
pub(crate) struct UserAddArgs {
    /// loginId: in addresses and paths
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// The other name to sign in with [default: the id]
    #[arg(long, value_name = "NAME")]
    pub(crate) login_name: Option<String>,
    /// First name
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(crate) first_name: String,
    /// Last name
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(crate) last_name: String,
    /// Number of the team; agents and supervisors need one
    #[arg(long, value_name = "NUMBER")]
    pub(crate) team: Option<u32>,
    /// Make the team under this name, if there is none with this number
    #[arg(long, value_name = "NAME", requires = "team")]
    pub(crate) team_name: Option<String>,
    /// agent, supervisor, administrator or service (may be repeated)
    #[arg(long = "role", value_name = "ROLE", default_value = "agent")]
    pub(crate) roles: Vec<String>,
    /// Number of a team that the supervisor supervises (may be repeated)
    #[arg(long, value_name = "NUMBER")]
    pub(crate) supervises: Vec<u32>,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Subcommand)]
pub(crate) enum CtiCommand {
    /// Show GED-188 messages field by field with byte offsets. What was sent is shown, phone numbers too; passwords
    /// are not. Fails when a byte is left over or missing
    #[command(disable_version_flag = true)]
    Decode(DecodeArgs),
    /// Play a recorded CTI session (`cti.record`) to the client that connects, as the CTI server it was recorded from
    Replay(ReplayArgs),
}

#[derive(Args)]
pub(crate) struct ReplayArgs {
    /// Files of the recording, the oldest first
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Listen on this address; port 0 for any
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:42027")]
    pub(crate) listen: String,
    /// The side whose sessions are played [default: the first in the recording]
    #[arg(long, value_name = "A|B")]
    pub(crate) side: Option<String>,
    /// So many times as fast as it was recorded
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub(crate) speed: f64,
}

#[derive(Args)]
pub(crate) struct DecodeArgs {
    /// Bytes as text: hex digits, a hex dump, a recording (JSON lines), a capture (pcap, pcapng), or the bytes
    /// themselves; which it is shows in the first bytes. "-" is standard input
    #[arg(value_name = "FILE", required_unless_present = "hex")]
    pub(crate) file: Option<PathBuf>,
    /// The bytes as hex digits; what stands between them does not matter
    #[arg(long, value_name = "HEX", num_args = 1.., conflicts_with = "file")]
    pub(crate) hex: Vec<String>,
    /// Protocol version [default: that of the connection's OPEN_REQ, else 24]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=99))]
    pub(crate) version: Option<u32>,
    /// Floating fields as on Unified CCX: lengths of one byte in every version
    #[arg(long)]
    pub(crate) uccx: bool,
    /// Bytes of a floating field's tag, whatever the version says
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u8).range(1..=2))]
    pub(crate) tag_width: Option<u8>,
    /// Bytes of a floating field's length, whatever the version says
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u8).range(1..=2))]
    pub(crate) length_width: Option<u8>,
    /// In a capture: connections with this port on one side [default: those that begin with OPEN_REQ]
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Hide phone numbers and what callers have said or typed
    #[arg(long)]
    pub(crate) redact: bool,
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}
