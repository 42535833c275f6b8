//! Active and standby servers, from version 24 on.

use super::declare::messages;

messages! {
    /// A standby server has become the active one.
    277 "STANDBY_ACTIVE_EVENT_MSG" StandbyActiveEventMsg "D25 D24 CTM; medium" {
    }

    /// The server wants to go into maintenance; an answer is due within 5 s.
    278 "ACTIVE_MAINTENANCE_REQ_MSG" ActiveMaintenanceReqMsg "D25 D24 CTM; medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
        }
    }

    /// Whether the client agrees.
    279 "ACTIVE_MAINTENANCE_RESP_MSG" ActiveMaintenanceRespMsg "D25 D24 CTM; medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
            maintenance_mode_accepted: bool = "MaintenanceModeAccepted";
        }
    }

    /// Maintenance has begun or was called off.
    280 "ACTIVE_MAINTENANCE_EVENT_MSG" ActiveMaintenanceEventMsg "D25 D24 CTM; medium" {
        fixed {
            maintenance_mode_status: bool = "MaintenanceModeStatus";
        }
    }

    /// The client sends no more requests to this side.
    281 "STOPPING_REQUESTS_TO_THIS_SIDE_IND" StoppingRequestsToThisSideInd "D25 D24 CTM; medium" {
    }
}
