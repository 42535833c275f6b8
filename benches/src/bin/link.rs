//! The CTI link and the floor on one core: how fast do events become notifications, and how long does it take to know
//! everything again after a loss?

use anyhow::{Context, Result, ensure};
use aplomb_benches::machine::Machine;
use aplomb_benches::switch::{FIRST_AGENT, Listener, Switch, events};
use aplomb_benches::table::{self, percentile};
use cti::{Config, ForbiddenCharacters, Link, Metrics, Reconnect};
use floor::{
    AgentId, Change, CtiInput, Floor, Note, Now, Output, Policy, Profile, Roles, Roster, Settings, Status,
    Team, TeamId, WrapUp,
};
use jid::BareJid;
use jiff::Timestamp;
use notify::{SystemIdentity, node};
use prometheus_client::registry::Registry;
use pubsub::{Ids, Service};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

const SWITCH: Switch = Switch { agents: 2_000, calls: 1_000 };
/// Each agent's state changes this often.
const CHANGES: u32 = 50;
const ROUNDS: usize = 5;
const PATIENCE: Duration = Duration::from_secs(120);

/// The floor, with a subscription of each agent to the own node.
struct Desk {
    floor: Floor,
    service: Service,
    identity: SystemIdentity,
    link: Link,
    inputs: mpsc::Receiver<CtiInput>,
    /// Agents' changes that were published.
    changes: u64,
    /// Notifications that were handed over to a subscriber.
    handed_over: u64,
}

/// Each agent is subscribed to the own nodes.
struct Own;

impl pubsub::Policy for Own {
    fn may_subscribe(&self, _: &str, _: &str) -> bool {
        true
    }

    fn default_nodes(&self, user: &str) -> Vec<String> {
        let agent = AgentId::from(user.split('@').next().unwrap_or_default());
        vec![node::user(&agent)]
    }

    fn visible_nodes(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

fn roster() -> Roster {
    let team = TeamId(1);
    let profile = |number: u32| Profile {
        id: AgentId::from((FIRST_AGENT + number).to_string().as_str()),
        login_name: format!("agent{number}"),
        first_name: "Agent".into(),
        last_name: number.to_string(),
        team,
        roles: Roles { agent: true, supervisor: false },
        supervises: Vec::new(),
        settings: Settings { wrap_up_on_incoming: WrapUp::Optional, wrap_up_on_outgoing: None },
        wrap_up_timer_secs: None,
    };
    Roster {
        teams: vec![Team { id: team, name: "Team 1".into() }],
        agents: (0..SWITCH.agents).map(profile).collect(),
        reason_codes: Vec::new(),
    }
}

fn identity() -> SystemIdentity {
    SystemIdentity {
        host: "localhost".into(),
        xmpp_domain: "localhost".into(),
        pubsub_domain: "pubsub.localhost".into(),
        deployment_type: "UCCE".into(),
        auth_mode: "NON_SSO".into(),
        timezone_offset_minutes: |_| 0,
        ..SystemIdentity::default()
    }
}

impl Desk {
    fn new(address: String) -> Result<Self> {
        let ids = Ids::new("0e6a1f3c-52b7-4a90-8d1e-7f20c4b9a613", 1);
        let mut service = Service::new("pubsub.localhost", Box::new(Own), ids);
        for number in 0..SWITCH.agents {
            let agent = AgentId::from((FIRST_AGENT + number).to_string().as_str());
            let _ = service.create(&node::user(&agent));
            service.make_defaults(&BareJid::new(&format!("{}@localhost", FIRST_AGENT + number))?);
        }
        let (to_floor, inputs) = mpsc::channel(1_024);
        let soon = Duration::from_millis(10);
        let config = Config {
            sides: vec![address],
            reconnect: Reconnect { spread: soon, waits: vec![soon], settled: soon },
            ..Config::default()
        };
        let metrics = Metrics::register(&mut Registry::default(), ForbiddenCharacters::default());
        Ok(Self {
            floor: Floor::new(roster(), Policy::default()),
            service,
            identity: identity(),
            link: cti::start(config, metrics, to_floor),
            inputs,
            changes: 0,
            handed_over: 0,
        })
    }

    /// Takes one input, does all that follows, and says whether everything is known again.
    async fn turn(&mut self) -> Result<(bool, bool)> {
        let input =
            tokio::time::timeout(PATIENCE, self.inputs.recv()).await?.context("the link has ended")?;
        let is_up = matches!(input, CtiInput::LinkUp { .. });
        let now = Now { instant: Instant::now(), wall: Timestamp::now() };
        self.floor.handle_cti(now, input);
        let mut is_whole = false;
        while let Some(output) = self.floor.poll_output() {
            match output {
                Output::Cti(command) => self.link.commands.send(command).await?,
                Output::Change(change) => {
                    if let Change::System { system, .. } = &change {
                        is_whole = system.status == Status::InService;
                    }
                    self.publish(&change, now.wall);
                }
                Output::Note(Note::CallsReconciled { .. }) | Output::Note(_) => {}
            }
        }
        Ok((is_up, is_whole))
    }

    fn publish(&mut self, change: &Change, at: Timestamp) {
        self.changes += u64::from(matches!(change, Change::Agent { .. }));
        for notification in notify::notifications(change, &self.identity) {
            let _ = self.service.publish(at, &notification.node, &notification.payload);
        }
        while let Some(delivery) = self.service.poll_delivery() {
            drop(std::hint::black_box(delivery));
            self.handed_over += 1;
        }
    }

    /// From the opened session until everything is known.
    async fn come_back(&mut self) -> Result<Took> {
        let mut since = None;
        loop {
            let (is_up, is_whole) = self.turn().await?;
            if is_up {
                since = Some(Since::now()?);
            }
            if let (true, Some(since)) = (is_whole, &since) {
                return since.took();
            }
        }
    }
}

/// A span on the wall, and what this thread took of a processor meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Took {
    busy: Duration,
    wall: Duration,
}

/// A moment on both clocks.
struct Since {
    busy: Duration,
    wall: Instant,
}

impl Since {
    fn now() -> Result<Self> {
        Ok(Self { busy: busy()?, wall: Instant::now() })
    }

