//! The golden path of the system: OPEN_CONF opens the link, and every browser learns that one can work. The stages are
//! those of `path_agent_ready`; the snapshots are in `tests/tests/snapshots/system_in_service`.

mod path;

use floor::{Change, CtiInput, Floor, Policy, Roster};
use ged188::Message;
use path::row::{Row, walk};

/// OPEN_CONF, version 24, written by hand: invoke id 1, services 0x96, no monitor, PG status 0, a time, peripheral on line,
/// type 17, agent state 0, department 0, session type 0.
const FRAME: &str = "
    00000020 00000004
    00000001 00000096 00000000 00000000 65e2d0f2 0001 0011 0000 00000000 0000";

#[test]
fn a_frame_that_opens_the_link_puts_the_browsers_in_service() {
    // Nobody to ask for, so the system is in service at once.
    let floor = Floor::new(Roster::default(), Policy::default());
    walk(Row { folder: "system_in_service", frame: FRAME, floor, input, describe, followed: 0 });
}

fn input(message: &Message) -> Option<CtiInput> {
    let Message::OpenConf(_) = message else { return None };
    Some(cti::opened(&cti::Config::default(), 24, "cti.example:42027"))
}

fn describe(change: &Change) -> String {
    let Change::System { system, at } = change else { panic!("not the system: {change:?}") };
    let server = system.cti.as_ref().map_or("", |cti| cti.server.as_str());
    format!("system: {} {:?}\nlink to {server}\nat {at}\n", system.status.name(), system.status_reason)
}
