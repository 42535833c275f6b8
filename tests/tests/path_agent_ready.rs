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

use bosh::{Answer, Body, RequestId, Session, Stanza};
use bytes::Bytes;
use floor::{Change, CtiInput, Floor, Now, Output, State};
use ged188::{Deframer, Dialect, Message};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use notify::{Notification, SystemIdentity};
use pubsub::{Delivery, Ids, Policy, Service};
use std::convert::Infallible;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

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

/// Snapshots without file headers that change with the code, in a folder of their own.
fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("snapshots/agent_ready");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

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

/// The moment at which the frame comes.
fn now() -> Now {
    Now { instant: Instant::now(), wall: "2026-03-02T08:15:30.250Z".parse().unwrap() }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Sixteen bytes a line, with the characters they are.
fn dump(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (line, chunk) in bytes.chunks(16).enumerate() {
        let hex: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        let shown: String =
            chunk.iter().map(|b| if b.is_ascii_graphic() { char::from(*b) } else { '.' }).collect();
        writeln!(text, "{:04x}  {:<47}  {shown}", line * 16, hex.join(" ")).unwrap();
    }
    text
}

fn message(frame: &[u8]) -> Message {
    let mut deframer = Deframer::new(ged188::limits::MESSAGE_BYTES_MAX);
    deframer.push(frame);
    let frame = deframer.next_frame().unwrap().expect("one whole frame");
    Message::decode(&frame, Dialect::cce(24)).unwrap()
}

/// A floor with one agent, signed in and not ready, and a supervisor.
fn floor(now: Now) -> Floor {
    let mut floor = Floor::new(roster(), floor::Policy::default());
    let server = "cti.example:42027".to_owned();
    floor.handle_cti(now, CtiInput::LinkUp { version: 24, peripheral_id: 5000, heartbeat_secs: 5, server });
    let report = floor::AgentStateReport {
        agent: AGENT.into(),
        extension: Some("2003".into()),
        state: State::NotReady,
        reason: None,
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

fn identity() -> SystemIdentity {
    SystemIdentity {
        host: "desk.example".into(),
        secondary_host: None,
        xmpp_domain: "desk.example".into(),
        pubsub_domain: "pubsub.desk.example".into(),
        deployment_type: "UCCE".into(),
        auth_mode: "NON_SSO".into(),
        timezone_offset_minutes: |_| 0,
    }
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

fn jid(user: &str, resource: Option<&str>) -> jid::Jid {
    let resource = resource.map(|resource| format!("/{resource}")).unwrap_or_default();
    format!("{user}@desk.example{resource}").parse().unwrap()
}

fn deliveries(notifications: &[Notification]) -> Vec<Delivery> {
    let mut service = service();
    for notification in notifications {
        service.publish(jiff::Timestamp::UNIX_EPOCH, &notification.node, &notification.payload).unwrap();
    }
    std::iter::from_fn(|| service.poll_delivery()).collect()
}

/// A session with one poll parked.
fn session(now: Instant) -> Session {
    let request =
        |text: &str| Body::parse(&Bytes::copy_from_slice(text.as_bytes()), &xml::Limits::CLIENT).unwrap();
    let create = request(
        "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='desk.example' wait='30' hold='1' ver='1.6'/>",
    );
    let mut session =
        Session::create(now, create, "0a1b2c3d".into(), &bosh::Policy::default(), true, RequestId(1))
            .unwrap();
    session.send(now, Stanza::new(&b"<stream:features/>"[..], Bytes::new()));
    while session.poll_output().is_some() {}
    let poll = request("<body xmlns='http://jabber.org/protocol/httpbind' sid='0a1b2c3d' rid='2'/>");
    session.handle_request(now + Duration::from_millis(40), poll, RequestId(2));
    assert!(session.poll_output().is_none(), "the poll is parked");
    session
}

/// What answers the parked poll once the delivery is there.
fn answer(now: Instant, delivery: &Delivery) -> Answer {
    let mut session = session(now);
    session.send(now + Duration::from_secs(3), Stanza::new(delivery.head.clone(), delivery.tail.clone()));
    match session.poll_output() {
        Some(bosh::Output::Respond { request: RequestId(2), answer }) => answer,
        other => panic!("the parked poll is answered: {other:?}"),
    }
}

/// The bytes of the HTTP response, the date apart: hyper's server on one end of a pipe, the request on the other.
fn response(answer: Answer) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
        let service = service_fn(move |_| {
            let answer = answer.clone();
            async { Ok::<_, Infallible>(notification::response(answer)) }
        });
        let serve = http1::Builder::new().serve_connection(TokioIo::new(ours), service);
        let read = async {
            let request = b"POST /http-bind/ HTTP/1.1\r\nHost: desk.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            theirs.write_all(request).await.unwrap();
            let mut response = String::new();
            theirs.read_to_string(&mut response).await.unwrap();
            response
        };
        let (served, response) = tokio::join!(serve, read);
        served.unwrap();
        let lines = response.replace("\r\n", "\n");
        lines.lines().filter(|line| !line.starts_with("date: ")).map(|line| format!("{line}\n")).collect()
    })
}

/// An XML text on several lines, for people. Nothing else is changed.
fn lines(text: &str) -> String {
    text.replace("><", ">\n<")
}

#[test]
fn a_frame_that_says_ready_becomes_bytes_in_the_agents_browser() {
    let _snapshots = snapshots().bind_to_scope();
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
