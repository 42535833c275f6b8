//! Every kind of call, as a CTI client orders it and hears of it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use desk::{Client, Refused, Running};
use ged188::message::{
    AlternateCallReq, AnswerCallReq, ClearCallReq, ClearConnectionReq, ConferenceCallReq,
    ConsultationCallReq, DeflectCallReq, HoldCallReq, MakeCallReq, NULL_ID, NamedArray, NamedVariable,
    ReconnectCallReq, RetrieveCallReq, SendDtmfSignalReq, SetCallDataReq, TransferCallReq,
};
use ged188::{ConnectionIdType, ControlFailure, Message, Status};

const PERIPHERAL: u32 = 5000;

/// A simulator with these agents ready, and a client who hears of everything.
async fn ready(agents: &[u32]) -> (Running, Client) {
    let running = Running::start().await;
    for number in agents {
        running.play(&format!("{0} signs in\n{0} is ready", 1_001_000 + number)).await;
    }
    let client = Client::all(running.address).await;
    (running, client)
}

/// The customer 5551001 rings at 2001. Returns the call's id, after the events.
async fn rings(running: &Running, client: &mut Client) -> u32 {
    let said = running.play("call from 5551001 to Support var1=gold user.order=7").await;
    client.told().await;
    said.trim().rsplit(' ').next().unwrap().parse().unwrap()
}

fn answer(call: u32, device: &str) -> impl FnOnce(u32) -> AnswerCallReq {
    let connection_device_id = Some(device.to_owned());
    move |invoke_id| AnswerCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        connection_call_id: call,
        connection_device_id,
        ..AnswerCallReq::default()
    }
}

/// The customer speaks with 2001.
async fn talking(running: &Running, client: &mut Client) -> u32 {
    let call = rings(running, client).await;
    client.ask(answer(call, "2001")).await.unwrap();
    client.told().await;
    call
}

/// 2001 has the customer on hold and speaks with 2002.
async fn consulting(running: &Running, client: &mut Client) -> (u32, u32) {
    let held = talking(running, client).await;
    let conf = client.ask(consult(held, "2002")).await.unwrap();
    let Message::ConsultationCallConf(conf) = conf else { panic!("{conf:?}") };
    let active = conf.new_connection_call_id;
    client.ask(answer(active, "2002")).await.unwrap();
    (held, active)
}

fn consult(active: u32, dialed: &str) -> impl FnOnce(u32) -> ConsultationCallReq {
    let dialed_number = Some(dialed.to_owned());
    move |invoke_id| ConsultationCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        active_connection_call_id: active,
        active_connection_device_id: Some("2001".into()),
        dialed_number,
        ..ConsultationCallReq::default()
    }
}

fn clear(call: u32, connection: &str, requester: Option<&str>) -> impl FnOnce(u32) -> ClearConnectionReq {
    let (connection_device_id, requesting_device_id) =
        (Some(connection.to_owned()), requester.map(str::to_owned));
    move |invoke_id| ClearConnectionReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        connection_call_id: call,
        connection_device_id,
        requesting_device_id,
        ..ClearConnectionReq::default()
    }
}

fn make(device: &str, dialed: &str) -> impl FnOnce(u32) -> MakeCallReq {
    let (agent_instrument, dialed_number) = (Some(device.to_owned()), Some(dialed.to_owned()));
    move |invoke_id| MakeCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        agent_instrument,
        dialed_number,
        ..MakeCallReq::default()
    }
}

#[tokio::test]
async fn an_inbound_routed_call_with_its_variables() {
    let (running, mut client) = ready(&[1]).await;
    running.play("call from 5551001 to Support var1=gold user.order=7 user.list[2]=x").await;
    let events = client.events().await;
    let lines: Vec<String> = events.iter().map(desk::line).collect();
    assert_eq!(lines, ["PRE_CALL 2001", "BEGIN 2001 type 2", "DELIVERED 2001 state 2", "AGENT 1001001 8"]);
    let [
        _,
        Message::BeginCallEvent(begin),
        Message::CallDeliveredEvent(delivered),
        Message::AgentStateEvent(agent),
    ] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!((begin.ani.as_deref(), begin.dialed_number.as_deref()), (Some("5551001"), Some("6001")));
    assert_eq!(begin.call_variables.get(1), Some("gold"));
    let variable = NamedVariable { name: "user.order".into(), value: "7".into() };
    let element = NamedArray { index: 2, name: "user.list".into(), value: "x".into() };
    assert_eq!((&begin.named_variables, &begin.named_arrays), (&vec![variable], &vec![element]));
    assert!(begin.router_call_key_call_id.is_some());
    assert_eq!((delivered.skill_group_number, delivered.skill_group_id, delivered.line_handle), (1, 5001, 0));
    assert_eq!(delivered.calling_device_id.as_deref(), Some("5551001"));
    assert_eq!((agent.skill_group_number, agent.direction), (1, Some(1)));
    let call = begin.connection_call_id;
    client.ask(answer(call, "2001")).await.unwrap();
    assert_eq!(client.told().await, ["ESTABLISHED 2001 state 3", "AGENT 1001001 4"]);
    running.play("5551001 hangs up").await;
    assert_eq!(
        client.told().await,
        [
            "CONNECTION_CLEARED 5551001 cause 65535",
            "CONNECTION_CLEARED 2001 cause 65535",
            "CLEARED",
            "END 2001",
            "AGENT 1001001 3"
        ]
    );
}

