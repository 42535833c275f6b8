//! Lines in the original's forms. No clock, no file.

use floor::{AgentStateReport, MobileMode, SetAgentState, State};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use notification::printable;

/// Characters of anything that came from outside.
const VALUE_CHARS_MAX: usize = 400;

/// Characters of a CTI message, which is made here around what came from outside: cut, it would have lost its epochs.
const MESSAGE_CHARS_MAX: usize = 2_000;

/// The key of such a message.
pub(crate) const MESSAGE: &str = "cti_message";

/// One event of the web services log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) at: Timestamp,
    /// What the original's thread of this work is called.
    pub(crate) thread: &'static str,
    pub(crate) severity: Severity,
    pub(crate) name: &'static str,
    pub(crate) pairs: Vec<(&'static str, String)>,
    pub(crate) text: &'static str,
}

/// As in syslog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    Error = 3,
    Info = 6,
}

impl Event {
    /// `0000001043: 192.0.2.7: Jun 17 2017 00:16:04.630 +0530: %CCBU_thread-6-NAME: %[key=value][…]: text`.
    pub(crate) fn line(&self, number: u32, node: &str, zone: &TimeZone) -> String {
        let at = self.at.to_zoned(zone.clone()).strftime("%b %d %Y %H:%M:%S%.3f %z");
        let pair = |(key, value): &(&str, String)| match *key {
            MESSAGE => format!("{key}={}", printable(value, MESSAGE_CHARS_MAX)),
            _ => format!("{key}={}", quoted(value)),
        };
        let pairs: Vec<String> = self.pairs.iter().map(pair).collect();
        let Self { thread, name, text, .. } = self;
        let severity = self.severity as u8;
        format!(
            "{number:010}: {node}: {at}: %CCBU_{thread}-{severity}-{name}: %[{}]: {text}\n",
            pairs.join("][")
        )
    }
}

/// `2017.06.17 00:16:04 message`: a line of the notification service's logs.
pub(crate) fn notification(at: Timestamp, zone: &TimeZone, message: &str) -> String {
    format!("{} {}\n", at.to_zoned(zone.clone()).strftime("%Y.%m.%d %H:%M:%S"), shown(message))
}

/// In one line, without control characters, and not too long.
fn shown(text: &str) -> String {
    printable(text, VALUE_CHARS_MAX)
}

/// As that, and without the brackets that end a pair: whoever names a resource may not write pairs of his own.
fn quoted(text: &str) -> String {
    shown(text).replace('[', "(").replace(']', ")")
}

/// An order for the CTI server. COMPAT(finesse): blanks, commas and names as the original writes them. The instrument
/// is left out: it is a telephone number.
pub(crate) fn order(order: &SetAgentState) -> String {
    let SetAgentState { agent, state, reason, forced, place, .. } = order;
    let (agent, state) = (quoted(agent.as_str()), number(*state));
    let work_mode = match place.mobile.as_ref().map(|mobile| mobile.mode) {
        None => 0,
        Some(MobileMode::CallByCall) => 3,
        Some(MobileMode::NailedConnection) => 4,
    };
    format!(
        "agentstate : {state}, workmode : {work_mode}, reason code: {reason}, forceflag :{}, agentcapacity: 1, \
         agenttext: {agent}, agentid: {agent},",
        u8::from(*forced)
    )
}

/// An agent-state event as the original's decoder prints it, as far as it is known here. `deployment`: `CCE` or `CCX`.
pub(crate) fn state_event(
    report: &AgentStateReport,
    received: Timestamp,
    dispatched: Timestamp,
    deployment: &str,
) -> String {
    let AgentStateReport { agent, state, reason, next, answers, .. } = report;
    let agent = quoted(agent.as_str());
    let next = next.map_or("null", State::name);
    let (number, name, reason) = (number(*state), state.name(), reason.unwrap_or(0));
    let (message, id) = match answers {
        None => ("AgentStateEvent", 30),
        Some(_) => ("QueryAgentStateConf", 37),
    };
    format!(
        "CTI{message} [skillGroupNumber=-1, skillGroupPriority=0, agentState={number} ({name}), \
         eventReasonCode={reason}, numFltSkillGroups=0, agentId={agent}, duration=null, nextAgentState={next}, \
         fltSkillGroupNumberList=[], fltSkillGroupIDList=[], fltSkillGroupPriorityList=[], fltSkillGroupStateList=[]]\
         CTIMessageBean [invokeID=null, msgID={id}, timeTracker={{\"id\":\"{message}\",\"CTI_MSG_RECEIVED\":{},\
         \"CTI_MSG_DISPATCH\":{}}}, msgName={message}, deploymentType={deployment}]",
        received.as_millisecond(),
        dispatched.as_millisecond()
    )
}

