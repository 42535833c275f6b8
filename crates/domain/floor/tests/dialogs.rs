//! Calls become dialogs: who is told what, call by call.

mod scene;

use aplomb_floor::*;
use scene::calls::*;
use scene::*;
use std::time::Duration;

const ON_CALL: [&str; 6] = ["HOLD", "DROP", "UPDATE_CALL_DATA", "CONSULT_CALL", "TRANSFER_SST", "SEND_DTMF"];

#[test]
fn a_routed_call_rings_is_answered_and_ends() {
    let mut scene = office();
    scene.begin(1, CallType::PrerouteAcdIn);
    assert!(scene.told().is_empty(), "nobody is in it yet");
    scene.delivered(1, "901", CUSTOMER, LINE);
    assert_eq!(scene.told(), ["POST 1 ALERTING 901:ALERTING 5550199:INITIATED > 11"]);
    assert_eq!(scene.actions(1, "901"), ["ANSWER"]);
    assert!(scene.actions(1, CUSTOMER).is_empty());
    scene.established(1, "901", CUSTOMER, LINE);
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:ACTIVE 5550199:ACTIVE > 11"]);
    assert_eq!(scene.actions(1, "901"), ON_CALL);
    let dialog = scene.dialog(1);
    assert_eq!((dialog.from.as_str(), dialog.to.as_str()), (CUSTOMER, LINE));
    assert_eq!((dialog.media.dnis.as_str(), dialog.media.variables[0].value.as_str()), ("7999", "gold"));
    scene.leaves(1, CUSTOMER);
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:ACTIVE 5550199:DROPPED > 11"]);
    scene.leaves(1, "901");
    scene.cleared(1);
    assert_eq!(scene.told(), ["PUT 1 DROPPED 901:DROPPED 5550199:DROPPED > 11"]);
    scene.ended(1);
    assert_eq!(scene.told(), ["DELETE 1 DROPPED 901:DROPPED 5550199:DROPPED > 11"]);
    assert_eq!(scene.floor.call_count(), 0);
}

#[test]
fn an_outgoing_call_goes_through_its_states_for_the_caller() {
    let mut scene = office();
    scene.begin(1, CallType::Out);
    scene.initiated(1, "902");
    scene.originated(1, "902", CUSTOMER);
    scene.delivered(1, CUSTOMER, "902", CUSTOMER);
    assert_eq!(scene.actions(1, "902"), ["DROP", "UPDATE_CALL_DATA"]);
    scene.established(1, CUSTOMER, "902", CUSTOMER);
    assert_eq!(
        scene.told(),
        [
            "POST 1 INITIATING 902:INITIATING > 12",
            "PUT 1 INITIATED 902:INITIATED > 12",
            "PUT 1 ALERTING 902:INITIATED 5550199:ALERTING > 12",
            "PUT 1 ACTIVE 902:ACTIVE 5550199:ACTIVE > 12",
        ]
    );
}

#[test]
fn an_internal_call_is_a_dialog_of_both_agents_with_actions_for_each() {
    let mut scene = office();
    scene.begin(1, CallType::AgentInside);
    scene.initiated(1, "901");
    scene.originated(1, "901", "902");
    scene.forget();
    scene.delivered(1, "902", "901", "902");
    assert_eq!(
        scene.told(),
        ["PUT 1 ALERTING 901:INITIATED 902:ALERTING > 11", "POST 1 ALERTING 901:INITIATED 902:ALERTING > 12"]
    );
    scene.established(1, "902", "901", "902");
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:ACTIVE 902:ACTIVE > 11 12"]);
    scene.held(1, "902");
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:ACTIVE 902:HELD > 11 12"]);
    assert_eq!(scene.actions(1, "901"), ON_CALL);
    assert_eq!(scene.actions(1, "902"), ["RETRIEVE", "DROP", "UPDATE_CALL_DATA"]);
    scene.retrieved(1, "902");
    assert_eq!(scene.actions(1, "902"), ON_CALL);
}

#[test]
fn a_repeated_event_tells_nothing() {
    let mut scene = office();
    scene.talk(1);
    scene.established(1, "901", CUSTOMER, LINE);
    scene.delivered(1, "901", CUSTOMER, LINE);
    assert!(scene.told().is_empty());
    scene.held(1, "901");
    scene.held(1, "901");
    assert_eq!(scene.told().len(), 1);
}

