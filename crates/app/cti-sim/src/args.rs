//! The command line.

use crate::ctl::{self, CtlArgs};
use crate::{Config, Simulator, tls};
use anyhow::Context;
use std::io::Write;
use std::path::PathBuf;
use tokio::net::TcpListener;

/// Who is there, and what to do first.
const AFTER_HELP: &str = "\
Agents are 1001001 upward at extensions 2001 upward, supervisors 1900001 and 1900002 at 1901 and 1902; queues are Support (6001) \
and Sales (6002). Any password will do.

  aplomb sim                          in one terminal
  aplomb sim ctl 1001001 signs in     in another
  aplomb sim ctl ring 1001001
  aplomb sim ctl 1001001 answers
  aplomb sim ctl calls";

/// A CTI server to develop against: agents, telephones, queues and calls over GED-188.
#[derive(Clone, Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_help = AFTER_HELP)]
pub struct Args {
    /// What else there is to do than to run a simulator
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Address and port to listen on; port 0 for any
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:42027")]
    pub listen: String,
    /// Listen on a second address too: side B of a pair, standby at first
    #[arg(long, value_name = "ADDRESS")]
    pub listen_b: Option<String>,
    /// Serve TLS only, with this certificate chain (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// Where to take orders (`aplomb sim ctl`, or curl): HTTP, loopback only; off for nowhere
    #[arg(long, value_name = "ADDRESS", default_value = ctl::CONTROL)]
    pub control: String,
    /// Write the addresses to this file, as JSON, once everything listens
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
    /// How many agents there are
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub agents: u32,
    /// Let the agents after the tenth sign in, take calls and change their state by themselves
    #[arg(long)]
    pub colleagues: bool,
    /// Seed of the colleagues' chances: the same seed gives the same day
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// A device beside the agents' own that one can sign in on; may be repeated
    #[arg(long = "device", value_name = "EXTENSION")]
    pub devices: Vec<String>,
    /// The peripheral that the agents belong to
    #[arg(long, value_name = "ID", default_value_t = 5000)]
    pub peripheral_id: u32,
}

/// What else `aplomb sim` does.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Give orders to a running simulator: `aplomb sim ctl ring 1001001`; `aplomb sim ctl` says what else there is
    Ctl(CtlArgs),
}

impl Args {
    fn config(self) -> Config {
        let mut config = Config::demo(self.agents, self.colleagues);
        if let Some(colleagues) = &mut config.colleagues {
            colleagues.seed = self.seed;
        }
        config.behaviour.seed = self.seed;
        config.listen = self.listen;
        config.listen_b = self.listen_b;
        config.peripheral_id = self.peripheral_id;
        config.extra_devices = self.devices;
        config
    }
}

/// Runs a simulator until the process is interrupted (or told to terminate). Says on standard output where it
/// listens, once it does. Or gives orders to another.
///
/// # Errors
/// When it cannot listen; when an order is refused.
pub async fn run_command(args: Args) -> anyhow::Result<()> {
    if let Some(Command::Ctl(ctl)) = args.command {
        return ctl::run(ctl).await;
    }
    let control = match args.control.as_str() {
        "off" => None,
        address => Some(listen_for_orders(address).await?),
    };
    let ready_file = args.ready_file.clone();
    let tls = match (&args.tls_certificate, &args.tls_key) {
        (Some(certificate), Some(key)) => Some(tls(certificate, key)?),
        _ => None,
    };
    let config = Config { tls, ..args.config() };
    let (listen, peripheral_id, agents) = (config.listen.clone(), config.peripheral_id, config.agents.len());
    let simulator = Simulator::bind(config)
        .await
        .with_context(|| format!("the CTI simulator cannot listen on {listen} (or on its side B)"))?;
    let (address, address_b) = (simulator.local_addr(), simulator.local_addr_b());
    let orders = control.as_ref().map(TcpListener::local_addr).transpose()?;
    if let Some(listener) = control {
        tokio::spawn(simulator.control().serve(listener));
    }
    if let Some(path) = ready_file {
        let ready = serde_json::json!({
            "pid": std::process::id(),
            "cti": address.to_string(),
            "cti_b": address_b.map(|address| address.to_string()),
            "cti_control": orders.map(|address| address.to_string()),
        });
        std::fs::write(&path, format!("{ready:#}\n"))
            .with_context(|| format!("cannot write the ready file {}", path.display()))?;
    }
    let side_b = address_b.map(|address| format!(" (side A) and {address} (side B)")).unwrap_or_default();
    let orders = orders.map(|address| format!(" Orders on {address}: aplomb sim ctl.")).unwrap_or_default();
    writeln!(
        std::io::stdout(),
        "CTI simulator on {address}{side_b}: peripheral {peripheral_id}, {agents} agents.{orders} Ctrl-C ends it."
    )?;
    simulator.run(interrupted()).await;
    Ok(())
}

async fn listen_for_orders(address: &str) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("the CTI simulator cannot take orders on {address} (--control)"))?;
    anyhow::ensure!(
        listener.local_addr()?.ip().is_loopback(),
        "--control takes orders on loopback only, not on {address}"
    );
    Ok(listener)
}

async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args as _, FromArgMatches};

    fn parse(line: &str) -> Config {
        let command = Args::augment_args(clap::Command::new("sim"));
        let matches = command.try_get_matches_from(format!("sim {line}").split_whitespace()).unwrap();
        Args::from_arg_matches(&matches).unwrap().config()
    }

    #[test]
    fn without_flags_there_are_twenty_agents_and_two_supervisors() {
        let config = parse("");
        assert_eq!((config.listen.as_str(), config.peripheral_id), ("127.0.0.1:42027", 5000));
        let ids: Vec<_> =
            config.agents.iter().map(|agent| (agent.id.as_str(), agent.extension.as_str())).collect();
        assert_eq!((ids.len(), ids[0], ids[19]), (22, ("1001001", "2001"), ("1001020", "2020")));
        assert_eq!(ids[21], ("1900002", "1902"));
        assert!(config.colleagues.is_none());
    }

    #[test]
    fn colleagues_are_the_agents_after_the_tenth() {
        let config = parse("--colleagues --agents 12 --seed 7 --device 7001 --device 7002");
        let colleagues = config.colleagues.unwrap();
        assert_eq!(colleagues.agents, ["1001011", "1001012"]);
        assert_eq!(colleagues.seed, 7);
        assert_eq!(config.extra_devices, ["7001", "7002"]);
    }
}
