//! The calls that work.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use floor::{Change, State};
use http::StatusCode;
use service::{Service, request};

#[tokio::test]
async fn a_sign_in_is_202_without_a_body_and_its_effect_carries_the_request_id() {
    let service = Service::open().await;
    service.forget();
    let body = "<User><state>LOGIN</state><extension>901</extension></User>";
    let put = request("PUT", "11", "/finesse/api/User/11").header("requestId", "id-1").body(body.into());
    let answer = service.send(put.unwrap()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!((answer.body.as_str(), answer.header("content-length")), ("", Some("0")));
    assert_eq!(answer.header("requestid"), None, "only answers other than 202 repeat it");
    let order = service.order().await;
    assert_eq!((order.state, order.extension.as_str()), (State::Login, "901"));
    assert_eq!(order.password.as_ref().map(floor::AgentPassword::reveal), Some(service::PASSWORD));
    let seen = service.seen.lock().unwrap();
    let [Change::Agent { agent, request_id }] = &seen.changes[..] else { panic!("{:?}", seen.changes) };
    assert_eq!((agent.state, request_id.as_deref()), (State::NotReady, Some("id-1")));
}

#[tokio::test]
async fn a_user_is_found_by_both_names_and_shown_compactly() {
    let service = Service::open().await;
    service.sign_in("11").await;
    let by_id = service.get("11", "/finesse/api/User/11?nocache=1").await;
    let by_name = service.get("name11", "/finesse/api/User/name11").await;
    assert_eq!(by_id.status, StatusCode::OK);
    assert_eq!(by_id.body, by_name.body);
    assert_eq!(by_id.header("content-type"), Some("application/xml;charset=UTF-8"));
    let start = "<User><dialogs>/finesse/api/User/11/Dialogs</dialogs><extension>901</extension>";
    assert!(by_id.body.starts_with(start), "{}", by_id.body);
    assert!(by_id.body.contains("<state>NOT_READY</state>"));
}

#[tokio::test]
async fn states_change_with_and_without_reasons() {
    let service = Service::open().await;
    service.sign_in("11").await;
    let cases = [
        ("<User><state>READY</state></User>", State::Ready, 0),
        ("<User><state>READY</state><reasonCodeId>1</reasonCodeId></User>", State::Ready, 0),
        ("<User><state>NOT_READY</state></User>", State::NotReady, 0),
        ("<User><reasonCodeId>1</reasonCodeId>\n <state> NOT_READY </state ></User>", State::NotReady, 11),
        ("<User><state>NOT_READY</state><reasonCodeId></reasonCodeId></User>", State::NotReady, 0),
        ("<User><state>NOT_READY</state><reasonCodeId>-1</reasonCodeId></User>", State::NotReady, 0),
        (
            "<User><state>LOGOUT</state><logoutAllMedia>true</logoutAllMedia><reasonCodeId>2</reasonCodeId></User>",
            State::Logout,
            21,
        ),
    ];
    for (body, state, reason) in cases {
        let answer = service.put("11", "/finesse/api/User/name11", body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{body}: {}", answer.body);
        let order = service.order().await;
        assert_eq!((order.state, order.reason, order.forced), (state, reason, false), "{body}");
    }
}

#[tokio::test]
async fn a_document_with_a_declaration_and_a_byte_order_mark_is_read() {
    let service = Service::open().await;
    service.sign_in("11").await;
    let body = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<User><state>READY</state></User>\n";
    assert_eq!(service.put("11", "/finesse/api/User/11", body).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_supervisor_changes_agents_of_the_own_team() {
    let service = Service::open().await;
    service.sign_in("11").await;
    let answer = service.put("71", "/finesse/api/User/11", "<User><state>LOGOUT</state></User>").await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let order = service.order().await;
    assert_eq!((order.agent.as_str(), order.reason, order.forced), ("11", 999, true));
}

#[tokio::test]
async fn supervisors_see_their_teams_and_administrators_everybody() {
    let service = Service::open().await;
    for (user, path) in [("71", "User/11"), ("boss", "User/21"), ("boss", "Team/8"), ("71", "Team/7")] {
        let answer = service.get(user, &format!("/finesse/api/{path}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{user} {path}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_team_shows_who_is_signed_in_or_on_request_everybody() {
    let service = Service::open().await;
    service.sign_in("11").await;
    let team = service.get("71", "/finesse/api/Team/7?nocache=1").await.body;
    assert!(
        team.starts_with("<Team><id>7</id><name>Seven</name><uri>/finesse/api/Team/7</uri><users><User>")
    );
    assert!(team.contains("<loginId>11</loginId>") && !team.contains("<loginId>12</loginId>"));
    let team = service.get("71", "/finesse/api/Team/7?includeLoggedOutAgents=true").await.body;
    assert!(team.contains("<loginId>11</loginId>") && team.contains("<loginId>12</loginId>"));
}

#[tokio::test]
async fn reason_codes_are_listed_by_category_with_system_code_said() {
    let service = Service::open().await;
    let codes = service.get("11", "/finesse/api/User/11/ReasonCodes?category=NOT_READY").await.body;
    let first = "<ReasonCodes category=\"NOT_READY\"><ReasonCode><uri>/finesse/api/ReasonCode/1</uri>\
        <category>NOT_READY</category><code>11</code><label>Reason &lt;11&gt;</label><forAll>true</forAll>\
        <systemCode>false</systemCode></ReasonCode>";
    assert!(codes.starts_with(first), "{codes}");
    assert!(codes.contains("<systemCode>true</systemCode>"));
    let codes = service.get("11", "/finesse/api/User/11/ReasonCodes?category=LOGOUT").await.body;
    assert!(codes.contains("<code>21</code>") && !codes.contains("<category>NOT_READY"));
    let one = service.get("11", "/finesse/api/User/11/ReasonCode/2").await.body;
    assert!(one.starts_with("<ReasonCode><uri>/finesse/api/ReasonCode/2</uri>"), "{one}");
}

#[tokio::test]
async fn there_are_no_dialogs_yet() {
    let service = Service::open().await;
    assert_eq!(service.get("11", "/finesse/api/User/11/Dialogs").await.body, "<Dialogs></Dialogs>");
}

#[tokio::test]
async fn system_info_needs_no_credentials_and_is_200_out_of_service_too() {
    let service = Service::without_link().await;
    let out = service.get("", "/finesse/api/SystemInfo?nocache=1").await;
    assert_eq!(out.status, StatusCode::OK);
    assert!(out.body.contains("<status>OUT_OF_SERVICE</status>"), "{}", out.body);
    service.link_up().await;
    let text = service.get("", "/finesse/api/SystemInfo").await.body;
    for part in [
        "<SystemInfo>",
        "<status>IN_SERVICE</status>",
        "<statusReason></statusReason>",
        "<xmppDomain>desk.example</xmppDomain>",
        "<xmppPubSubDomain>pubsub.desk.example</xmppPubSubDomain>",
        "<primaryNode><host>desk.example</host><httpsPort>8445</httpsPort><xmppPort></xmppPort>",
        "<ctiServer><active>true</active><connectedDuration>0</connectedDuration><host>cti.example</host>",
        "<ctiServer><active>false</active><connectedDuration>0</connectedDuration><host>cti-b.example</host>",
        "<finesseMMode></finesseMMode><finesseTimeInMMode>-1</finesseTimeInMMode>",
        "<lastCTIHeartbeatStatus>success</lastCTIHeartbeatStatus>",
        "<timezoneOffset>540</timezoneOffset>",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    service.link_down().await;
    let text = service.get("", "/finesse/api/SystemInfo").await.body;
    for part in
        ["<status>OUT_OF_SERVICE</status>", "<lastCTIHeartbeatStatus>failure</lastCTIHeartbeatStatus>"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[tokio::test]
async fn head_and_options_are_answered() {
    let service = Service::open().await;
    let head = service.call("HEAD", "11", "/finesse/api/User/11", "").await;
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
    let options = service.call("OPTIONS", "", "/finesse/api/User/11", "").await;
    assert_eq!(options.status, StatusCode::OK);
    assert_eq!(options.header("allow"), Some("GET,OPTIONS,HEAD,PUT"));
}

#[tokio::test]
async fn requests_are_counted_by_pattern_method_and_status() {
    let service = Service::open().await;
    service.get("11", "/finesse/api/User/11").await;
    service.get("11", "/finesse/api/User/made-up").await;
    service.get("11", "/finesse/api/made/up").await;
    let metrics = service.metrics();
    let count = |resource: &str, method: &str, status: u16| {
        let labels = format!("resource=\"{resource}\",method=\"{method}\",status=\"{status}\"");
        metrics.contains(&format!("aplomb_rest_requests_total{{{labels}}} 1"))
    };
    assert!(count("/finesse/api/User/{id}", "GET", 200), "{metrics}");
    assert!(count("/finesse/api/User/{id}", "GET", 404), "{metrics}");
    assert!(count("/finesse/api/{*other}", "GET", 404), "{metrics}");
    assert!(!metrics.contains("made"), "no label from a client");
}