#[test]
fn a_consultation_is_associated_and_lets_the_held_call_be_joined() {
    let mut scene = office();
    scene.consult();
    assert_eq!(scene.dialog(2).associated, Some(CallId(1)));
    assert_eq!(scene.actions(1, "901"), ["RETRIEVE", "DROP", "UPDATE_CALL_DATA", "TRANSFER", "CONFERENCE"]);
    assert_eq!(scene.actions(2, "901"), ON_CALL);
    scene.leaves(2, "902");
    assert!(!scene.actions(1, "901").contains(&"TRANSFER"), "nobody left to give it to");
}

#[test]
fn a_transfer_takes_both_calls_from_one_and_gives_the_first_to_the_other() {
    let mut scene = office();
    scene.consult();
    let transferred = CallHappened::Transferred {
        secondary: Some(connection(2, "901")),
        transferring: device("901"),
        transferred: device("902"),
        parties: vec![connection(1, CUSTOMER), connection(1, "902")],
    };
    scene.call_because(1, "901", Cause::Transfer, transferred);
    assert_eq!(
        scene.told(),
        [
            "DELETE 2 DROPPED 901:DROPPED 902:DROPPED > 11 12",
            "DELETE 1 DROPPED 901:DROPPED 5550199:ACTIVE 902:ACTIVE > 11",
            "POST 1 ACTIVE 5550199:ACTIVE 902:ACTIVE > 12",
        ]
    );
    scene.ended(2);
    assert!(scene.told().is_empty());
    let dialog = scene.dialog(1);
    assert_eq!((dialog.secondary, dialog.participants.len()), (Some(CallId(2)), 2));
    assert_eq!(scene.actions(1, "902"), ON_CALL);
    assert_eq!(scene.floor.dialogs_of(&id("11")).count(), 0);
    assert_eq!(scene.floor.unseen_calls(), 0);
}

fn hand_over(scene: &mut Scene) {
    let transferred = CallHappened::Transferred {
        secondary: Some(connection(2, "901")),
        transferring: device("901"),
        transferred: device("902"),
        parties: vec![connection(1, CUSTOMER), connection(1, "902")],
    };
    scene.call_because(1, "901", Cause::Transfer, transferred);
}

#[test]
fn who_transfers_and_must_wrap_up_does_so_in_the_first_call_and_leaves_it_afterwards() {
    let mut roster = scene::small_roster();
    for agent in &mut roster.agents {
        agent.settings.wrap_up_on_incoming = WrapUp::Required;
        agent.wrap_up_timer_secs = Some(30);
    }
    let mut scene = office_with(roster, Policy::default());
    scene.consult();
    hand_over(&mut scene);
    scene.reports("11", State::WorkReady, "901", None);
    let told = scene.told();
    let of_11 = told.iter().filter(|line| line.contains("11")).collect::<Vec<_>>();
    assert_eq!(of_11.len(), 3, "{told:?}");
    assert!(of_11[0].starts_with("DELETE 2 "), "{told:?}");
    assert!(of_11[1].starts_with("PUT 1 ") && of_11[1].contains("901:DROPPED"), "{told:?}");
    assert!(of_11[2].starts_with("PUT 1 ") && of_11[2].contains("901:WRAP_UP"), "{told:?}");
    assert_eq!(scene.actions(1, "901"), ["UPDATE_CALL_DATA"]);
    assert_eq!(scene.actions(1, "902"), ON_CALL, "the call goes on");
    scene.reports("11", State::Ready, "901", None);
    let told = scene.told();
    assert!(told[0].starts_with("PUT 1 ") || told[0].starts_with("DELETE 1 "), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("DELETE 1 ") && line.ends_with("> 11")), "{told:?}");
    assert_eq!(scene.floor.dialogs_of(&id("11")).count(), 0);
    assert_eq!(scene.floor.dialogs_of(&id("12")).count(), 1);
}

