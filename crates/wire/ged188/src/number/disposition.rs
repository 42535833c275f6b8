//! How a call ended.

use super::numbers;

numbers! {
    /// CalledPartyDisposition; 0 while the call lasts. 56 is absent in print.
    pub struct Disposition(pub u16) default 0 {
        ABANDONED_IN_NETWORK = 1, "Abandoned in Network";
        ABANDONED_IN_LOCAL_QUEUE = 2, "Abandoned in Local Queue";
        ABANDONED_RING = 3, "Abandoned Ring";
        ABANDONED_DELAY = 4, "Abandoned Delay";
        ABANDONED_INTERFLOW = 5, "Abandoned Interflow";
        ABANDONED_AGENT_TERMINAL = 6, "Abandoned Agent Terminal";
        SHORT = 7, "Short";
        BUSY = 8, "Busy";
        FORCED_BUSY = 9, "Forced Busy";
        DISCONNECT_DROP_NO_ANSWER = 10, "Disconnect/drop no answer";
        DISCONNECT_DROP_BUSY = 11, "Disconnect/drop busy";
        DISCONNECT_DROP_REORDER = 12, "Disconnect/drop reorder";
        DISCONNECT_DROP_HANDLED_PRIMARY_ROUTE = 13, "Disconnect/drop handled primary route";
        DISCONNECT_DROP_HANDLED_OTHER = 14, "Disconnect/drop handled other";
        REDIRECTED = 15, "Redirected";
        CUT_THROUGH = 16, "Cut Through";
        INTRAFLOW = 17, "Intraflow";
        INTERFLOW = 18, "Interflow";
        RING_NO_ANSWER = 19, "Ring No Answer";
        INTERCEPT_REORDER = 20, "Intercept reorder";
        INTERCEPT_DENIAL = 21, "Intercept denial";
        TIME_OUT = 22, "Time Out";
        VOICE_ENERGY = 23, "Voice Energy";
        NON_CLASSIFIED_ENERGY_DETECTED = 24, "Non-classified Energy Detected";
        NO_CUT_THROUGH = 25, "No Cut Through";
        U_ABORT = 26, "U-Abort";
        FAILED_SOFTWARE = 27, "Failed Software";
        BLIND_TRANSFER = 28, "Blind Transfer";
        ANNOUNCED_TRANSFER = 29, "Announced Transfer";
        CONFERENCED = 30, "Conferenced";
        DUPLICATE_TRANSFER = 31, "Duplicate Transfer";
        UNMONITORED_DEVICE = 32, "Unmonitored Device";
        ANSWERING_MACHINE = 33, "Answering Machine";
        NETWORK_BLIND_TRANSFER = 34, "Network Blind Transfer";
        TASK_ABANDONED_IN_ROUTER = 35, "Task Abandoned in Router";
        TASK_ABANDONED_BEFORE_OFFERED = 36, "Task Abandoned Before Offered";
        TASK_ABANDONED_WHILE_OFFERED = 37, "Task Abandoned While Offered";
        NORMAL_END_TASK = 38, "Normal End Task";
        CANT_OBTAIN_TASK_ID = 39, "Can't Obtain Task ID";
        AGENT_LOGGED_OUT_DURING_TASK = 40, "Agent Logged Out During Task";
        MAXIMUM_TASK_LIFETIME_EXCEEDED = 41, "Maximum Task Lifetime Exceeded";
        APPLICATION_PATH_WENT_DOWN = 42, "Application Path Went Down";
        UNIFIED_CCE_ROUTING_COMPLETE = 43, "Unified CCE Routing Complete";
        UNIFIED_CCE_ROUTING_DISABLED = 44, "Unified CCE Routing Disabled";
        APPLICATION_INVALID_MRD_ID = 45, "Application Invalid MRD ID";
        APPLICATION_INVALID_DIALOGUE_ID = 46, "Application Invalid Dialogue ID";
        APPLICATION_DUPLICATE_DIALOGUE_ID = 47, "Application Duplicate Dialogue ID";
        APPLICATION_INVALID_INVOKE_ID = 48, "Application Invalid Invoke ID";
        APPLICATION_INVALID_SCRIPT_SELECTOR = 49, "Application Invalid Script Selector";
        APPLICATION_TERMINATE_DIALOGUE = 50, "Application Terminate Dialogue";
        TASK_ENDED_DURING_APPLICATION_INIT = 51, "Task Ended During Application Init";
        CALLED_PARTY_DISCONNECTED = 52, "Called Party Disconnected";
        PARTIAL_CALL = 53, "Partial Call";
        DROP_NETWORK_CONSULT = 54, "Drop Network Consult";
        NETWORK_CONSULT_TRANSFER = 55, "Network Consult Transfer";
        ABANDON_NETWORK_CONSULT = 57, "Abandon Network Consult";
        ROUTER_REQUERY_BEFORE_ANSWER = 58, "Router Requery Before Answer";
        ROUTER_REQUERY_AFTER_ANSWER = 59, "Router Requery After Answer";
        NETWORK_ERROR = 60, "Network Error";
        NETWORK_ERROR_BEFORE_ANSWER = 61, "Network Error Before Answer";
        NETWORK_ERROR_AFTER_ANSWER = 62, "Network Error After Answer";
        TASK_TRANSFER = 63, "Task Transfer";
        APPLICATION_DISCONNECTED = 64, "Application Disconnected";
        TASK_TRANSFERRED_ON_AGENT_LOGOUT = 65, "Task Transferred on Agent Logout";
    }
}
