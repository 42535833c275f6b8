//! Calls after a gap in the CTI link, and calls that make no sense.

mod scene;

use aplomb_floor::limits::{
    CALLS_MAX, ECC_VARIABLES_MAX, ENDED_CALLS_MAX, PARTICIPANTS_PER_CALL_MAX, VALUE_BYTES_MAX,
};
use aplomb_floor::*;
use scene::calls::*;
use scene::*;

#[test]
fn a_call_that_began_in_the_gap_is_found() {
    let mut scene = office();
    let questions = back_with(&mut scene, State::Talking);
    assert_eq!(questions.len(), 3, "one for each extension");
    devices(&mut scene, questions, &[(5, ConnectionState::Connect)]);
    let CtiCommand::SnapshotCall { token, connection } = scene.commands[0].clone() else { panic!() };
    assert_eq!(connection.call, CallId(5));
    assert_eq!(scene.floor.system().status, Status::OutOfService, "not before the calls are known");
    let snapshot = snapshot(5, &[("901", ConnectionState::Connect), (CUSTOMER, ConnectionState::Connect)]);
    scene.cti(CtiInput::CallSnapshot { token, snapshot });
    assert_eq!(scene.floor.system().status, Status::InService);
    assert_eq!(scene.told(), ["POST 5 ACTIVE 901:ACTIVE 5550199:ACTIVE > 11"]);
    let dialog = scene.dialog(5);
    assert_eq!((dialog.from.as_str(), dialog.to.as_str()), (CUSTOMER, LINE));
    assert!(scene.notes.contains(&Note::CallsReconciled { found: 1, new: 1, ended: 0 }));
}

#[test]
fn a_call_that_ended_in_the_gap_is_taken_away() {
    let mut scene = office();
    scene.talk(1);
    let questions = back_with(&mut scene, State::Ready);
    devices(&mut scene, questions, &[]);
    assert_eq!(
        scene.told(),
        [
            "PUT 1 DROPPED 901:DROPPED 5550199:DROPPED > 11",
            "DELETE 1 DROPPED 901:DROPPED 5550199:DROPPED > 11"
        ]
    );
    assert!(scene.notes.contains(&Note::CallsReconciled { found: 0, new: 0, ended: 1 }));
    assert_eq!(scene.floor.call_count(), 0);
}

#[test]
fn a_call_that_went_on_tells_only_what_is_different() {
    let mut scene = office();
    scene.talk(1);
    let questions = back_with(&mut scene, State::Hold);
    devices(&mut scene, questions, &[(1, ConnectionState::Hold)]);
    let token = scene.commands[0].token();
    let snapshot = snapshot(1, &[("901", ConnectionState::Hold), (CUSTOMER, ConnectionState::Connect)]);
    scene.cti(CtiInput::CallSnapshot { token, snapshot });
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:HELD 5550199:ACTIVE > 11"]);
    assert_eq!(scene.dialog(1).media.variables[0].value, "new");
}

/// Clients hear first that nothing can be asked for, then what agents do, then which calls are over, then of new ones, and
/// last that the system is there again. The old call goes from the screen when what follows it is known.
#[test]
fn what_changed_in_a_gap_is_told_in_an_order_that_clients_can_follow() {
    let mut scene = office();
    scene.talk(1);
    scene.link_down();
    scene.link_up();
    while let Some(question) = scene.next_question() {
        let token = question.token();
        let answer = match question {
            CtiCommand::QueryAgentState { agent, .. } => {
                let known = scene.agent(agent.as_str());
                let gone_ready = agent.as_str() == "12";
                let state = if gone_ready { State::Ready } else { known.state };
                let extension = Some(known.extension.clone());
                CtiInput::AgentState(AgentStateReport {
                    agent,
                    extension,
                    place: PlaceReport::default(),
                    state,
                    reason: None,
                    next: None,
                    answers: Some(token),
                })
            }
            CtiCommand::SnapshotDevice { instrument, .. } => {
                let connection = connection(5, "901");
                let (state, monitored) = (ConnectionState::Connect, MonitorStatus::None);
                let there = DeviceCall { connection, state, monitored };
                let calls = if instrument.as_str() == "901" { vec![there] } else { Vec::new() };
                CtiInput::DeviceSnapshot { token, calls }
            }
            other => panic!("{other:?}"),
        };
        scene.cti(answer);
    }
    let token = scene.commands.pop().unwrap().token();
    let parties = [("901", ConnectionState::Connect), (CUSTOMER, ConnectionState::Connect)];
    scene.cti(CtiInput::CallSnapshot { token, snapshot: snapshot(5, &parties) });
    let word = |change: &Change| match change {
        Change::System { system, .. } => system.status.name().to_owned(),
        Change::Agent { agent, .. } => format!("{} {}", agent.id(), agent.state.name()),
        Change::Dialog { dialog, event, .. } => format!("{event:?} {}", dialog.id),
        other => format!("{other:?}"),
    };
    let told: Vec<String> = scene.changes.iter().map(word).collect();
    assert_eq!(
        told,
        ["OUT_OF_SERVICE", "12 READY", "Changed 1", "Added 5", "Removed 1", "IN_SERVICE"],
        "{told:?}"
    );
}

