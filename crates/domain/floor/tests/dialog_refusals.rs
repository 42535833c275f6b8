//! What cannot be asked of a call: of whom, in which state, with which values.

mod scene;

use aplomb_floor::limits::{
    CALL_VARIABLE_BYTES_MAX, DIALED_NUMBER_BYTES_MAX, DTMF_KEYS_MAX, ECC_BYTES_MAX, REQUESTS_PER_DIALOG_MAX,
    WRAP_UP_BYTES_MAX,
};
use aplomb_floor::*;
use scene::calls::*;
use scene::*;

fn make(from: &str, to: &str) -> DialogWish {
    DialogWish::MakeCall { from: from.into(), to: to.into(), data: Box::default() }
}

fn invalid(name: &'static str) -> impl Fn(&DialogRefusal) -> bool {
    move |refusal| matches!(refusal, DialogRefusal::InvalidInput { name: told, .. } if *told == name)
}

#[test]
fn who_may_drop_another_participant_is_a_policy() {
    use DropParticipant::{All, ConferenceControllerAndSupervisor, SupervisorOnly};
    // Agent 11 has made a conference with 12 and the customer; a supervisor is let in.
    let conference = |drop_participant| {
        let policy = Policy { drop_participant, ..Policy::default() };
        let mut scene = office_with(small_roster(), policy);
        scene.consult();
        let parties = [connection(1, "901"), connection(1, "902"), connection(1, CUSTOMER)].to_vec();
        let secondary = connection(2, "901");
        let (controller, added) = (device("901"), device("902"));
        scene.call(1, "901", CallHappened::Conferenced { secondary, controller, added, parties });
        scene.ended(2);
        scene.established(1, "971", CUSTOMER, LINE);
        scene.forget();
        scene
    };
    for (policy, controller, member) in
        [(SupervisorOnly, false, false), (ConferenceControllerAndSupervisor, true, false), (All, true, true)]
    {
        for (agent, may) in [("11", controller), ("12", member), ("71", true)] {
            let mut scene = conference(policy);
            let drop = DialogWish::DropParticipant { call: CallId(1), target: CUSTOMER.into() };
            let outcome = scene.wish(agent, drop, "d");
            if may {
                assert_eq!(outcome, Ok(()), "{policy:?}, {agent}");
                let order = scene.call_order();
                let CallRequest::Clear { connection, requester } = order.what else { panic!("{order:?}") };
                assert_eq!(connection.device.as_str(), CUSTOMER, "{policy:?}, {agent}");
                assert!(requester.is_some(), "somebody else's connection is cleared for somebody");
            } else {
                assert_eq!(outcome, Err(DialogRefusal::MayNotDrop(id(agent))), "{policy:?}, {agent}");
                assert!(scene.call_orders().is_empty());
            }
        }
    }
}

#[test]
fn values_at_their_limits_are_taken() {
    let ecc = |name: &str, bytes| EccVariable { name: name.into(), index: None, value: "x".repeat(bytes) };
    let half = ECC_BYTES_MAX / 2 - "user.a".len();
    let full = vec![ecc("user.a", half), ecc("user.b", half)];
    let data = CallData {
        wrap_up: Some("x".repeat(WRAP_UP_BYTES_MAX)),
        ecc: full.clone(),
        ..variable(10, &"x".repeat(CALL_VARIABLE_BYTES_MAX))
    };
    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::UpdateCallData { data: Box::new(data.clone()) }, "").unwrap();
    let CallRequest::SetData { data: ordered, .. } = scene.call_order().what else { panic!("no data") };
    assert_eq!(*ordered, data);
    let mut past = full;
    past[1].value.push('x');
    let past = CallData { ecc: past, ..CallData::default() };
    let update = Act::UpdateCallData { data: Box::new(past) };
    assert!(invalid("callvariables")(&scene.act("11", 1, update, "").unwrap_err()), "one byte more");

    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::SendDtmf { keys: "1".repeat(DTMF_KEYS_MAX).into() }, "").unwrap();
    let mut scene = office();
    scene.wish("12", make("902", &"5".repeat(DIALED_NUMBER_BYTES_MAX)), "").unwrap();
    assert!(invalid("toAddress")(
        &scene.wish("12", make("902", &"5".repeat(DIALED_NUMBER_BYTES_MAX + 1)), "").unwrap_err()
    ));
}

