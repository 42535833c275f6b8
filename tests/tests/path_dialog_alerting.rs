//! The golden path of a dialog: CALL_DELIVERED_EVENT makes a call ring in an agent's browser. The stages are those of
//! `path_agent_ready`; the snapshots are in `tests/tests/snapshots/dialog_alerting`.

mod path;

use floor::{
    CallData, CallEvent, CallHappened, CallId, CallType, Cause, Change, Connection, CtiInput, Floor,
};
use ged188::Message;
use path::now;
use path::row::{Row, floor, walk};

/// CALL_DELIVERED_EVENT, version 24, written by hand: monitor 0, peripheral 5000 of type 17, call 16777217; line 0,
/// inbound ACD; no service, skill group 1 (5001); alerting an agent's device, calling an external one, called a route
/// point, redirected by none; ringing, no cause, one variable and no array; then the devices' ids, ANI, the dialled
/// number, variable 1 and the ECC variable `user.level`.
const FRAME: &str = "
    0000008c 00000009
    00000000 00001388 0011 0000 01000001 0000 0000 ffffffff ffffffff 00000001 00001389 0000
    004c 004b 004a ffff 0002 ffff 0001 0000
    0019 0005 3230303300
    001a 0005 3230303300
    001b 0008 3535353031393900
    001c 0005 3630303100
    0008 0008 3535353031393900
    000b 0005 3630303100
    000d 0005 676f6c6400
    0052 000d 757365722e6c6576656c00 3300";

#[test]
fn a_frame_that_says_delivered_rings_in_the_agents_browser() {
    let row = Row { folder: "dialog_alerting", frame: FRAME, floor: before(), input, describe, followed: 0 };
    walk(row);
}

/// The call has begun, and nobody has heard of it.
fn before() -> Floor {
    let mut floor = floor();
    let connection = Connection { call: CallId(0x0100_0001), dynamic: false, device: "".into() };
    let begun = CallHappened::Begun {
        call_type: CallType::PrerouteAcdIn,
        data: Box::new(CallData { dnis: Some("5550100".into()), ..CallData::default() }),
    };
    floor.handle_cti(now(), CtiInput::Call(CallEvent { connection, cause: Cause::None, what: begun }));
    assert!(floor.poll_output().is_none());
    floor
}

fn input(message: &Message) -> Option<CtiInput> {
    cti::call_event(message, &cti::Metrics::default()).map(CtiInput::Call)
}

fn describe(change: &Change) -> String {
    let Change::Dialog { dialog, event, told } = change else { panic!("not a dialog: {change:?}") };
    let parts: Vec<String> = dialog
        .participants
        .iter()
        .map(|part| {
            let actions: Vec<&str> = part.actions.iter().map(|action| action.name()).collect();
            format!("  {} {} [{}]\n", part.address.as_str(), part.state.name(), actions.join(" "))
        })
        .collect();
    format!(
        "dialog {}: {event:?}, {}\nfrom {} to {}\n{}told {told:?}\n",
        dialog.id,
        dialog.state.name(),
        dialog.from.as_str(),
        dialog.to.as_str(),
        parts.concat(),
    )
}
