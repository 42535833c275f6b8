//! OPEN_REQ and OPEN_CONF: the first messages of a session.

use super::Body;
use super::declare::messages;
use crate::cursor::Reader;
use crate::field::Floating;
use crate::{AgentState, DecodeError, Dialect, Secret, Services};
use bytes::Bytes;

messages! {
    /// The first message of a session. `Default` is a request for nothing.
    3 "OPEN_REQ" OpenReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            /// The wanted protocol version. The floating fields of this message are already written in it.
            version: u32 = "VersionNumber";
            /// Seconds of silence after which the server resets the connection; [`OpenReq::NO_IDLE_TIMEOUT`] for never.
            idle_timeout_secs: u32 = "IdleTimeout";
            /// [`OpenReq::NULL_PERIPHERAL_ID`] for a session that is not about one peripheral.
            peripheral_id: u32 = "PeripheralID";
            services: Services = "ServicesRequested";
            call_events: u32 = "CallMsgMask";
            agent_states: u32 = "AgentStateMask";
            config_events: u32 = "ConfigMsgMask";
            /// Must be 0.
            reserved: [u32; 3] = "Reserved";
        }
        floating {
            client_id: Option<String> = 1 "ClientID" 64;
            /// Required, even when it is empty.
            client_password: Option<Secret> = 2 "ClientPassword" 64;
            /// Comes back in the events that this client's requests cause.
            client_signature: Option<String> = 3 "ClientSignature" 64;
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            /// UCCX names agents here, and leaves field 5 out.
            agent_id_long: Option<String> = 194 "AgentIDLong" 129;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            application_path_id: Option<u32> = 97 "ApplicationPathID";
        }
    }

    /// The session is open. It carries no version: the session runs at the one that was asked for.
    4 "OPEN_CONF" OpenConf "D14, D15, D17, D23–D25, CTM; SH-S agrees up to AgentState (PV19 sample lacks DepartmentID); high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            /// Possibly fewer than requested.
            services: Services = "ServicesGranted";
            monitor_id: u32 = "MonitorID";
            /// A bit mask; 0 when all is well.
            pg_status: u32 = "PGStatus";
            /// Seconds since 1970.
            central_controller_time_secs: u32 = "ICMCentralControllerTime";
            peripheral_online: bool = "PeripheralOnline";
            peripheral_type: u16 = "PeripheralType";
            agent_state: AgentState = "AgentState";
            department_id: u32 = "DepartmentID" since 19;
            /// 0 unknown, 1 active, 2 standby.
            session_type: u16 = "SessionType" since 24;
        }
        floating {
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
            /// How many pairs of the next two follow; the first is read, the others are in `other`.
            num_peripherals: Option<u16> = 228 "NumPeripherals";
            peripheral_id: Option<u32> = 208 "FltPeripheralID";
            /// 0 single line, 1 multi-line.
            multiline_agent_control: Option<u16> = 224 "MultilineAgentControl";
        }
    }
}

impl OpenReq {
    /// IdleTimeout of a session that never idles out.
    pub const NO_IDLE_TIMEOUT: u32 = u32::MAX;
    /// PeripheralID of a session that is not about one peripheral.
    pub const NULL_PERIPHERAL_ID: u32 = u32::MAX;

    /// VersionNumber alone: a server must know it before it can read the rest.
    pub fn version_of(body: &Bytes) -> Result<u32, DecodeError> {
        let mut fixed = Reader::new(body);
        let version = fixed.u32("InvokeID").and_then(|_| fixed.u32("VersionNumber"));
        version.map_err(|error| error.within(Self::LAYOUT.kind))
    }
}

/// The last version of each look of OPEN_CONF: sizes of its fixed part, and widths of its fields.
const LOOKS: [Dialect; 4] = [Dialect::cce(18), Dialect::cce(19), Dialect::cce(23), Dialect::cce(24)];

impl OpenConf {
    /// The last version whose OPEN_CONF looks like this body, when messages of that version are read otherwise than those
    /// of the session's dialect. OPEN_CONF carries no version: its size and the heads of its fields give away a server
    /// that answers in another one than it was asked for.
    pub fn version_like(body: &Bytes, asked: Dialect) -> Option<u32> {
        // Fields of other widths than CCE has are no sign of a version.
        if asked != Dialect::cce(asked.version)
            && LOOKS.iter().any(|look| fits(body, *look, asked, |tag| tag != 0))
        {
            return None;
        }
        // The shortest fixed part whose fields are all known: what is number in a longer one is no field in a shorter.
        let is_known = |tag| Self::LAYOUT.floating_field(tag).is_some();
        let mut looks = LOOKS.into_iter().filter(|look| fits(body, *look, *look, is_known));
        let first = looks.next()?;
        let size = |look: Dialect| Self::LAYOUT.fixed_bytes(look);
        let is_own = |look: Dialect| {
            size(look) == size(first)
                && (look.tag_width, look.length_width) == (asked.tag_width, asked.length_width)
        };
        (!is_own(first) && !looks.any(is_own)).then_some(first.version)
    }
}

/// Whether fields of these widths, with such numbers, fill the body behind the fixed part that the look has.
fn fits(body: &Bytes, look: Dialect, widths: Dialect, may_be: impl Fn(u16) -> bool) -> bool {
    let fixed_bytes = OpenConf::LAYOUT.fixed_bytes(look);
    let mut fields = Floating::new(body, fixed_bytes, widths);
    loop {
        match fields.next() {
            Ok(Some(found)) if may_be(found.field.tag) => {}
            end => return fixed_bytes <= body.len() && matches!(end, Ok(None)),
        }
    }
}
