//! `aplomb serve`: the path again, in code.

use crate::cli::ServeArgs;
use crate::config::{self, Address, Config, LogFormat, Source};
use crate::finesse_log::{self, FinesseLog, log_requests};
use crate::floor_task::{CTI_INPUTS, FloorTask, Inputs, JOBS, QUESTIONS};
use crate::health::{self, Health};
use crate::journal::{Before, Journal, What, keep_books, note_refused_calls};
use crate::listeners::Listeners;
use crate::metrics::FloorMetrics;
use crate::people::{self, People};
use crate::policy::NodePolicy;
use crate::present_policy::PresentPolicy;
use crate::strangers::Strangers;
use crate::warnings::Warnings;
use crate::why::Books;
use crate::{
    beginnings, demo, directory, greeting, journal, log, media_task, metrics, policy, pulse, recording, site,
    sso_keys, store,
};
use anyhow::{Context, bail, ensure};
use axum::Router;
use axum::middleware::from_fn_with_state;
use credentials::Checker;
use floor::{Floor, Status};
use listen::Identity;
use notification::Service;
use prometheus_client::registry::Registry;
use rest::{Diagnostician, FloorClient};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, oneshot};

/// Events of the web service's own that may wait; whoever brings one more waits itself.
const ANNOUNCEMENTS: usize = 1_024;

/// How long the demo waits for its CTI link before it says that it is ready.
const IN_SERVICE_WITHIN: Duration = Duration::from_secs(10);

pub(crate) fn command(args: ServeArgs) -> anyhow::Result<()> {
    let config = read_config(&args)?;
    log::start(&config.log)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(args, config))
}

pub(crate) fn sim_command(args: cti_sim::Args) -> anyhow::Result<()> {
    log::start(&config::Config::default().log)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(cti_sim::run_command(args))
}

fn read_config(args: &ServeArgs) -> anyhow::Result<Config> {
    let defaults = if args.demo { demo::config(args.demo_agents)? } else { Config::default() };
    let environment = std::env::vars().filter(|(name, _)| name.starts_with("APLOMB_")).collect();
    let source = Source { file: args.config.clone(), environment, settings: args.settings.clone() };
    let config = config::load(defaults, &source)?;
    let listen = &config.listen;
    if args.demo {
        // its passwords are printed in every manual
        let all = [&listen.rest, &listen.rest_plain, &listen.notification, &listen.notification_plain];
        let all = all.into_iter().chain([
            &listen.xmpp_tcp,
            &listen.xmpp_tls,
            &listen.metrics,
            &config.simulator.listen,
            &config.simulator.listen_b,
        ]);
        for address in all {
            ensure!(is_loopback(address), "--demo listens on loopback only, not on {address}");
        }
    }
    Ok(config)
}

fn is_loopback(address: &Address) -> bool {
    address
        .host()
        .is_none_or(|host| host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()))
}

