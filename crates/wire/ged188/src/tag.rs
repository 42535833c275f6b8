//! Numbers of the floating fields that this crate reads or writes. They are the same in every version.

macro_rules! tags {
    ($($constant:ident = $value:literal, $name:literal;)*) => {
        $(#[doc = $name] pub const $constant: u16 = $value;)*

        /// The name of a field; empty when this crate does not know it.
        pub const fn name(tag: u16) -> &'static str {
            match tag {
                $($value => $name,)*
                _ => "",
            }
        }
    };
}

tags! {
    CLIENT_ID = 1, "ClientID";
    CLIENT_PASSWORD = 2, "ClientPassword";
    CLIENT_SIGNATURE = 3, "ClientSignature";
    AGENT_EXTENSION = 4, "AgentExtension";
    AGENT_ID = 5, "AgentID";
    AGENT_INSTRUMENT = 6, "AgentInstrument";
    TEXT = 7, "Text";
    AGENT_PASSWORD = 49, "AgentPassword";
    SKILL_GROUP_NUMBER = 62, "SkillGroupNumber";
    SKILL_GROUP_ID = 63, "SkillGroupID";
    SKILL_GROUP_PRIORITY = 64, "SkillGroupPriority";
    SKILL_GROUP_STATE = 65, "SkillGroupState";
    POSITION_ID = 68, "PositionID";
    SUPERVISOR_ID = 69, "SupervisorID";
    APPLICATION_PATH_ID = 97, "ApplicationPathID";
    NEXT_AGENT_STATE = 123, "NextAgentState";
    DURATION = 150, "Duration";
    EVENT_DEVICE_ID = 206, "EventDeviceID";
    PERIPHERAL_ID = 208, "FltPeripheralID";
    MULTILINE_AGENT_CONTROL = 224, "MultilineAgentControl";
    NUM_PERIPHERALS = 228, "NumPeripherals";
    DIRECTION = 244, "Direction";
    INTERNAL_AGENT_STATE = 255, "InternalAgentState";
    SSO_ENABLED = 257, "SSOEnabled";
    MAX_BEYOND_TASK_LIMIT = 266, "MaxBeyondTaskLimit";
    ACTIVE_TERMINAL = 303, "ActiveTerminal";
}

/// A field for people: its number and, when known, its name.
pub fn describe(tag: u16) -> String {
    match name(tag) {
        "" => format!("[{tag}]"),
        name => format!("[{tag}] {name}"),
    }
}
