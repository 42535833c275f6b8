use super::*;
use crate::exchange::mobile::Line;

const NUMBER: &str = "5559001";
const CALL_BY_CALL: u16 = 3;
const NAILED: u16 = 4;

impl Stage {
    fn mobile(&mut self, id: &str, instrument: &str, work_mode: u16) -> Result<(), ControlFailure> {
        let now = self.now;
        self.exchange.set_agent_state(now, Order { device: Some(instrument), work_mode, ..plain(id) })
    }

    /// Agent 1001001 signed in at 2001 with a telephone that does this when it is called.
    fn with_mobile(mut self, work_mode: u16, answering: Answering) -> Self {
        self.exchange.set_number(NUMBER, answering);
        self.mobile("1001001", &format!("2001;{NUMBER}"), work_mode).unwrap();
        self.told();
        self
    }

    fn ready(&mut self) {
        self.order("1001001", AgentState::AVAILABLE, 0).unwrap();
        self.told();
    }

    fn line(&self) -> Option<Line> {
        self.exchange.agents().get("1001001")?.mobile.as_ref().map(|mobile| mobile.line)
    }
}

fn after(seconds: u64) -> Answering {
    Answering::After(Duration::from_secs(seconds))
}

#[test]
fn who_may_sign_in_from_where() {
    let mut stage = stage();
    let (device, mode) =
        (ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED, ControlFailure::INVALID_AGENT_WORKMODE);
    for (instrument, work_mode, failure) in [
        ("2001", CALL_BY_CALL, device),
        ("2001;", NAILED, device),
        ("2001;+", NAILED, device),
        ("2001;home", NAILED, device),
        ("9999;5559001", NAILED, device),
        ("2001;5559001", 0, device),
        ("2001;5559001", 1, mode),
        ("2001;5559001", 5, mode),
    ] {
        assert_eq!(stage.mobile("1001001", instrument, work_mode), Err(failure), "{instrument} {work_mode}");
    }
    stage.mobile("1001001", "2001;5559001", CALL_BY_CALL).unwrap();
    assert_eq!(stage.told(), ["agent 1001001 is 0 (0)", "agent 1001001 is 2 (0)"]);
    let taken = stage.mobile("1001002", "2002;5559001", CALL_BY_CALL);
    assert_eq!(taken, Err(ControlFailure::RESOURCE_BUSY), "two agents at one telephone");
    stage.exchange.behaviour_mut().mobile_agents = false;
    assert_eq!(stage.mobile("1001002", "2002;5559002", CALL_BY_CALL), Err(mode));
}

#[test]
fn signing_in_again_elsewhere_is_refused_and_without_a_number_changes_nothing() {
    let mut stage = stage().with_mobile(CALL_BY_CALL, after(2));
    let elsewhere = Err(ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON);
    assert_eq!(stage.mobile("1001001", "2001;5559002", CALL_BY_CALL), elsewhere);
    assert_eq!(stage.mobile("1001001", "2001;5559001", NAILED), elsewhere);
    assert_eq!(stage.mobile("1001001", "2001;5559001", CALL_BY_CALL), Ok(()));
    assert_eq!(stage.sign_in("1001001", "2001"), Ok(()));
    assert_eq!(stage.line(), Some(Line::Idle));
}

#[test]
fn a_nailed_connection_is_made_once_and_lasts_from_call_to_call() {
    let mut stage = stage().with_mobile(NAILED, after(3));
    stage.ready();
    let call = stage.calls("5551001");
    assert!(stage.told().iter().all(|line| !line.contains("2001")), "not before the line is open");
    stage.pass(Duration::from_secs(3));
    assert_eq!(stage.line(), Some(Line::Open));
    assert_eq!(stage.state("1001001").0, AgentState::RESERVED, "the call that waited");
    stage.answers(call, "2001");
    assert_eq!(stage.state("1001001").0, AgentState::TALKING);
    let now = stage.now;
    stage.exchange.clear_connection(now, call, "2001", None).unwrap();
    assert_eq!((stage.line(), stage.state("1001001").0), (Some(Line::Open), AgentState::AVAILABLE));
    stage.calls("5551002");
    assert_eq!(stage.state("1001001").0, AgentState::RESERVED);
}

#[test]
fn a_nailed_connection_that_cannot_be_made_signs_the_agent_out() {
    for (answering, secs) in
        [(Answering::Busy, 0), (Answering::Unobtainable, 0), (Answering::Never, 20), (after(60), 20)]
    {
        let mut stage = stage().with_mobile(NAILED, answering);
        stage.pass(Duration::from_secs(secs));
        assert_eq!(stage.state("1001001"), (AgentState::LOGOUT, 50_040), "{answering:?}");
        assert!(stage.sign_in("1001002", "2001").is_ok(), "the device is free again");
        stage.pass(Duration::from_secs(60));
        assert_eq!(stage.state("1001001"), (AgentState::LOGOUT, 50_040));
    }
}

