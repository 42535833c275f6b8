//! What people ask of calls: orders to the CTI server, and how the answers come.

mod scene;

use aplomb_floor::*;
use scene::calls::*;
use scene::*;
use std::time::Duration;

fn make(from: &str, to: &str) -> DialogWish {
    DialogWish::MakeCall { from: from.into(), to: to.into(), data: Box::default() }
}

fn invalid(name: &'static str) -> impl Fn(&DialogRefusal) -> bool {
    move |refusal| matches!(refusal, DialogRefusal::InvalidInput { name: told, .. } if *told == name)
}

#[test]
fn a_call_that_is_made_carries_the_request_id_in_its_first_word() {
    let mut scene = office();
    scene.wish("12", make("902", CUSTOMER), "m").unwrap();
    let order = scene.call_order();
    assert_eq!(order.by, Operator { agent: id("12"), instrument: "902".into() });
    assert_eq!(order.what, CallRequest::Make { to: CUSTOMER.into(), data: Box::default() });
    scene.cti(CtiInput::Placed { token: order.token, connection: connection(1, "902") });
    scene.begin(1, CallType::Out);
    scene.initiated(1, "902");
    scene.originated(1, "902", CUSTOMER);
    assert_eq!(
        scene.told(),
        ["POST 1 INITIATING 902:INITIATING > 12(m)", "PUT 1 INITIATED 902:INITIATED > 12"]
    );
}

#[test]
fn an_event_that_overtakes_the_confirmation_answers_too() {
    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::Hold, "h").unwrap();
    let order = scene.call_order();
    assert_eq!(order.what, CallRequest::Hold { connection: connection(1, "901") });
    scene.held(1, "901");
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:HELD 5550199:ACTIVE > 11(h)"]);
    scene.confirm_call(&order);
    assert!(scene.told().is_empty());
    assert_eq!(scene.noted("late_outcome"), 0);
}

#[test]
fn only_the_asker_gets_the_request_id_and_both_get_the_news() {
    let mut scene = office();
    scene.begin(1, CallType::AgentInside);
    scene.delivered(1, "902", "901", "902");
    scene.forget();
    scene.act("12", 1, Act::Answer, "a").unwrap();
    let order = scene.call_order();
    assert_eq!(order.what, CallRequest::Answer { connection: connection(1, "902") });
    scene.confirm_call(&order);
    assert!(scene.told().is_empty(), "the event is the answer");
    scene.established(1, "902", "901", "902");
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 902:ACTIVE 901:ACTIVE > 11 12(a)"]);
}

#[test]
fn the_second_request_waits_for_the_first_ones_outcome() {
    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::Hold, "1").unwrap();
    scene.act("11", 1, Act::Retrieve, "2").unwrap();
    let hold = scene.call_order();
    scene.confirm_call(&hold);
    assert!(scene.call_orders().is_empty(), "a confirmation is not the outcome");
    scene.held(1, "901");
    let retrieve = scene.call_order();
    assert_eq!(retrieve.what, CallRequest::Retrieve { connection: connection(1, "901") });
    scene.forget();
    scene.retrieved(1, "901");
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:ACTIVE 5550199:ACTIVE > 11(2)"]);
}

#[test]
fn what_waited_and_is_impossible_by_then_fails_as_the_cti_server_would_have_it() {
    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::Drop, "1").unwrap();
    scene.act("11", 1, Act::Hold, "2").unwrap();
    scene.call_order();
    scene.leaves(1, "901");
    assert_eq!(scene.told().last().unwrap(), "ERROR 1 Invalid State CF_INVALID_OBJECT_STATE > 11(2)");
    assert!(scene.call_orders().is_empty());
}

#[test]
fn a_refusal_of_the_cti_server_is_told_and_the_next_request_goes() {
    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::Hold, "1").unwrap();
    scene.act("11", 1, Act::Drop, "2").unwrap();
    let order = scene.call_order();
    let failure = CtiFailure::Refused { code: 34, name: "CF_RESOURCE_OUT_OF_SERVICE", peripheral_error: 0 };
    scene.cti(CtiInput::Failed { token: order.token, failure });
    assert_eq!(scene.told(), ["ERROR 1 Call Operation Failure CF_RESOURCE_OUT_OF_SERVICE > 11(1)"]);
    assert!(matches!(scene.call_order().what, CallRequest::Clear { requester: None, .. }));
}

#[test]
fn silence_is_a_failure_and_a_confirmation_without_an_event_is_none() {
    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::Hold, "1").unwrap();
    scene.pass(Duration::from_secs(10));
    assert_eq!(scene.told(), ["ERROR 1 Generic Error CF_REQUEST_TIMEOUT_REJECTION > 11(1)"]);
    scene.commands.clear();
    let data = Act::UpdateCallData { data: Box::new(variable(2, "x")) };
    scene.act("11", 1, data, "2").unwrap();
    let order = scene.call_order();
    scene.confirm_call(&order);
    scene.pass(Duration::from_secs(10));
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:ACTIVE 5550199:ACTIVE > 11(2)"]);
}