async fn serve(args: ServeArgs, mut config: Config) -> anyhow::Result<()> {
    warn_of_weak_settings(&args, &config);
    raise_file_limit();
    let data_dir = data_dir(args.data_dir.as_deref(), args.demo)?;
    let (identity, ca) = tls(&config, &data_dir)?;
    let tls = identity.tls.clone();
    let mut registry = Registry::default();
    let warnings = Warnings::register(&mut registry);
    let forbidden_characters = metrics::forbidden_characters(&mut registry);

    // who there is
    let stored =
        store::open(&config, &data_dir, args.demo, ::store::Metrics::register(&mut registry)).await?;
    let revision = match &stored {
        Some(store) => store.people_revision().await?,
        None => 0,
    };
    let everyone = match &stored {
        Some(store) => people::with_stored(&config, store).await?,
        None => config.clone(),
    };
    ensure!(
        !everyone.users.is_empty(),
        "nobody could sign in: there are no users (aplomb user add), and no [[users]] in the configuration (try --demo)"
    );
    let accounts = directory::accounts(&everyone)?.with_lock(config.accounts.lock());
    let (sign_in, keys) = config.sso.mode()?;
    let checker = Checker::with_runs(accounts, sign_in, config.accounts.password_checks_max);
    let roster = directory::roster(&everyone)?;
    let queues = directory::queues(&config)?;
    let media_domains = directory::media_domains(&config)?;
    let has_media = !media_domains.is_empty();
    let publishers = directory::service_accounts(&everyone);
    let node_policy = NodePolicy::new(&roster, publishers, config.pubsub.create_nodes);
    let policy = PresentPolicy::new(node_policy.with_queues(&queues).with_media(has_media));

    let catalogue = beginnings::catalogue(&config, stored.clone()).await?;
    let simulates = config.simulator.listen.get().is_some() && config.cti.sides.is_empty();
    if let Some(stored) = catalogue.system_config().filter(|_| !simulates) {
        site::take_over(&stored, &mut config);
    }

    // every address first: a port that is taken ends the start before anything has happened
    let (tell_distrust, distrusts) = mpsc::channel(health::DISTRUSTS);
    let listen_metrics = listen::Metrics::register(&mut registry).telling(tell_distrust);
    let listeners = Listeners::bind(&config, &tls, &listen_metrics).await?;
    let simulator = simulator(&args, &config, &data_dir).await?;
    let sides = match &simulator {
        Some(simulator) if config.cti.sides.is_empty() => simulator.sides(),
        _ => config.cti.sides.clone(),
    };
    ensure!(!sides.is_empty(), "no CTI server: set cti.sides, or simulator.listen for the built-in one");

    // the books: what becomes of sessions, and what may explain it
    let (journal, before) = open_journal(&data_dir, &everyone, warnings.clone())?;
    health::note_certificate(&journal, &identity, config.tls.certificate.is_some());
    let health = Health {
        journal: journal.clone(),
        warnings: warnings.clone(),
        data_dir: data_dir.clone(),
        certificate_ends: health::ends(&identity),
        listeners: listeners.addresses(),
        gauges: health::Gauges::register(&mut registry),
        distrusts,
    };
    tokio::spawn(health.watch());

    // notifications: events come in by name and bytes, presence goes out
    let terms = notification::Config { tls_server_end_point: identity.end_point, ..config.notification() };
    let (notification, presence) = Service::start(
        terms,
        checker.clone(),
        Box::new(policy.clone()),
        policy::nodes(&roster, &queues, has_media),
        store::memory(stored.as_ref()).await?,
        notification::Metrics::register(&mut registry, forbidden_characters.clone()),
    );

    notification.remember(before.graves);
    tokio::spawn(pulse::watch(journal.clone(), warnings.clone(), pulse::Metrics::register(&mut registry)));
    let (stop_books, stopped) = oneshot::channel();
    let books = tokio::spawn(keep_books(journal.clone(), notification.stories(), stopped));

    let finesse_log = finesse_log(&config, &data_dir, &listeners)?;
    if finesse_log.is_on() {
        let inactivity = config.bosh.inactivity_secs;
        tokio::spawn(finesse_log::follow(finesse_log.clone(), notification.stories(), inactivity));
        let inactivity = Duration::from_secs(inactivity.max(1).into());
        tokio::spawn(finesse_log::sweep(finesse_log.clone(), notification.clone(), inactivity));
    }

    // the CTI link: a frame becomes an input of the floor, a command of the floor a frame
    let site = site::site(&config, &sides)?;
    let identity =
        rest::SystemIdentity { ports: listeners.ports(), cti_servers: sides.clone(), ..config.identity() };
    let (to_floor, cti) = mpsc::channel(CTI_INPUTS);
    let link = cti::start(
        cti::Config {
            queues: queues.iter().map(|queue| queue.id).collect(),
            record: recording::start(&config.cti)?,
            ..config.cti.link(sides)?
        },
        cti::Metrics::register(&mut registry, forbidden_characters.clone()),
        to_floor,
    );

    // the floor: inputs become changes, changes become notifications
    let floor_policy = floor::Policy {
        presence_grace: Duration::from_secs(config.presence.grace_secs),
        request_timeout: Duration::from_secs(config.cti.request_timeout_secs),
        drop_participant: config.calls.drop_participant.into(),
        deployment: config.deployment(),
        ecc_variables: site.ecc_variables.clone(),
        conference_parties_max: Some(config.calls.conference_parties_max).filter(|max| *max > 0),
    };
    let (jobs_in, jobs) = mpsc::channel(JOBS);
    let (to_publisher, questions) = mpsc::channel(QUESTIONS);
    notification.ask_states_of(to_publisher).await;
    let mut floor = Floor::new(roster, floor_policy);
    floor.set_queues(queues);
    floor.set_reasons(catalogue.reasons());
    // task routing: work that is not calls
    let floor_metrics = FloorMetrics::register(&mut registry, forbidden_characters.clone());
    let grace = Duration::from_secs(config.presence.grace_secs);
    let (media, to_media) =
        media_task::start(media_domains, grace, notification.clone(), floor_metrics.clone());
    let task = FloorTask {
        floor,
        media: to_media,
        identity: identity.clone(),
        catalogue: catalogue.clone(),
        notification: notification.clone(),
        commands: link.commands.clone(),
        metrics: floor_metrics,
        journal: journal.clone(),
        strangers: Strangers::default(),
        finesse_log: finesse_log.clone(),
    };
    tokio::spawn(task.run(Inputs { presence, cti, jobs, questions }));

    // the web service and the desktop
    let floor = FloorClient::new(jobs_in);
    let services = rest::Services {
        floor: floor.clone(),
        media,
        credentials: checker.clone(),
        catalogue,
        system: identity,
        site,
        metrics: rest::Metrics::register(&mut registry, forbidden_characters),
        store: stored.clone(),
        announcements: announcements(notification.clone()),
        diagnostician: journal.is_written().then(|| diagnostician(&data_dir, warnings)),
        count_users: count_users(notification.clone()),
        limits: config.limits.rest(),
    };
    let rest = rest::router(services)
        .layer(from_fn_with_state(journal.clone(), note_refused_calls))
        .layer(from_fn_with_state(finesse_log.clone(), log_requests));
    let router =
        Router::new().merge(rest).merge(desktop::router(config.for_desktops())).fallback(desktop::not_found);

    if let Some(keys) = keys {
        tokio::spawn(sso_keys::follow(keys, checker.clone()));
    }
    if let Some(store) = stored.clone() {
        let (config, notification, floor) = (config.clone(), notification.clone(), floor.clone());
        let untold = Default::default();
        let people = People { config, store, checker, policy, floor, notification, untold };
        tokio::spawn(people.follow(revision));
    }

    let ready = listeners.ready(&config, simulator);
    listeners.run(&config, &ready, &notification, router, &tls, registry);
    if args.demo {
        wait_for_service(&floor).await;
    }
    tracing::info!(domain = config.server.domain, "ready");
    if let Some(path) = &args.ready_file {
        ready.write(path)?;
    }
    if args.demo {
        greeting::print(&ready, demo::agents(args.demo_agents), ca.as_deref());
    }
    wait_for_signal().await?;
    tracing::info!("stopping");
    notification.shut_down().await;
    link.close().await;
    // everything that was told is in the journal before the server says that it has stopped; the floor takes what
    // came from the link and from presence before it takes this
    let _ = floor.call(|_, _| ()).await;
    let _ = stop_books.send(());
    let _ = books.await;
    journal.note_now(What::ServerStopped);
    if let Some(store) = stored {
        store.close().await;
    }
    tokio::task::spawn_blocking(move || {
        journal.close();
        finesse_log.close();
    })
    .await?;
    Ok(())
}

