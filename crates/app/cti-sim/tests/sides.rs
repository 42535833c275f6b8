//! Two sides, the change between them, and what can be wrong with a server.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use aplomb_cti_sim::Config;
use desk::{Client, Running, open_req};
use ged188::message::{
    ActiveMaintenanceRespMsg, FailureStatus, HeartbeatReq, OpenReq, QueryAgentStateReq,
    StoppingRequestsToThisSideInd,
};
use ged188::{Dialect, Message, Services, Status};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

async fn pair() -> Running {
    Running::with(Config { listen_b: Some("127.0.0.1:0".into()), ..desk::config() }).await
}

fn standing_by() -> OpenReq {
    OpenReq { services: Services(0x16) | Services::ACTIVE_STANDBY, ..open_req(24) }
}

async fn refusal(client: &mut Client) -> Status {
    match client.next().await {
        Some(Message::FailureConf(conf)) => match conf.status {
            FailureStatus::Status(status) => status,
            other => panic!("{other:?}"),
        },
        other => panic!("FAILURE_CONF expected, not {other:?}"),
    }
}

#[tokio::test]
async fn a_standby_side_takes_only_who_can_stand_by() {
    let running = pair().await;
    let standby = running.address_b.unwrap();
    for (open, status) in
        [(open_req(23), Status::CTI_SERVER_OFFLINE), (open_req(24), Status::INVALID_CLIENT_FOR_STANDBY)]
    {
        let mut client = Client::connect(standby, open.version).await;
        client.send(open).await;
        assert_eq!(refusal(&mut client).await, status);
        assert_eq!(client.next().await, None, "the connection ends");
    }
    let mut client = Client::connect(standby, 24).await;
    client.send(standing_by()).await;
    assert!(matches!(client.next().await, Some(Message::OpenConf(conf)) if conf.session_type == 2));
    client.send(HeartbeatReq::new(7)).await;
    assert!(matches!(client.next().await, Some(Message::HeartbeatConf(_))));
    client.send(QueryAgentStateReq { peripheral_id: 5000, ..QueryAgentStateReq::default() }).await;
    assert_eq!(refusal(&mut client).await, Status::CTI_SERVER_OFFLINE);
}

#[tokio::test]
async fn the_sides_change_when_all_agree_and_calls_are_told_again() {
    let running = pair().await;
    running.play("1001001 signs in\n1001001 is ready\ncall from 5551001 to Support\n1001001 answers").await;
    let mut active = Client::open(running.address, standing_by()).await;
    assert!(matches!(active.next().await, Some(Message::SystemEvent(_))));
    let mut standby = Client::open(running.address_b.unwrap(), standing_by()).await;
    running.play("switch").await;
    let Some(Message::ActiveMaintenanceReqMsg(asked)) = active.next().await else { panic!("not asked") };
    active
        .send(ActiveMaintenanceRespMsg {
            invoke_id: asked.invoke_id,
            maintenance_mode_accepted: true,
            ..ActiveMaintenanceRespMsg::default()
        })
        .await;
    let event = active.next().await;
    assert!(
        matches!(event, Some(Message::ActiveMaintenanceEventMsg(event)) if event.maintenance_mode_status)
    );
    assert!(matches!(standby.next().await, Some(Message::StandbyActiveEventMsg(_))));
    let again = standby.next().await;
    assert!(
        matches!(&again, Some(Message::CallEstablishedEvent(event)) if event.event_cause.0 == 50),
        "{again:?}"
    );
    active.send(StoppingRequestsToThisSideInd::default()).await;
    assert_eq!(active.next().await, None, "let go");
    running.play("1001001 drops").await;
    assert!(
        matches!(standby.next().await, Some(Message::CallConnectionClearedEvent(_))),
        "it hears events now"
    );
    assert!(running.play("sides").await.contains("b  active"));
}

#[tokio::test]
async fn one_refusal_calls_the_change_off() {
    let running = pair().await;
    let mut active = Client::open(running.address, standing_by()).await;
    active.next().await;
    running.play("switch").await;
    active.next().await;
    active.send(ActiveMaintenanceRespMsg { invoke_id: 1, ..ActiveMaintenanceRespMsg::default() }).await;
    let event = active.next().await;
    assert!(
        matches!(event, Some(Message::ActiveMaintenanceEventMsg(event)) if !event.maintenance_mode_status)
    );
    assert!(running.play("sides").await.contains("a  active"));
}