/// AgentState on the wire (GED-188, agent states).
fn number(state: State) -> u8 {
    match state {
        State::Login => 0,
        State::Logout => 1,
        State::NotReady => 2,
        State::Ready => 3,
        State::Talking => 4,
        State::Work => 5,
        State::WorkReady => 6,
        State::Reserved | State::ReservedOutbound | State::ReservedOutboundPreview => 8,
        State::Unknown => 9,
        State::Hold => 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use floor::PlaceReport;

    fn event(value: &str) -> Event {
        Event {
            at: "2026-11-21T18:47:04.632Z".parse().unwrap(),
            thread: "CoreImpl-worker12",
            severity: Severity::Info,
            name: "PRESENCE DRIVEN LOGOUT",
            pairs: vec![("agent_id", value.into())],
            text: "Performing a PRESENCE DRIVEN LOGOUT",
        }
    }

    #[test]
    fn a_line_has_its_number_the_servers_zone_and_the_name_with_its_blanks() {
        let zone = TimeZone::fixed(jiff::tz::Offset::from_seconds(19_800).unwrap());
        assert_eq!(
            event("1001003").line(1_060, "192.0.2.7", &zone),
            "0000001060: 192.0.2.7: Nov 22 2026 00:17:04.632 +0530: %CCBU_CoreImpl-worker12-6-PRESENCE DRIVEN LOGOUT: \
             %[agent_id=1001003]: Performing a PRESENCE DRIVEN LOGOUT\n"
        );
    }

    #[test]
    fn whatever_a_value_is_a_line_stays_one_line() {
        let line = event("evil\n0000000001: forged\r\u{1b}[2J\u{202e}").line(1, "", &TimeZone::UTC);
        assert_eq!(line.matches('\n').count(), 1, "{line:?}");
        assert!(line.trim_end().chars().all(|c| !c.is_control() && c != '\u{202e}'), "{line:?}");
        let line = event("x][usr=administrator").line(1, "", &TimeZone::UTC);
        assert!(line.contains("%[agent_id=x)(usr=administrator]: "), "{line:?}");
        assert!(event(&"x".repeat(9_999)).line(1, "", &TimeZone::UTC).len() < 1_000);
    }

    #[test]
    fn the_event_that_answers_a_forced_logout_carries_its_reason_and_both_epochs() {
        let report = AgentStateReport {
            agent: "1001003".into(),
            extension: Some("2003".into()),
            place: PlaceReport::default(),
            state: State::Logout,
            reason: Some(255),
            next: None,
            answers: None,
        };
        let received: Timestamp = "2026-11-21T18:47:04.642Z".parse().unwrap();
        let text = state_event(&report, received, "2026-11-21T18:47:04.643Z".parse().unwrap(), "CCE");
        let line = Event { pairs: vec![(MESSAGE, text), ("cti_response_time", "1".into())], ..event("") };
        // the instrument is a telephone number: it is not there
        assert_eq!(
            line.line(1_066, "192.0.2.7", &TimeZone::UTC),
            "0000001066: 192.0.2.7: Nov 21 2026 18:47:04.632 +0000: %CCBU_CoreImpl-worker12-6-PRESENCE DRIVEN LOGOUT: \
             %[cti_message=CTIAgentStateEvent [skillGroupNumber=-1, skillGroupPriority=0, agentState=1 (LOGOUT), \
             eventReasonCode=255, numFltSkillGroups=0, agentId=1001003, duration=null, nextAgentState=null, \
             fltSkillGroupNumberList=[], fltSkillGroupIDList=[], fltSkillGroupPriorityList=[], \
             fltSkillGroupStateList=[]]CTIMessageBean [invokeID=null, msgID=30, \
             timeTracker={\"id\":\"AgentStateEvent\",\"CTI_MSG_RECEIVED\":1795286824642,\
             \"CTI_MSG_DISPATCH\":1795286824643}, msgName=AgentStateEvent, deploymentType=CCE]]\
             [cti_response_time=1]: Performing a PRESENCE DRIVEN LOGOUT\n"
        );
    }
}
