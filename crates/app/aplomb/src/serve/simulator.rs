//! The built-in CTI simulator: reached over TCP like any other CTI server, and told what to do by `aplomb sim ctl`.

use crate::cli::ServeArgs;
use crate::config::Config;
use crate::{demo, task_orders};
use anyhow::Context;
use cti_sim::Control;
use rest::MediaClient;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;
use tokio::net::TcpListener;

/// Where the simulator listens, and where it takes orders.
#[derive(Clone, Copy)]
pub(crate) struct SimulatorAddresses {
    pub(crate) cti: SocketAddr,
    pub(crate) cti_b: Option<SocketAddr>,
    pub(crate) control: SocketAddr,
}

/// A simulator that runs.
pub(crate) struct BuiltIn {
    pub(crate) addresses: SimulatorAddresses,
    control: Control,
    orders: TcpListener,
}

impl BuiltIn {
    /// Starts one, if the settings want it.
    pub(crate) async fn start(
        args: &ServeArgs,
        config: &Config,
        data_dir: &Path,
    ) -> anyhow::Result<Option<Self>> {
        let Some(listen) = config.simulator.listen.get() else { return Ok(None) };
        let colleagues = config.simulator.colleagues && args.demo_agents.is_none();
        let mut demo = cti_sim::Config::demo(demo::agents(args.demo_agents), colleagues);
        if let Some(colleagues) = &mut demo.colleagues {
            let secs = Some(config.simulator.call_ready_after_secs).filter(|secs| *secs > 0);
            colleagues.call_people_after = secs.map(Duration::from_secs);
        }
        for device in &config.devices {
            demo.terminals.entry(device.extension.clone()).or_default().push(device.id.clone());
        }
        demo.behaviour.mobile_agents = config.calls.mobile_agents;
        let simulator = cti_sim::Simulator::bind(cti_sim::Config {
            listen: listen.to_owned(),
            listen_b: config.simulator.listen_b.get().map(str::to_owned),
            peripheral_id: config.cti.peripheral_id,
            ..demo
        });
        let simulator = simulator
            .await
            .with_context(|| format!("cannot listen on {listen} (simulator.listen, listen_b)"))?;
        // any port: `aplomb sim ctl` finds it by the note in the data directory
        let orders =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("the simulator takes no orders")?;
        let (cti, cti_b) = (simulator.local_addr(), simulator.local_addr_b());
        let addresses = SimulatorAddresses { cti, cti_b, control: orders.local_addr()? };
        cti_sim::note_control(data_dir, &addresses.control.to_string())
            .with_context(|| format!("cannot write to {}", data_dir.display()))?;
        let control = simulator.control();
        tokio::spawn(simulator.run(std::future::pending()));
        Ok(Some(Self { addresses, control, orders }))
    }

    /// Its sides, as `cti.sides` would name them.
    pub(crate) fn sides(&self) -> Vec<String> {
        let sides = [Some(self.addresses.cti), self.addresses.cti_b];
        sides.into_iter().flatten().map(|address| address.to_string()).collect()
    }

    /// From now on orders are carried out, those about tasks by task routing.
    pub(crate) fn take_orders(self, media: MediaClient) -> SimulatorAddresses {
        let control = self.control.with_tasks(task_orders::carried_out_by(media));
        tokio::spawn(control.serve(self.orders));
        self.addresses
    }
}
