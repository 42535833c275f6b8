//! Active and standby sides of a CTI server pair (GED-188 from version 24 on).

use ged188::Message;
use ged188::message::{ActiveMaintenanceRespMsg, StoppingRequestsToThisSideInd};

/// The answer to a message about a switch of sides; `None` for messages that want none.
///
/// A switch for maintenance is agreed to when the other side has a standby session of ours: then nothing is lost by it.
pub(crate) fn answer(message: &Message, standby_ready: bool, server: &str) -> Option<Message> {
    match message {
        Message::ActiveMaintenanceReqMsg(request) => {
            tracing::info!(server, agreed = standby_ready, "the CTI server asks to go into maintenance");
            let answer = ActiveMaintenanceRespMsg {
                invoke_id: request.invoke_id,
                maintenance_mode_accepted: standby_ready,
                ..ActiveMaintenanceRespMsg::default()
            };
            Some(answer.into())
        }
        Message::ActiveMaintenanceEventMsg(event) => {
            let begins = event.maintenance_mode_status;
            tracing::info!(server, begins, "the CTI server speaks of its maintenance");
            None
        }
        _ => None,
    }
}

/// STOPPING_REQUESTS_TO_THIS_SIDE_IND.
pub(crate) fn stopping_requests() -> Message {
    StoppingRequestsToThisSideInd::default().into()
}
