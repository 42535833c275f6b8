//! The golden path: one CTI frame becomes bytes in an agent's browser, without a socket. Each stage is a snapshot in
//! `tests/tests/snapshots/agent_ready`; read together they are what the program does.
//!
//! | | what it is | made by |
//! |---|---|---|
//! | 1-frame | what came from the phone system | nobody: it is the input |
//! | 2-message | AGENT_STATE_EVENT | wire/ged188 |
//! | 3-change | an agent went from not ready to ready | io/cti, domain/floor |
//! | 4-notification | a node's name and an `<Update>` | domain/notify |
//! | 5-deliveries | who gets it | domain/pubsub |
//! | 6-segments | a head of the agent's own and the shared tail, in a body | wire/bosh |
//! | 7-response | what the browser reads | edge/notification |

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

mod path;

use floor::{Change, CtiInput, Floor, Now, Output, State};
use ged188::Message;
use notify::Notification;
use path::{answer, bytes, dump, identity, jid, lines, message, now, response, snapshots};
use pubsub::{Delivery, Ids, Policy, Service};

const AGENT: &str = "1001003";
const SUPERVISOR: &str = "1900001";

/// AGENT_STATE_EVENT, version 24, written by hand: MonitorID 0, peripheral 5000, session 0, type 17, skill group state
/// 3 for no group, AgentState 3 (available), reason 0, medium 1, mode 1, one task at most; signature, agent, extension,
/// instrument.
const FRAME: &str = "
    00000065 0000001e
    00000000 00001388 00000000 0011 0003 00000000 ffffffff ffffffff 0000 0003 0000
    00000001 00000000 0001 00000001 00001389 00000001 0000 00000000
    0003 0005 5465 7374 00
    0005 0008 3130 3031 3030 3300
    0004 0005 3230 3033 00
    0006 0005 3230 3033 00";

/// Everyone has their own node; supervisors may subscribe to the team's.
struct Access;

impl Policy for Access {
    fn may_subscribe(&self, user: &str, _node: &str) -> bool {
        user == SUPERVISOR
    }

    fn default_nodes(&self, user: &str) -> Vec<String> {
        vec![notify::node::user(&user.into())]
    }

    fn visible_nodes(&self, _user: &str) -> Vec<String> {
        Vec::new()
    }
}

/// A floor with one agent, signed in and not ready, and a supervisor.
fn floor(now: Now) -> Floor {
    let mut floor = Floor::new(roster(), floor::Policy::default());
    let server = "cti.example:42027".to_owned();
    floor.handle_cti(now, CtiInput::LinkUp { version: 24, peripheral_id: 5000, heartbeat_secs: 5, server });
    let report = floor::AgentStateReport {
        agent: AGENT.into(),
        extension: Some("2003".into()),
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

fn roster() -> floor::Roster {
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
        reason_codes: vec![],
    }
}

fn change(floor: &mut Floor, before: State) -> (Change, String) {
    let outputs = std::iter::from_fn(|| floor.poll_output());
    let mut changes =
        outputs.filter_map(|output| if let Output::Change(change) = output { Some(change) } else { None });
    let change = changes.next().expect("the floor changed");
    let Change::Agent { agent, request_id } = &change else { panic!("not an agent: {change:?}") };
    let text = format!(
        "agent {}: {} -> {}\nextension {}\nsince {}\nanswers {request_id:?}\n",
        agent.id(),
        before.name(),
        agent.state.name(),
        agent.extension,
        agent.changed_at.unwrap(),
    );
    (change, text)
}

/// The agent with a default subscription, the supervisor with one to the team's node.
fn service() -> Service {
    let ids = Ids::new("6f0c1f1e-7a3e-4f0b-9d55-000000000001", 7);
    let mut service = Service::new("pubsub.desk.example", Box::new(Access), ids);
    let team = notify::node::team_users(floor::TeamId(5000));
    for node in [notify::node::user(&AGENT.into()), notify::node::user(&SUPERVISOR.into()), team.clone()] {
        service.create(&node).unwrap();
    }
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

#[test]
fn a_frame_that_says_ready_becomes_bytes_in_the_agents_browser() {
    let _snapshots = snapshots("agent_ready").bind_to_scope();
    let now = now();
    let frame = bytes(FRAME);
    insta::assert_snapshot!("1-frame", dump(&frame));

    let message = message(&frame);
    insta::assert_snapshot!("2-message", format!("{message:#?}"));

    let mut floor = floor(now);
    let Message::AgentStateEvent(event) = &message else { panic!("another message") };
    let report = cti::report(event, &cti::Metrics::default()).expect("it is about an agent");
    floor.handle_cti(now, CtiInput::AgentState(report));
    let (change, text) = change(&mut floor, State::NotReady);
    insta::assert_snapshot!("3-change", text);

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

    let answer = answer(now.instant, &deliveries[0]);
    let segments: Vec<String> = answer.segments.iter().map(|s| lines(&String::from_utf8_lossy(s))).collect();
    insta::assert_snapshot!("6-segments", segments.join("\n--- next segment ---\n"));

    insta::assert_snapshot!("7-response", response(answer));
}