#[tokio::test]
async fn an_abrupt_change_ends_every_session_of_the_side() {
    let running = pair().await;
    let mut active = Client::all(running.address).await;
    running.play("switch now").await;
    assert_eq!(active.next().await, None);
    Client::all(running.address_b.unwrap()).await;
    let alone = Running::start().await;
    assert!(alone.control.play("switch").await.is_err(), "there is no side b");
}

#[tokio::test]
async fn a_side_goes_down_and_comes_back() {
    let running = Running::start().await;
    let mut client = Client::all(running.address).await;
    running.play("side a down").await;
    assert_eq!(client.next().await, None);
    let refused = timeout(desk::PATIENCE, async {
        while TcpStream::connect(running.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    });
    refused.await.expect("connections are refused");
    running.play("side a up").await;
    let back = timeout(desk::PATIENCE, async {
        while TcpStream::connect(running.address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    back.await.expect("it listens again");
    Client::all(running.address).await;
}

#[tokio::test]
async fn a_paused_side_says_nothing_until_it_resumes() {
    let running = Running::start().await;
    let mut client = Client::all(running.address).await;
    running.play("side a paused").await;
    client.send(HeartbeatReq::new(7)).await;
    assert!(timeout(Duration::from_millis(200), client.next()).await.is_err(), "silence");
    running.play("side a resumed").await;
    assert!(matches!(client.next().await, Some(Message::HeartbeatConf(conf)) if conf.invoke_id == 7));
}

#[tokio::test]
async fn open_is_refused_ignored_or_answered_in_another_version() {
    let running = Running::start().await;
    running.play("side a refuses 36").await;
    let mut client = Client::connect(running.address, 24).await;
    client.send(open_req(24)).await;
    assert_eq!(refusal(&mut client).await, Status::INVALID_PASSWORD);
    running.play("side a is silent").await;
    let mut client = Client::connect(running.address, 24).await;
    client.send(open_req(24)).await;
    assert!(timeout(Duration::from_millis(200), client.next()).await.is_err(), "silence");
    running.play("side a speaks 18").await;
    let mut client = Client::connect(running.address, 24).await;
    client.send(open_req(24)).await;
    client.dialect = Dialect::cce(18);
    assert!(matches!(client.next().await, Some(Message::OpenConf(_))));
    running.play("side a opens").await;
    Client::all(running.address).await;
}

#[tokio::test]
async fn bytes_halves_confirmations_and_bursts() {
    let running = Running::start().await;
    running.play("1001001 signs in").await;
    let mut client = Client::all(running.address).await;
    running.play("unasked").await;
    assert!(matches!(client.next().await, Some(Message::SetAgentStateConf(_))));
    // A message of an unknown type.
    running.play("send 00000000 0000ffff").await;
    assert!(matches!(client.next().await, Some(Message::Unknown(unknown)) if unknown.kind == 0xFFFF));
    running.play("burst 20000").await;
    for _ in 0..20_000 {
        assert!(matches!(client.next().await, Some(Message::AgentStateEvent(_))));
    }
    running.play("truncate").await;
    assert_eq!(client.next().await, None);
    assert!(client.is_inside_message());
}

#[tokio::test]
async fn a_client_that_lost_its_session_is_told_the_calls_of_its_agent() {
    let running = Running::start().await;
    running.play("1001001 signs in\n1001001 is ready\ncall from 5551001 to Support").await;
    let open = OpenReq {
        services: Services::CLIENT_EVENTS | Services::CLIENT_CONTROL,
        agent_id: Some("1001001".into()),
        ..open_req(24)
    };
    let mut client = Client::open(running.address, open).await;
    assert!(matches!(client.next().await, Some(Message::BeginCallEvent(_))));
    running.play("1001002 signs in\n1001001 answers").await;
    assert!(matches!(client.next().await, Some(Message::CallEstablishedEvent(_))), "and of nobody else's");
}
