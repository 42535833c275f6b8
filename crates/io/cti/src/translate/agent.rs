//! Agents: states, reports of them, and orders to change them.

use crate::Flavour;
use crate::hygiene::Hygiene;
use floor::{
    Address, AgentId, AgentStateReport, CtiFailure, MobileMode, PlaceReport, SetAgentState, State, Token,
};
use ged188::client::Failure;
use ged188::message::{AgentStateEvent, QueryAgentStateConf, QueryAgentStateReq, SetAgentStateReq};
use ged188::tag::MOBILE_SEPARATOR;
use ged188::{AgentState, EncodeError, Secret, Status};

/// MRDID of Cisco_Voice. Servers without other media send 0.
const VOICE: u32 = 1;

/// AgentServiceReq: outbound support.
// COMPAT(finesse): the original logs "agentcapacity: 1" in every request.
const OUTBOUND_SUPPORT: u32 = 1;

/// What the server says of an agent, as the floor says it.
pub(crate) fn state(state: AgentState) -> State {
    match state {
        AgentState::LOGIN => State::Login,
        AgentState::LOGOUT => State::Logout,
        AgentState::NOT_READY => State::NotReady,
        AgentState::AVAILABLE => State::Ready,
        // BUSY_OTHER is an agent's state for one skill group while a call of another occupies the agent. As an
        // overall state it can only mean: on a call.
        AgentState::TALKING | AgentState::BUSY_OTHER => State::Talking,
        AgentState::WORK_NOT_READY => State::Work,
        AgentState::WORK_READY => State::WorkReady,
        AgentState::RESERVED => State::Reserved,
        AgentState::HOLD => State::Hold,
        // The rest belongs to media other than voice, or to later versions.
        _ => State::Unknown,
    }
}

/// Direction of AGENT_STATE_EVENT, from version 16 on: what a reserved agent is reserved for.
fn reserved(direction: Option<u32>) -> State {
    match direction {
        // outbound reserve, outbound predictive
        Some(5 | 7) => State::ReservedOutbound,
        Some(6) => State::ReservedOutboundPreview,
        _ => State::Reserved,
    }
}

/// The state that an order asks for.
fn wanted(state: State) -> AgentState {
    match state {
        State::Login => AgentState::LOGIN,
        State::Logout => AgentState::LOGOUT,
        State::NotReady => AgentState::NOT_READY,
        State::Ready => AgentState::AVAILABLE,
        State::Talking => AgentState::TALKING,
        State::Work => AgentState::WORK_NOT_READY,
        State::WorkReady => AgentState::WORK_READY,
        State::Reserved | State::ReservedOutbound | State::ReservedOutboundPreview => AgentState::RESERVED,
        State::Hold => AgentState::HOLD,
        State::Unknown => AgentState::UNKNOWN,
    }
}

/// AGENT_STATE_EVENT. `None` when it is about another medium than voice, or about nobody.
///
/// With skill groups the server sends one event a group; each carries the overall state as AgentState, which is
/// what counts here.
/// UCCX names the agent in a field of its own, and what else is there does not count.
pub(crate) fn report(event: &AgentStateEvent, hygiene: &mut Hygiene) -> Option<AgentStateReport> {
    if event.mrd_id > VOICE {
        return None;
    }
    let named = event.agent_id_long.as_deref().or(event.agent_id.as_deref());
    let agent = named.filter(|id| !id.is_empty())?;
    let (instrument, dial_number) = at(event.agent_instrument.as_deref(), agent, hygiene);
    Some(AgentStateReport {
        agent: AgentId::from(hygiene.clean("AgentID", agent, agent).as_str()),
        extension: given("AgentExtension", event.agent_extension.as_deref(), agent, hygiene).or(instrument),
        place: PlaceReport {
            dial_number,
            terminal: given("ActiveTerminal", event.active_terminal.as_deref(), agent, hygiene),
        },
        state: match state(event.agent_state) {
            State::Reserved => reserved(event.direction),
            state => state,
        },
        reason: Some(event.event_reason_code).filter(|code| *code != 0),
        next: event.next_agent_state.map(state),
        answers: None,
    })
}