#[test]
fn what_is_gone_from_a_call_after_a_gap_is_gone_from_the_screen() {
    let mut scene = office();
    scene.talk(1);
    let element =
        |name: &str, index, value: &str| EccVariable { name: name.into(), index, value: value.into() };
    let mut data = variable(2, "silver");
    data.wrap_up = some("sold");
    data.ecc = vec![element("user.step", None, "menu"), element("user.list", Some(3), "third")];
    let new = connection(1, "901");
    let update = CallHappened::DataUpdated { new, call_type: CallType::Unknown, data: Box::new(data) };
    scene.call(1, "901", update);
    let questions = back_with(&mut scene, State::Talking);
    devices(&mut scene, questions, &[(1, ConnectionState::Connect)]);
    let token = scene.commands[0].token();
    let mut snapshot =
        snapshot(1, &[("901", ConnectionState::Connect), (CUSTOMER, ConnectionState::Connect)]);
    snapshot.data.ecc = vec![element("user.list", Some(4), "fourth")];
    scene.cti(CtiInput::CallSnapshot { token, snapshot });
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:ACTIVE 5550199:ACTIVE > 11"]);
    let media = &scene.dialog(1).media;
    let variables: Vec<_> =
        media.variables.iter().map(|known| (known.number, known.value.as_str())).collect();
    assert_eq!(variables, [(1, "new")]);
    assert_eq!(media.ecc, [element("user.list", Some(4), "fourth")]);
    assert_eq!(media.wrap_up, "");
}

#[test]
fn a_call_that_ended_between_two_questions_began_and_ended_unseen() {
    let mut scene = office();
    let questions = back_with(&mut scene, State::Talking);
    devices(&mut scene, questions, &[(5, ConnectionState::Connect)]);
    let token = scene.commands[0].token();
    let failure =
        CtiFailure::Refused { code: 11, name: "CF_INVALID_CSTA_CALL_IDENTIFIER", peripheral_error: 0 };
    scene.cti(CtiInput::Failed { token, failure });
    assert!(scene.told().is_empty());
    assert_eq!((scene.floor.unseen_calls(), scene.floor.call_count()), (1, 0));
    assert_eq!(scene.floor.system().status, Status::InService);
}

#[test]
fn a_call_heard_of_by_its_end_alone_is_counted() {
    let mut scene = office();
    scene.ended(77);
    assert_eq!((scene.floor.unseen_calls(), scene.noted("call_unseen")), (1, 1));
    scene.cleared(78);
    assert_eq!(scene.noted("unknown_call"), 1);
    assert!(scene.told().is_empty());
}

#[test]
fn a_device_that_says_nothing_keeps_its_calls() {
    let mut scene = office();
    scene.talk(1);
    let questions = back_with(&mut scene, State::Talking);
    for question in questions {
        scene.cti(CtiInput::Failed { token: question.token(), failure: CtiFailure::TimedOut });
    }
    assert!(scene.told().is_empty());
    assert_eq!(scene.dialog(1).state, DialogState::Active);
}

