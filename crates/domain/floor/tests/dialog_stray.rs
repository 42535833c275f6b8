//! Calls that are heard of in the middle, and events that come after the end of their call.

mod scene;

use aplomb_floor::limits::QUERIES_OUTSTANDING_MAX;
use aplomb_floor::*;
use scene::calls::*;
use scene::*;
use std::time::Duration;

/// The one question about a call since the last look.
fn asked(scene: &mut Scene) -> (Token, Connection) {
    let commands = std::mem::take(&mut scene.commands);
    let [CtiCommand::SnapshotCall { token, connection }] = &commands[..] else { panic!("{commands:?}") };
    (*token, connection.clone())
}

fn denied(token: Token) -> CtiInput {
    let name = "CF_INVALID_CSTA_CALL_IDENTIFIER";
    CtiInput::Failed { token, failure: CtiFailure::Refused { code: 11, name, peripheral_error: 0 } }
}

#[test]
fn a_call_heard_of_in_the_middle_is_asked_for_and_known_whole() {
    let mut scene = office();
    scene.established(8, "901", CUSTOMER, LINE);
    assert_eq!(scene.told(), ["POST 8 ACTIVE 901:ACTIVE 5550199:ACTIVE > 11"], "at once");
    scene.retrieved(8, "901");
    let (token, connection) = asked(&mut scene);
    assert_eq!(connection, scene::calls::connection(8, "901"));
    let parties = [
        ("901", ConnectionState::Connect),
        (CUSTOMER, ConnectionState::Connect),
        ("902", ConnectionState::Hold),
    ];
    scene.cti(CtiInput::CallSnapshot { token, snapshot: snapshot(8, &parties) });
    assert_eq!(
        scene.told(),
        [
            "PUT 8 ACTIVE 901:ACTIVE 5550199:ACTIVE 902:HELD > 11",
            "POST 8 ACTIVE 901:ACTIVE 5550199:ACTIVE 902:HELD > 12"
        ]
    );
    let media = &scene.dialog(8).media;
    assert_eq!((media.call_type, media.variables[0].value.as_str()), (CallType::PrerouteAcdIn, "new"));
}

#[test]
fn a_call_that_the_server_denies_is_taken_away() {
    let mut scene = office();
    scene.held(8, "901");
    assert_eq!(scene.told(), ["POST 8 ACTIVE 901:HELD > 11"]);
    let (token, _) = asked(&mut scene);
    scene.cti(denied(token));
    assert_eq!(scene.told(), ["DELETE 8 DROPPED 901:DROPPED > 11"]);
    assert_eq!((scene.floor.call_count(), scene.noted("call_denied")), (0, 1));
    scene.leaves(9, "5550000");
    let (token, _) = asked(&mut scene);
    scene.cti(denied(token));
    assert_eq!((scene.floor.call_count(), scene.floor.unseen_calls()), (0, 1), "nobody saw it");
}

#[test]
fn a_denied_connection_is_the_end_of_a_call_in_which_nobody_else_is() {
    let mut scene = office();
    let not_a_party = || CtiFailure::Refused { code: 35, name: "E_CTI_NOT_CALL_PARTY", peripheral_error: 0 };
    scene.held(8, "901");
    let (token, _) = asked(&mut scene);
    scene.cti(CtiInput::Failed { token, failure: not_a_party() });
    assert_eq!(scene.floor.call_count(), 0);
    scene.established(9, "901", CUSTOMER, LINE);
    let (token, _) = asked(&mut scene);
    scene.cti(CtiInput::Failed { token, failure: not_a_party() });
    assert_eq!((scene.dialog(9).state, scene.noted("call_not_told")), (DialogState::Active, 1));
}

#[test]
fn a_server_that_cannot_tell_about_calls_takes_none_away() {
    let mut scene = office();
    scene.held(8, "901");
    let (token, _) = asked(&mut scene);
    let name = "CF_UNRECOGNIZED_OPERATION_REJECTION";
    let failure = CtiFailure::Refused { code: 73, name, peripheral_error: 0 };
    scene.cti(CtiInput::Failed { token, failure: failure.clone() });
    assert_eq!((scene.dialog(8).state, scene.noted("call_not_told")), (DialogState::Active, 1));
    let questions = back_with(&mut scene, State::Hold);
    devices(&mut scene, questions, &[(8, ConnectionState::Hold)]);
    let (token, _) = asked(&mut scene);
    scene.cti(CtiInput::Failed { token, failure });
    assert_eq!(scene.dialog(8).state, DialogState::Active, "the device has it");
    scene.held(9, "901");
    asked(&mut scene);
    scene.pass(Duration::from_secs(60));
    assert_eq!((scene.dialog(9).state, scene.noted("call_not_told")), (DialogState::Active, 2), "no answer");
}

#[test]
fn an_event_that_comes_after_the_end_of_its_call_makes_no_call() {
    let mut scene = office();
    scene.talk(1);
    scene.hang_up(1);
    scene.reports("11", State::Ready, "901", None);
    scene.forget();
    scene.held(1, "901");
    scene.leaves(1, CUSTOMER);
    let (new, data) = (connection(1, "901"), Box::new(variable(1, "late")));
    scene.call(1, "901", CallHappened::DataUpdated { new, call_type: CallType::Unknown, data });
    assert!(scene.told().is_empty() && scene.commands.is_empty());
    assert_eq!((scene.floor.call_count(), scene.noted("belated_event")), (0, 3));
    scene.begin(1, CallType::PrerouteAcdIn);
    scene.delivered(1, "901", CUSTOMER, LINE);
    assert_eq!(scene.told(), ["POST 1 ALERTING 901:ALERTING 5550199:INITIATED > 11"], "ids come again");
    assert!(scene.commands.is_empty(), "its beginning was told");
}

#[test]
fn so_many_calls_are_asked_for_at_a_time_and_those_that_end_meanwhile_never() {
    let mut scene = office();
    let calls = 1..=u32::try_from(QUERIES_OUTSTANDING_MAX).unwrap() + 2;
    calls.clone().for_each(|call| scene.leaves(call, "5550000"));
    let questions = std::mem::take(&mut scene.commands);
    assert_eq!(questions.len(), QUERIES_OUTSTANDING_MAX);
    scene.ended(*calls.end() - 1);
    scene.cti(denied(questions[0].token()));
    let (_, connection) = asked(&mut scene);
    assert_eq!(connection.call, CallId(*calls.end()));
    scene.link_down();
    scene.forget();
    scene.cti(denied(questions[1].token()));
    assert_eq!(scene.noted("late_outcome"), 1, "the link owes nothing any more");
}