    fn took(&self) -> Result<Took> {
        Ok(Took { busy: busy()? - self.busy, wall: self.wall.elapsed() })
    }
}

/// What this thread has taken of a processor so far.
fn busy() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(Duration::from_nanos(text.split_whitespace().next().context("an empty schedstat")?.parse()?))
}

/// One thread runs the link and the floor; the phone system has its own.
fn main() -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Result<()> {
    let listener = Listener::bind()?;
    let address = listener.address()?.to_string();
    let count = SWITCH.agents * CHANGES;
    let flood = events(SWITCH.agents, count)?;
    let idle = Switch { calls: 0, ..SWITCH };
    let server = std::thread::spawn(move || -> Result<()> {
        for _ in 0..ROUNDS {
            listener.accept()?.tell_all(SWITCH)?;
        }
        let mut last = listener.accept()?;
        last.tell_all(idle)?;
        last.flood(&flood)?;
        // until the link has read it all and closes
        let _ = last.tell_all(Switch { agents: u32::MAX / 2, calls: 0 });
        Ok(())
    });
    let before = Machine::read()?;
    let mut desk = Desk::new(address)?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        times.push(desk.come_back().await?);
        ensure!(desk.floor.call_count() == 1_000, "{} calls are known", desk.floor.call_count());
    }
    desk.come_back().await?;
    let (changes, handed_over) = (desk.changes, desk.handed_over);
    let start = Since::now()?;
    while desk.changes < changes + u64::from(count) {
        desk.turn().await?;
    }
    let took = start.took()?;
    let (changes, handed_over) = (desk.changes - changes, desk.handed_over - handed_over);
    let noise = Machine::read()?.since(&before).busy_share();
    desk.link.close().await;
    let _ = server.join();
    ensure!(changes == u64::from(count), "{changes} changes of {count} events");
    ensure!(handed_over == u64::from(count), "{handed_over} notifications of {count} events");
    report(count, took, &mut times, noise)
}

fn report(events: u32, took: Took, times: &mut [Took], noise: f64) -> Result<()> {
    let first = times[0];
    times[1..].sort_unstable_by_key(|took| took.busy);
    let median = percentile(&times[1..], 0.5).unwrap_or(first);
    let rate = |time: Duration| format!("{:.0}", f64::from(events) / time.as_secs_f64());
    let millis = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
    let mut figures =
        table::with_columns(["the link and the floor on one thread", "of a processor", "on the wall"]);
    let each = "events a second, from socket to notification handed over, none lost";
    figures.add_row([each.into(), rate(took.busy), rate(took.wall)]);
    let known = "2,000 agents and 1,000 calls known, after the first connection";
    figures.add_row([known.into(), millis(first.busy), millis(first.wall)]);
    let again = "the same after a link loss, median of 4";
    figures.add_row([again.into(), millis(median.busy), millis(median.wall)]);
    table::print(&format!("The CTI link (the whole machine was {:.0} % busy)", noise * 100.0), &figures)
}