#[tokio::test]
async fn an_old_client_hears_the_same_in_its_own_encoding() {
    let running = Running::start().await;
    running.play("1001001 signs in\n1001001 is ready").await;
    for version in [9, 14, 19, 20, 25] {
        let mut client = Client::open(running.address, desk::open_req(version)).await;
        client.next().await;
        running
            .play("call from 5551001 to Support var10=last user.a=b\n1001001 answers\n1001001 drops")
            .await;
        let told = client.told().await;
        assert_eq!((told.len(), told[1].as_str()), (11, "BEGIN 2001 type 2"), "version {version}: {told:?}");
    }
}

#[tokio::test]
async fn a_call_waits_in_its_queue_and_rings_out_at_who_is_not_there() {
    let (running, mut client) = ready(&[]).await;
    running.play("ring time 100ms\ncall from 5551001 to Support").await;
    assert_eq!(client.told().await, ["BEGIN 6001 type 2", "QUEUED 6001 1"]);
    running.play("1001001 signs in\n1001001 is ready\nexpect 1001001 is not ready 32767").await;
    assert_eq!(
        client.told().await,
        [
            "AGENT 1001001 0",
            "AGENT 1001001 2",
            "AGENT 1001001 3",
            "DEQUEUED 0",
            "PRE_CALL 2001",
            "DELIVERED 2001 state 2",
            "AGENT 1001001 8",
            "DIVERTED 2001 to 6001",
            "AGENT 1001001 2",
            "QUEUED 6001 1",
        ]
    );
}

#[tokio::test]
async fn outgoing_busy_and_bad_numbers() {
    let (running, mut client) = ready(&[1]).await;
    running.play("5559001 answers after 10ms\n5559002 is busy").await;
    let conf = client.ask(make("2001", "5559001")).await.unwrap();
    let Message::MakeCallConf(conf) = conf else { panic!("{conf:?}") };
    assert_eq!(conf.new_connection_device_id.as_deref(), Some("2001"));
    running.play("expect 1001001 is talking").await;
    assert_eq!(
        client.told().await,
        [
            "AGENT 1001001 2",
            "BEGIN 2001 type 9",
            "INITIATED 2001 state 1",
            "ORIGINATED 2001 to 5559001",
            "REACHED_NETWORK 5559001",
            "DELIVERED 5559001 state 3",
            "ESTABLISHED 5559001 state 3",
            "AGENT 1001001 4",
        ]
    );
    client.ask(clear(conf.new_connection_call_id, "2001", None)).await.unwrap();
    client.told().await;
    for (number, cause) in [("5559002", 3), ("29", 13)] {
        client.ask(make("2001", number)).await.unwrap();
        let told = client.told().await;
        assert_eq!(told.last().unwrap(), &format!("FAILED {number} cause {cause}"));
        running.play("1001001 drops\nexpect no calls").await;
        client.told().await;
    }
    for (device, number, failure) in [
        ("2004", "5559001", ControlFailure::INVALID_CALLING_DEVICE),
        ("2001", "", ControlFailure::INVALID_DESTINATION),
    ] {
        assert_eq!(client.ask(make(device, number)).await, Err(Refused::Control(failure)));
    }
}

#[tokio::test]
async fn from_agent_to_agent() {
    let (running, mut client) = ready(&[2]).await;
    running.play("1001001 signs in").await;
    client.told().await;
    client.ask(make("2001", "2002")).await.unwrap();
    // Whichever call rings there.
    client.ask(answer(NULL_ID, "2002")).await.unwrap();
    assert_eq!(
        client.told().await,
        [
            "BEGIN 2001 type 10",
            "INITIATED 2001 state 1",
            "ORIGINATED 2001 to 2002",
            "DELIVERED 2002 state 2",
            "AGENT 1001002 8",
            "ESTABLISHED 2002 state 3",
            "AGENT 1001001 4",
            "AGENT 1001002 4",
        ]
    );
}