#[test]
fn events_in_the_wrong_order_or_about_strangers_do_no_harm() {
    let mut scene = office();
    scene.held(1, "901");
    assert_eq!(scene.told(), ["POST 1 ACTIVE 901:HELD > 11"], "heard of in the middle");
    scene.ended(1);
    scene.forget();
    scene.leaves(2, "555");
    scene.retrieved(3, "nobody");
    scene.established(4, "", "", "");
    scene.begin(5, CallType::Other(999));
    scene.begin(5, CallType::PrerouteAcdIn);
    let transferred = CallHappened::Transferred {
        secondary: Some(connection(7, "x")),
        transferring: device("y"),
        transferred: device("z"),
        parties: vec![connection(6, "")],
    };
    scene.call(6, "", transferred);
    assert!(scene.told().is_empty());
    for call in 2..=6 {
        scene.ended(call);
    }
    assert_eq!(scene.floor.call_count(), 0);
}

#[test]
fn long_values_are_cut_at_a_character_and_noted() {
    let mut scene = office();
    scene.talk(1);
    let long = "ä".repeat(10_000);
    let mut data = variable(1, &long);
    data.ecc = (0..300)
        .map(|n| EccVariable { name: format!("user.v{n}"), index: None, value: "x".into() })
        .collect();
    let new = connection(1, "901");
    let update = CallHappened::DataUpdated { new, call_type: CallType::Unknown, data: Box::new(data) };
    scene.call(1, "901", update);
    let media = &scene.dialog(1).media;
    assert_eq!(media.variables[0].value.len(), VALUE_BYTES_MAX - 1, "251 is within a character");
    assert_eq!(media.ecc.len(), ECC_VARIABLES_MAX);
    let cut = 1 + 300 - ECC_VARIABLES_MAX;
    assert!(scene.notes.contains(&Note::CallDataCut { call: CallId(1), values: cut }));
}

#[test]
fn a_call_holds_so_many_participants_and_no_more() {
    let mut scene = office();
    scene.talk(1);
    for number in 0..2 * PARTICIPANTS_PER_CALL_MAX {
        scene.established(1, &format!("5{number:03}"), CUSTOMER, LINE);
    }
    assert_eq!(scene.dialog(1).participants.len(), PARTICIPANTS_PER_CALL_MAX);
}

#[test]
fn no_more_calls_are_followed_than_the_limit() {
    let mut scene = office();
    for call in 1..=u32::try_from(CALLS_MAX).unwrap() + 5 {
        scene.begin(call, CallType::PrerouteAcdIn);
    }
    assert_eq!((scene.floor.call_count(), scene.noted("too_many_calls")), (CALLS_MAX, 5));
    scene.ended(1);
    scene.begin(1_000_000, CallType::PrerouteAcdIn);
    assert_eq!(scene.floor.call_count(), CALLS_MAX);
}

#[test]
fn numbers_and_values_do_not_show_in_debug() {
    let mut scene = office();
    scene.talk(1);
    let shown = format!("{:?} {:?}", scene.floor, scene.dialog(1));
    assert!(!shown.contains(CUSTOMER) && !shown.contains("gold"), "{shown}");
}

#[test]
fn an_end_that_comes_again_is_no_call_that_nobody_saw() {
    let mut scene = office();
    scene.begin(5, CallType::PrerouteAcdIn);
    scene.ended(5);
    assert_eq!(scene.floor.call_count(), 0);
    scene.ended(5);
    assert_eq!((scene.floor.unseen_calls(), scene.noted("call_unseen")), (0, 0), "seen");
    scene.ended(77);
    scene.ended(77);
    assert_eq!((scene.floor.unseen_calls(), scene.noted("call_unseen")), (1, 1), "unseen, but once");
}

#[test]
fn only_the_calls_that_ended_last_are_remembered() {
    let mut scene = office();
    let ends = 1..=u32::try_from(ENDED_CALLS_MAX).unwrap() + 1;
    ends.clone().for_each(|call| scene.ended(call));
    let unseen = u64::from(*ends.end());
    assert_eq!(scene.floor.unseen_calls(), unseen);
    (2..=*ends.end()).for_each(|call| scene.ended(call));
    assert_eq!(scene.floor.unseen_calls(), unseen, "the last ones are known");
    scene.ended(1);
    assert_eq!(scene.floor.unseen_calls(), unseen + 1, "the first is not");
}
