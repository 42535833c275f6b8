//! Every error of the guide that these calls have.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use aplomb_rest::limits::BODY_BYTES_MAX;
use axum::body::Body;
use http::StatusCode;
use http_body_util::channel::Channel;
use service::{PASSWORD, Service, basic, request};

const ME: &str = "/finesse/api/User/11";
const READY: &str = "<User><state>READY</state></User>";

#[tokio::test]
async fn the_error_document_is_the_guides() {
    let service = Service::open().await;
    let answer = service.put("11", ME, "<User></User>").await;
    assert_eq!(
        answer.body,
        "<ApiErrors><ApiError><ErrorType>Parameter Missing</ErrorType><ErrorData>state</ErrorData>\
         <ErrorMessage>State Parameter missing</ErrorMessage></ApiError></ApiErrors>"
    );
    let answer = service.put("11", ME, "<User><state>WORK</state></User>").await;
    assert_eq!(
        answer.error(),
        ("Invalid Input".into(), "state".into(), "Invalid State specified for user".into())
    );
}

#[tokio::test]
async fn what_a_document_may_not_ask_for_is_400() {
    let service = Service::open().await;
    let long = format!("<User><state>LOGIN</state><extension>{}</extension></User>", "9".repeat(64));
    let cases = [
        ("<User><state/></User>", "Parameter Missing", "state"),
        ("<User><state> </state></User>", "Parameter Missing", "state"),
        ("<User><state>ready</state></User>", "Invalid Input", "state"),
        ("<User><state>TALKING</state></User>", "Invalid Input", "state"),
        ("<User><state>WORK_READY</state></User>", "Invalid Input", "state"),
        ("<User><state>LOGIN</state></User>", "Parameter Missing", "extension"),
        ("<User><state>LOGIN</state><extension></extension></User>", "Parameter Missing", "extension"),
        (&long, "Invalid Input", "extension"),
        (
            "<User><state>NOT_READY</state><reasonCodeId>x</reasonCodeId></User>",
            "Invalid Input",
            "reasonCodeId",
        ),
        (
            "<User><state>NOT_READY</state><reasonCodeId>9</reasonCodeId></User>",
            "Invalid Input",
            "reasonCodeId",
        ),
        (
            "<User><state>NOT_READY</state><reasonCodeId>2</reasonCodeId></User>",
            "Invalid Input",
            "reasonCodeId",
        ),
        (
            "<User><state>LOGOUT</state><reasonCodeId>100</reasonCodeId></User>",
            "Invalid Input",
            "reasonCodeId",
        ),
        ("<Dialog><state>READY</state></Dialog>", "Bad Request", ""),
    ];
    for (body, error_type, data) in cases {
        service.put("11", ME, body.to_owned()).await.error_is(400, error_type, data);
    }
    assert!(service.no_orders().await);
}