#[tokio::test]
async fn hold_retrieve_and_tones() {
    let (running, mut client) = ready(&[1]).await;
    let call = talking(&running, &mut client).await;
    let hold = |invoke_id| HoldCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        connection_call_id: call,
        connection_device_id: Some("2001".into()),
        ..HoldCallReq::default()
    };
    client.ask(hold).await.unwrap();
    assert_eq!(client.told().await, ["HELD 2001 state 4", "AGENT 1001001 10"]);
    assert_eq!(client.ask(hold).await, Err(Refused::Control(ControlFailure::NO_ACTIVE_CALL)));
    let retrieve = |invoke_id| RetrieveCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        held_connection_call_id: call,
        held_connection_device_id: Some("2001".into()),
        ..RetrieveCallReq::default()
    };
    client.ask(retrieve).await.unwrap();
    assert_eq!(client.told().await, ["RETRIEVED 2001", "AGENT 1001001 4"]);
    let tones = |keys: &str| {
        let dtmf_string = Some(keys.to_owned());
        move |invoke_id| SendDtmfSignalReq {
            invoke_id,
            peripheral_id: PERIPHERAL,
            connection_call_id: call,
            connection_device_id: Some("2001".into()),
            dtmf_string,
            ..SendDtmfSignalReq::default()
        }
    };
    assert!(matches!(client.ask(tones("12#")).await, Ok(Message::SendDtmfSignalConf(_))));
    assert_eq!(client.ask(tones("no")).await, Err(Refused::Control(ControlFailure::VALUE_OUT_OF_RANGE)));
}

#[tokio::test]
async fn a_transfer_after_consultation() {
    let (running, mut client) = ready(&[1]).await;
    running.play("1001002 signs in").await;
    let (held, active) = consulting(&running, &mut client).await;
    let told = client.told().await;
    assert_eq!(told[..3], ["HELD 2001 state 4", "AGENT 1001001 10", "BEGIN 2001 type 12"]);
    let transfer = |invoke_id| TransferCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        active_connection_call_id: active,
        active_connection_device_id: Some("2001".into()),
        held_connection_call_id: held,
        held_connection_device_id: Some("2001".into()),
        ..TransferCallReq::default()
    };
    let conf = client.ask(transfer).await.unwrap();
    let Message::TransferCallConf(conf) = conf else { panic!("{conf:?}") };
    assert_eq!((conf.new_connection_call_id, conf.parties.len()), (held, 2));
    assert_eq!(
        client.told().await,
        ["DATA 2002 type 4", "TRANSFERRED 2001 to 2002, 2 parties", "END 2001", "AGENT 1001001 3"]
    );
    let again = client.ask(transfer).await;
    assert_eq!(again, Err(Refused::Control(ControlFailure::INVALID_CSTA_CALL_IDENTIFIER)));
}

#[tokio::test]
async fn a_transfer_in_one_step() {
    let (running, mut client) = ready(&[1]).await;
    running.play("1001002 signs in").await;
    let call = talking(&running, &mut client).await;
    let transfer = |invoke_id| TransferCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        active_connection_call_id: call,
        active_connection_device_id: Some("2001".into()),
        held_connection_call_id: NULL_ID,
        held_connection_device_id_type: ConnectionIdType::NONE,
        dialed_number: Some("2002".into()),
        ..TransferCallReq::default()
    };
    client.ask(transfer).await.unwrap();
    assert_eq!(
        client.told().await,
        [
            "DATA 2001 type 4",
            "TRANSFERRED 2001 to 2002, 1 parties",
            "DELIVERED 2002 state 2",
            "AGENT 1001001 3"
        ]
    );
    running.play("1001002 answers\nexpect 1001002 is talking").await;
}

#[tokio::test]
async fn a_conference_and_a_party_dropped_from_it() {
    let (running, mut client) = ready(&[1]).await;
    running.play("1001002 signs in").await;
    let (held, active) = consulting(&running, &mut client).await;
    client.told().await;
    let conference = |invoke_id| ConferenceCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        active_connection_call_id: active,
        active_connection_device_id: Some("2001".into()),
        held_connection_call_id: held,
        held_connection_device_id: Some("2001".into()),
        ..ConferenceCallReq::default()
    };
    let conf = client.ask(conference).await.unwrap();
    let Message::ConferenceCallConf(conf) = conf else { panic!("{conf:?}") };
    assert_eq!((conf.new_connection_call_id, conf.parties.len()), (held, 3));
    assert_eq!(
        client.told().await,
        ["DATA 2001 type 15", "CONFERENCED 2002 added, 3 parties, cause 17", "END 2001"]
    );
    client.ask(clear(held, "2002", Some("2001"))).await.unwrap();
    assert_eq!(client.told().await, ["CONNECTION_CLEARED 2002 cause 65535", "AGENT 1001002 2"]);
    running.play("expect 5551001 is active\n1001001 drops\nexpect no calls").await;
}