/// Asks the notification service who is connected.
fn count_users(notification: Service) -> rest::CountUsers {
    rest::CountUsers::new(move || {
        let notification = notification.clone();
        Box::pin(async move {
            let present = notification.users_present().await;
            rest::ConnectedUsers { on_desktops: present.on_desktops, elsewhere: present.elsewhere }
        })
    })
}

/// Publishes what the web service tells by itself.
fn announcements(notification: Service) -> mpsc::Sender<rest::Notification> {
    let (announcements, mut announced) = mpsc::channel::<rest::Notification>(ANNOUNCEMENTS);
    tokio::spawn(async move {
        while let Some(announced) = announced.recv().await {
            notification.publish(announced.node, announced.payload).await;
        }
    });
    announcements
}

/// The logs in the original's form, if they are wanted.
fn finesse_log(config: &Config, data_dir: &Path, listeners: &Listeners) -> anyhow::Result<FinesseLog> {
    if !matches!(config.log.format, LogFormat::Finesse) {
        return Ok(FinesseLog::default());
    }
    let named = Some(PathBuf::from(&config.log.directory)).filter(|named| !named.as_os_str().is_empty());
    let directory = named.unwrap_or_else(|| data_dir.join("logs"));
    // a node that listens everywhere has no one address; the field may be empty
    let addresses = listeners.addresses().into_iter().map(|(_, address)| address.ip());
    let node = addresses.filter(|ip| !ip.is_unspecified()).map(|ip| ip.to_string()).next();
    FinesseLog::open(&directory, node.unwrap_or_default(), &config.server.domain)
}

