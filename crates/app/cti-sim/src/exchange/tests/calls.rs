use super::*;

#[test]
fn a_call_to_a_customer_outside() {
    let mut stage = stage().with(&[1], AgentState::NOT_READY);
    let now = stage.now;
    let call = stage.exchange.make_call(now, "2001", "5559001", &CallData::default()).unwrap();
    assert_eq!(
        stage.told(),
        [
            "call 1 Out at 2001: begun",
            "call 1 Out at 2001: initiated",
            "call 1 Out at 2001: originated (22)",
            "call 1 Out at 2001: reachednetwork (22)",
            "call 1 Out at 2001: delivered to 5559001 (22)",
        ]
    );
    stage.pass(Duration::from_secs(2));
    assert_eq!(stage.told(), ["call 1 Out at 2001: answered by 5559001 (22)", "agent 1001001 is 4 (0)"]);
    stage.exchange.clear_connection(stage.now, call, "2001", None).unwrap();
    assert_eq!(stage.told().last().unwrap(), "agent 1001001 is 2 (0)", "as before the call");
}

#[test]
fn a_call_from_one_agent_to_another() {
    let mut stage = stage().with(&[1], AgentState::NOT_READY).with(&[2], AgentState::AVAILABLE);
    let now = stage.now;
    let call = stage.exchange.make_call(now, "2001", "2002", &CallData::default()).unwrap();
    assert_eq!(
        stage.told()[2..],
        [
            "call 1 Inside at 2001: originated (22)",
            "call 1 Inside at 2002: delivered to 2002 (22)",
            "agent 1001002 is 8 (0)",
        ]
    );
    stage.answers(call, "2002");
    assert_eq!(
        stage.told(),
        ["call 1 Inside at 2002: answered by 2002 (22)", "agent 1001001 is 4 (0)", "agent 1001002 is 4 (0)"]
    );
    assert_eq!(
        stage.exchange.make_call(now, "2003", "2002", &CallData::default()),
        Err(ControlFailure::INVALID_CALLING_DEVICE)
    );
    assert_eq!(
        stage.exchange.make_call(now, "2001", "2003", &CallData::default()),
        Err(ControlFailure::INVALID_OBJECT_STATE)
    );
}

#[test]
fn who_is_ready_and_dials_is_not_ready_any_more() {
    let mut stage = stage().with(&[1], AgentState::AVAILABLE);
    let now = stage.now;
    stage.exchange.make_call(now, "2001", "5559001", &CallData::default()).unwrap();
    assert_eq!(stage.state("1001001"), (AgentState::NOT_READY, 50_006));
    stage.calls("5551001");
    assert_eq!(stage.exchange.queue_counts(now, 1).unwrap().waiting, 1);
}

#[test]
fn what_cannot_be_reached_fails_and_is_hung_up_by_the_caller() {
    let mut stage = stage().with(&[1], AgentState::NOT_READY);
    stage.exchange.set_number("5559002", Answering::Busy);
    for (number, cause) in [("5559002", 3), ("2999", 13), ("2004", 13)] {
        let now = stage.now;
        let call = stage.exchange.make_call(now, "2001", number, &CallData::default()).unwrap();
        let told = stage.told();
        assert!(told.last().unwrap().ends_with(&format!("at 2001: failed ({cause})")), "{number}: {told:?}");
        stage.exchange.clear_connection(now, call, "2001", None).unwrap();
        assert!(stage.told().last().unwrap().ends_with("ended"), "{number}");
    }
}

#[test]
fn hold_and_retrieve() {
    let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
    let now = stage.now;
    stage.exchange.hold(now, call, "2001").unwrap();
    assert_eq!(stage.told(), ["call 1 Routed at 2001: held", "agent 1001001 is 10 (0)"]);
    assert_eq!(stage.exchange.hold(now, call, "2001"), Err(ControlFailure::NO_ACTIVE_CALL));
    stage.exchange.retrieve(now, call, "2001").unwrap();
    assert_eq!(stage.told(), ["call 1 Routed at 2001: retrieved", "agent 1001001 is 4 (0)"]);
    assert_eq!(stage.exchange.retrieve(now, call, "2001"), Err(ControlFailure::NO_HELD_CALL));
}

#[test]
fn calls_and_connections_that_are_not_there() {
    let (mut stage, call) = stage().with(&[1, 2], AgentState::AVAILABLE).talking();
    let now = stage.now;
    assert_eq!(stage.exchange.hold(now, 99, "2001"), Err(ControlFailure::INVALID_CSTA_CALL_IDENTIFIER));
    assert_eq!(
        stage.exchange.hold(now, call, "2002"),
        Err(ControlFailure::INVALID_CSTA_CONNECTION_IDENTIFIER)
    );
    assert_eq!(stage.exchange.answer(now, call, "2001"), Err(ControlFailure::NO_CALL_TO_ANSWER));
    assert_eq!(stage.exchange.answer(now, control::ANY_CALL, "2002"), Err(ControlFailure::NO_CALL_TO_ANSWER));
    let clear = stage.exchange.clear_connection(now, call, "2002", None);
    assert_eq!(clear, Err(ControlFailure::NO_CONNECTION_TO_CLEAR));
    assert!(stage.told().is_empty());
}

#[test]
fn tones_are_for_calls_one_speaks_in() {
    let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
    assert_eq!(stage.exchange.send_tones(call, "2001", "12*#AD"), Ok(()));
    for tones in ["", "12x", &"1".repeat(32)] {
        assert_eq!(stage.exchange.send_tones(call, "2001", tones), Err(ControlFailure::VALUE_OUT_OF_RANGE));
    }
    stage.exchange.hold(stage.now, call, "2001").unwrap();
    assert_eq!(stage.exchange.send_tones(call, "2001", "1"), Err(ControlFailure::NO_ACTIVE_CALL));
}

#[test]
fn a_deflected_call_rings_elsewhere() {
    let mut stage = stage().with(&[1], AgentState::AVAILABLE).with(&[2], AgentState::NOT_READY);
    let call = stage.calls("5551001");
    stage.told();
    stage.exchange.deflect(stage.now, call, "2001", "2002").unwrap();
    assert_eq!(
        stage.told(),
        [
            "call 1 Routed at 2001: diverted to 2002 (28)",
            "call 1 Routed at 2002: delivered to 2002 (28)",
            "agent 1001001 is 3 (0)",
        ]
    );
}

#[test]
fn there_are_not_too_many_calls() {
    let mut stage = stage();
    for number in 0..limits::CALLS_MAX {
        stage.calls(&(5_550_000_000 + number as u64).to_string());
    }
    let arrival = Arrival { from: "5551".into(), to: "6001".into(), ..Arrival::default() };
    assert!(stage.exchange.arrive(stage.now, arrival).is_err());
}

#[test]
fn what_is_in_progress_can_be_asked_for() {
    let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
    let at = stage.exchange.calls_at("2001").unwrap();
    assert_eq!(at, [DeviceCall { id: call, state: LineState::Connected, monitor: 0 }]);
    assert_eq!(stage.exchange.calls_at("2002"), Some(vec![]));
    assert_eq!(stage.exchange.calls_at("9999"), None);
    let began: Vec<String> = stage.exchange.in_progress(Some("2001"), false).iter().map(line).collect();
    assert_eq!(began, ["call 1 Routed at 2001: begun"]);
    let switched: Vec<String> = stage.exchange.in_progress(None, true).iter().map(line).collect();
    assert_eq!(switched, ["call 1 Routed at 2001: answered by 2001 (50)"]);
    stage.told();
}