#[tokio::test]
async fn alternate_and_reconnect() {
    let (running, mut client) = ready(&[1]).await;
    running.play("1001002 signs in").await;
    let (held, active) = consulting(&running, &mut client).await;
    client.told().await;
    let alternate = |invoke_id| AlternateCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        active_connection_call_id: active,
        active_connection_device_id: Some("2001".into()),
        other_connection_call_id: held,
        other_connection_device_id: Some("2001".into()),
        ..AlternateCallReq::default()
    };
    client.ask(alternate).await.unwrap();
    assert_eq!(client.told().await, ["HELD 2001 state 4", "RETRIEVED 2001"]);
    let reconnect = |invoke_id| ReconnectCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        active_connection_call_id: held,
        active_connection_device_id: Some("2001".into()),
        held_connection_call_id: active,
        held_connection_device_id: Some("2001".into()),
        ..ReconnectCallReq::default()
    };
    client.ask(reconnect).await.unwrap();
    running.play("expect 1 calls\nexpect 2002 is active\nexpect 1001001 is talking").await;
}

#[tokio::test]
async fn a_deflected_call_and_a_cleared_one() {
    let (running, mut client) = ready(&[1]).await;
    running.play("1001002 signs in").await;
    let call = rings(&running, &mut client).await;
    let deflect = |invoke_id| DeflectCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        connection_call_id: call,
        connection_device_id: Some("2001".into()),
        called_device_id: Some("2002".into()),
        ..DeflectCallReq::default()
    };
    client.ask(deflect).await.unwrap();
    assert_eq!(client.told().await, ["DIVERTED 2001 to 2002", "DELIVERED 2002 state 2", "AGENT 1001001 3"]);
    let clear = |invoke_id| ClearCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        connection_call_id: call,
        connection_device_id: Some("2002".into()),
        ..ClearCallReq::default()
    };
    client.ask(clear).await.unwrap();
    assert_eq!(client.told().await.last().unwrap(), "END 2001");
}

#[tokio::test]
async fn variables_change_up_to_their_limits() {
    let (running, mut client) = ready(&[1]).await;
    let call = talking(&running, &mut client).await;
    let set = |value: &str| {
        let mut request = SetCallDataReq {
            peripheral_id: PERIPHERAL,
            connection_call_id: call,
            connection_device_id: Some("2001".into()),
            call_wrapup_data: Some("Sold".into()),
            ..SetCallDataReq::default()
        };
        request.call_variables.set(3, value);
        move |invoke_id| SetCallDataReq { invoke_id, ..request }
    };
    client.ask(set(&"x".repeat(40))).await.unwrap();
    let events = client.events().await;
    let [Message::CallDataUpdateEvent(update)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(update.call_variables.get(3), Some("x".repeat(40).as_str()));
    assert_eq!(update.call_variables.get(1), Some("gold"), "the others are as they were");
    assert_eq!(update.call_wrapup_data.as_deref(), Some("Sold"));
    assert_eq!(update.named_variables.len(), 1, "the whole set");
    assert_eq!(client.ask(set(&"x".repeat(41))).await, Err(Refused::Status(Status::VALUE_TOO_LONG)));
    let elsewhere = |invoke_id| SetCallDataReq { connection_call_id: 99, ..set("y")(invoke_id) };
    assert_eq!(client.ask(elsewhere).await, Err(Refused::Status(Status::INVALID_CALLID)));
}

#[tokio::test]
async fn wrap_up_comes_between_the_call_and_its_end() {
    let (running, mut client) = ready(&[1]).await;
    running.play("wrap-up 1001001 150ms").await;
    let call = talking(&running, &mut client).await;
    client.ask(clear(call, "2001", None)).await.unwrap();
    let told = client.told().await;
    assert_eq!(told.last().unwrap(), "AGENT 1001001 6", "{told:?}");
    running.play("expect 1001001 is ready").await;
    assert_eq!(client.told().await, ["END 2001", "AGENT 1001001 3"]);
}

#[tokio::test]
async fn calls_that_are_not_there_are_refused() {
    let (running, mut client) = ready(&[1]).await;
    let call = rings(&running, &mut client).await;
    for (request, failure) in [
        (answer(99, "2001"), ControlFailure::INVALID_CSTA_CALL_IDENTIFIER),
        (answer(call, "2002"), ControlFailure::INVALID_CSTA_CONNECTION_IDENTIFIER),
        (answer(call, ""), ControlFailure::INVALID_CSTA_DEVICE_IDENTIFIER),
    ] {
        assert_eq!(client.ask(request).await, Err(Refused::Control(failure)));
    }
    let consulted = client.ask(consult(call, "2002")).await;
    assert_eq!(consulted, Err(Refused::Control(ControlFailure::NO_ACTIVE_CALL)));
    assert!(client.told().await.is_empty());
}