#[test]
fn wrap_up_ends_by_the_timer_when_no_state_comes() {
    let mut roster = scene::small_roster();
    roster.agents.iter_mut().for_each(|agent| agent.wrap_up_timer_secs = Some(30));
    let mut scene = office_with(roster, Policy::default());
    scene.talk(1);
    scene.hang_up(1);
    scene.reports("11", State::Work, "901", None);
    scene.pass(Duration::from_secs(29));
    assert_eq!(scene.floor.dialogs_of(&id("11")).count(), 1);
    scene.forget();
    scene.pass(Duration::from_secs(2));
    assert!(scene.told().last().unwrap().starts_with("DELETE 1 "));
}

#[test]
fn a_single_step_transfer_rings_at_the_other() {
    let mut scene = office();
    scene.talk(1);
    let transferred = CallHappened::Transferred {
        secondary: None,
        transferring: device("901"),
        transferred: device("902"),
        parties: vec![connection(1, CUSTOMER), connection(1, "902")],
    };
    scene.call_because(1, "901", Cause::Transfer, transferred);
    scene.delivered(1, "902", CUSTOMER, "902");
    assert_eq!(
        scene.told(),
        [
            "DELETE 1 DROPPED 901:DROPPED 5550199:ACTIVE > 11",
            "POST 1 ALERTING 5550199:ACTIVE 902:ALERTING > 12",
        ]
    );
    scene.established(1, "902", CUSTOMER, "902");
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 5550199:ACTIVE 902:ACTIVE > 12"]);
}

#[test]
fn who_made_a_call_and_gave_it_away_does_not_come_back_by_being_named_its_caller() {
    let mut scene = office();
    scene.begin(1, CallType::Out);
    scene.initiated(1, "901");
    scene.originated(1, "901", CUSTOMER);
    scene.established(1, CUSTOMER, "901", CUSTOMER);
    let transferred = CallHappened::Transferred {
        secondary: None,
        transferring: device("901"),
        transferred: device("902"),
        parties: vec![connection(1, CUSTOMER), connection(1, "902")],
    };
    scene.call_because(1, "901", Cause::Transfer, transferred);
    scene.delivered(1, "902", "901", "902");
    scene.forget();
    scene.established(1, "902", "901", "902");
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 5550199:ACTIVE 902:ACTIVE > 12"]);
}

#[test]
fn a_conference_brings_all_into_the_first_call_and_one_may_leave() {
    let mut scene = office();
    scene.consult();
    let conferenced = CallHappened::Conferenced {
        secondary: connection(2, "901"),
        controller: device("901"),
        added: device("902"),
        parties: vec![connection(1, "901"), connection(1, CUSTOMER), connection(1, "902")],
    };
    scene.call_because(1, "901", Cause::Conference, conferenced);
    assert_eq!(
        scene.told(),
        [
            "DELETE 2 DROPPED 901:DROPPED 902:DROPPED > 11 12",
            "PUT 1 ACTIVE 901:ACTIVE 5550199:ACTIVE 902:ACTIVE > 11",
            "POST 1 ACTIVE 901:ACTIVE 5550199:ACTIVE 902:ACTIVE > 12",
        ]
    );
    let dialog = scene.dialog(1);
    assert_eq!((dialog.media.call_type, dialog.secondary), (CallType::Conference, Some(CallId(2))));
    scene.reports("12", State::Talking, "902", None);
    scene.leaves(1, "902");
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:ACTIVE 5550199:ACTIVE 902:DROPPED > 11 12"]);
    scene.reports("12", State::NotReady, "902", None);
    assert_eq!(scene.told(), ["DELETE 1 DROPPED 901:ACTIVE 5550199:ACTIVE 902:DROPPED > 12"]);
    scene.held(1, "901");
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:HELD 5550199:ACTIVE > 11"]);
}

#[test]
fn a_call_that_nobody_answers_leaves_the_agent() {
    let mut scene = office();
    scene.begin(1, CallType::PrerouteAcdIn);
    scene.delivered(1, "901", CUSTOMER, LINE);
    scene.forget();
    let diverted = CallHappened::Diverted { diverting: device("901"), called: device(LINE) };
    scene.call_because(1, "901", Cause::NotAnswered, diverted);
    assert_eq!(scene.told(), ["DELETE 1 DROPPED 901:DROPPED 5550199:INITIATED > 11"]);
    scene.delivered(1, "902", CUSTOMER, LINE);
    assert_eq!(scene.told(), ["POST 1 ALERTING 5550199:INITIATED 902:ALERTING > 12"]);
}

