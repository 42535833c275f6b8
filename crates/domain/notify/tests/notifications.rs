//! What goes to which node, to the byte.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod identity;

use aplomb_notify::{Notification, Ports, SystemIdentity, notifications};
use floor::*;
use identity::identity;
use jiff::Timestamp;
use std::sync::Arc;

fn moment() -> Timestamp {
    Timestamp::from_millisecond(1_772_000_096_007).unwrap()
}

fn agent() -> Agent {
    let team = Arc::new(Team { id: TeamId(31), name: "Letters & parcels".into() });
    let profile = Profile {
        id: AgentId::from("8001"),
        login_name: "agent8001".into(),
        first_name: "Agent".into(),
        last_name: "Eight <1>".into(),
        team: team.id,
        roles: Roles { agent: true, supervisor: false },
        supervises: Vec::new(),
        settings: Settings { wrap_up_on_incoming: WrapUp::Required, wrap_up_on_outgoing: None },
        wrap_up_timer_secs: None,
    };
    Agent {
        profile: Arc::new(profile),
        team,
        supervises: Arc::new([]),
        extension: "601".into(),
        place: Place::default(),
        terminals: Arc::default(),
        state: State::Ready,
        pending: None,
        reason: None,
        changed_at: Some(moment()),
    }
}

fn supervisor() -> Agent {
    let mut agent = agent();
    let profile = Arc::make_mut(&mut agent.profile);
    profile.roles.supervisor = true;
    profile.settings.wrap_up_on_outgoing = Some(WrapUp::NotAllowed);
    profile.wrap_up_timer_secs = Some(90);
    agent.supervises = [agent.team.clone(), Arc::new(Team { id: TeamId(32), name: "Returns".into() })].into();
    agent
}

fn lunch() -> Reason {
    let listed = ReasonCode {
        id: ReasonCodeId(6),
        category: ReasonCategory::NotReady,
        code: 17,
        label: "Lunch".into(),
        for_all: true,
        teams: Vec::new(),
        system_code: false,
    };
    Reason { code: 17, listed: Some(Arc::new(listed)) }
}

fn changed(agent: Agent, request_id: Option<&str>) -> Vec<Notification> {
    let change = Change::Agent { agent: Box::new(agent), request_id: request_id.map(str::to_owned) };
    notifications(&change, &identity())
}

/// The `<Update>` document as a client gets it from the element's text.
fn update(notification: &Notification) -> String {
    let document = xml::Document::parse(&notification.payload, &xml::Limits::CLIENT).unwrap();
    let root = document.root();
    assert_eq!(root.tag_name().name(), "notification");
    assert_eq!(root.tag_name().namespace(), Some("http://jabber.org/protocol/pubsub"));
    let text = root.text().unwrap().to_owned();
    xml::Document::parse(text.as_bytes(), &xml::Limits::CLIENT).unwrap();
    text
}

#[test]
fn the_payload_is_escaped_once() {
    let sent = changed(agent(), Some("req-1"));
    insta::assert_snapshot!("payload", std::str::from_utf8(&sent[0].payload).unwrap());
}

#[test]
fn a_ready_agent_has_no_reason_code_id() {
    let sent = changed(agent(), None);
    assert_eq!(sent[0].node, "/finesse/api/User/8001");
    insta::assert_snapshot!("user_ready", update(&sent[0]));
}

#[test]
fn a_supervisor_not_ready_has_teams_and_minus_one() {
    let mut agent = supervisor();
    agent.state = State::NotReady;
    let sent = changed(agent, None);
    insta::assert_snapshot!("user_supervisor_not_ready", update(&sent[0]));
}

#[test]
fn a_reason_is_shown_as_object_and_id() {
    let mut agent = agent();
    agent.state = State::NotReady;
    agent.reason = Some(lunch());
    let sent = changed(agent, None);
    insta::assert_snapshot!("user_not_ready_with_reason", update(&sent[0]));
    assert_eq!(sent[1].node, "/finesse/api/Team/31/Users");
    insta::assert_snapshot!("team_user_not_ready_with_reason", update(&sent[1]));
}

