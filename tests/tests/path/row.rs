//! A row of the picture whose golden path is nothing but the seven stages, one after the other.

#![allow(dead_code, reason = "not every row is walked this way")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use super::{answer, bytes, dump, identity, jid, lines, message, now, response};
use floor::{Change, CtiInput, Floor, Output, State};
use ged188::Message;
use notify::Notification;
use pubsub::{Delivery, Ids, Policy, Service};

pub(crate) const AGENT: &str = "1001003";
pub(crate) const EXTENSION: &str = "2003";
pub(crate) const SUPERVISOR: &str = "1900001";

/// Snapshots without file headers that change with the code, in a folder of their own.
fn snapshots(folder: &str) -> insta::Settings {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(format!("../snapshots/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// A row of the picture: a frame, what is known before it comes, and how the change reads.
pub(crate) struct Row<'a> {
    /// The folder of its snapshots.
    pub(crate) folder: &'a str,
    /// Hexadecimal digits.
    pub(crate) frame: &'a str,
    /// As it was before.
    pub(crate) floor: Floor,
    /// The message in the floor's words.
    pub(crate) input: fn(&Message) -> Option<CtiInput>,
    /// The change for people.
    pub(crate) describe: fn(&Change) -> String,
    /// Which of the deliveries is followed to the browser.
    pub(crate) followed: usize,
}

/// Sends the frame down the path.
pub(crate) fn walk(row: Row<'_>) {
    let _snapshots = snapshots(row.folder).bind_to_scope();
    let now = now();
    let frame = bytes(row.frame);
    insta::assert_snapshot!("1-frame", dump(&frame));

    let message = message(&frame);
    insta::assert_snapshot!("2-message", format!("{message:#?}"));

    let mut floor = row.floor;
    floor.handle_cti(now, (row.input)(&message).expect("the floor has a word for it"));
    let change = change(&mut floor);
    insta::assert_snapshot!("3-change", (row.describe)(&change));

    let notifications = notify::notifications(&change, &identity());
    let texts: Vec<String> = notifications
        .iter()
        .map(|n| format!("{}\n{}\n", n.node, String::from_utf8_lossy(&n.payload)))
        .collect();
    insta::assert_snapshot!("4-notification", texts.join("\n"));

    let deliveries = deliveries(&notifications);
    let who: Vec<String> =
        deliveries.iter().map(|d| format!("{}\n  {}", d.to, String::from_utf8_lossy(&d.head))).collect();
    insta::assert_snapshot!("5-deliveries", who.join("\n"));

    let answer = answer(now.instant, &deliveries[row.followed]);
    let segments: Vec<String> = answer.segments.iter().map(|s| lines(&String::from_utf8_lossy(s))).collect();
    insta::assert_snapshot!("6-segments", segments.join("\n--- next segment ---\n"));

    insta::assert_snapshot!("7-response", response(answer));
}

/// Everyone has their own node; supervisors may subscribe to the team's.
struct Access;

impl Policy for Access {
    fn may_subscribe(&self, user: &str, _node: &str) -> bool {
        user == SUPERVISOR
    }

    fn default_nodes(&self, user: &str) -> Vec<String> {
        vec![
            notify::node::user(&user.into()),
            notify::node::dialogs(&user.into()),
            notify::node::SYSTEM_INFO.into(),
        ]
    }

    fn visible_nodes(&self, _user: &str) -> Vec<String> {
        Vec::new()
    }
}

/// A floor in service with one agent, signed in and not ready, and a supervisor.
pub(crate) fn floor() -> Floor {
    let now = now();
    let mut floor = Floor::new(roster(), floor::Policy::default());
    let server = "cti.example:42027".to_owned();
    floor.handle_cti(now, CtiInput::LinkUp { version: 24, peripheral_id: 5000, heartbeat_secs: 5, server });
    let report = floor::AgentStateReport {
        agent: AGENT.into(),
        extension: Some(EXTENSION.into()),
        place: floor::PlaceReport::default(),
        state: State::NotReady,
        reason: None,
        next: None,
        answers: None,
    };
    floor.handle_cti(now, CtiInput::AgentState(report));
    while floor.poll_output().is_some() {}
    floor
}

pub(crate) fn roster() -> floor::Roster {
    let team = floor::TeamId(5000);
    let settings = floor::Settings {
        wrap_up_on_incoming: floor::WrapUp::Optional,
        wrap_up_on_outgoing: Some(floor::WrapUp::Optional),
    };
    let profile = |id: &str, name: (&str, &str), supervises: Vec<floor::TeamId>| floor::Profile {
        id: id.into(),
        login_name: format!("login{id}"),
        first_name: name.0.into(),
        last_name: name.1.into(),
        team,
        roles: floor::Roles { agent: true, supervisor: !supervises.is_empty() },
        supervises,
        settings,
        wrap_up_timer_secs: None,
    };
    floor::Roster {
        teams: vec![floor::Team { id: team, name: "Team 5000".into() }],
        agents: vec![
            profile(AGENT, ("Agent", "3"), vec![]),
            profile(SUPERVISOR, ("Supervisor", "1"), vec![team]),
        ],
        reason_codes: floor::cce_system_reason_codes(floor::ReasonCodeId(100_000)),
    }
}

/// The first change that the frame brought.
fn change(floor: &mut Floor) -> Change {
    let outputs = std::iter::from_fn(|| floor.poll_output());
    let mut changes =
        outputs.filter_map(|output| if let Output::Change(change) = output { Some(change) } else { None });
    changes.next().expect("the floor changed")
}

/// The agent with a default subscription, the supervisor with one to the team's node.
fn service() -> Service {
    let ids = Ids::new("6f0c1f1e-7a3e-4f0b-9d55-000000000001", 7);
    let mut service = Service::new("pubsub.desk.example", Box::new(Access), ids);
    let team = notify::node::team_users(floor::TeamId(5000));
    for user in [AGENT, SUPERVISOR] {
        service.create(&notify::node::user(&user.into())).unwrap();
        service.create(&notify::node::dialogs(&user.into())).unwrap();
    }
    service.create(&team).unwrap();
    service.create(notify::node::SYSTEM_INFO).unwrap();
    service.make_defaults(&jid(AGENT, None).to_bare());
    let supervisor = jid(SUPERVISOR, Some("watch"));
    service.subscribe(jiff::Timestamp::UNIX_EPOCH, &supervisor, &team, &supervisor, None).unwrap();
    service
}

fn deliveries(notifications: &[Notification]) -> Vec<Delivery> {
    let mut service = service();
    for notification in notifications {
        service.publish(jiff::Timestamp::UNIX_EPOCH, &notification.node, &notification.payload).unwrap();
    }
    std::iter::from_fn(|| service.poll_delivery()).collect()
}
