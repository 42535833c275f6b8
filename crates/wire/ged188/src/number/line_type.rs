//! Kinds of lines.

use super::numbers;

numbers! {
    /// LineType: what a line is for.
    pub struct LineType(pub u16) default 3 {
        INBOUND_ACD = 0, "LINETYPE_INBOUND_ACD";
        OUTBOUND_ACD = 1, "LINETYPE_OUTBOUND_ACD";
        INSIDE = 2, "LINETYPE_INSIDE";
        UNKNOWN = 3, "LINETYPE_UNKNOWN";
        SUPERVISOR = 4, "LINETYPE_SUPERVISOR";
        MESSAGE = 5, "LINETYPE_MESSAGE";
        HELP = 6, "LINETYPE_HELP";
        OUTBOUND = 7, "LINETYPE_OUTBOUND";
        DID = 8, "LINETYPE_DID";
        SILENT_MONITOR = 9, "LINETYPE_SILENT_MONITOR";
        NON_ACD_IN = 10, "LINETYPE_NON_ACD_IN";
        NON_ACD_OUT = 11, "LINETYPE_NON_ACD_OUT";
    }
}
