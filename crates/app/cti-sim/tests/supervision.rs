//! Supervisors, outbound preview, snapshots, statistics and settings, as a CTI client asks for them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use desk::{Client, Refused, Running};
use ged188::message::{
    AgentDeskSettingsReq, ListAgentTeamReq, MonitorAgentTeamStartReq, NULL_ID, NamedVariable,
    QueryAgentStatisticsReq, QueryDeviceInfoReq, QuerySkillGroupStatisticsReq, RegisterVariablesReq,
    SetAgentStateReq, SetCallDataReq, SnapshotCallReq, SnapshotDeviceReq, SuperviseCallReq,
};
use ged188::{
    AgentState, ControlFailure, LocalConnectionState, Message, Services, Status, SupervisoryAction,
};

const PERIPHERAL: u32 = 5000;

/// The customer 5551001 speaks with 2001; the supervisor is signed in; a supervisor's session.
async fn supervised() -> (Running, Client, u32) {
    let running = Running::start().await;
    running.play("1001001 signs in\n1001001 is ready\n1900001 signs in").await;
    let open = ged188::message::OpenReq { services: Services(0x96), ..desk::open_req(24) };
    let mut client = Client::open(running.address, open).await;
    client.told().await;
    let said = running.play("call from 5551001 to Support\n1001001 answers").await;
    client.told().await;
    let call = said.lines().next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    (running, client, call)
}

fn supervise(call: u32, action: u16) -> impl FnOnce(u32) -> SuperviseCallReq {
    move |invoke_id| SuperviseCallReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        agent_connection_call_id: call,
        supervisor_connection_call_id: NULL_ID,
        supervisory_action: SupervisoryAction(action),
        agent_connection_device_id: Some("2001".into()),
        agent_id: Some("1001001".into()),
        supervisor_instrument: Some("1901".into()),
        ..SuperviseCallReq::default()
    }
}

#[tokio::test]
async fn a_supervisors_session_begins_with_the_teams() {
    let running = Running::start().await;
    running.play("1001002 signs in").await;
    let open = ged188::message::OpenReq { services: Services(0x96), ..desk::open_req(24) };
    let mut client = Client::open(running.address, open).await;
    assert!(matches!(client.next().await, Some(Message::SystemEvent(_))));
    let Some(Message::AgentTeamConfigEvent(team)) = client.next().await else { panic!("no team") };
    assert_eq!((team.team_id, team.agent_team_name.as_deref()), (5000, Some("Team 1")));
    let members: Vec<_> = team
        .agents
        .iter()
        .map(|agent| (agent.agent_id.as_deref().unwrap(), agent.flags.unwrap(), agent.state.unwrap().0))
        .collect();
    assert_eq!(members[..3], [("1900001", 1, 1), ("1001001", 0, 1), ("1001002", 0, 2)]);
    let list = |supervisor_id| {
        move |invoke_id| ListAgentTeamReq { invoke_id, supervisor_id, ..ListAgentTeamReq::default() }
    };
    assert_eq!(client.ask(list(1)).await, Err(Refused::Status(Status::SUPERVISOR_NOT_FOUND)));
    let conf = client.ask(list(5005)).await.unwrap();
    assert!(matches!(conf, Message::ListAgentTeamConf(conf) if conf.team_ids == [5000]));
    let watch = |team_id| {
        move |invoke_id| MonitorAgentTeamStartReq {
            invoke_id,
            team_id,
            ..MonitorAgentTeamStartReq::default()
        }
    };
    assert!(matches!(client.ask(watch(5000)).await, Ok(Message::MonitorAgentTeamStartConf(_))));
    assert_eq!(client.ask(watch(1)).await, Err(Refused::Status(Status::TEAM_NOT_FOUND)));
}

#[tokio::test]
async fn listening_barging_in_and_taking_over() {
    let (_running, mut client, call) = supervised().await;
    let conf = client.ask(supervise(call, 1)).await.unwrap();
    let Message::SuperviseCallConf(conf) = conf else { panic!("{conf:?}") };
    assert_ne!(conf.connection_call_id, call, "a call of the supervisor's own");
    assert_eq!(
        client.told().await,
        [
            "BEGIN 1901 type 21",
            "INITIATED 1901 state 3",
            "ORIGINATED 1901 to 2001",
            "ESTABLISHED 2001 state 3",
            "AGENT 1900001 4",
        ]
    );
    client.ask(supervise(call, 3)).await.unwrap();
    assert_eq!(
        client.told().await,
        ["DATA 2001 type 15", "CONFERENCED 1901 added, 3 parties, cause 48", "END 1901"]
    );
    client.ask(supervise(call, 4)).await.unwrap();
    assert_eq!(client.told().await, ["CONNECTION_CLEARED 2001 cause 49", "AGENT 1001001 3"]);
}

