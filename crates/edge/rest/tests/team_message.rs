//! Messages to teams.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use http::StatusCode;
use service::{Answer, Service};

const MESSAGES: &str = "/finesse/api/TeamMessages";
const OF_TEAM: &str = "/finesse/api/Team/7/TeamMessages";

fn message(duration: &str, content: &str, teams: &[&str]) -> String {
    let teams: String = teams.iter().map(|team| format!("<team>{team}</team>")).collect();
    format!(
        "<TeamMessage><teams>{teams}</teams><content>{content}</content><duration>{duration}</duration></TeamMessage>"
    )
}

fn location(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
    answer.header("location").unwrap().to_owned()
}

#[tokio::test]
async fn a_supervisor_tells_a_team_something_and_takes_it_back() {
    let service = Service::open().await;
    let made = service.call("POST", "71", MESSAGES, message("100", "mind the &lt;gap&gt;", &["7"])).await;
    let uri = location(&made);
    let (node, payload) = service.announced();
    assert_eq!(node, OF_TEAM);
    assert!(
        payload.contains("teamMessage")
            && payload.contains("&lt;event&gt;POST&lt;")
            && payload.contains(&uri)
    );

    for reader in ["11", "71", "boss"] {
        let list = service.get(reader, OF_TEAM).await;
        assert!(list.body.starts_with("<TeamMessages><TeamMessage><uri>"), "{reader}: {}", list.body);
        assert!(list.body.contains("<content>mind the &lt;gap&gt;</content><teams><team>7</team></teams>"));
        assert!(
            list.body.contains("<createdBy><id>71</id><firstName>Agent</firstName><lastName>71</lastName>")
        );
    }
    assert!(service.get("71", &uri).await.body.starts_with(&format!("<TeamMessage><uri>{uri}</uri>")));
    assert!(service.get("71", "/finesse/api/User/71/TeamMessages").await.body.contains(&uri));
    assert!(!service.get("11", "/finesse/api/User/11/TeamMessages").await.body.contains(&uri));

    assert_eq!(service.call("DELETE", "71", &uri, "").await.status, StatusCode::OK);
    let (_, payload) = service.announced();
    assert!(payload.contains("&lt;event&gt;DELETE&lt;"), "{payload}");
    assert_eq!(service.get("11", OF_TEAM).await.body, "<TeamMessages></TeamMessages>");
    let id = uri.rsplit('/').next().unwrap();
    service.call("DELETE", "71", &uri, "").await.error_is(404, "Not Found", id);
}

#[tokio::test]
async fn a_message_is_over_when_its_time_is_up() {
    let service = Service::open().await;
    location(&service.call("POST", "boss", "/finesse/api/TeamMessage", message("1", "brief", &["7"])).await);
    // its time is in whole seconds of the clock
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while service.get("11", OF_TEAM).await.body.contains("brief") {
        assert!(std::time::Instant::now() < until, "the message is still there");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn what_a_message_may_not_be_is_400() {
    let service = Service::open().await;
    let long = "é".repeat(256);
    let many: Vec<String> = (0..51).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (body, error_type, data) in [
        (message("", "x", &["7"]), "Parameter Missing", "duration"),
        (message("0", "x", &["7"]), "Invalid Input", "duration"),
        (message("86401", "x", &["7"]), "Invalid Input", "duration"),
        (message("10", "", &["7"]), "Parameter Missing", "content"),
        (message("10", &long, &["7"]), "Invalid Input", "content"),
        (message("10", "x", &[]), "Parameter Missing", "teams"),
        (message("10", "x", &["seven"]), "Invalid Input", "teams"),
        (message("10", "x", &many), "Invalid Input", "teams"),
        ("<User/>".to_owned(), "Bad Request", ""),
    ] {
        service.call("POST", "71", MESSAGES, body).await.error_is(400, error_type, data);
    }
    let fits = message("86400", &"é".repeat(255), &["7", "7"]);
    assert_eq!(service.call("POST", "71", MESSAGES, fits).await.status, StatusCode::OK);
}

#[tokio::test]
async fn only_those_who_watch_over_a_team_tell_it_something() {
    let service = Service::open().await;
    let not_own = "Invalid Authorization User Specified";
    let post = |user: &'static str, team: &'static str| {
        service.call("POST", user, MESSAGES, message("9", "x", &[team]))
    };
    post("11", "7").await.error_is(401, not_own, "11");
    post("71", "8").await.error_is(401, "Invalid Supervisor", "8");
    post("boss", "99").await.error_is(404, "Not Found", "99");
    service.get("21", OF_TEAM).await.error_is(401, not_own, "21");
    let uri = location(&service.call("POST", "boss", MESSAGES, message("9", "x", &["7"])).await);
    service.call("DELETE", "71", &uri, "").await.error_is(401, not_own, "boss");
    service.call("DELETE", "11", &uri, "").await.error_is(401, not_own, "11");
    let other = location(&service.call("POST", "boss", MESSAGES, message("9", "x", &["8"])).await);
    let id = other.rsplit('/').next().unwrap();
    service.get("71", &other).await.error_is(404, "Not Found", id);
}

#[tokio::test]
async fn there_are_only_so_many_messages_at_a_time() {
    let service = Service::open().await;
    for _ in 0..200 {
        location(&service.call("POST", "boss", MESSAGES, message("9000", "x", &["7"])).await);
        service.forget_announced();
    }
    let one_more = service.call("POST", "boss", MESSAGES, message("9000", "x", &["7"])).await;
    one_more.error_is(400, "System Resource Limit Exceeded", "teammessage.max.limit.exceeded");
    assert_eq!(one_more.error().2, "MAX_ACTIVE_MESSAGE_LIMIT_EXCEEDED");
}
