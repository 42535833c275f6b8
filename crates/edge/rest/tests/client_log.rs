//! Client logs, as desktops send them in.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use aplomb_rest::limits::{CLIENT_LOG_BODY_BYTES_MAX, CLIENT_LOG_CHARS_MAX};
use axum::body::Body;
use http::StatusCode;
use service::{Service, request};

const MINE: &str = "/finesse/api/User/11/ClientLog";
const COMPRESSED: &str = "/finesse/api/User/11/CompressedClientLog";

fn log(text: &str) -> String {
    format!("<ClientLog><logData>{text}</logData></ClientLog>")
}

#[tokio::test]
async fn a_log_is_taken_and_whoever_waits_on_the_node_is_told_with_the_request_id() {
    let service = Service::open().await;
    let post = request("POST", "11", MINE).header("requestId", "r-1").body(Body::from(log("a &lt;line&gt;")));
    let answer = service.send(post.unwrap()).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::ACCEPTED, ""));
    let number = answer.header("client-log-number").unwrap();
    assert_eq!(number, "1", "the log's number is told to who sent it");
    let (node, payload) = service.announced();
    assert_eq!(node, MINE);
    for part in [
        "&lt;event&gt;POST&lt;",
        "&lt;requestId&gt;r-1&lt;",
        "&lt;source&gt;/finesse/api/User/11/ClientLog&lt;",
    ] {
        assert!(payload.contains(part), "{part} in {payload}");
    }
    assert_eq!(
        service.call("POST", "name11", "/finesse/api/User/NAME11/ClientLog", log("x")).await.status,
        202
    );
}

#[tokio::test]
async fn a_log_may_have_so_many_characters_and_no_more() {
    let service = Service::open().await;
    let longest = "é".repeat(CLIENT_LOG_CHARS_MAX);
    assert_eq!(service.call("POST", "11", MINE, log(&longest)).await.status, StatusCode::ACCEPTED);
    service.call("POST", "11", MINE, log(&format!("{longest}x"))).await.error_is(
        400,
        "Invalid Input",
        "logData",
    );
    let larger = log(&"x".repeat(CLIENT_LOG_BODY_BYTES_MAX));
    service.call("POST", "11", MINE, larger).await.error_is(413, "Bad Request", "");
}

#[tokio::test]
async fn an_empty_log_and_somebody_elses_are_refused() {
    let service = Service::open().await;
    service.call("POST", "11", MINE, log("")).await.error_is(400, "Parameter Missing", "logData");
    service.call("POST", "11", MINE, "<ClientLog/>").await.error_is(400, "Parameter Missing", "logData");
    service.call("POST", "11", MINE, "<User/>").await.error_is(400, "Bad Request", "");
    let not_own = "Invalid Authorization User Specified";
    service.call("POST", "12", MINE, log("x")).await.error_is(401, not_own, "11");
    service.call("POST", "71", MINE, log("x")).await.error_is(401, not_own, "11");
    service.call("POST", "11", "/finesse/api/User/99/ClientLog", log("x")).await.error_is(
        404,
        "User Not Found",
        "99",
    );
    let answer = service.get("11", MINE).await;
    answer.error_is(405, "Method Not Allowed", "GET");
    assert_eq!(answer.header("allow"), Some("OPTIONS,POST"));
}

#[tokio::test]
async fn a_compressed_log_is_a_zip_archive() {
    let service = Service::open().await;
    let post = |media_type: &str, body: &'static [u8]| {
        let post = request("POST", "11", COMPRESSED).header("content-type", media_type);
        post.body(Body::from(body)).unwrap()
    };
    let zip = b"PK\x03\x04rest";
    assert_eq!(service.send(post("application/zip", zip)).await.status, StatusCode::ACCEPTED);
    assert_eq!(service.announced().0, MINE);
    assert_eq!(service.send(post("application/octet-stream", zip)).await.status, StatusCode::ACCEPTED);
    service.send(post("application/zip", b"a line")).await.error_is(400, "Invalid Input", "logData");
    service.send(post("application/zip", b"")).await.error_is(400, "Parameter Missing", "logData");
    service.send(post("application/xml", zip)).await.error_is(415, "Bad Request", "Content-Type");
}
