//! The golden path of a mobile agent's sign-in: AGENT_STATE_EVENT answers it, and the browser shows mode, number and telephone.
//! The stages are those of `path_agent_ready`; the snapshots are in `tests/tests/snapshots/agent_mobile`.

mod path;

use floor::{
    Action, AgentStateReport, Change, CtiCommand, CtiInput, Floor, MobileAgent, MobileMode, Output, Place,
    PlaceReport, Policy, Request, SignIn, State, Terminal,
};
use ged188::Message;
use path::now;
use path::row::{AGENT, EXTENSION, Row, roster, walk};

/// AGENT_STATE_EVENT, version 24, written by hand: agent 1001003 is not ready (2) at 2003, on the telephone SEP0003
/// (ActiveTerminal), with a number behind the instrument.
const FRAME: &str = "
    00000079 0000001e
    00000000 00001388 00000000 0011 0002 00000000 ffffffff ffffffff 0000 0002 0000
    00000001 00000000 0001 00000001 00001389 00000000 0000 00000000
    0003 0005 5465 7374 00
    0005 0008 3130 3031 3030 3300
    0004 0005 3230 3033 00
    012f 0008 5345 5030 3030 3300
    0006 000d 3230 3033 3b35 3535 3031 3233 00";

#[test]
fn a_frame_that_answers_a_mobile_agents_sign_in_shows_in_the_browser() {
    walk(Row { folder: "agent_mobile", frame: FRAME, floor: signing_in(), input, describe, followed: 0 });
}

/// A floor in service where the agent has asked to sign in with a nailed connection.
fn signing_in() -> Floor {
    let now = now();
    let terminal = Terminal { id: "SEP0003".into(), kind: 684, kind_name: "Desk phone".into() };
    let terminals = [(EXTENSION.to_owned(), [terminal].into())].into();
    let mut floor = Floor::new(roster(), Policy { mobile_agents: true, terminals, ..Policy::default() });
    let server = "cti.example:42027".to_owned();
    floor.handle_cti(now, CtiInput::LinkUp { version: 24, peripheral_id: 5000, heartbeat_secs: 5, server });
    while let Some(output) = floor.poll_output() {
        if let Output::Cti(CtiCommand::QueryAgentState { token, agent }) = output {
            let signed_out = AgentStateReport {
                agent,
                extension: None,
                place: PlaceReport::default(),
                state: State::Logout,
                reason: None,
                next: None,
                answers: Some(token),
            };
            floor.handle_cti(now, CtiInput::AgentState(signed_out));
        }
    }
    let mobile = MobileAgent { mode: MobileMode::NailedConnection, dial_number: "5550123".into() };
    let place = Place { mobile: Some(mobile), terminal: Some("SEP0003".into()) };
    let action = Action::SignIn(SignIn { extension: EXTENSION.into(), password: None, place });
    let request_id = Some("my-1".to_owned());
    let request = Request { actor: AGENT.into(), agent: AGENT.into(), action, request_id };
    floor.request(now, request).expect("the floor takes it");
    while floor.poll_output().is_some() {}
    floor
}

fn input(message: &Message) -> Option<CtiInput> {
    let Message::AgentStateEvent(event) = message else { return None };
    cti::report(event, &cti::Metrics::default()).map(CtiInput::AgentState)
}

fn describe(change: &Change) -> String {
    let Change::Agent { agent, request_id } = change else { panic!("not an agent: {change:?}") };
    let mobile = agent.place.mobile.as_ref().map(|mobile| (mobile.mode.name(), mobile.dial_number.as_str()));
    let (mode, number) = mobile.unwrap_or_default();
    format!(
        "agent {} at {}: {}, answers {}\nmobile: {mode} {number}\ntelephone: {} of {}\n",
        agent.id(),
        agent.extension,
        agent.state.name(),
        request_id.as_deref().unwrap_or("nobody"),
        agent.place.terminal.as_deref().unwrap_or("any"),
        agent.terminals.len(),
    )
}