/// Answers why agents were disconnected, from the journal that is being written.
fn diagnostician(data_dir: &Path, warnings: Warnings) -> Diagnostician {
    Diagnostician::new(Arc::new(Books { directory: journal::directory(data_dir), warnings }))
}

/// Opens the journal, and says what the run before did not live to say.
fn open_journal(data_dir: &Path, config: &Config, warnings: Warnings) -> anyhow::Result<(Journal, Before)> {
    let people = config.users.iter().map(|user| (user.id.clone(), user.login_name.clone()));
    let inactivity = Duration::from_secs(config.bosh.inactivity_secs.into());
    let (journal, before) = Journal::open(data_dir, config.journal(), inactivity, people, warnings)?;
    if before.died {
        tracing::warn!("the run before ended without a word: a crash, kill or power");
    }
    let version = env!("CARGO_PKG_VERSION").to_owned();
    journal.note_now(What::ServerStarted { version, pid: std::process::id(), died: before.died });
    Ok((journal, before))
}

fn warn_of_weak_settings(args: &ServeArgs, config: &Config) {
    if config.xmpp.allow_plain_tcp {
        tracing::warn!("xmpp.allow_plain_tcp: passwords of TCP clients may cross the network in the clear");
    }
    if config.cti.tls && config.cti.tls_insecure {
        tracing::warn!(
            "cti.tls_insecure: whoever is between us and the CTI server can read and change everything"
        );
    }
    if args.demo {
        return;
    }
    if config.listen.rest_plain_serves && config.listen.rest_plain.get().is_some() {
        tracing::warn!(
            "listen.rest_plain_serves: passwords of REST clients may cross the network in the clear"
        );
    }
    if config.listen.notification_plain.get().is_some() {
        tracing::warn!(
            "listen.notification_plain: passwords of BOSH clients may cross the network in the clear"
        );
    }
}

/// Every connection is a file, and many systems start programs with 1,024.
fn raise_file_limit() {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(files) => tracing::debug!(files, "open files allowed"),
        Err(error) => tracing::warn!(%error, "the limit of open files cannot be raised"),
    }
}