#[tokio::test]
async fn listening_ends_when_the_supervisor_says_so() {
    let (_running, mut client, call) = supervised().await;
    client.ask(supervise(call, 1)).await.unwrap();
    client.told().await;
    client.ask(supervise(call, 0)).await.unwrap();
    let told = client.told().await;
    assert_eq!(told[0], "CONNECTION_CLEARED 1901 cause 45");
    assert_eq!(told.last().unwrap(), "AGENT 1900001 2");
    assert_eq!(client.ask(supervise(call, 2)).await, Err(Refused::Control(ControlFailure::INVALID_FEATURE)));
    assert_eq!(
        client.ask(supervise(call, 9)).await,
        Err(Refused::Status(Status::INVALID_SUPERVISORY_ACTION))
    );
}

#[tokio::test]
async fn a_supervisor_signs_an_agent_out() {
    let (running, mut client, _) = supervised().await;
    running.play("5551001 hangs up\nexpect 1001001 is ready").await;
    client.told().await;
    let order = |supervisor: Option<&str>| {
        let supervisor_id = supervisor.map(str::to_owned);
        move |invoke_id| SetAgentStateReq {
            invoke_id,
            peripheral_id: PERIPHERAL,
            agent_state: AgentState::LOGOUT,
            event_reason_code: 999,
            agent_id: Some("1001001".into()),
            supervisor_id,
            ..SetAgentStateReq::default()
        }
    };
    assert_eq!(client.ask(order(None)).await, Err(Refused::Control(ControlFailure::INVALID_OBJECT_STATE)));
    client.ask(order(Some("1900001"))).await.unwrap();
    assert_eq!(client.told().await, ["AGENT 1001001 1"]);
}

#[tokio::test]
async fn what_is_asked_for_during_a_call_is_pending() {
    let (running, mut client, _) = supervised().await;
    let order = |invoke_id| SetAgentStateReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        agent_state: AgentState::NOT_READY,
        event_reason_code: 7,
        agent_id: Some("1001001".into()),
        ..SetAgentStateReq::default()
    };
    client.ask(order).await.unwrap();
    assert_eq!(client.told().await, ["AGENT 1001001 4 then 2"]);
    running.play("1001001 drops\nexpect 1001001 is not ready 7").await;
}

#[tokio::test]
async fn a_record_is_offered_and_accepted() {
    let running = Running::start().await;
    running.play("1001001 signs in\n1001001 is ready\n5558001 answers after 10ms").await;
    let mut client = Client::all(running.address).await;
    running.play("offer 5558001 to 1001001 campaign Spring").await;
    let events = client.events().await;
    let lines: Vec<String> = events.iter().map(desk::line).collect();
    assert_eq!(lines, ["BEGIN 2001 type 27", "DELIVERED 2001 state 2", "AGENT 1001001 8"]);
    let Message::BeginCallEvent(begin) = &events[0] else { panic!() };
    let campaign = NamedVariable { name: "BACampaign".into(), value: "Spring".into() };
    assert!(begin.named_variables.contains(&campaign), "{:?}", begin.named_variables);
    let accept = |invoke_id| SetCallDataReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        connection_call_id: begin.connection_call_id,
        connection_device_id: Some("2001".into()),
        named_variables: vec![NamedVariable { name: "BAResponse".into(), value: "Accept".into() }],
        ..SetCallDataReq::default()
    };
    client.ask(accept).await.unwrap();
    running.play("expect 1001001 is talking\nexpect 1 calls").await;
    let told = client.told().await;
    assert_eq!(told[..3], ["DATA 2001 type 27", "BEGIN 2001 type 32", "DELIVERED 2001 state 2"]);
}

