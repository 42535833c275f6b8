//! What control requests ask for.

use super::numbers;

numbers! {
    /// SupervisoryAction of SUPERVISE_CALL_REQ.
    pub struct SupervisoryAction(pub u16) default 0 {
        CLEAR = 0, "SUPERVISOR_CLEAR";
        MONITOR = 1, "SUPERVISOR_MONITOR";
        WHISPER = 2, "SUPERVISOR_WHISPER";
        BARGE_IN = 3, "SUPERVISOR_BARGE_IN";
        INTERCEPT = 4, "SUPERVISOR_INTERCEPT";
    }
}

numbers! {
    /// ConsultType of CONSULTATION_CALL_REQ.
    pub struct ConsultType(pub u16) default 0 {
        UNSPECIFIED = 0, "CT_UNSPECIFIED";
        TRANSFER = 1, "CT_TRANSFER";
        CONFERENCE = 2, "CT_CONFERENCE";
    }
}
