//! Bad input to the web service: its own error document, a line in the log, and nothing that XML forbids reaches a
//! subscriber.

use aplomb_tests::rest::text_of;
use aplomb_tests::{Bystander, Rest, Server, http, many_attributes};

#[test]
fn what_is_not_a_user_document_is_refused_with_the_reason() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let rest = Rest::new(&server, "1001001");
    let cases = [
        ("not XML", "state=READY".to_owned()),
        ("nothing", String::new()),
        ("a character XML forbids", "<User><state>READY\u{1}</state></User>".to_owned()),
        ("a reference to one", "<User><state>READY&#x1;</state></User>".to_owned()),
        ("a DTD", "<!DOCTYPE User [<!ENTITY s 'READY'>]><User><state>&s;</state></User>".to_owned()),
        ("two roots", "<User><state>READY</state></User><User/>".to_owned()),
        ("20,000 attributes", format!("<User{}><state>READY</state></User>", many_attributes(20_000))),
        ("another root", "<Agent><state>READY</state></Agent>".to_owned()),
        ("an unknown state", "<User><state>LUNCH</state></User>".to_owned()),
        ("no state", "<User><extension>2001</extension></User>".to_owned()),
    ];
    for (what, body) in cases {
        println!("{what}");
        let answer = rest.put_user("1001001", &body, "bad-1");

        assert_eq!(answer.status, 400, "{}", answer.body);
        assert!(!text_of(&answer.body, "ErrorType").is_empty(), "an ApiErrors document: {}", answer.body);
        assert_eq!(answer.header("requestid"), Some("bad-1"), "a synchronous error repeats the requestId");
        bystander.is_still_served();
    }
    server.log_line(&["WARN", "127.0.0.1"]);
}

#[test]
fn a_forbidden_character_is_counted_by_the_field_it_was_in() {
    let server = Server::start();
    let rest = Rest::new(&server, "1001001");
    let counted = || {
        let metrics = http::request(&server.address("metrics"), "GET", "/metrics", &[], b"").body;
        let line =
            metrics.lines().find(|line| line.contains("forbidden_characters") && line.contains("extension"));
        line.map(str::to_owned)
    };
    assert_eq!(counted(), None);

    rest.put_user("1001001", "<User><state>LOGIN</state><extension>20\u{1}01</extension></User>", "");

    let line = counted().expect("a counter for the field");
    assert!(line.contains("source=\"rest\"") && line.ends_with(" 1"), "{line}");
    assert_eq!(rest.state("1001001"), "LOGOUT", "and nothing came of the request");
}

#[test]
fn a_body_of_one_mebibyte_is_not_read() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);
    let body = format!("<User><state>READY</state>{}</User>", " ".repeat(1 << 20));

    let answer = Rest::new(&server, "1001001").put_user("1001001", &body, "");

    assert!([400, 413].contains(&answer.status), "{} {}", answer.status, answer.body);
    bystander.is_still_served();
}

#[test]
fn a_request_for_somebody_else_is_refused() {
    let server = Server::start();
    let mut bystander = Bystander::new(&server);

    let answer = Rest::new(&server, "1001001").put_user("1001010", "<User><state>LOGOUT</state></User>", "");

    assert_eq!(answer.status, 401);
    assert_eq!(text_of(&answer.body, "ErrorType"), "Invalid Authorization User Specified");
    bystander.is_still_served();
}
