//! The golden path of a team: an agent's AGENT_STATE_EVENT reaches the browser of the supervisor who watches the team. The
//! stages are those of `path_agent_ready`; the snapshots are in `tests/tests/snapshots/team_member`.

mod path;

use floor::{Change, CtiInput};
use ged188::Message;
use path::row::{Row, floor, walk};

/// AGENT_STATE_EVENT, version 24, written by hand: as in `path_agent_ready`, but AgentState 1 (logout) with reason 255,
/// as after a presence-driven logout, and without an extension.
const FRAME: &str = "
    00000053 0000001e
    00000000 00001388 00000000 0011 0001 00000000 ffffffff ffffffff 0000 0001 00ff
    00000001 00000000 0001 00000001 00001389 00000000 0000 00000000
    0003 0005 5465 7374 00
    0005 0008 3130 3031 3030 3300";

#[test]
fn a_frame_that_says_logout_shows_in_the_supervisors_browser() {
    walk(Row { folder: "team_member", frame: FRAME, floor: floor(), input, describe, followed: 1 });
}

fn input(message: &Message) -> Option<CtiInput> {
    let Message::AgentStateEvent(event) = message else { return None };
    cti::report(event, &cti::Metrics::default()).map(CtiInput::AgentState)
}

fn describe(change: &Change) -> String {
    let Change::Agent { agent, .. } = change else { panic!("not an agent: {change:?}") };
    let reason = agent.reason.as_ref();
    let label = reason.and_then(|reason| reason.listed.as_ref()).map_or("", |listed| listed.label.as_str());
    format!(
        "team {}, agent {}: {}\nreason {} {label}\n",
        agent.profile.team,
        agent.id(),
        agent.state.name(),
        reason.map(|reason| reason.code).unwrap_or_default(),
    )
}
