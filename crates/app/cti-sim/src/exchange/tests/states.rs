use super::*;

#[test]
fn signing_in_is_told_twice_and_ends_not_ready() {
    let mut stage = stage();
    stage.sign_in("1001001", "2001").unwrap();
    assert_eq!(stage.told(), ["agent 1001001 is 0 (0)", "agent 1001001 is 2 (0)"]);
    stage.order("1001001", AgentState::AVAILABLE, 0).unwrap();
    stage.told();
    stage.sign_in("1001001", "2001").unwrap();
    assert_eq!(stage.told(), ["agent 1001001 is 3 (0)"], "unchanged");
}

#[test]
fn who_may_sign_in_where() {
    let mut stage = stage();
    for (id, device, failure) in [
        ("9999999", "2001", ControlFailure::INVALID_AGENT_ID_SPECIFIED),
        ("1001001", "9999", ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED),
    ] {
        assert_eq!(stage.sign_in(id, device), Err(failure));
    }
    stage.sign_in("1001001", "7001").unwrap();
    for (id, device, failure) in [
        ("1001001", "2001", ControlFailure::SPECIFIED_AGENT_ALREADY_SIGNED_ON),
        ("1001002", "7001", ControlFailure::RESOURCE_BUSY),
    ] {
        assert_eq!(stage.sign_in(id, device), Err(failure));
    }
    stage.order("1001001", AgentState::LOGOUT, 0).unwrap();
    assert!(stage.sign_in("1001002", "7001").is_ok(), "the device is free again");
}

#[test]
fn only_who_is_signed_in_changes_state_and_only_calls_make_call_states() {
    let mut stage = stage();
    for state in [AgentState::AVAILABLE, AgentState::NOT_READY, AgentState::LOGOUT] {
        assert_eq!(stage.order("1001001", state, 0), Err(ControlFailure::INVALID_OBJECT_STATE));
    }
    stage.sign_in("1001001", "2001").unwrap();
    for state in [AgentState::TALKING, AgentState::WORK_READY, AgentState::RESERVED] {
        assert_eq!(stage.order("1001001", state, 0), Err(ControlFailure::INVALID_OBJECT_STATE));
    }
    assert_eq!(stage.order("1001001", AgentState(99), 0), Err(ControlFailure::VALUE_OUT_OF_RANGE));
    let now = stage.now;
    let mobile = Order { work_mode: 3, state: AgentState::AVAILABLE, ..plain("1001001") };
    assert_eq!(stage.exchange.set_agent_state(now, mobile), Err(ControlFailure::INVALID_AGENT_WORKMODE));
}

#[test]
fn signing_out_is_from_not_ready_or_forced_or_by_a_supervisor() {
    let mut stage = stage().with(&[1, 2], AgentState::AVAILABLE);
    assert_eq!(stage.order("1001001", AgentState::LOGOUT, 0), Err(ControlFailure::INVALID_OBJECT_STATE));
    let now = stage.now;
    let forced = Order { state: AgentState::LOGOUT, forced: 1, reason: 255, ..plain("1001001") };
    stage.exchange.set_agent_state(now, forced).unwrap();
    assert_eq!(stage.told(), ["agent 1001001 is 1 (255)"]);
    stage.exchange.set_agent_state(now, forced).unwrap();
    assert!(stage.told().is_empty(), "again: nothing to tell");
    let ordered = Order { state: AgentState::LOGOUT, supervised: true, reason: 999, ..plain("1001002") };
    stage.exchange.set_agent_state(now, ordered).unwrap();
    assert_eq!(stage.told(), ["agent 1001002 is 1 (999)"]);
}

#[test]
fn a_reason_stays_with_not_ready_and_goes_with_ready() {
    let mut stage = stage().with(&[1], AgentState::NOT_READY);
    stage.order("1001001", AgentState::NOT_READY, 12).unwrap();
    assert_eq!(stage.state("1001001"), (AgentState::NOT_READY, 12));
    stage.order("1001001", AgentState::AVAILABLE, 12).unwrap();
    assert_eq!(stage.state("1001001"), (AgentState::AVAILABLE, 0));
}

#[test]
fn an_agent_who_is_signed_in_can_be_named_by_the_device() {
    let mut stage = stage();
    let now = stage.now;
    let by_device = Order { agent_id: None, device: Some("2001"), state: AgentState::AVAILABLE, ..plain("") };
    let unknown = Err(ControlFailure::INVALID_CSTA_DEVICE_IDENTIFIER);
    assert_eq!(stage.exchange.set_agent_state(now, by_device), unknown);
    stage.sign_in("1001002", "2001").unwrap();
    stage.told();
    stage.exchange.set_agent_state(now, by_device).unwrap();
    assert_eq!(stage.told(), ["agent 1001002 is 3 (0)"]);
}

#[test]
fn authenticating_changes_nothing() {
    let mut stage = stage();
    let now = stage.now;
    stage.exchange.set_agent_state(now, Order { forced: 2, ..plain("1001001") }).unwrap();
    assert!(stage.told().is_empty());
    assert_eq!(stage.state("1001001").0, AgentState::LOGOUT);
}

#[test]
fn what_an_agent_asks_for_during_a_call_comes_after_it() {
    let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
    stage.order("1001001", AgentState::NOT_READY, 7).unwrap();
    assert_eq!(stage.told(), ["agent 1001001 is 4 (0) then 2"]);
    let now = stage.now;
    stage.exchange.clear_connection(now, call, "2001", None).unwrap();
    assert_eq!(stage.state("1001001"), (AgentState::NOT_READY, 7));
}

#[test]
fn a_sign_out_during_a_call_comes_after_it_and_after_its_wrap_up() {
    for wrap_up in [None, Some(Duration::from_secs(20))] {
        let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
        stage.exchange.set_wrap_up("1001001", wrap_up);
        stage.order("1001001", AgentState::LOGOUT, 5).unwrap();
        assert_eq!(stage.told(), ["agent 1001001 is 4 (0) then 1"]);
        let mut now = stage.now;
        stage.exchange.clear_connection(now, call, "2001", None).unwrap();
        if let Some(wrap_up) = wrap_up {
            assert_eq!(stage.state("1001001").0, AgentState::WORK_NOT_READY);
            now += wrap_up;
            stage.exchange.handle_timeout(now);
        }
        assert_eq!(stage.state("1001001"), (AgentState::LOGOUT, 5));
        assert!(stage.sign_in("1001002", "2001").is_ok(), "the device is free again");
    }
}

#[test]
fn a_forced_sign_out_in_a_call_is_at_once_and_the_call_goes_on_to_its_end() {
    let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
    let now = stage.now;
    let forced = Order { state: AgentState::LOGOUT, forced: 1, reason: 255, ..plain("1001001") };
    stage.exchange.set_agent_state(now, forced).unwrap();
    assert_eq!(stage.told(), ["agent 1001001 is 1 (255)"]);
    stage.exchange.hangs_up(now, call, "5551001");
    assert_eq!(stage.told().last().unwrap(), "call 1 Routed at 2001: ended");
    assert_eq!(stage.state("1001001").0, AgentState::LOGOUT);
}