#[test]
fn data_is_answered_by_the_update_even_when_nothing_is_different() {
    let mut scene = office();
    scene.talk(1);
    let data = Act::UpdateCallData { data: Box::new(variable(1, "gold")) };
    scene.act("11", 1, data, "d").unwrap();
    let order = scene.call_order();
    assert_eq!(
        order.what,
        CallRequest::SetData { connection: connection(1, "901"), data: Box::new(variable(1, "gold")) }
    );
    scene.confirm_call(&order);
    let new = connection(1, "901");
    let update =
        CallHappened::DataUpdated { new, call_type: CallType::Unknown, data: Box::new(variable(1, "gold")) };
    scene.call(1, "901", update);
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:ACTIVE 5550199:ACTIVE > 11(d)"]);
}

#[test]
fn keys_are_answered_by_the_confirmation() {
    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::SendDtmf { keys: "777#".into() }, "k").unwrap();
    let order = scene.call_order();
    assert!(!format!("{order:?}").contains("777"), "keys may be a PIN");
    scene.confirm_call(&order);
    assert_eq!(scene.told(), ["PUT 1 ACTIVE 901:ACTIVE 5550199:ACTIVE > 11(k)"]);
}

#[test]
fn consult_transfer_and_conference_name_both_connections() {
    for conference in [false, true] {
        let mut scene = office();
        scene.talk(1);
        scene.act("11", 1, Act::Consult { to: "902".into() }, "c").unwrap();
        let order = scene.call_order();
        assert_eq!(order.what, CallRequest::Consult { active: connection(1, "901"), to: "902".into() });
        scene.cti(CtiInput::Placed { token: order.token, connection: connection(2, "901") });
        scene.held(1, "901");
        scene.begin(2, CallType::Consult);
        scene.initiated(2, "901");
        assert_eq!(scene.told().last().unwrap(), "POST 2 INITIATING 901:INITIATING > 11(c)");
        scene.originated(2, "901", "902");
        scene.delivered(2, "902", "901", "902");
        scene.established(2, "902", "901", "902");
        scene.forget();
        let (active, held) = (connection(2, "901"), connection(1, "901"));
        let (act, expected, event) = if conference {
            let event = CallHappened::Conferenced {
                secondary: connection(2, "901"),
                controller: device("901"),
                added: device("902"),
                parties: Vec::new(),
            };
            (Act::Conference, CallRequest::Conference { active, held }, event)
        } else {
            let event = CallHappened::Transferred {
                secondary: Some(connection(2, "901")),
                transferring: device("901"),
                transferred: device("902"),
                parties: Vec::new(),
            };
            (Act::Transfer, CallRequest::Transfer { active, held }, event)
        };
        scene.act("11", 1, act, "j").unwrap();
        let order = scene.call_order();
        assert_eq!(order.what, expected);
        scene.confirm_call(&order);
        scene.call(1, "901", event);
        let told = scene.told();
        let answers = told.iter().filter(|line| line.contains("11(j)")).count();
        assert_eq!(answers, 1, "{told:?}");
        assert!(told[1].contains("11(j)"), "the word about the first call answers: {told:?}");
    }
}

#[test]
fn a_single_step_transfer_names_the_number() {
    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::TransferSst { to: "902".into() }, "t").unwrap();
    let expected = CallRequest::SingleStepTransfer { active: connection(1, "901"), to: "902".into() };
    assert_eq!(scene.call_order().what, expected);
}

