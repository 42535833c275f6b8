//! How much the floor takes on at once.

/// Requests of one agent: the one that waits for its outcome and those behind it. People click a few times at
/// most; more is a program gone wild, and would only pile up time-outs.
pub const REQUESTS_PER_AGENT_MAX: usize = 8;

/// Questions about agents' states outstanding at a time while the floor catches up with the CTI server.
/// Large enough to hide the round trip, small enough not to flood the link's mailbox and the server.
pub const QUERIES_OUTSTANDING_MAX: usize = 64;

/// Bytes of an extension: AgentInstrument of GED-188 holds 64 with its terminator.
pub const EXTENSION_BYTES_MAX: usize = 63;

/// Calls known at a time. A house of 2,000 agents has about 1,400 (JMX warning threshold of the original) and some
/// more in queues; beyond this, new calls are not followed.
pub const CALLS_MAX: usize = 20_000;

/// Ended calls whose ids are remembered, so that an END_CALL that comes again is not taken for a call that nobody saw.
/// Repetitions come within seconds; 2,000 agents end about 10 calls a second.
pub const ENDED_CALLS_MAX: usize = 1_024;

/// Participants of a call that are followed. Conference bridges carry 8 to 16.
pub const PARTICIPANTS_PER_CALL_MAX: usize = 32;

/// Bytes of one value of a call's data: NamedVariable of GED-188 holds 251.
pub const VALUE_BYTES_MAX: usize = 251;

/// ECC variables of a call, elements of arrays counted one by one. The protocol allows 2,000 bytes of them.
pub const ECC_VARIABLES_MAX: usize = 256;

/// Bytes of a call variable that a client may set (Finesse guide, UPDATE_CALL_DATA).
pub const CALL_VARIABLE_BYTES_MAX: usize = 40;

/// Bytes of all ECC variables together that a client may set, names included (Finesse guide, UPDATE_CALL_DATA).
pub const ECC_BYTES_MAX: usize = 2_000;

/// Bytes of a wrap-up reason (Finesse guide, WrapUpReason).
pub const WRAP_UP_BYTES_MAX: usize = 39;

/// Index of an ECC array's element: NumElements of NamedArray is one byte.
pub const ECC_INDEX_MAX: u32 = 255;

/// Keys of one SEND_DTMF: DTMFString of GED-188 holds 32 with its terminator.
pub const DTMF_KEYS_MAX: usize = 31;

/// Bytes of a number to be dialled: DialedNumber of GED-188 holds 40 with its terminator.
pub const DIALED_NUMBER_BYTES_MAX: usize = 39;

/// Requests on one dialog, or on one agent's dialogs: the one that waits for its outcome and those behind it.
pub const REQUESTS_PER_DIALOG_MAX: usize = 8;

/// How long an agent without a wrap-up timer may wrap up before the dialog is taken away (2 hours, the longest
/// wrap-up timer of the original's desktop).
pub const WRAP_UP_MAX: std::time::Duration = std::time::Duration::from_secs(7_200);
