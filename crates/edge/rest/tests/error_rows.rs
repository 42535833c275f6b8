//! Every row of the guide's table of errors (Finesse guide, error tables of each API), by its name: what brings it about,
//! status and type.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use floor::*;
use http::StatusCode;
use service::{Answer, Service, request};

const ME: &str = "User/11";
const READY: &str = "<User><state>READY</state></User>";

/// Row of the table, method, caller, path, body.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

async fn ask(service: &Service, method: &str, user: &str, path: &str, body: &str) -> Answer {
    service.call(method, user, &format!("/finesse/api/{path}"), body.to_owned()).await
}

async fn check(service: &Service, rows: &[Row<'_>]) {
    for (row, method, user, path, body) in rows {
        let answer = ask(service, method, user, path, body).await;
        assert!(!answer.status.is_success(), "{row}: {method} {path} by {user} is done");
        let actual = format!("{} {}", answer.status.as_u16(), answer.error().0);
        assert_eq!(actual, *row, "{method} {path} by {user}: {}", answer.body);
    }
}

fn action(action: &str, extension: &str) -> String {
    format!(
        "<Dialog><requestedAction>{action}</requestedAction><targetMediaAddress>{extension}</targetMediaAddress>\
         <actionParams><ActionParam><name>dtmfString</name><value>1</value></ActionParam></actionParams></Dialog>"
    )
}

fn call(from: &str, to: &str) -> String {
    format!(
        "<Dialog><requestedAction>MAKE_CALL</requestedAction><fromAddress>{from}</fromAddress>\
         <toAddress>{to}</toAddress></Dialog>"
    )
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_400() {
    let service = Service::open().await;
    service.sign_in("11").await;
    service.talk(1, "901").await;
    check(
        &service,
        &[
            ("400 Bad Request", "PUT", "11", ME, "<User>"),
            ("400 Parameter Missing", "PUT", "11", ME, "<User/>"),
            ("400 Invalid Input", "PUT", "11", ME, "<User><state>HAPPY</state></User>"),
            ("400 Invalid State", "PUT", "11", "Dialog/1", &action("RETRIEVE", "901")),
            ("400 Invalid Destination", "POST", "11", "User/11/Dialogs", &call("901", "901")),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_the_configuration_does_not_allow_is_400() {
    let service = Service::open().await;
    let reason = "<WrapUpReason><label>Order</label></WrapUpReason>";
    let book =
        |name: &str, kind: &str| format!("<PhoneBook><name>{name}</name><type>{kind}</type></PhoneBook>");
    let made = [
        ("WrapUpReason", reason.to_owned()),
        ("PhoneBook", book("All", "GLOBAL")),
        ("PhoneBook", book("Seven", "TEAM")),
    ];
    for (path, body) in made {
        assert_eq!(ask(&service, "POST", "boss", path, &body).await.status, StatusCode::OK);
    }
    let assigned = "<PhoneBooks><PhoneBook><uri>/finesse/api/PhoneBook/2</uri></PhoneBook></PhoneBooks>";
    assert_eq!(ask(&service, "PUT", "boss", "Team/7/PhoneBooks", assigned).await.status, StatusCode::OK);
    let contact = "<Contact><phoneNumber>1</phoneNumber></Contact>";
    let contacts =
        format!("<Contacts>{}</Contacts>", contact.repeat(configuration::limits::CONTACTS_IN_BOOK_MAX + 1));
    check(
        &service,
        &[
            ("400 Finesse API Error", "POST", "boss", "WrapUpReason", reason),
            ("400 In Use", "DELETE", "boss", "PhoneBook/2", ""),
            ("400 Maximum Exceeded", "PUT", "boss", "PhoneBook/1/Contacts", &contacts),
        ],
    )
    .await;
}

#[tokio::test]
async fn conferences_are_refused_by_number() {
    let service = Service::open().await;
    service.sign_in_on("11", "901").await;
    service.sign_in_on("12", "902").await;
    service.talk(1, "901").await;
    service.talk(2, "902").await;
    let station = |address: &str| Device { kind: DeviceKind::Station, address: address.into() };
    let at = |call, address: &str| Connection { call: CallId(call), dynamic: false, device: address.into() };
    let event =
        |call, address: &str, what| CallEvent { connection: at(call, address), cause: Cause::None, what };
    let parties = vec![at(1, "901"), at(1, "902"), at(1, "5550199")];
    let joined = CallHappened::Conferenced {
        secondary: at(2, "902"),
        controller: station("902"),
        added: station("902"),
        parties,
    };
    service.call_event(event(1, "902", joined)).await;
    for (call, extension) in [(3, "901"), (4, "902")] {
        let holding = station(extension);
        service.call_event(event(1, extension, CallHappened::Held { holding })).await;
        service.talk(call, extension).await;
    }
    check(
        &service,
        &[
            ("400 20999", "PUT", "11", "Dialog/1", &action("CONFERENCE", "901")),
            ("400 20700", "PUT", "12", "Dialog/1", &action("CONFERENCE", "902")),
        ],
    )
    .await;
    assert!(service.seen.lock().unwrap().call_orders.is_empty());
}

#[tokio::test]
async fn who_may_not_is_401() {
    let service = Service::open().await;
    service.sign_in("11").await;
    service.talk(1, "901").await;
    let holding = Device { kind: DeviceKind::Station, address: "901".into() };
    let connection = Connection { call: CallId(1), dynamic: false, device: "901".into() };
    let what = CallHappened::Held { holding };
    service.call_event(CallEvent { connection, cause: Cause::None, what }).await;
    check(
        &service,
        &[
            ("401 Authorization Failure", "GET", "", ME, ""),
            ("401 Authorization Failure", "GET", "11", "WrapUpReasons", ""),
            ("401 Invalid Authorization User Specified", "PUT", "12", ME, READY),
            (
                "401 Invalid Authorization User Specified",
                "POST",
                "boss",
                "User/11/Dialogs",
                &call("901", "902"),
            ),
            ("401 Invalid Supervisor", "PUT", "71", "User/21", READY),
            ("401 Invalid State", "PUT", "11", "Dialog/1", &action("SEND_DTMF", "901")),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_is_not_there_or_not_here_is_403_404_405_and_501() {
    let service = Service::open().await;
    check(
        &service,
        &[
            ("404 User Not Found", "GET", "11", "User/4711", ""),
            ("404 Not Found", "GET", "11", "User/11/ReasonCode/9", ""),
            ("404 Not Found", "GET", "11", "Dialog/4711", ""),
            ("405 Method Not Allowed", "GET", "11", "Dialog", ""),
            ("405 Method Not Allowed", "DELETE", "11", ME, ""),
        ],
    )
    .await;
    let dialog = ask(&service, "GET", "11", "Dialog/4711", "").await.error();
    assert_eq!(dialog.2, "Invalid dialogId specified for dialog");
    let secondary = Service::open_as_secondary("UCCE").await;
    check(&secondary, &[("403 Forbidden", "GET", "boss", "ReasonCodes?category=ALL", "")]).await;
    let express = Service::open_as_ccx().await;
    check(&express, &[("501 Not Implemented", "GET", "11", "Queue/1", "")]).await;
}

#[tokio::test]
async fn part_of_the_contacts_is_206_and_a_range_that_cannot_be_is_416() {
    let service = Service::open().await;
    let book = "<PhoneBook><name>All</name><type>GLOBAL</type></PhoneBook>";
    assert_eq!(ask(&service, "POST", "boss", "PhoneBook", book).await.status, StatusCode::OK);
    let contacts =
        format!("<Contacts>{}</Contacts>", "<Contact><phoneNumber>1</phoneNumber></Contact>".repeat(3));
    assert_eq!(ask(&service, "PUT", "boss", "PhoneBook/1/Contacts", &contacts).await.status, StatusCode::OK);
    let with = |range: &str| {
        let get = request("GET", "11", "/finesse/api/User/11/PhoneBooks").header("Range", range);
        service.send(get.body("".into()).unwrap())
    };
    let some = with("objects=1-2").await;
    assert_eq!(
        (some.status, some.header("content-range")),
        (StatusCode::PARTIAL_CONTENT, Some("objects 1-2/3"))
    );
    assert_eq!(some.body.matches("<Contact>").count(), 2);
    with("objects=2-1").await.error_is(416, "Range Not Satisfiable", "Range");
}

#[tokio::test]
async fn a_message_that_the_other_node_does_not_know_is_207() {
    let message =
        "<TeamMessage><duration>60</duration><content>x</content><teams><team>7</team></teams></TeamMessage>";
    let single = Service::open().await;
    assert_eq!(ask(&single, "POST", "71", "TeamMessage", message).await.status, StatusCode::OK);
    let of_a_pair = Service::open_as_secondary("UCCE").await;
    let made = ask(&of_a_pair, "POST", "71", "TeamMessage", message).await;
    assert_eq!(made.status, StatusCode::MULTI_STATUS);
    let path = made.header("location").unwrap().strip_prefix("/finesse/api/").unwrap().to_owned();
    assert_eq!(ask(&of_a_pair, "GET", "71", &path, "").await.status, StatusCode::OK, "it is told here");
    assert_eq!(ask(&of_a_pair, "DELETE", "71", &path, "").await.status, StatusCode::MULTI_STATUS);
}

#[tokio::test]
async fn out_of_service_is_503() {
    let service = Service::without_link().await;
    check(&service, &[("503 Service Unavailable", "PUT", "11", ME, READY)]).await;
}
