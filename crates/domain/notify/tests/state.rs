//! What is true of a node, as one update.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod identity;

use aplomb_notify::limits::STATE_OBJECTS_MAX;
use aplomb_notify::state;
use floor::*;
use identity::identity;
use jiff::Timestamp;

/// Team 31 has this many agents, from 8001 on; a queue works for it.
fn floor(agents: usize) -> Floor {
    let profile = |number: usize| Profile {
        id: AgentId::from((8_001 + number).to_string().as_str()),
        login_name: format!("agent{number}"),
        first_name: "Agent".into(),
        last_name: "With \u{1} in it".into(),
        team: TeamId(31),
        roles: Roles { agent: true, supervisor: false },
        supervises: Vec::new(),
        settings: Settings { wrap_up_on_incoming: WrapUp::Required, wrap_up_on_outgoing: None },
        wrap_up_timer_secs: None,
    };
    let teams = vec![Team { id: TeamId(31), name: "Letters".into() }];
    let roster = Roster { teams, agents: (0..agents).map(profile).collect(), reason_codes: Vec::new() };
    let mut floor = Floor::new(roster, Policy::default());
    floor.set_queues([QueueProfile { id: QueueId(77), name: "Parcels".into(), teams: vec![TeamId(31)] }]);
    floor
}

fn text(floor: &Floor, node: &str) -> Option<String> {
    let state = state(floor, &identity(), Timestamp::UNIX_EPOCH, node)?;
    assert_eq!(state.node, node);
    let text = String::from_utf8(state.payload.to_vec()).unwrap();
    assert!(text.contains("&lt;event&gt;PUT&lt;/event&gt;"), "{text}");
    Some(text.replace("&lt;", "<").replace("&gt;", ">"))
}

#[test]
fn each_node_of_the_floor_has_a_state_that_is_what_the_web_service_answers() {
    let floor = floor(2);
    let has = |node: &str, parts: &[&str]| {
        let text = text(&floor, node).unwrap_or_else(|| panic!("{node} has a state"));
        for part in parts {
            assert!(text.contains(part), "{part} in the state of {node}: {text}");
        }
    };
    has("/finesse/api/User/8001", &["<user>", "<state>LOGOUT</state>", "<source>/finesse/api/User/8001<"]);
    has(
        "/finesse/api/User/8001/Dialogs",
        &["<dialogs></dialogs>", "<source>/finesse/api/User/8001/Dialogs<"],
    );
    has("/finesse/api/User/8001/Queues", &["<Queues>", "<uri>/finesse/api/Queue/77</uri>"]);
    has("/finesse/api/Queue/77", &["<Queue>", "<name>Parcels</name>", "<callsInQueue>-1<"]);
    has(
        "/finesse/api/Team/31/Users",
        &["<team>", "<loginId>8001</loginId>", "<loginId>8002</loginId>", "<source>/finesse/api/Team/31<"],
    );
    has("/finesse/api/SystemInfo", &["<systemInfo>", "<status>OUT_OF_SERVICE</status>"]);
}

#[test]
fn what_the_floor_does_not_know_has_no_state() {
    let floor = floor(2);
    for node in [
        "/finesse/api/User/9999",
        "/finesse/api/User/9999/Dialogs",
        "/finesse/api/User/8001/ClientLog",
        "/finesse/api/Team/99/Users",
        "/finesse/api/Queue/1",
        "made by somebody",
    ] {
        assert_eq!(text(&floor, node), None, "{node}");
    }
}

#[test]
fn a_team_past_the_bound_is_left_to_the_web_service() {
    let node = "/finesse/api/Team/31/Users";
    assert!(text(&floor(STATE_OBJECTS_MAX), node).is_some());
    assert!(text(&floor(STATE_OBJECTS_MAX + 1), node).is_none());
}

#[test]
fn a_state_says_which_characters_were_replaced() {
    let state = state(&floor(1), &identity(), Timestamp::UNIX_EPOCH, "/finesse/api/User/8001").unwrap();
    assert_eq!(state.replaced, [("lastName", 1)]);
}
