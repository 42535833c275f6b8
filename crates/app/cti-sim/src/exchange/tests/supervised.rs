use super::*;

/// The customer's call at 2001, and the supervisor signed in.
fn supervised() -> (Stage, u32) {
    let (mut stage, call) = stage().with(&[1, 2], AgentState::AVAILABLE).talking();
    stage.sign_in("1900001", "1901").unwrap();
    stage.told();
    (stage, call)
}

#[test]
fn listening_and_its_end() {
    let (mut stage, call) = supervised();
    let now = stage.now;
    let monitor = stage.exchange.supervise(now, Supervision::Monitor, "1901", call, "2001").unwrap();
    assert_eq!(
        stage.told(),
        [
            "call 2 Monitor at 1901: begun (46)",
            "call 2 Monitor at 1901: initiated (46)",
            "call 2 Monitor at 1901: originated (46)",
            "call 2 Monitor at 1901: answered by 2001 (46)",
            "agent 1900001 is 4 (0)",
        ]
    );
    let at: Vec<u16> = ["1901", "2001"]
        .iter()
        .flat_map(|d| stage.exchange.calls_at(d).unwrap())
        .map(|c| c.monitor)
        .collect();
    assert_eq!(at, [1, 0, 2]);
    stage.exchange.supervise(now, Supervision::Clear, "1901", monitor, "2001").unwrap();
    assert_eq!(stage.told().last().unwrap(), "agent 1900001 is 2 (0)");
    assert_eq!(stage.state("1001001").0, AgentState::TALKING, "undisturbed");
}

#[test]
fn listening_ends_with_the_call() {
    let (mut stage, call) = supervised();
    let now = stage.now;
    stage.exchange.supervise(now, Supervision::Monitor, "1901", call, "2001").unwrap();
    stage.exchange.hangs_up(now, call, "5551001");
    assert_eq!(stage.exchange.calls().count(), 0);
    assert_eq!(stage.state("1900001").0, AgentState::NOT_READY);
}

#[test]
fn barging_in_and_taking_over() {
    let (mut stage, call) = supervised();
    let now = stage.now;
    let early = stage.exchange.supervise(now, Supervision::BargeIn, "1901", call, "2001");
    assert_eq!(early, Err(ControlFailure::INVALID_OBJECT_STATE), "listening comes first");
    stage.exchange.supervise(now, Supervision::Monitor, "1901", call, "2001").unwrap();
    stage.told();
    stage.exchange.supervise(now, Supervision::BargeIn, "1901", call, "2001").unwrap();
    assert_eq!(
        stage.told(),
        [
            "call 1 Conference at 2001: updated (48)",
            "call 1 Conference at 2001: conferenced with Some(2): 1901 joins [\"5551001\", \"2001\", \"1901\"] (48)",
            "call 2 Monitor at 1901: ended",
        ]
    );
    stage.exchange.supervise(now, Supervision::Intercept, "1901", call, "2001").unwrap();
    assert_eq!(stage.told(), ["call 1 Conference at 2001: connectioncleared (49)", "agent 1001001 is 3 (0)"]);
}

#[test]
fn who_may_not_listen() {
    let (mut stage, call) = supervised();
    let now = stage.now;
    let agent = stage.exchange.supervise(now, Supervision::Monitor, "2002", call, "2001");
    assert_eq!(agent, Err(ControlFailure::PRIVILEGE_VIOLATION_ON_SPECIFIED_DEVICE));
    stage.order("1900001", AgentState::AVAILABLE, 0).unwrap();
    let ready = stage.exchange.supervise(now, Supervision::Monitor, "1901", call, "2001");
    assert_eq!(ready, Err(ControlFailure::INVALID_OBJECT_STATE));
}

fn response(text: &str) -> CallData {
    let mut data = CallData::default();
    data.set("BAResponse", text).unwrap();
    data
}

#[test]
fn a_record_is_offered_and_taken() {
    let mut stage = stage().with(&[1], AgentState::AVAILABLE);
    let now = stage.now;
    let offered = stage.exchange.offer(now, "1001001", "5558001", "Spring", false).unwrap();
    assert_eq!(
        stage.told(),
        [
            "call 1 ReservationPreview at 2001: begun",
            "call 1 ReservationPreview at 2001: delivered to 2001 (22)",
            "agent 1001001 is 8 (0)",
        ]
    );
    assert_eq!(stage.exchange.answer(now, offered, "2001"), Err(ControlFailure::NO_CALL_TO_ANSWER));
    stage.exchange.set_data(now, offered, &response("Accept")).unwrap();
    stage.pass(Duration::from_secs(2));
    assert_eq!(
        stage.told(),
        [
            "call 1 ReservationPreview at 2001: updated",
            "call 2 CustomerPreview at 2001: begun",
            "call 2 CustomerPreview at 2001: delivered to 2001 (22)",
            "call 2 CustomerPreview at 2001: answered by 2001 (22)",
            "agent 1001001 is 4 (0)",
            "call 1 ReservationPreview at 5558001: connectioncleared",
            "call 1 ReservationPreview at 2001: connectioncleared",
            "call 1 ReservationPreview at 2001: cleared",
            "call 1 ReservationPreview at 2001: ended",
        ]
    );
}

#[test]
fn a_record_is_rejected_or_closed() {
    for answer in ["Reject", "Reject-Close"] {
        let mut stage = stage().with(&[1], AgentState::AVAILABLE);
        let offered = stage.exchange.offer(stage.now, "1001001", "5558001", "Spring", false).unwrap();
        stage.exchange.set_data(stage.now, offered, &response(answer)).unwrap();
        assert_eq!(stage.exchange.calls().count(), 0, "{answer}");
        assert_eq!(stage.state("1001001").0, AgentState::AVAILABLE, "{answer}");
    }
}

#[test]
fn a_direct_preview_is_called_by_the_agents_own_telephone() {
    let mut stage = stage().with(&[1], AgentState::AVAILABLE);
    let offered = stage.exchange.offer(stage.now, "1001001", "5558001", "Spring", true).unwrap();
    stage.told();
    stage.exchange.set_data(stage.now, offered, &response("Accept")).unwrap();
    let told = stage.told();
    assert_eq!(told[1], "call 2 CustomerDirect at 2001: begun");
    assert_eq!(stage.state("1001001").0, AgentState::RESERVED, "{told:?}");
    stage.pass(Duration::from_secs(2));
    assert_eq!(stage.state("1001001").0, AgentState::TALKING);
}

#[test]
fn only_who_is_ready_is_offered_records() {
    let mut stage = stage().with(&[1], AgentState::NOT_READY);
    assert!(stage.exchange.offer(stage.now, "1001001", "5558001", "Spring", false).is_err());
    assert!(stage.exchange.offer(stage.now, "9", "5558001", "Spring", false).is_err());
}