#[test]
fn a_busy_far_end_fails_the_dialog_with_its_cause() {
    let mut scene = office();
    scene.begin(1, CallType::Out);
    scene.initiated(1, "902");
    scene.originated(1, "902", CUSTOMER);
    scene.forget();
    let failed = CallHappened::Failed { failing: device(CUSTOMER), called: device(CUSTOMER) };
    scene.call_because(1, "902", Cause::Busy, failed);
    assert_eq!(scene.told(), ["PUT 1 FAILED 902:FAILED/BUSY > 12"]);
    assert_eq!(scene.actions(1, "902"), ["DROP"]);
}

#[test]
fn wrap_up_keeps_the_dialog_until_it_ends() {
    let mut scene = office();
    scene.talk(1);
    scene.hang_up(1);
    assert_eq!(scene.told().len(), 2, "one word for each who left, none of the end: the agent may wrap up");
    scene.reports("11", State::Work, "901", None);
    assert_eq!(scene.told(), ["PUT 1 DROPPED 901:WRAP_UP 5550199:DROPPED > 11"]);
    assert_eq!(scene.actions(1, "901"), ["UPDATE_CALL_DATA"]);
    scene.reports("11", State::Ready, "901", None);
    assert_eq!(
        scene.told(),
        [
            "PUT 1 DROPPED 901:DROPPED 5550199:DROPPED > 11",
            "DELETE 1 DROPPED 901:DROPPED 5550199:DROPPED > 11"
        ]
    );
    assert_eq!(scene.floor.call_count(), 0);
    assert!(scene.floor.poll_timeout().is_none());
}

#[test]
fn without_wrap_up_the_dialog_goes_with_the_next_state() {
    let mut scene = office();
    scene.talk(1);
    scene.hang_up(1);
    scene.forget();
    scene.reports("11", State::Ready, "901", None);
    assert_eq!(scene.told(), ["DELETE 1 DROPPED 901:DROPPED 5550199:DROPPED > 11"]);
}

#[test]
fn a_dialog_does_not_wait_for_ever_for_the_agents_next_state() {
    let mut scene = office();
    scene.talk(1);
    scene.hang_up(1);
    scene.forget();
    scene.pass(Duration::from_secs(6));
    assert_eq!(scene.told(), ["DELETE 1 DROPPED 901:DROPPED 5550199:DROPPED > 11"]);
    assert_eq!(scene.floor.call_count(), 0);
}

#[test]
fn a_call_whose_end_never_comes_is_forgotten() {
    let mut scene = office();
    scene.talk(1);
    scene.leaves(1, "901");
    scene.leaves(1, CUSTOMER);
    scene.cleared(1);
    scene.reports("11", State::Ready, "901", None);
    scene.pass(Duration::from_secs(61));
    assert_eq!(scene.told().last().unwrap(), "DELETE 1 DROPPED 901:DROPPED 5550199:DROPPED > 11");
    assert_eq!(scene.floor.call_count(), 0);
}

#[test]
fn a_monitored_agent_has_a_passive_dialog() {
    let mut scene = office();
    scene.talk(1);
    scene.begin(3, CallType::SupervisorMonitor);
    scene.initiated(3, "971");
    scene.originated(3, "971", "901");
    scene.established(3, "901", "971", "901");
    let told = scene.told();
    assert_eq!(told.last().unwrap(), "POST 3 ACTIVE 971:ACTIVE 901:ACTIVE > 11");
    assert!(scene.actions(3, "901").is_empty());
    assert_eq!(scene.actions(3, "971"), ["DROP", "UPDATE_CALL_DATA"]);
    assert_eq!(scene.actions(1, "901"), ON_CALL, "the call itself is as before");
    scene.ended(3);
    assert_eq!(scene.told().last().unwrap(), "DELETE 3 DROPPED 971:DROPPED 901:DROPPED > 11 71");
}