#[tokio::test]
async fn what_is_not_one_strict_document_is_400_and_says_what_was_wrong() {
    let service = Service::open().await;
    let attributes: String = (0..20_000).map(|n| format!(" a{n}=\"\"")).collect();
    let cases: [(Vec<u8>, &str); 12] = [
        (b"".to_vec(), "not well-formed"),
        (b"{\"state\":\"READY\"}".to_vec(), "not well-formed"),
        (b"<User><state>READY</User>".to_vec(), "not well-formed"),
        (b"<User/><User/>".to_vec(), "not well-formed"),
        (b"<User><state>READY\x01</state></User>".to_vec(), "not well-formed"),
        (b"<User><state>READY&#1;</state></User>".to_vec(), "not well-formed"),
        (b"<User><state>\xff</state></User>".to_vec(), "not UTF-8"),
        (b"<!DOCTYPE User [<!ENTITY a \"b\">]><User>&a;</User>".to_vec(), "document type"),
        (b"<User><!-- x --><state>READY</state></User>".to_vec(), "comment"),
        (b"<User><?x y?><state>READY</state></User>".to_vec(), "processing instruction"),
        (format!("<User{attributes}/>").into_bytes(), "equals signs"),
        ([b"<User>".to_vec(), b"<a>".repeat(100)].concat(), "not well-formed"),
    ];
    for (body, fault) in cases {
        let answer = service.put("11", ME, body).await;
        answer.error_is(400, "Bad Request", "");
        assert!(answer.error().2.contains(fault), "{} should say {fault}", answer.body);
    }
    assert!(service.no_orders().await);
    assert!(
        service.metrics().contains("aplomb_forbidden_characters_total{source=\"rest\",field=\"state\"} 2")
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let service = Service::open().await;
    let padded = |bytes: usize| format!("<User><state>READY</state>{}</User>", " ".repeat(bytes));
    let fits = service.put("11", ME, padded(BODY_BYTES_MAX - 33)).await;
    assert_eq!(fits.status, StatusCode::ACCEPTED);
    service.put("11", ME, padded(BODY_BYTES_MAX - 32)).await.error_is(413, "Bad Request", "");
    service.put("11", ME, padded(1024 * 1024)).await.error_is(413, "Bad Request", "");
    service.put("11", ME, padded(10 * 1024 * 1024)).await.error_is(413, "Bad Request", "");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_400() {
    let service = Service::open().await;
    let (mut sender, body) = Channel::<axum::body::Bytes, std::io::Error>::new(1);
    sender.send_data("<User>".into()).await.unwrap();
    sender.abort(std::io::ErrorKind::ConnectionReset.into());
    let body = Body::new(body);
    service.put("11", ME, body).await.error_is(400, "Bad Request", "");
}

#[tokio::test]
async fn without_the_right_password_it_is_401_with_the_name_given() {
    let service = Service::open().await;
    for (header, name) in [
        (basic("11", "wrong"), "11"),
        (basic("nobody", PASSWORD), "nobody"),
        ("Bearer abc".into(), ""),
        ("Basic ???".into(), ""),
    ] {
        let get = request("GET", "", ME).header("authorization", header).body(Body::empty());
        let answer = service.send(get.unwrap()).await;
        answer.error_is(401, "Authorization Failure", name);
        assert_eq!(answer.error().2, "UNAUTHORIZED");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Basic realm="));
    }
    service.get("", ME).await.error_is(401, "Authorization Failure", "");
}

#[tokio::test]
async fn the_sixth_try_after_five_wrong_passwords_fails_with_the_right_one() {
    let service = Service::open().await;
    for _ in 0..5 {
        let get = request("GET", "", ME).header("authorization", basic("11", "wrong")).body(Body::empty());
        service.send(get.unwrap()).await.error_is(401, "Authorization Failure", "11");
    }
    service.get("11", ME).await.error_is(401, "Authorization Failure", "11");
    assert_eq!(
        service.get("12", "/finesse/api/User/12").await.status,
        StatusCode::OK,
        "nobody else is locked"
    );
}

#[tokio::test]
async fn a_page_gets_no_challenge_that_would_open_the_browsers_window() {
    let service = Service::open().await;
    let get = request("GET", "", ME).header("X-Requested-With", "XMLHttpRequest").body(Body::empty());
    let answer = service.send(get.unwrap()).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (StatusCode::UNAUTHORIZED, None));
}

#[tokio::test]
async fn somebody_elses_user_is_401() {
    let service = Service::open().await;
    let not_own = "Invalid Authorization User Specified";
    service.put("11", "/finesse/api/User/12", READY).await.error_is(401, not_own, "12");
    service.get("11", "/finesse/api/User/name12").await.error_is(401, not_own, "name12");
    service.get("11", "/finesse/api/User/12/Dialogs").await.error_is(401, not_own, "12");
    service.get("11", "/finesse/api/User/12/ReasonCodes?category=LOGOUT").await.error_is(401, not_own, "12");
    service.get("11", "/finesse/api/User/12/ReasonCode/1").await.error_is(401, not_own, "12");
    service.get("11", "/finesse/api/Team/7").await.error_is(401, not_own, "11");
    service.put("boss", ME, READY).await.error_is(401, not_own, "11");
    let sign_in = "<User><state>LOGIN</state><extension>1</extension></User>";
    service.put("71", ME, sign_in).await.error_is(401, not_own, "11");
    assert!(service.no_orders().await);
}

#[tokio::test]
async fn a_supervisor_of_another_team_is_401() {
    let service = Service::open().await;
    service.put("71", "/finesse/api/User/21", READY).await.error_is(401, "Invalid Supervisor", "21");
    service.get("71", "/finesse/api/User/21").await.error_is(401, "Invalid Supervisor", "21");
    service.get("71", "/finesse/api/Team/8").await.error_is(401, "Invalid Supervisor", "8");
}

#[tokio::test]
async fn a_supervisor_gives_no_reason_code() {
    let service = Service::open().await;
    let body = "<User><state>NOT_READY</state><reasonCodeId>1</reasonCodeId></User>";
    service.put("71", ME, body).await.error_is(400, "Invalid Input", "reasonCodeId");
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let service = Service::open().await;
    for user in ["11", "71", "boss"] {
        service.get(user, "/finesse/api/User/4711").await.error_is(404, "User Not Found", "4711");
    }
    service.put("11", "/finesse/api/User/4711", READY).await.error_is(404, "User Not Found", "4711");
    service.get("11", "/finesse/api/User/11/ReasonCode/9").await.error_is(404, "Not Found", "9");
    service.get("11", "/finesse/api/User/11/ReasonCode/x").await.error_is(404, "Not Found", "x");
    service.get("71", "/finesse/api/Team/99").await.error_is(404, "Not Found", "99");
    service.get("boss", "/finesse/api/Team/x").await.error_is(404, "Not Found", "x");
    for path in ["/finesse/api", "/finesse/api/", "/finesse/api/Nothing", "/finesse/api/User/11/Nothing"] {
        service.get("11", path).await.error_is(404, "Not Found", "");
    }
}

#[tokio::test]
async fn a_path_that_is_not_utf_8_is_400() {
    let service = Service::open().await;
    service.get("11", "/finesse/api/User/%ff").await.error_is(400, "Bad Request", "");
    service.get("11", "/finesse/api/User/%01").await.error_is(404, "User Not Found", "\u{FFFD}");
}

#[tokio::test]
async fn reason_codes_need_a_category() {
    let service = Service::open().await;
    let path = "/finesse/api/User/11/ReasonCodes";
    service.get("11", path).await.error_is(400, "Parameter Missing", "category");
    service.get("11", &format!("{path}?category=")).await.error_is(400, "Parameter Missing", "category");
    service.get("11", &format!("{path}?category=READY")).await.error_is(400, "Invalid Input", "category");
}

#[tokio::test]
async fn another_method_is_405_with_the_methods_there_are() {
    let service = Service::open().await;
    let answer = service.call("DELETE", "11", ME, "").await;
    answer.error_is(405, "Method Not Allowed", "DELETE");
    assert_eq!(answer.header("allow"), Some("GET,OPTIONS,HEAD,PUT"));
    let answer = service.call("BREW", "11", "/finesse/api/SystemInfo", "").await;
    answer.error_is(405, "Method Not Allowed", "BREW");
    assert_eq!(answer.header("allow"), Some("GET,OPTIONS,HEAD"));
}

#[tokio::test]
async fn a_body_that_says_it_is_something_else_is_415() {
    let service = Service::open().await;
    service.sign_in("11").await;
    let put = |media_type: &str| {
        let put = request("PUT", "11", ME).header("content-type", media_type);
        put.body(Body::from(READY)).unwrap()
    };
    for media_type in ["application/json", "image/png", "multipart/form-data; boundary=x", "xml"] {
        let answer = service.send(put(media_type)).await;
        answer.error_is(415, "Bad Request", "Content-Type");
        assert!(answer.error().2.contains("application/xml"), "{}", answer.body);
    }
    for media_type in ["application/xml", "Text/XML; charset=utf-8", "application/soap+xml", "text/plain"] {
        assert_eq!(service.send(put(media_type)).await.status, StatusCode::ACCEPTED, "{media_type}");
    }
}

#[tokio::test]
async fn an_id_with_a_slash_or_another_escape_is_one_name() {
    let service = Service::open().await;
    service.get("11", "/finesse/api/User/a%2Fb").await.error_is(404, "User Not Found", "a/b");
    service.get("11", "/finesse/api/User/%2e%2e").await.error_is(404, "User Not Found", "..");
    service.get("11", "/finesse/api/User/11%3Fx").await.error_is(404, "User Not Found", "11?x");
    assert_eq!(service.get("11", "/finesse/api/User/%31%31?nocache=1&&=").await.status, StatusCode::OK);
}

#[tokio::test]
async fn numbers_out_of_range_and_names_in_the_wrong_case_are_400() {
    let service = Service::open().await;
    for id in ["99999999999999999999", "-2", "1.5", "0x1", "\u{0661}"] {
        let body = format!("<User><state>NOT_READY</state><reasonCodeId>{id}</reasonCodeId></User>");
        service.put("11", ME, body).await.error_is(400, "Invalid Input", "reasonCodeId");
    }
    service.put("11", ME, "<user><state>READY</state></user>").await.error_is(400, "Bad Request", "");
    let body = "<User><State>READY</State></User>";
    service.put("11", ME, body).await.error_is(400, "Parameter Missing", "state");
    service.get("11", "/finesse/api/user/11").await.error_is(404, "Not Found", "");
}

#[tokio::test]
async fn white_space_order_and_unknown_elements_do_not_matter() {
    let service = Service::open().await;
    let bodies = [
        "<User><extension>901</extension><x><y/></x><state>LOGIN</state></User >",
        "\n<User >\n\t<state >\n READY \n</state >\r\n</User>\n",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><User xmlns=\"urn:x\"><state>NOT_READY</state></User>",
    ];
    for body in bodies {
        let answer = service.put("11", ME, body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{body}: {}", answer.body);
        service.settle().await;
    }
}

#[tokio::test]
async fn out_of_service_changes_are_503_and_reading_still_works() {
    let service = Service::open().await;
    service.link_down().await;
    service.put("11", ME, READY).await.error_is(503, "Service Unavailable", "");
    assert_eq!(service.get("11", ME).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_ninth_request_under_way_is_503() {
    let service = Service::open().await;
    service.sign_in("11").await;
    service.seen.lock().unwrap().deaf = true;
    for _ in 0..floor::limits::REQUESTS_PER_AGENT_MAX {
        assert_eq!(service.put("11", ME, READY).await.status, StatusCode::ACCEPTED);
    }
    service.put("11", ME, READY).await.error_is(503, "Service Unavailable", "");
}

#[tokio::test]
async fn a_floor_that_is_gone_is_503() {
    let (jobs, mailbox) = tokio::sync::mpsc::channel(1);
    drop(mailbox);
    let floor = aplomb_rest::FloorClient::new(jobs);
    assert_eq!(floor.call(|_, _| ()).await, Err(aplomb_rest::Unavailable));
}

#[tokio::test(start_paused = true)]
async fn a_floor_that_is_stuck_is_503_after_a_while() {
    let (jobs, _mailbox) = tokio::sync::mpsc::channel(1);
    let floor = aplomb_rest::FloorClient::new(jobs);
    assert_eq!(floor.call(|_, _| ()).await, Err(aplomb_rest::Unavailable));
}

#[tokio::test]
async fn an_error_repeats_the_request_id_unless_it_is_unfit() {
    let service = Service::open().await;
    let put =
        |id: String| request("PUT", "11", ME).header("requestId", id).body(Body::from("<User/>")).unwrap();
    let longest = "x".repeat(256);
    assert_eq!(service.send(put(longest.clone())).await.header("requestid"), Some(longest.as_str()));
    assert_eq!(service.send(put("x".repeat(257))).await.header("requestid"), None);
    assert_eq!(service.send(put("ä".into())).await.header("requestid"), None);
}

#[tokio::test]
async fn an_unfit_request_id_does_not_keep_a_request_from_being_done() {
    let service = Service::open().await;
    service.sign_in("11").await;
    let put = request("PUT", "11", ME).header("requestId", "x".repeat(257)).body(READY.into());
    assert_eq!(service.send(put.unwrap()).await.status, StatusCode::ACCEPTED);
    service.settle().await;
    let seen = service.seen.lock().unwrap();
    assert!(matches!(&seen.changes[..], [floor::Change::Agent { request_id: None, .. }]));
}