#[test]
fn hanging_up_a_nailed_connection_ends_the_call_and_signs_out() {
    let mut stage = stage().with_mobile(NAILED, after(0));
    stage.pass(Duration::ZERO);
    stage.ready();
    let (mut stage, call) = stage.talking();
    let now = stage.now;
    assert_eq!(stage.exchange.telephone_hangs_up(now, NUMBER).as_deref(), Some("1001001"));
    assert_eq!(stage.state("1001001"), (AgentState::LOGOUT, 50_042));
    assert!(stage.exchange.call(call).is_none());
    assert_eq!(stage.exchange.telephone_hangs_up(now, NUMBER), None, "nobody has it any more");
}

#[test]
fn a_signed_out_agent_is_mobile_no_more() {
    let mut stage = stage().with_mobile(NAILED, after(0));
    stage.pass(Duration::ZERO);
    stage.order("1001001", AgentState::LOGOUT, 0).unwrap();
    assert_eq!(stage.line(), None);
    assert!(stage.mobile("1001002", "2002;5559001", NAILED).is_ok(), "the telephone is free again");
}

#[test]
fn call_by_call_the_telephone_rings_for_each_call_and_answers_it() {
    let mut stage = stage().with_mobile(CALL_BY_CALL, after(4));
    stage.ready();
    let call = stage.calls("5551001");
    assert_eq!(stage.state("1001001").0, AgentState::RESERVED);
    let now = stage.now;
    let from_the_desktop = stage.exchange.answer(now, call, "2001");
    assert_eq!(from_the_desktop, Err(ControlFailure::INVALID_OBJECT_STATE), "only the telephone can");
    stage.pass(Duration::from_secs(4));
    assert_eq!((stage.state("1001001").0, stage.line()), (AgentState::TALKING, Some(Line::Open)));
    let now = stage.now;
    assert_eq!(stage.exchange.telephone_hangs_up(now, NUMBER).as_deref(), Some("1001001"));
    assert_eq!((stage.state("1001001").0, stage.line()), (AgentState::AVAILABLE, Some(Line::Idle)));
    stage.calls("5551002");
    stage.pass(Duration::from_secs(4));
    assert_eq!(stage.state("1001001").0, AgentState::TALKING, "and for the next one too");
}

#[test]
fn call_by_call_a_call_that_the_telephone_does_not_take_goes_back_and_the_agent_is_not_ready() {
    for (answering, secs) in [(Answering::Busy, 0), (Answering::Never, 20)] {
        let mut stage = stage().with_mobile(CALL_BY_CALL, answering);
        stage.ready();
        let call = stage.calls("5551001");
        stage.pass(Duration::from_secs(secs));
        assert_eq!(
            (stage.state("1001001"), stage.line()),
            ((AgentState::NOT_READY, 50_041), Some(Line::Idle))
        );
        assert!(stage.exchange.call(call).is_some_and(|call| call.is_waiting()), "{answering:?}");
        let mut stage = stage.with(&[2], AgentState::AVAILABLE);
        assert_eq!(stage.state("1001002").0, AgentState::RESERVED);
        stage.answers(call, "2002");
    }
}

#[test]
fn call_by_call_a_caller_who_gives_up_stops_the_ringing() {
    let mut stage = stage().with_mobile(CALL_BY_CALL, after(10));
    stage.ready();
    let call = stage.calls("5551001");
    let now = stage.now;
    stage.exchange.hangs_up(now, call, "5551001");
    assert_eq!(stage.line(), Some(Line::Idle));
    stage.pass(Duration::from_secs(30));
    assert_eq!(stage.state("1001001").0, AgentState::AVAILABLE);
}

#[test]
fn call_by_call_the_telephone_rings_before_a_number_is_dialled() {
    let mut stage = stage().with_mobile(CALL_BY_CALL, after(3));
    let now = stage.now;
    let data = CallData::default();
    stage.exchange.make_call(now, "2001", "5551001", &data).unwrap();
    assert!(!stage.told().join("\n").contains("originated"), "nobody is at the telephone yet");
    stage.pass(Duration::from_secs(3));
    let told = stage.told().join("\n");
    assert!(told.contains("originated") && told.contains("delivered to 5551001"), "{told}");

    let mut stage = self::stage().with_mobile(CALL_BY_CALL, Answering::Busy);
    let now = stage.now;
    stage.exchange.make_call(now, "2001", "5551001", &data).unwrap();
    let told = stage.told();
    assert!(told.last().unwrap().contains("failed"), "{told:?}");
}

#[test]
fn who_shares_an_extension_chooses_the_telephone() {
    let sign_in = |stage: &mut Stage, terminal: &'static str| {
        let now = stage.now;
        let order = Order { device: Some("2004"), terminal: Some(terminal), ..plain("1001004") };
        stage.exchange.set_agent_state(now, order)
    };
    let terminal = |stage: &Stage| stage.exchange.agents().get("1001004").unwrap().told(stage.now).terminal;
    let mut stage = stage();
    assert_eq!(sign_in(&mut stage, "SEP03"), Err(ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED));
    sign_in(&mut stage, "SEP02").unwrap();
    assert_eq!(terminal(&stage).as_deref(), Some("SEP02"));
    assert_eq!(sign_in(&mut stage, "SEP01"), Err(ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON));
    assert_eq!(stage.sign_in("1001004", "2004"), Ok(()));
    stage.order("1001004", AgentState::LOGOUT, 0).unwrap();
    assert_eq!(terminal(&stage), None);
}
