use super::*;

/// A customer's call at 2001 on hold, and a consultation with 2002, who has answered.
fn consulting() -> (Stage, u32, u32) {
    let stage = stage().with(&[1], AgentState::AVAILABLE).with(&[2], AgentState::NOT_READY);
    let (mut stage, held) = stage.talking();
    let now = stage.now;
    let active = stage.exchange.consult(now, held, "2001", "2002", &CallData::default()).unwrap();
    stage.answers(active, "2002");
    (stage, held, active)
}

#[test]
fn a_consultation_holds_the_call_and_begins_another() {
    let (mut stage, held, active) = consulting();
    assert_eq!(
        stage.told(),
        [
            "call 1 Routed at 2001: held (51)",
            "agent 1001001 is 10 (0)",
            "call 2 Consult at 2001: begun",
            "call 2 Consult at 2001: initiated",
            "call 2 Consult at 2001: originated (22)",
            "call 2 Consult at 2002: delivered to 2002 (22)",
            "call 2 Consult at 2002: answered by 2002 (22)",
            "agent 1001001 is 4 (0)",
            "agent 1001002 is 4 (0)",
        ]
    );
    assert_eq!(stage.exchange.call(active).unwrap().consults, Some(held));
}

#[test]
fn a_consultation_inherits_the_variables_of_its_call() {
    let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
    let mut data = CallData::default();
    data.set("var1", "gold").unwrap();
    data.set("user.order", "7").unwrap();
    stage.exchange.set_data(stage.now, call, &data).unwrap();
    let mut own = CallData::default();
    own.set("user.order", "8").unwrap();
    let consult = stage.exchange.consult(stage.now, call, "2001", "5559001", &own).unwrap();
    let data = &stage.exchange.call(consult).unwrap().data;
    assert_eq!(data.variables[0].as_deref(), Some("gold"));
    assert_eq!(data.expanded[&("user.order".to_owned(), None)], "8");
}

#[test]
fn a_transfer_after_consultation_leaves_the_others_together() {
    let (mut stage, held, active) = consulting();
    stage.told();
    let now = stage.now;
    assert_eq!(stage.exchange.transfer(now, active, held, "2001"), Ok(held));
    assert_eq!(
        stage.told(),
        [
            "call 1 TransferIn at 2002: updated (32)",
            "call 1 TransferIn at 2002: transferred with Some(2) from 2001 to 2002: [\"5551001\", \"2002\"] (32)",
            "call 2 Consult at 2001: ended",
            "agent 1001001 is 3 (0)",
        ]
    );
    stage.exchange.hangs_up(now, held, "5551001");
    assert_eq!(
        stage.told()[..2],
        ["call 1 TransferIn at 5551001: connectioncleared", "call 1 TransferIn at 2002: connectioncleared"]
    );
    assert_eq!(stage.state("1001002").0, AgentState::NOT_READY);
}

#[test]
fn a_conference_lets_everybody_speak_and_shrinks_as_they_leave() {
    let (mut stage, held, active) = consulting();
    stage.told();
    let now = stage.now;
    assert_eq!(stage.exchange.conference(now, active, held, "2001"), Ok(held));
    assert_eq!(
        stage.told(),
        [
            "call 1 Conference at 2001: updated (17)",
            "call 1 Conference at 2001: conferenced with Some(2): 2002 joins [\"5551001\", \"2001\", \"2002\"] (17)",
            "call 2 Consult at 2001: ended",
        ]
    );
    stage.exchange.clear_connection(now, held, "2002", Some("2001")).unwrap();
    assert_eq!(stage.told(), ["call 1 Conference at 2002: connectioncleared", "agent 1001002 is 2 (0)"]);
    let alone = stage.exchange.clear_connection(now, held, "5551001", Some("2001"));
    assert_eq!(alone, Err(ControlFailure::INVALID_CSTA_CONNECTION_IDENTIFIER), "no conference any more");
    stage.exchange.clear_connection(now, held, "2001", None).unwrap();
    assert_eq!(stage.exchange.calls().count(), 0);
}

