//! What a client asks after it has missed something.

use super::call::{Call, LineState};
use super::fact::{CallFact, Fact, What, cause};
use super::{Endpoint, Exchange};

/// A call at a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeviceCall {
    /// ConnectionCallID.
    pub(crate) id: u32,
    /// CallState.
    pub(crate) state: LineState,
    /// SilentMonitorStatus: 0 none, 1 listens, 2 is listened to.
    pub(crate) monitor: u16,
}

impl Exchange {
    /// SNAPSHOT_DEVICE_REQ: the calls at a telephone of the house. `None` when there is no such telephone.
    pub(crate) fn calls_at(&self, device: &str) -> Option<Vec<DeviceCall>> {
        let at = |call: &Call| {
            let party = call.party(device)?;
            let monitor = match (call.listens_to, party.silent) {
                (None, _) => 0,
                (Some(_), false) => 1,
                (Some(_), true) => 2,
            };
            Some(DeviceCall { id: call.id, state: party.state, monitor })
        };
        self.agents.has_device(device).then(|| self.calls.values().filter_map(at).collect())
    }

    /// What a client that comes back is told of the calls in progress at a device, or everywhere (`None`):
    /// BEGIN_CALL_EVENT when it lost the session, else (the other side has become active) CALL_DELIVERED_EVENT or
    /// CALL_ESTABLISHED_EVENT with EventCause 50.
    pub(crate) fn in_progress(&self, device: Option<&str>, switched: bool) -> Vec<Fact> {
        let wanted = |call: &&Call| match device {
            Some(device) => call.party(device).is_some(),
            None => call.parties.iter().any(|party| party.endpoint.is_agent()),
        };
        let calls = self.calls.values().filter(wanted);
        calls.flat_map(|call| if switched { rebuilt(call) } else { vec![begun(call)] }).collect()
    }
}

fn begun(call: &Call) -> Fact {
    Fact::Call(Box::new(CallFact::new(call, &call.first, cause::NONE, What::Begun)))
}

/// One event for each telephone of the house.
fn rebuilt(call: &Call) -> Vec<Fact> {
    let at = |endpoint: &Endpoint, state: LineState| {
        let what = match state {
            LineState::Alerting => What::Delivered { alerting: endpoint.clone() },
            _ => What::Established { answering: endpoint.clone() },
        };
        Fact::Call(Box::new(CallFact::new(call, endpoint, cause::PARTY_UPDATE, what)))
    };
    let inside = call.parties.iter().filter(|party| party.endpoint.is_agent());
    let known = inside
        .filter(|party| matches!(party.state, LineState::Alerting | LineState::Connected | LineState::Held));
    known.map(|party| at(&party.endpoint, party.state)).collect()
}