/// QUERY_AGENT_STATE_CONF. It is about the agent that was asked for, whatever name it carries.
pub(crate) fn answer(
    conf: &QueryAgentStateConf,
    agent: AgentId,
    token: Token,
    hygiene: &mut Hygiene,
) -> AgentStateReport {
    let name = agent.as_str();
    let (instrument, dial_number) = at(conf.agent_instrument.as_deref(), name, hygiene);
    AgentStateReport {
        extension: given("AgentExtension", conf.agent_extension.as_deref(), name, hygiene).or(instrument),
        place: PlaceReport { dial_number, terminal: None },
        agent,
        state: state(conf.agent_state),
        reason: None,
        next: None,
        answers: Some(token),
    }
}

/// A field's text, if there is any.
fn given(field: &'static str, text: Option<&str>, agent: &str, hygiene: &mut Hygiene) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(|text| hygiene.clean(field, agent, text))
}

/// AgentInstrument: the extension and, of a mobile agent, the number.
fn at(instrument: Option<&str>, agent: &str, hygiene: &mut Hygiene) -> (Option<String>, Option<Address>) {
    let instrument = instrument.unwrap_or_default();
    let (extension, number) = instrument.split_once(MOBILE_SEPARATOR).unwrap_or((instrument, ""));
    let mut text = |text| given("AgentInstrument", Some(text), agent, hygiene);
    (text(extension), text(number).map(Address::from))
}

/// AgentInstrument and AgentWorkMode of an order: of a mobile agent who signs in both say so.
fn instrument(order: &SetAgentState) -> (Option<String>, u16) {
    let extension = Some(order.extension.clone()).filter(|extension| !extension.is_empty());
    match &order.place.mobile {
        None => (extension, 0),
        Some(mobile) => {
            let number = mobile.dial_number.as_str();
            let mode = match mobile.mode {
                MobileMode::CallByCall => 3,
                MobileMode::NailedConnection => 4,
            };
            (extension.map(|extension| format!("{extension}{MOBILE_SEPARATOR}{number}")), mode)
        }
    }
}

/// AgentID, and the field that UCCX has in its place.
fn names(agent: &AgentId, flavour: Flavour) -> (Option<String>, Option<String>) {
    let name = Some(agent.as_str().to_owned());
    match flavour {
        Flavour::Cce => (name, None),
        Flavour::Uccx => (None, name),
    }
}

/// SET_AGENT_STATE_REQ.
pub(crate) fn set_request(order: &SetAgentState, peripheral_id: u32, flavour: Flavour) -> SetAgentStateReq {
    let (agent_id, agent_id_long) = names(&order.agent, flavour);
    let (agent_instrument, agent_work_mode) = instrument(order);
    SetAgentStateReq {
        peripheral_id,
        agent_state: wanted(order.state),
        agent_work_mode,
        event_reason_code: order.reason,
        forced_flag: order.forced.into(),
        agent_service_req: OUTBOUND_SUPPORT,
        agent_instrument,
        active_terminal: order.place.terminal.clone(),
        agent_id,
        agent_id_long,
        agent_password: order.password.as_ref().map(|password| Secret::from_text(password.reveal())),
        ..SetAgentStateReq::default()
    }
}

/// QUERY_AGENT_STATE_REQ.
pub(crate) fn query_request(agent: &AgentId, peripheral_id: u32, flavour: Flavour) -> QueryAgentStateReq {
    let (agent_id, agent_id_long) = names(agent, flavour);
    QueryAgentStateReq {
        peripheral_id,
        mrd_id: VOICE,
        agent_id,
        agent_id_long,
        ..QueryAgentStateReq::default()
    }
}

/// Why an order failed. Codes of FAILURE_CONF and CONTROL_FAILURE_CONF are of two lists; the name (`E_CTI_…`,
/// `CF_…`) tells which.
pub(crate) fn failure(failure: Failure) -> CtiFailure {
    match failure {
        Failure::Control { failure, peripheral_error } => {
            CtiFailure::Refused { code: failure.0.into(), name: failure.name(), peripheral_error }
        }
        Failure::Status(status) => refused(status),
        Failure::TimedOut => CtiFailure::TimedOut,
        Failure::Ended => CtiFailure::LinkDown,
    }
}

/// An order that the wire cannot carry fails as the server would have refused it.
pub(crate) fn unsendable(error: &EncodeError) -> CtiFailure {
    refused(match error {
        EncodeError::NulInText { .. } => Status::INVALID_CHARACTER,
        EncodeError::TagTooLarge { .. } => Status::INVALID_TAG_FOR_VERSION,
        EncodeError::FieldTooLong { .. } | EncodeError::MessageTooLong { .. } => Status::VALUE_TOO_LONG,
    })
}