#[test]
fn dropping_others_can_be_forbidden() {
    let (mut stage, held, active) = consulting();
    let now = stage.now;
    stage.exchange.conference(now, active, held, "2001").unwrap();
    stage.exchange.behaviour_mut().drop_any_party = false;
    let dropped = stage.exchange.clear_connection(now, held, "2002", Some("2001"));
    assert_eq!(dropped, Err(ControlFailure::DROP_ANY_PARTY_NOT_ENABLED_CTI));
}

#[test]
fn alternate_and_reconnect() {
    let (mut stage, held, active) = consulting();
    stage.told();
    let now = stage.now;
    stage.exchange.alternate(now, active, held, "2001").unwrap();
    assert_eq!(stage.told(), ["call 2 Consult at 2001: held (2)", "call 1 Routed at 2001: retrieved"]);
    stage.exchange.alternate(now, held, active, "2001").unwrap();
    stage.told();
    stage.exchange.reconnect(now, active, held, "2001").unwrap();
    assert_eq!(
        stage.told(),
        [
            "call 2 Consult at 2001: connectioncleared",
            "call 2 Consult at 2002: connectioncleared",
            "call 2 Consult at 2001: cleared",
            "agent 1001002 is 2 (0)",
            "call 2 Consult at 2001: ended",
            "agent 1001001 is 10 (0)",
            "call 1 Routed at 2001: retrieved",
            "agent 1001001 is 4 (0)",
        ]
    );
}

#[test]
fn a_transfer_in_one_step_rings_at_once() {
    let stage = stage().with(&[1], AgentState::AVAILABLE).with(&[2], AgentState::NOT_READY);
    let (mut stage, call) = stage.talking();
    let now = stage.now;
    for (number, failure) in
        [("2003", ControlFailure::INVALID_DESTINATION), ("5551001", ControlFailure::INVALID_DESTINATION)]
    {
        assert_eq!(stage.exchange.transfer_to(now, call, "2001", number), Err(failure));
    }
    stage.exchange.transfer_to(now, call, "2001", "2002").unwrap();
    assert_eq!(
        stage.told(),
        [
            "call 1 TransferIn at 2001: updated (32)",
            "call 1 TransferIn at 2001: transferred with None from 2001 to 2002: [\"5551001\"] (32)",
            "call 1 TransferIn at 2002: delivered to 2002 (32)",
            "agent 1001001 is 3 (0)",
        ]
    );
    stage.answers(call, "2002");
    assert_eq!(stage.state("1001002").0, AgentState::TALKING);
}

#[test]
fn a_transfer_to_a_queue_waits_there() {
    let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
    stage.order("1001001", AgentState::NOT_READY, 0).unwrap();
    stage.told();
    stage.exchange.transfer_to(stage.now, call, "2001", "6001").unwrap();
    let told = stage.told();
    assert_eq!(told[1], "call 1 Routed at 6001: queued, 1 wait (22)", "{told:?}");
    assert!(stage.exchange.call(call).unwrap().is_waiting());
}

#[test]
fn a_conference_in_one_step() {
    let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
    let now = stage.now;
    stage.exchange.conference_in(now, call, "2001", "5559001").unwrap();
    stage.pass(Duration::from_secs(2));
    assert_eq!(
        stage.told(),
        [
            "call 1 Routed at 2001: delivered to 5559001 (17)",
            "call 1 Routed at 2001: answered by 5559001 (17)",
            "call 1 Conference at 2001: updated (17)",
            "call 1 Conference at 2001: conferenced with None: 5559001 joins [\"5551001\", \"2001\", \"5559001\"] (17)",
        ]
    );
}

#[test]
fn a_conference_has_a_limit() {
    let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
    for number in 2..limits::PARTIES_MAX {
        stage.exchange.conference_in(stage.now, call, "2001", &(5_559_000 + number).to_string()).unwrap();
        stage.pass(Duration::from_secs(2));
    }
    let one_more = stage.exchange.conference_in(stage.now, call, "2001", "5559999");
    assert_eq!(one_more, Err(ControlFailure::CONFERENCE_MEMBER_LIMIT_EXCEEDED));
}
