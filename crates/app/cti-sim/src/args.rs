//! The command line.

use crate::{Config, Simulator};
use std::io::Write;

/// A CTI server to develop against: agents, devices and their states over GED-188. Agents are 1001001 upward with
/// extensions 2001 upward, supervisors 1900001 and 1900002 with extensions 1901 and 1902.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Address and port to listen on; port 0 for any
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:42027")]
    pub listen: String,
    /// How many agents there are
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub agents: u32,
    /// Let the agents after the tenth sign in and change their state by themselves
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

impl Args {
    fn config(self) -> Config {
        let mut config = Config::demo(self.agents, self.colleagues);
        if let Some(colleagues) = &mut config.colleagues {
            colleagues.seed = self.seed;
        }
        config.listen = self.listen;
        config.peripheral_id = self.peripheral_id;
        config.extra_devices = self.devices;
        config
    }
}

/// Runs a simulator until the process is interrupted (or told to terminate). Says on standard output where it
/// listens, once it does.
///
/// # Errors
/// When it cannot listen.
pub async fn run_command(args: Args) -> anyhow::Result<()> {
    let config = args.config();
    let (listen, peripheral_id, agents) = (config.listen.clone(), config.peripheral_id, config.agents.len());
    let simulator = Simulator::bind(config)
        .await
        .map_err(|error| anyhow::anyhow!("the CTI simulator cannot listen on {listen}: {error}"))?;
    let address = simulator.local_addr();
    writeln!(
        std::io::stdout(),
        "CTI simulator on {address}: peripheral {peripheral_id}, {agents} agents. Ctrl-C ends it."
    )?;
    simulator.run(interrupted()).await;
    Ok(())
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
