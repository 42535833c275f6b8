//! Who may ask why whom was disconnected.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use http::StatusCode;
use serde_json::{Value, json};
use service::{Answer, Service};

fn read(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn a_supervisor_asks_about_the_own_team_by_login_name_too_and_hears_of_nobody_else() {
    let service = Service::open().await;
    let path = "/finesse/api/User/name11/Disconnection?at=10m%20ago&since=2h&lang=ja&nocache=1";
    let asked = read(&service.get("71", path).await);
    let expected = json!({ "agent": "11", "at": "10m ago", "since": "2h", "lang": "ja", "everybody": false,
                           "names": ["11", "12", "71"] });
    assert_eq!(asked, expected);
    for path in ["/finesse/api/Disconnections?since=1h", "/finesse/api/Warnings"] {
        assert_eq!(read(&service.get("71", path).await)["names"], json!(["11", "12", "71"]));
    }
}

#[tokio::test]
async fn an_administrator_asks_about_everybody() {
    let service = Service::open().await;
    let asked = read(&service.get("boss", "/finesse/api/User/21/Disconnection").await);
    assert_eq!((&asked["agent"], &asked["everybody"]), (&json!("21"), &json!(true)));
    assert_eq!(asked["at"], Value::Null);
    assert_eq!(read(&service.get("boss", "/finesse/api/Disconnections").await)["everybody"], true);
}

#[tokio::test]
async fn others_are_refused() {
    let service = Service::open().await;
    for (user, path, kind) in [
        ("", "User/11/Disconnection", "Authorization Failure"),
        ("11", "User/11/Disconnection", "Invalid Authorization User Specified"),
        ("11", "Disconnections", "Invalid Authorization User Specified"),
        ("11", "Warnings", "Invalid Authorization User Specified"),
        ("71", "User/21/Disconnection", "Invalid Supervisor"),
        ("71", "User/21/Disconnection/Page", "Invalid Supervisor"),
    ] {
        let answer = service.get(user, &format!("/finesse/api/{path}")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{user} {path}");
        assert_eq!(answer.error().0, kind, "{user} {path}");
    }
    let unknown = service.get("boss", "/finesse/api/User/nobody/Disconnection").await;
    assert_eq!((unknown.status, unknown.error().0.as_str()), (StatusCode::NOT_FOUND, "User Not Found"));
}

#[tokio::test]
async fn the_page_is_html_that_runs_nothing() {
    let service = Service::open().await;
    let page = service.get("71", "/finesse/api/User/12/Disconnection/Page").await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    assert_eq!(page.body, "<!DOCTYPE html><title>12</title>");
}

#[tokio::test]
async fn a_time_that_cannot_be_read_is_the_askers_fault_and_a_journal_that_cannot_is_ours() {
    let service = Service::open().await;
    let answer = service.get("71", "/finesse/api/User/11/Disconnection?at=noon").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.error(), ("Invalid Input".into(), "at".into(), "expected a time".into()));
    let answer = service.get("71", "/finesse/api/User/11/Disconnection?at=unreadable").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}