#[test]
fn a_supervisor_listens_and_then_speaks() {
    let mut scene = office();
    scene.talk(1);
    let (from, to) = (Address::from("971"), Address::from("901"));
    let monitor = DialogWish::SilentMonitor { from: from.clone(), to: to.clone() };
    scene.wish("71", monitor.clone(), "m").unwrap();
    let order = scene.call_order();
    let CallRequest::Supervise { action: Supervision::Monitor, agent, target, supervisor: None } = order.what
    else {
        panic!("{order:?}")
    };
    assert_eq!((agent, target.agent), (connection(1, "901"), id("11")));
    scene.cti(CtiInput::Placed { token: order.token, connection: connection(3, "971") });
    scene.begin(3, CallType::SupervisorMonitor);
    scene.established(3, "901", "971", "901");
    assert_eq!(scene.told()[0], "POST 3 ACTIVE 901:ACTIVE 971:ACTIVE > 11 71(m)");
    assert_eq!(scene.wish("71", monitor, ""), Err(DialogRefusal::InvalidState), "one call at a time");
    let barge = DialogWish::BargeCall { from, to, call: CallId(1) };
    scene.wish("71", barge, "b").unwrap();
    let order = scene.call_order();
    let CallRequest::Supervise { action: Supervision::BargeIn, agent, supervisor, .. } = order.what else {
        panic!("{order:?}")
    };
    assert_eq!((agent, supervisor), (connection(1, "901"), Some(connection(3, "971"))));
    let joined = CallHappened::Conferenced {
        secondary: connection(3, "971"),
        controller: device("971"),
        added: device("971"),
        parties: vec![connection(1, "901"), connection(1, CUSTOMER), connection(1, "971")],
    };
    scene.call_because(1, "901", Cause::BargeIn, joined);
    let told = scene.told();
    assert_eq!(told.last().unwrap(), "POST 1 ACTIVE 901:ACTIVE 5550199:ACTIVE 971:ACTIVE > 71(b)");
    let drop = DialogWish::DropParticipant { call: CallId(1), target: "901".into() };
    assert_eq!(scene.wish("11", drop.clone(), ""), Err(DialogRefusal::MayNotDrop(id("11"))));
    scene.wish("71", drop, "d").unwrap();
    let order = scene.call_order();
    let expected = CallRequest::Clear { connection: connection(1, "901"), requester: Some("971".into()) };
    assert_eq!(order.what, expected);
    scene.leaves(1, "901");
    assert!(scene.told()[0].ends_with("> 11 71(d)"));
}

#[test]
fn supervisors_act_on_their_own_teams_only() {
    let mut scene = office();
    scene.talk(1);
    scene.reports("21", State::Talking, "921", None);
    let monitor = |from: &str, to: &str| DialogWish::SilentMonitor { from: from.into(), to: to.into() };
    let not_supervised = DialogRefusal::NotSupervised { supervisor: id("71"), agent: id("21") };
    assert_eq!(scene.wish("71", monitor("971", "921"), ""), Err(not_supervised));
    assert_eq!(scene.wish("71", monitor("971", "999"), ""), Err(DialogRefusal::NobodyThere("toAddress")));
    assert_eq!(
        scene.wish("71", monitor("971", "902"), ""),
        Err(DialogRefusal::InvalidState),
        "not on a call"
    );
    assert_eq!(scene.wish("12", monitor("902", "901"), ""), Err(DialogRefusal::NoSupervisor(id("12"))));
}

#[test]
fn a_preview_is_accepted_with_the_dialers_variable() {
    let mut scene = office();
    scene.begin(1, CallType::ReservationPreview);
    scene.delivered(1, "901", CUSTOMER, LINE);
    assert_eq!(scene.actions(1, "901"), ["ACCEPT", "REJECT", "CLOSE"]);
    scene.forget();
    scene.act("11", 1, Act::Accept, "a").unwrap();
    let order = scene.call_order();
    let CallRequest::SetData { data, .. } = &order.what else { panic!("{order:?}") };
    assert_eq!((data.ecc[0].name.as_str(), data.ecc[0].value.as_str()), ("BAResponse", "Accept"));
    scene.confirm_call(&order);
    let told = scene.told();
    assert_eq!(told.last().unwrap(), "PUT 1 ACCEPTED 901:ACCEPTED 5550199:INITIATED > 11(a)");
    assert!(scene.actions(1, "901").is_empty());
}

#[test]
fn a_callbacks_number_and_time_go_one_after_the_other() {
    let mut scene = office();
    scene.begin(1, CallType::CustomerPreview);
    scene.established(1, CUSTOMER, "901", CUSTOMER);
    let callback = ScheduledCallback { time: "2031-03-07T14:30".into(), number: "5550177".into() };
    scene.act("11", 1, Act::ScheduleCallback(callback.clone()), "s").unwrap();
    for expected in ["P#5550177", "Callback 0307 14:30"] {
        let order = scene.call_order();
        let CallRequest::SetData { data, .. } = &order.what else { panic!("{order:?}") };
        assert_eq!(data.ecc[0].value, expected);
        scene.confirm_call(&order);
    }
    assert_eq!(scene.dialog(1).callback, Some(callback));
    assert!(scene.actions(1, "901").contains(&"CANCEL_SCHEDULED_CALLBACK"));
    assert!(scene.told().last().unwrap().ends_with("11(s)"));
}