#[test]
fn an_unlisted_reason_has_no_id() {
    let mut agent = agent();
    agent.state = State::Logout;
    agent.extension = String::new();
    agent.reason = Some(Reason { code: 4711, listed: None });
    agent.changed_at = None;
    let text = update(&changed(agent, None)[0]);
    assert!(text.contains("<reasonCodeId>-1</reasonCodeId>") && !text.contains("4711"));
    assert!(text.contains("<stateChangeTime></stateChangeTime>"));
    assert!(text.contains("<extension></extension>"));
}

#[test]
fn a_mobile_agent_and_the_telephones_of_a_shared_extension_have_their_places() {
    let mut agent = agent();
    let mobile = MobileAgent { mode: MobileMode::NailedConnection, dial_number: "+815550123".into() };
    agent.place = Place { mobile: Some(mobile), terminal: Some("SEP01".into()) };
    let terminal =
        |id: &str, kind_name: &str| Terminal { id: id.into(), kind: 684, kind_name: kind_name.into() };
    agent.terminals = [terminal("SEP01", "Desk <phone>"), terminal("SEP02", "Wall phone")].into();
    let sent = changed(agent, None);
    insta::assert_snapshot!("user_mobile_on_a_shared_extension", update(&sent[0]));
    let summary = update(&sent[1]);
    assert!(!summary.contains("5550123") && !summary.contains("SEP01"), "not in lists of a team: {summary}");
}

#[test]
fn a_pending_state_is_named() {
    let mut agent = agent();
    agent.state = State::Talking;
    agent.pending = Some(State::NotReady);
    let text = update(&changed(agent, None)[0]);
    assert!(text.contains("<pendingState>NOT_READY</pendingState>"));
    assert!(!text.contains("reasonCodeId"));
}

#[test]
fn a_failure_has_the_order_of_the_original() {
    let error = (&CtiFailure::Refused {
        code: 260,
        name: "CF_INVALID_LOGON_DEVICE_SPECIFIED",
        peripheral_error: 10125,
    })
        .into();
    let change = Change::RequestFailed { agent: "8001".into(), request_id: Some("req-9".into()), error };
    let sent = notifications(&change, &identity());
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].node, "/finesse/api/User/8001");
    insta::assert_snapshot!("user_error", update(&sent[0]));
}

#[test]
fn the_system_says_its_status() {
    let cti = Cti {
        version: 24,
        peripheral_id: 77,
        heartbeat_secs: 5,
        server: "cti.example:42027".into(),
        opened_at: moment(),
    };
    let system = System {
        status: Status::InService,
        last_heartbeat: Heartbeat::Success,
        last_heartbeat_at: Some(moment()),
        cti: Some(cti),
        is_linked: true,
        ..System::default()
    };
    let identity = SystemIdentity {
        secondary_host: Some("desk-b.example".into()),
        ports: Ports { https: Some(8445), xmpp: Some(5222), xmpp_secure: None },
        cti_servers: vec!["cti.example:42027".into(), "cti-b.example:42028".into()],
        ..identity()
    };
    let sent = notifications(&Change::System { system: Box::new(system), at: moment() }, &identity);
    assert_eq!(sent[0].node, "/finesse/api/SystemInfo");
    insta::assert_snapshot!("system_in_service", update(&sent[0]));
}

#[test]
fn a_forbidden_character_never_reaches_a_subscriber_and_is_named() {
    let mut agent = agent();
    Arc::make_mut(&mut agent.profile).first_name = "A\u{1}B\u{B}".into();
    let sent = changed(agent, Some("r\u{1}"));
    assert_eq!(sent[0].replaced, [("firstName", 2), ("requestId", 1)]);
    assert!(update(&sent[0]).contains("<firstName>A\u{FFFD}B\u{FFFD}</firstName>"));
}

#[test]
fn queues_that_come_or_go_are_events_of_the_agents_list() {
    let profile = QueueProfile { id: QueueId(1_004), name: "Parcels".into(), teams: Vec::new() };
    for (added, event) in [(true, "POST"), (false, "DELETE")] {
        let queues = vec![Queue { profile: profile.clone(), statistics: None }];
        let change = Change::QueueList { agent: AgentId::from("8001"), added, queues };
        let sent = notifications(&change, &identity());
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].node, "/finesse/api/User/8001/Queues");
        let text = update(&sent[0]);
        for part in [
            "<Queues>",
            "<uri>/finesse/api/Queue/1004</uri>",
            &format!("<event>{event}</event>"),
            "<requestId></requestId>",
            "<source>/finesse/api/User/8001/Queues</source>",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
