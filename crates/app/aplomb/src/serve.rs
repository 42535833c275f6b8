//! `aplomb serve`: the path again, in code.

mod books;
mod place;
mod settings;
mod simulator;

pub(crate) use place::{data_dir, state_directory};
pub(crate) use simulator::SimulatorAddresses;

use crate::cli::ServeArgs;
use crate::config::{self, Config};
use crate::finesse_log::{self, log_requests};
use crate::floor_task::{CTI_INPUTS, FloorTask, Inputs, JOBS, QUESTIONS};
use crate::health::{self, Health};
use crate::journal::{What, keep_books, note_refused_calls};
use crate::listeners::Listeners;
use crate::metrics::FloorMetrics;
use crate::people::{self, People};
use crate::policy::NodePolicy;
use crate::present_policy::PresentPolicy;
use crate::strangers::Strangers;
use crate::warnings::Warnings;
use crate::{
    audited, beginnings, demo, directory, greeting, log, media_task, metrics, policy, pulse, recording, site,
    sso_keys, store,
};
use anyhow::ensure;
use axum::Router;
use axum::middleware::from_fn_with_state;
use books::{diagnostician, finesse_log, open_journal};
use credentials::Checker;
use floor::{Floor, Status};
use notification::Service;
use place::{raise_file_limit, tls};
use prometheus_client::registry::Registry;
use rest::FloorClient;
use settings::{read_config, warn_of_weak_settings};
use simulator::BuiltIn;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, oneshot, watch};

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
    let (tell_trouble, troubles) = mpsc::channel(health::TROUBLES);
    let listen_metrics = listen::Metrics::register(&mut registry).telling(tell_trouble);
    let listeners = Listeners::bind(&config, &tls, &listen_metrics).await?;
    let simulator = BuiltIn::start(&args, &config, &data_dir).await?;
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
        room_mib: config.journal.disk_mib_low,
        store: stored.as_ref().map(::store::Store::follow_health),
        certificate_ends: health::ends(&identity),
        listeners: listeners.addresses(),
        gauges: health::Gauges::register(&mut registry),
        troubles,
        not_accepted: Default::default(),
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
        mobile_agents: config.calls.mobile_agents,
        terminals: site::terminals(&config),
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
    let memory = store::tasks(stored.as_ref()).await?;
    let (media, to_media) =
        media_task::start(media_domains, grace, memory, notification.clone(), floor_metrics.clone());
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
        media: media.clone(),
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
        .layer(from_fn_with_state((finesse_log.clone(), stored.clone()), log_requests));
    let router =
        Router::new().merge(rest).merge(desktop::router(config.for_desktops())).fallback(desktop::not_found);

    if let Some(keys) = keys {
        tokio::spawn(sso_keys::follow(keys, checker.clone()));
    }
    if let Some(store) = stored.clone() {
        let (config, notification, floor) = (config.clone(), notification.clone(), floor.clone());
        let (taken, changes) = watch::channel(revision);
        tokio::spawn(audited::follow(store.clone(), journal.clone(), store.revision().await?, changes));
        let untold = Default::default();
        let people = People { config, store, checker, policy, floor, notification, untold, taken };
        tokio::spawn(people.follow(revision));
    }

    let simulator = simulator.map(|simulator| simulator.take_orders(media.clone()));
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
    let _ = media.call(|_, _| ()).await;
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