/// Where the server keeps its state.
pub(crate) fn data_dir(given: Option<&Path>, is_demo: bool) -> anyhow::Result<PathBuf> {
    let directory = match (given, state_directory()) {
        (Some(directory), _) => directory.to_owned(),
        (None, Some(state)) => state.join(if is_demo { "aplomb-demo" } else { "aplomb" }),
        (None, None) => bail!("no place for the server's state: use --data-dir"),
    };
    std::fs::create_dir_all(&directory).with_context(|| format!("cannot make {}", directory.display()))?;
    Ok(directory)
}

/// Where programs keep their state.
pub(crate) fn state_directory() -> Option<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).or_else(home)
}

/// TLS, and the CA to trust if the certificate is our own make.
fn tls(config: &Config, data_dir: &Path) -> anyhow::Result<(Identity, Option<PathBuf>)> {
    match (&config.tls.certificate, &config.tls.key) {
        (Some(certificate), Some(key)) => Ok((listen::from_files(certificate, key)?, None)),
        (None, None) => {
            let mut names = vec![config.server.domain.clone(), format!("pubsub.{}", config.server.domain)];
            let local = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
            names.extend(local.into_iter().filter(|name| *name != config.server.domain));
            let directory = data_dir.join("tls");
            Ok((listen::development(&directory, &names)?, Some(directory.join("ca.pem"))))
        }
        _ => bail!("tls.certificate and tls.key belong together"),
    }
}

/// Where the simulator listens, and where it takes orders.
#[derive(Clone, Copy)]
pub(crate) struct SimulatorAddresses {
    pub(crate) cti: SocketAddr,
    pub(crate) cti_b: Option<SocketAddr>,
    pub(crate) control: SocketAddr,
}

impl SimulatorAddresses {
    fn sides(&self) -> Vec<String> {
        [Some(self.cti), self.cti_b].into_iter().flatten().map(|address| address.to_string()).collect()
    }
}

async fn simulator(
    args: &ServeArgs,
    config: &Config,
    data_dir: &Path,
) -> anyhow::Result<Option<SimulatorAddresses>> {
    let Some(listen) = config.simulator.listen.get() else { return Ok(None) };
    let colleagues = config.simulator.colleagues && args.demo_agents.is_none();
    let mut demo = cti_sim::Config::demo(demo::agents(args.demo_agents), colleagues);
    if let Some(colleagues) = &mut demo.colleagues {
        let secs = Some(config.simulator.call_ready_after_secs).filter(|secs| *secs > 0);
        colleagues.call_people_after = secs.map(Duration::from_secs);
    }
    let simulator = cti_sim::Simulator::bind(cti_sim::Config {
        listen: listen.to_owned(),
        listen_b: config.simulator.listen_b.get().map(str::to_owned),
        peripheral_id: config.cti.peripheral_id,
        ..demo
    });
    let simulator =
        simulator.await.with_context(|| format!("cannot listen on {listen} (simulator.listen, listen_b)"))?;
    // any port: `aplomb sim ctl` finds it by the note in the data directory
    let orders =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("the simulator takes no orders")?;
    let (cti, cti_b) = (simulator.local_addr(), simulator.local_addr_b());
    let addresses = SimulatorAddresses { cti, cti_b, control: orders.local_addr()? };
    cti_sim::note_control(data_dir, &addresses.control.to_string())
        .with_context(|| format!("cannot write to {}", data_dir.display()))?;
    tokio::spawn(simulator.control().serve(orders));
    tokio::spawn(simulator.run(std::future::pending()));
    Ok(Some(addresses))
}

/// The demo says that it is ready when an agent can sign in; without a simulator it does not wait for long.
async fn wait_for_service(floor: &FloorClient) {
    let in_service = || floor.call(|floor, _| floor.system().status == Status::InService);
    let until = Instant::now() + IN_SERVICE_WITHIN;
    while Instant::now() < until && !matches!(in_service().await, Ok(true)) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn wait_for_signal() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
