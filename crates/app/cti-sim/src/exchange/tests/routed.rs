use super::*;

#[test]
fn a_routed_call_from_its_announcement_to_its_end() {
    let mut stage = stage().with(&[1], AgentState::AVAILABLE);
    let call = stage.calls("5551001");
    assert_eq!(
        stage.told(),
        [
            "call 1 Routed at 2001: announced to 1001001",
            "call 1 Routed at 2001: begun",
            "call 1 Routed at 2001: delivered to 2001 (22)",
            "agent 1001001 is 8 (0)",
        ]
    );
    stage.answers(call, "2001");
    assert_eq!(stage.told(), ["call 1 Routed at 2001: answered by 2001 (22)", "agent 1001001 is 4 (0)"]);
    let now = stage.now;
    stage.exchange.hangs_up(now, call, "5551001");
    assert_eq!(
        stage.told(),
        [
            "call 1 Routed at 5551001: connectioncleared",
            "call 1 Routed at 2001: connectioncleared",
            "call 1 Routed at 2001: cleared",
            "call 1 Routed at 2001: ended",
            "agent 1001001 is 3 (0)",
        ]
    );
}

#[test]
fn who_is_idle_for_longest_gets_the_call_and_who_waits_for_longest_gets_the_agent() {
    let mut stage = stage().with(&[2, 1, 3], AgentState::AVAILABLE);
    stage.calls("5551001");
    assert_eq!(stage.state("1001002").0, AgentState::RESERVED, "ready first");
    stage.calls("5551002");
    stage.calls("5551003");
    stage.told();
    let fourth = stage.calls("5551004");
    assert_eq!(stage.told(), ["call 4 Routed at 6001: begun", "call 4 Routed at 6001: queued, 1 wait (22)"]);
    stage.calls("5551005");
    let stage = &mut stage.with(&[4], AgentState::AVAILABLE);
    assert_eq!(stage.exchange.call(fourth).unwrap().state_of("2004"), LineState::Alerting);
}

#[test]
fn a_call_that_waited_leaves_its_queue_before_it_rings() {
    let mut stage = stage();
    stage.calls("5551001");
    stage.told();
    stage.sign_in("1001001", "2001").unwrap();
    stage.order("1001001", AgentState::AVAILABLE, 0).unwrap();
    assert_eq!(
        stage.told()[2..],
        [
            "agent 1001001 is 3 (0)",
            "call 1 Routed at 6001: dequeued, 0 wait",
            "call 1 Routed at 2001: announced to 1001001",
            "call 1 Routed at 2001: delivered to 2001 (22)",
            "agent 1001001 is 8 (0)",
        ]
    );
}

#[test]
fn who_does_not_answer_is_made_not_ready_and_the_call_goes_to_another() {
    let mut stage = stage().with(&[1, 2], AgentState::AVAILABLE);
    let call = stage.calls("5551001");
    stage.told();
    stage.pass(Duration::from_secs(20));
    assert_eq!(
        stage.told(),
        [
            "call 1 Routed at 2001: diverted to 6001 (10)",
            "agent 1001001 is 2 (32767)",
            "call 1 Routed at 6001: dequeued, 0 wait",
            "call 1 Routed at 2002: announced to 1001002",
            "call 1 Routed at 2002: delivered to 2002 (22)",
            "agent 1001002 is 8 (0)",
        ]
    );
    stage.answers(call, "2002");
    stage.pass(Duration::from_secs(60));
    assert_eq!(stage.state("1001002").0, AgentState::TALKING, "answered in time");
}

#[test]
fn a_caller_who_loses_patience_leaves_the_queue() {
    let mut stage = stage();
    let now = stage.now;
    let patience = Some(Duration::from_secs(30));
    let arrival = Arrival { from: "5551001".into(), to: "6001".into(), patience, ..Arrival::default() };
    stage.exchange.arrive(now, arrival).unwrap();
    stage.told();
    stage.pass(Duration::from_secs(30));
    assert_eq!(stage.told().last().unwrap(), "call 1 Routed at 6001: ended");
    assert_eq!(stage.exchange.queue_counts(stage.now, 1).unwrap().day.abandoned, 1);
    assert_eq!(stage.exchange.calls().count(), 0);
}

#[test]
fn queues_count_agents_by_state_and_calls_that_wait() {
    let mut stage = stage().with(&[1, 2, 3], AgentState::AVAILABLE);
    stage.order("1001003", AgentState::NOT_READY, 1).unwrap();
    let call = stage.calls("5551001");
    stage.answers(call, "2001");
    stage.calls("5551002");
    stage.calls("5551003");
    stage.pass(Duration::from_secs(10));
    stage.calls("5551004");
    let counts = stage.exchange.queue_counts(stage.now, 1).unwrap();
    let states = (counts.signed_in, counts.talking_in, counts.reserved, counts.not_ready, counts.available);
    assert_eq!(states, (3, 1, 1, 1, 0));
    assert_eq!((counts.waiting, counts.longest, counts.day.offered), (2, Duration::from_secs(10), 4));
    assert_eq!(stage.exchange.agent_counts(stage.now, "1001001").unwrap().handled, 1);
    assert!(stage.seconds() > 10);
}

#[test]
fn wrap_up_follows_a_routed_call_and_the_call_ends_with_it() {
    let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
    stage.exchange.set_wrap_up("1001001", Some(Duration::from_secs(15)));
    let now = stage.now;
    stage.exchange.hangs_up(now, call, "5551001");
    let told = stage.told();
    assert_eq!(told.last().unwrap(), "agent 1001001 is 6 (0)", "ready after wrap-up");
    assert!(!told.iter().any(|line| line.ends_with("ended")), "{told:?}");
    let data = CallData { wrap_up: Some("Sold".into()), ..CallData::default() };
    stage.exchange.set_data(now, call, &data).unwrap();
    assert_eq!(stage.told(), ["call 1 Routed at 2001: updated"]);
    stage.pass(Duration::from_secs(15));
    assert_eq!(stage.told(), ["call 1 Routed at 2001: ended", "agent 1001001 is 3 (0)"]);
}

#[test]
fn an_agent_ends_wrap_up_early_or_asks_for_it() {
    let (mut stage, call) = stage().with(&[1], AgentState::AVAILABLE).talking();
    stage.order("1001001", AgentState::WORK_NOT_READY, 0).unwrap();
    assert_eq!(stage.told(), ["agent 1001001 is 4 (0) then 5"]);
    let now = stage.now;
    stage.exchange.clear_connection(now, call, "2001", None).unwrap();
    assert_eq!(stage.told().last().unwrap(), "agent 1001001 is 5 (0)");
    stage.order("1001001", AgentState::NOT_READY, 4).unwrap();
    assert_eq!(stage.told(), ["call 1 Routed at 2001: ended", "agent 1001001 is 2 (4)"]);
}