/// The session's version cannot say which of several telephones it is to be.
pub(crate) fn no_terminals() -> CtiFailure {
    refused(Status::INVALID_TAG_FOR_VERSION)
}

fn refused(status: Status) -> CtiFailure {
    CtiFailure::Refused { code: status.0, name: status.name(), peripheral_error: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ForbiddenCharacters, Metrics};
    use floor::{MobileAgent, Place};

    fn event(agent_state: AgentState) -> AgentStateEvent {
        AgentStateEvent {
            agent_state,
            agent_id: Some("1001004".into()),
            agent_extension: Some("2004".into()),
            ..AgentStateEvent::default()
        }
    }

    fn read(event: &AgentStateEvent) -> Option<AgentStateReport> {
        report(event, &mut Hygiene::new(Metrics::default()))
    }

    #[test]
    fn every_state_that_can_be_asked_for_reads_back_as_itself() {
        for asked in
            [State::Login, State::Logout, State::NotReady, State::Ready, State::Work, State::WorkReady]
        {
            assert_eq!(state(wanted(asked)), asked);
        }
        assert_eq!(state(AgentState::BUSY_OTHER), State::Talking);
        assert_eq!(state(AgentState(11)), State::Unknown);
        assert_eq!(state(AgentState(999)), State::Unknown);
    }

    #[test]
    fn an_event_of_a_skill_group_reports_the_overall_state() {
        let event = AgentStateEvent {
            skill_group_number: 29_808,
            skill_group_state: AgentState::BUSY_OTHER,
            event_reason_code: 0,
            ..event(AgentState::RESERVED)
        };
        let report = read(&event).unwrap();
        assert_eq!((report.state, report.reason), (State::Reserved, None));
        assert_eq!((report.agent.as_str(), report.extension.as_deref()), ("1001004", Some("2004")));
    }

    #[test]
    fn uccx_names_agents_in_a_field_of_its_own() {
        let agent = AgentId::from("a name of more than eleven characters");
        let request = query_request(&agent, 1, Flavour::Uccx);
        assert_eq!((request.agent_id, request.agent_id_long.as_deref()), (None, Some(agent.as_str())));
        let event = AgentStateEvent { agent_id_long: Some("jdoe".into()), ..event(AgentState::NOT_READY) };
        assert_eq!(read(&event).unwrap().agent.as_str(), "jdoe");
    }

    #[test]
    fn what_a_reserved_agent_is_reserved_for_is_told_by_the_direction() {
        let read =
            |agent_state, direction| read(&AgentStateEvent { direction, ..event(agent_state) }).unwrap();
        let reserved =
            [None, Some(1), Some(5), Some(6), Some(7)].map(|d| read(AgentState::RESERVED, d).state);
        let (plain, outbound) = (State::Reserved, State::ReservedOutbound);
        assert_eq!(reserved, [plain, plain, outbound, State::ReservedOutboundPreview, outbound]);
        assert_eq!(read(AgentState::TALKING, Some(6)).state, State::Talking);
    }

    #[test]
    fn the_state_that_follows_is_told_when_the_event_names_it() {
        let next = |next_agent_state| {
            read(&AgentStateEvent { next_agent_state, ..event(AgentState::TALKING) }).unwrap().next
        };
        assert_eq!(next(None), None);
        assert_eq!(next(Some(AgentState::NOT_READY)), Some(State::NotReady));
        assert_eq!(next(Some(AgentState::LOGOUT)), Some(State::Logout));
        assert_eq!(next(Some(AgentState::AVAILABLE)), Some(State::Ready));
    }

    #[test]
    fn events_of_other_media_and_of_nobody_are_no_reports() {
        assert_eq!(read(&AgentStateEvent { mrd_id: 5_001, ..event(AgentState::NOT_READY) }), None);
        assert_eq!(read(&AgentStateEvent { agent_id: None, ..event(AgentState::NOT_READY) }), None);
        assert_eq!(
            read(&AgentStateEvent { agent_id: Some(String::new()), ..event(AgentState::NOT_READY) }),
            None
        );
    }

    #[test]
    fn the_instrument_stands_in_for_a_missing_extension() {
        let event = AgentStateEvent {
            agent_extension: None,
            agent_instrument: Some("2009".into()),
            ..event(AgentState::NOT_READY)
        };
        assert_eq!(read(&event).unwrap().extension.as_deref(), Some("2009"));
    }

    #[test]
    fn forbidden_characters_are_replaced_and_counted_by_field() {
        let mut registry = prometheus_client::registry::Registry::default();
        let counter = ForbiddenCharacters::default();
        registry.register("aplomb_forbidden_characters", "As the server registers it", counter.clone());
        let metrics = Metrics::register(&mut registry, counter);
        let event = AgentStateEvent {
            agent_extension: Some("20\u{1}0\u{FFFE}".into()),
            ..event(AgentState::NOT_READY)
        };
        let report = report(&event, &mut Hygiene::new(metrics)).unwrap();
        assert_eq!(report.extension.as_deref(), Some("20\u{FFFD}0\u{FFFD}"));
        let mut shown = String::new();
        prometheus_client::encoding::text::encode(&mut shown, &registry).unwrap();
        let line = r#"aplomb_forbidden_characters_total{source="cti",field="AgentExtension"} 2"#;
        assert!(shown.contains(line), "{shown}");
    }

    #[test]
    fn a_forced_logout_is_asked_for_as_the_original_does() {
        let order = SetAgentState {
            token: Token(1),
            agent: "1001004".into(),
            extension: "2004".into(),
            place: Place::default(),
            state: State::Logout,
            reason: 255,
            forced: true,
            password: None,
        };
        let request = set_request(&order, 5000, Flavour::Cce);
        assert_eq!((request.agent_state, request.event_reason_code), (AgentState::LOGOUT, 255));
        assert_eq!((request.forced_flag, request.agent_service_req), (1, 1));
        assert_eq!(request.agent_instrument.as_deref(), Some("2004"));
    }

    fn sign_in(place: Place) -> SetAgentStateReq {
        let order = SetAgentState {
            token: Token(1),
            agent: "1001004".into(),
            extension: "2004".into(),
            place,
            state: State::Login,
            reason: 0,
            forced: false,
            password: None,
        };
        set_request(&order, 5000, Flavour::Cce)
    }

    #[test]
    fn a_mobile_agent_signs_in_with_the_number_behind_the_extension_and_a_work_mode() {
        for (mode, work_mode) in [(MobileMode::CallByCall, 3), (MobileMode::NailedConnection, 4)] {
            let mobile = Some(MobileAgent { mode, dial_number: "+815550123".into() });
            let request = sign_in(Place { mobile, ..Place::default() });
            assert_eq!(request.agent_work_mode, work_mode);
            assert_eq!(request.agent_instrument.as_deref(), Some("2004;+815550123"));
        }
        let request = sign_in(Place::default());
        assert_eq!((request.agent_work_mode, request.agent_instrument.as_deref()), (0, Some("2004")));
    }

    #[test]
    fn the_chosen_telephone_goes_and_comes_back_as_the_active_terminal() {
        let request = sign_in(Place { terminal: Some("SEP01".into()), ..Place::default() });
        assert_eq!(request.active_terminal.as_deref(), Some("SEP01"));
        let told = |terminal: &str| {
            let event =
                AgentStateEvent { active_terminal: Some(terminal.into()), ..event(AgentState::NOT_READY) };
            read(&event).unwrap().place.terminal
        };
        assert_eq!((told("SEP02").as_deref(), told("")), (Some("SEP02"), None));
    }

    #[test]
    fn a_number_behind_the_instrument_is_not_part_of_the_extension() {
        let event = AgentStateEvent {
            agent_extension: None,
            agent_instrument: Some("2009;5550123".into()),
            ..event(AgentState::NOT_READY)
        };
        let report = read(&event).unwrap();
        assert_eq!(report.extension.as_deref(), Some("2009"));
        assert_eq!(report.place.dial_number, Some("5550123".into()));
        let conf = QueryAgentStateConf {
            agent_extension: Some("2004".into()),
            agent_instrument: Some("2004;5550124".into()),
            ..QueryAgentStateConf::default()
        };
        let hygiene = &mut Hygiene::new(Metrics::default());
        let answer = answer(&conf, "1001004".into(), Token(2), hygiene);
        assert_eq!(answer.extension.as_deref(), Some("2004"));
        assert_eq!(answer.place.dial_number, Some("5550124".into()));
    }
}