#[test]
fn values_past_their_limits_are_refused() {
    let mut scene = office();
    scene.talk(1);
    let mut update =
        |data: CallData| scene.act("11", 1, Act::UpdateCallData { data: Box::new(data) }, "").unwrap_err();
    let ecc = |name: &str, index, value: String| EccVariable { name: name.into(), index, value };
    assert!(invalid("callVariable")(&update(variable(3, &"x".repeat(41)))));
    let wrap_up = CallData { wrap_up: Some("x".repeat(40)), ..CallData::default() };
    assert!(invalid("wrapUpReason")(&update(wrap_up)));
    let many = (0..20).map(|n| ecc("user.a", Some(n), "x".repeat(100))).collect();
    assert!(invalid("callvariables")(&update(CallData { ecc: many, ..CallData::default() })));
    let both = vec![ecc("user.a", None, String::new()), ecc("user.a", Some(1), String::new())];
    assert!(invalid("callvariables")(&update(CallData { ecc: both, ..CallData::default() })));
    let keys = Act::SendDtmf { keys: "1".repeat(DTMF_KEYS_MAX + 1).into() };
    assert!(invalid("dtmfString")(&scene.act("11", 1, keys, "").unwrap_err()));
    let keys = Act::SendDtmf { keys: "12x".into() };
    assert!(invalid("dtmfString")(&scene.act("11", 1, keys, "").unwrap_err()));
    let consult = Act::Consult { to: "5".repeat(40).into() };
    assert!(invalid("toAddress")(&scene.act("11", 1, consult, "").unwrap_err()));
    let callback = ScheduledCallback { time: "2031-13-07T14:30".into(), ..ScheduledCallback::default() };
    assert!(invalid("callbackTime")(&scene.act("11", 1, Act::ScheduleCallback(callback), "").unwrap_err()));
}

#[test]
fn no_more_than_eight_requests_are_under_way_for_one_dialog() {
    let mut scene = office();
    scene.talk(1);
    for _ in 0..REQUESTS_PER_DIALOG_MAX {
        scene.act("11", 1, Act::SendDtmf { keys: "1".into() }, "").unwrap();
    }
    let full = DialogRefusal::QueueFull { max: REQUESTS_PER_DIALOG_MAX };
    assert_eq!(scene.act("11", 1, Act::Hold, ""), Err(full));
}

#[test]
fn impossible_requests_are_refused_at_once() {
    let mut scene = office();
    scene.talk(1);
    assert_eq!(scene.act("11", 1, Act::Retrieve, ""), Err(DialogRefusal::InvalidState));
    assert_eq!(scene.act("11", 1, Act::Transfer, ""), Err(DialogRefusal::InvalidState));
    assert_eq!(scene.act("12", 1, Act::Hold, ""), Err(DialogRefusal::UnknownDialog(CallId(1))));
    assert_eq!(scene.act("11", 9, Act::Hold, ""), Err(DialogRefusal::UnknownDialog(CallId(9))));
    assert_eq!(scene.wish("12", make("902", "902"), ""), Err(DialogRefusal::InvalidDestination));
    assert_eq!(scene.wish("12", make("901", "5"), ""), Err(DialogRefusal::NotOwnAddress("fromAddress")));
    assert_eq!(scene.wish("99", make("1", "2"), ""), Err(DialogRefusal::UnknownAgent(id("99"))));
    let other = DialogWish::Act { call: CallId(1), target: Some("902".into()), act: Act::Hold };
    assert_eq!(scene.wish("11", other, ""), Err(DialogRefusal::NotOwnAddress("targetMediaAddress")));
    scene.link_down();
    assert_eq!(scene.act("11", 1, Act::Hold, ""), Err(DialogRefusal::OutOfService));
    assert!(scene.call_orders().is_empty());
}

#[test]
fn ccx_takes_no_variables_with_a_call_and_drops_no_participant() {
    let mut scene = ccx_office();
    let data = Box::new(scene::calls::variable(1, "gold"));
    let call = DialogWish::MakeCall { from: "901".into(), to: "902".into(), data };
    assert!(invalid("mediaProperties")(&scene.wish("11", call, "").unwrap_err()));
    scene.talk(1);
    let drop = DialogWish::DropParticipant { call: CallId(1), target: CUSTOMER.into() };
    let refused = DialogRefusal::NotInDeployment("PARTICIPANT_DROP");
    assert_eq!(scene.wish("71", drop, ""), Err(refused));
}