#[test]
fn data_comes_in_pieces_and_a_change_is_told() {
    let mut scene = office();
    scene.talk(1);
    let ecc = |name: &str, index, value: &str| EccVariable { name: name.into(), index, value: value.into() };
    let mut data = variable(10, "last");
    data.ecc = vec![ecc("user.level", None, "3"), ecc("user.list", Some(2), "b")];
    data.wrap_up = Some("Sale".into());
    let new = connection(1, "901");
    let update = |data: CallData| CallHappened::DataUpdated {
        new: new.clone(),
        call_type: CallType::Unknown,
        data: Box::new(data),
    };
    scene.call(1, "901", update(data));
    scene.call(1, "901", update(CallData { ecc: vec![ecc("user.level", None, "4")], ..CallData::default() }));
    assert_eq!(scene.told().len(), 2);
    let media = &scene.dialog(1).media;
    let values: Vec<(u8, &str)> = media.variables.iter().map(|v| (v.number, v.value.as_str())).collect();
    assert_eq!(values, [(1, "gold"), (10, "last")]);
    assert_eq!(media.ecc, [ecc("user.level", None, "4"), ecc("user.list", Some(2), "b")]);
    assert_eq!((media.wrap_up.as_str(), media.call_type), ("Sale", CallType::PrerouteAcdIn));
}

#[test]
fn a_whole_set_of_expanded_variables_replaces_the_one_before_and_none_at_all_says_nothing() {
    let mut scene = office();
    scene.talk(1);
    let ecc = |name: &str, value: &str| EccVariable { name: name.into(), index: None, value: value.into() };
    let (level, line) = (ecc("user.level", "3"), ecc("user.line", "b"));
    let mut update = |ecc: &[EccVariable]| {
        let data = Box::new(CallData { ecc: ecc.to_vec(), ecc_is_whole: true, ..CallData::default() });
        let new = connection(1, "901");
        scene.call(1, "901", CallHappened::DataUpdated { new, call_type: CallType::Unknown, data });
        scene.dialog(1).media.ecc.clone()
    };
    assert_eq!(update(&[level.clone(), line.clone()]), [level, line.clone()]);
    assert_eq!(update(std::slice::from_ref(&line)), std::slice::from_ref(&line));
    assert_eq!(update(&[]), [line]);
}

#[test]
fn the_queue_that_routed_a_call_is_named() {
    let mut scene = office();
    let profile = QueueProfile { id: QueueId(4), name: "Help".into(), teams: Vec::new() };
    scene.floor.set_queues([profile]);
    let queue = Some(QueueRef { number: 4, id: Some(5004) });
    let what = CallHappened::Established {
        answering: device("901"),
        calling: device(CUSTOMER),
        called: device(LINE),
        queue,
    };
    scene.call(1, "901", what);
    let media = &scene.dialog(1).media;
    assert_eq!((media.queue, media.queue_name.as_str()), (queue, "Help"));
}

#[test]
fn a_call_that_gets_another_id_is_another_dialog() {
    let mut scene = office();
    scene.talk(1);
    let renamed = CallHappened::DataUpdated {
        new: connection(9, "901"),
        call_type: CallType::Unknown,
        data: Box::default(),
    };
    scene.call(1, "901", renamed);
    assert_eq!(scene.told(), ["DELETE 1 DROPPED  > 11", "POST 9 ACTIVE 901:ACTIVE 5550199:ACTIVE > 11"]);
    assert_eq!(scene.dialog(9).media.variables[0].value, "gold");
}

#[test]
fn who_signs_in_in_the_middle_of_a_call_sees_it() {
    let mut scene = office();
    scene.begin(1, CallType::OtherIn);
    scene.delivered(1, "921", CUSTOMER, "921");
    scene.established(1, "921", CUSTOMER, "921");
    assert!(scene.told().is_empty());
    scene.reports("21", State::Talking, "921", None);
    assert_eq!(scene.told(), ["POST 1 ACTIVE 921:ACTIVE 5550199:ACTIVE > 21"]);
    scene.reports("21", State::Logout, "", None);
    assert_eq!(scene.told().last().unwrap(), "DELETE 1 DROPPED 921:ACTIVE 5550199:ACTIVE > 21");
}