#[tokio::test]
async fn devices_and_calls_are_told_as_they_are() {
    let (_running, mut client, call) = supervised().await;
    let device = |instrument: &str| {
        let agent_instrument = Some(instrument.to_owned());
        move |invoke_id| SnapshotDeviceReq {
            invoke_id,
            peripheral_id: PERIPHERAL,
            agent_instrument,
            ..SnapshotDeviceReq::default()
        }
    };
    let conf = client.ask(device("2001")).await.unwrap();
    let Message::SnapshotDeviceConf(conf) = conf else { panic!("{conf:?}") };
    let calls: Vec<_> = conf.calls.iter().map(|c| (c.call_id, c.state, c.silent_monitor_status)).collect();
    assert_eq!(calls, [(Some(call), Some(LocalConnectionState(3)), Some(0))]);
    let unknown = client.ask(device("9999")).await;
    assert_eq!(unknown, Err(Refused::Control(ControlFailure::INVALID_CSTA_DEVICE_IDENTIFIER)));
    let snapshot = |connection_call_id| {
        move |invoke_id| SnapshotCallReq {
            invoke_id,
            peripheral_id: PERIPHERAL,
            connection_call_id,
            ..SnapshotCallReq::default()
        }
    };
    let conf = client.ask(snapshot(call)).await.unwrap();
    let Message::SnapshotCallConf(conf) = conf else { panic!("{conf:?}") };
    let devices: Vec<_> = conf.devices.iter().map(|d| d.device_id.as_deref().unwrap()).collect();
    assert_eq!((devices, conf.ani.as_deref()), (vec!["5551001", "2001"], Some("5551001")));
    let gone = client.ask(snapshot(99)).await;
    assert_eq!(gone, Err(Refused::Control(ControlFailure::INVALID_CSTA_CALL_IDENTIFIER)));
    let info = |invoke_id| QueryDeviceInfoReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        agent_instrument: Some("2001".into()),
        ..QueryDeviceInfoReq::default()
    };
    assert!(
        matches!(client.ask(info).await, Ok(Message::QueryDeviceInfoConf(conf)) if conf.lines.len() == 1)
    );
}

#[tokio::test]
async fn queues_and_agents_are_counted() {
    let (running, mut client, _) = supervised().await;
    running.play("call from 5551002 to Support").await;
    client.told().await;
    let group = |number, id| {
        move |invoke_id| QuerySkillGroupStatisticsReq {
            invoke_id,
            peripheral_id: PERIPHERAL,
            skill_group_number: number,
            skill_group_id: id,
            ..QuerySkillGroupStatisticsReq::default()
        }
    };
    for (number, id) in [(1, NULL_ID), (NULL_ID, 5001)] {
        let conf = client.ask(group(number, id)).await.unwrap();
        let Message::QuerySkillGroupStatisticsConf(conf) = conf else { panic!("{conf:?}") };
        assert_eq!((conf.skill_group_number, conf.skill_group_id), (1, 5001));
        assert_eq!((conf.agents_logged_on, conf.agents_talking_in, conf.calls_q_now), (1, 1, 1));
        assert_eq!((conf.handled_calls_today, conf.calls_q_today), (1, 2));
    }
    let unknown = client.ask(group(9, NULL_ID)).await;
    assert_eq!(unknown, Err(Refused::Status(Status::INVALID_SKILL_GROUP)));
    let agent = |invoke_id| QueryAgentStatisticsReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        agent_id: Some("1001001".into()),
        ..QueryAgentStatisticsReq::default()
    };
    let conf = client.ask(agent).await.unwrap();
    assert!(matches!(conf, Message::QueryAgentStatisticsConf(conf) if conf.handled_calls_today == 1));
}

#[tokio::test]
async fn settings_and_registrations_are_answered() {
    let (running, mut client, _) = supervised().await;
    running.play("wrap-up 1001001 30s").await;
    let settings = |invoke_id| AgentDeskSettingsReq {
        invoke_id,
        peripheral_id: PERIPHERAL,
        agent_id: Some("1001001".into()),
        ..AgentDeskSettingsReq::default()
    };
    let conf = client.ask(settings).await.unwrap();
    assert!(matches!(conf, Message::AgentDeskSettingsConf(conf) if conf.work_mode_timer == 30));
    let register = |invoke_id| RegisterVariablesReq { invoke_id, ..RegisterVariablesReq::default() };
    assert!(matches!(client.ask(register).await, Ok(Message::RegisterVariablesConf(_))));
}

#[tokio::test]
async fn what_was_not_granted_is_not_done() {
    let running = Running::start().await;
    let open = ged188::message::OpenReq { services: Services::ALL_EVENTS, ..desk::open_req(24) };
    let mut client = Client::open(running.address, open).await;
    client.next().await;
    assert_eq!(client.ask(supervise(1, 1)).await, Err(Refused::Status(Status::FUNCTION_NOT_AVAILABLE)));
}
