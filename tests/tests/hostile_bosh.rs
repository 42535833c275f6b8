//! Bad input on `/http-bind/`: the sender gets BOSH's own error, a line of the log says whose fault it was, and the
//! session beside it goes on.

use aplomb_tests::bosh::{Bosh, HTTPBIND, attribute};
use aplomb_tests::http::Response;
use aplomb_tests::{Bystander, PASSWORD, Rest, Server, many_attributes};

fn refused_with(condition: &str, answer: &Response) {
    assert_eq!(
        answer.status, 200,
        "clients since version 1.6 read the condition, not the status: {}",
        answer.body
    );
    assert_eq!(attribute(&answer.body, "type").as_deref(), Some("terminate"), "{}", answer.body);
    assert_eq!(attribute(&answer.body, "condition").as_deref(), Some(condition), "{}", answer.body);
}

#[test]
fn what_is_not_a_body_is_a_bad_request() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let body = |inside: &str| format!("<body xmlns='{HTTPBIND}' rid='1' sid='x'>{inside}</body>");
    let cases = [
        ("not XML", "{\"rid\": 1}".to_owned()),
        ("nothing", String::new()),
        ("cut off", format!("<body xmlns='{HTTPBIND}' rid='1'")),
        ("a character XML forbids", body("<presence xmlns='jabber:client'>\u{1}</presence>")),
        ("a reference to one", body("<presence xmlns='jabber:client'>&#1;</presence>")),
        ("a DTD", format!("<!DOCTYPE body [<!ENTITY a 'b'>]>{}", body("&a;"))),
        ("two roots", body("") + &body("")),
        (
            "more attributes than are looked at",
            format!("<body xmlns='{HTTPBIND}' rid='1'{}/>", many_attributes(4_000)),
        ),
        ("another namespace", "<body xmlns='jabber:client' rid='1' sid='x'/>".to_owned()),
        ("another element", format!("<head xmlns='{HTTPBIND}' rid='1' sid='x'/>")),
    ];
    for (what, bytes) in cases {
        println!("{what}");
        refused_with("bad-request", &Bosh::new(&server).post(bytes.as_bytes()));
        bystander.is_still_served();
    }
    server.log_line(&["WARN", "the client's request was refused", "fault"]);
}

#[test]
fn a_body_beyond_the_limit_is_not_read_to_its_end() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let cases = [
        ("one mebibyte", format!("<body xmlns='{HTTPBIND}' rid='1'>{}</body>", " ".repeat(1 << 20))),
        ("20,000 attributes", format!("<body xmlns='{HTTPBIND}' rid='1'{}/>", many_attributes(20_000))),
    ];
    for (what, body) in cases {
        println!("{what}");
        refused_with("policy-violation", &Bosh::new(&server).post(body.as_bytes()));
        bystander.is_still_served();
    }
    server.log_line(&["WARN", "the client's request was refused", "fault"]);
}

#[test]
fn a_request_without_a_readable_rid_ends_the_session_as_a_bad_request() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    for rid in ["", "rid=''", "rid='soon'", "rid='-1'", "rid='9007199254740992'"] {
        println!("{rid}");
        let client = Bosh::open(&server);
        let body = format!("<body xmlns='{HTTPBIND}' sid='{}' {rid}/>", client.sid);

        refused_with("bad-request", &client.post(body.as_bytes()));

        // Whoever asks for the ended session is told again why.
        refused_with("bad-request", &client.clone().send(""));
        bystander.is_still_served();
    }
    server.log_line(&["a BOSH session ended", "bad-request"]);
    server.log_line(&["WARN", "the client's request was refused", "the request has no readable rid"]);
}

#[test]
fn a_rid_outside_the_window_ends_the_session() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    for (what, step) in [("far ahead", 1_000), ("forgotten", -900)] {
        println!("{what}");
        let mut client = Bosh::open(&server);
        client.rid = client.rid.wrapping_add_signed(step);

        refused_with("item-not-found", &client.send(""));

        bystander.is_still_served();
    }
    server.log_line(&["rid-out-of-window"]);
    server.log_line(&["rid-forgotten"]);
}

#[test]
fn a_sid_that_nobody_was_given_is_not_found() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    for sid in ["0", "ffffffff", "../../etc", &"s".repeat(4_000)] {
        let mut client = Bosh::new(&server);
        client.sid = sid.to_owned();

        refused_with("item-not-found", &client.send(""));

        bystander.is_still_served();
    }
}

#[test]
fn somebody_elses_rid_does_not_answer_for_them() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let mut first = Bosh::sign_in(&server, "1001001", "one");
    let mut thief = first.clone();
    thief.sid = format!("{}0", &first.sid[..first.sid.len() - 1]);
    if thief.sid == first.sid {
        thief.sid = format!("{}1", &first.sid[..first.sid.len() - 1]);
    }

    refused_with("item-not-found", &thief.send(""));

    assert_eq!(first.send("").status, 200);
    bystander.is_still_served();
}

#[test]
fn five_wrong_passwords_lock_the_user_and_nobody_else() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    for attempt in 1..=5 {
        let answer = Bosh::open(&server).auth("1001001", "guess");
        assert!(answer.body.contains("not-authorized"), "attempt {attempt}: {}", answer.body);
    }

    let locked = Bosh::open(&server).auth("1001001", PASSWORD);

    assert!(locked.body.contains("<failure"), "the right password does not help now: {}", locked.body);
    assert_eq!(Rest::new(&server, "1001001").get("User/1001001").status, 401, "nor at the web service");
    assert_eq!(Rest::new(&server, "1001002").get("User/1001002").status, 200);
    bystander.is_still_served();
    let line = server.log_line(&["1001001", "lock"]);
    assert!(!line.contains("guess") && !server.log().contains("guess"), "no password in the log");
}

#[test]
fn a_stanza_before_sign_in_is_answered_with_a_stream_error() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let mut client = Bosh::open(&server);

    let answer =
        client.send("<message xmlns='jabber:client' to='1001010@localhost'><body>hello</body></message>");

    assert!(answer.body.contains("not-authorized"), "RFC 6120 §4.9.3.12: {}", answer.body);
    bystander.is_still_served();
}

#[test]
fn a_client_of_an_old_version_is_told_by_a_status_and_behind_it_why() {
    let server = Server::with(&["bosh.inactivity_secs=1"]);
    let mut client = Bosh::new(&server);
    let created = client.body("to='localhost' wait='1' hold='1'", "");
    client.sid = attribute(&created.body, "sid").unwrap_or_else(|| panic!("{}", created.body));
    server.log_line(&["a BOSH session ended", "inactivity"]);

    let late = client.send("");

    assert_eq!(late.status, 404, "XEP-0124 §17.1: {}", late.body);
    assert_eq!(attribute(&late.body, "reason").as_deref(), Some("inactivity"), "{}", late.body);
}