#[test]
fn where_ecc_variables_are_configured_no_other_one_is_set() {
    let definition = |name: &str, value_bytes_max, array_size| EccDefinition {
        name: name.into(),
        value_bytes_max,
        array_size,
    };
    let ecc_variables = vec![definition("user.level", 3, None), definition("user.lines", 5, Some(2))];
    let mut scene = office_with(scene::small_roster(), Policy { ecc_variables, ..Policy::default() });
    scene.talk(1);
    let ecc = |name: &str, index, value: &str| {
        let variable = EccVariable { name: name.into(), index, value: value.into() };
        CallData { ecc: vec![variable], ..CallData::default() }
    };
    let mut why = |data: CallData| match scene.act("11", 1, Act::UpdateCallData { data: Box::new(data) }, "")
    {
        Err(DialogRefusal::InvalidInput { name: "callvariables", why }) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(why(ecc("user.other", None, "1")), "naming an ECC variable that is not configured");
    assert_eq!(why(ecc("user.Level", None, "1")), "naming an ECC variable that is not configured");
    assert_eq!(why(ecc("user.level", None, "1234")), "longer than an ECC variable is configured");
    assert_eq!(why(ecc("user.lines", Some(0), "123456")), "longer than an ECC variable is configured");
    assert_eq!(why(ecc("user.lines", Some(2), "1")), "with an index beyond the end of an array");
    assert_eq!(why(ecc("user.lines", None, "1")), "an array as a scalar, or a scalar as an array");
    assert_eq!(why(ecc("user.level", Some(0), "1")), "an array as a scalar, or a scalar as an array");
    for data in
        [ecc("user.level", None, "123"), ecc("user.lines", Some(1), "12345"), ecc("BAStatus", None, "long")]
    {
        scene.act("11", 1, Act::UpdateCallData { data: Box::new(data) }, "").unwrap();
    }
    let call = DialogWish::MakeCall {
        from: "902".into(),
        to: CUSTOMER.into(),
        data: Box::new(ecc("user.x", None, "")),
    };
    assert!(invalid("callvariables")(&scene.wish("12", call, "").unwrap_err()));
}

#[test]
fn a_lost_link_fails_what_is_under_way_and_what_waits() {
    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::Hold, "1").unwrap();
    scene.act("11", 1, Act::Retrieve, "2").unwrap();
    scene.link_down();
    let lost =
        |request: &str| format!("ERROR 1 Call Operation Failure CF_RESOURCE_OUT_OF_SERVICE > 11({request})");
    assert_eq!(scene.told(), [lost("1"), lost("2")]);
}

#[test]
fn keys_with_a_pause_go_to_the_phone_system_as_they_are() {
    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::SendDtmf { keys: "9,,1#".into() }, "k").unwrap();
    let order = scene.call_order();
    let CallRequest::SendDtmf { digits, .. } = &order.what else { panic!("{order:?}") };
    assert_eq!(digits.as_str(), "9,,1#");
}

#[test]
fn a_recording_is_taken_and_not_done_on_cce_and_ordered_on_ccx() {
    let mut scene = office();
    scene.talk(1);
    scene.act("11", 1, Act::StartRecording, "r").unwrap();
    assert_eq!(scene.told(), ["ERROR 1 Generic Error CF_GENERIC_OPERATION > 11(r)"]);
    assert!(scene.call_orders().is_empty());

    let mut scene = ccx_office();
    scene.talk(1);
    scene.act("11", 1, Act::StartRecording, "r").unwrap();
    let order = scene.call_order();
    assert!(matches!(order.what, CallRequest::StartRecording { .. }), "{order:?}");
    scene.confirm_call(&order);
    assert!(scene.told().last().unwrap().ends_with("> 11(r)"));
    scene.held(1, "901");
    assert_eq!(scene.act("11", 1, Act::StartRecording, ""), Err(DialogRefusal::InvalidState));
}

#[test]
fn wrap_up_reasons_are_the_teams_one_or_several() {
    let mut scene = office();
    scene.talk(1);
    let says = |text: &str| {
        let data = CallData { wrap_up: Some(text.into()), ..CallData::default() };
        Act::UpdateCallData { data: Box::new(data) }
    };
    // nobody has made any: any text
    scene.act("11", 1, says("whatever"), "").unwrap();
    let reason = |label: &str, for_all, teams: &[u32]| WrapUpReason {
        label: label.into(),
        for_all,
        teams: teams.iter().copied().map(TeamId).collect(),
    };
    let wrap_up = vec![
        reason("Order", true, &[]),
        reason("Call back", true, &[]),
        reason("Billing, tax", true, &[]),
        reason("Complaint", false, &[8]),
    ];
    scene.floor.set_reasons(Reasons { codes: Vec::new(), wrap_up });
    for refused in ["whatever", "Complaint", "order", "Order,Complaint", "Order,", "Order,whatever"] {
        assert!(invalid("wrapUpReason")(&scene.act("11", 1, says(refused), "").unwrap_err()), "{refused}");
    }
    for taken in ["Order", "Order,Call back", "Billing, tax", ""] {
        scene.act("11", 1, says(taken), "").unwrap();
    }
}
