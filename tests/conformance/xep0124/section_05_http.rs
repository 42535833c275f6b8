//! HTTP beneath BOSH.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::bosh::{body, creation, end};
use crate::client::http::{self, Connection, Response};
use crate::client::{Bosh, ping};
use crate::subject::Subject;
use flate2::read::GzDecoder;
use std::io::Read;

pub(crate) const CASES: &[Case] = &[
    case!(an_answer_in_http_1_0_is_understood_by_an_old_client, "5", "HTTP/1.0 requests are served"),
    case!(a_connection_serves_one_request_after_another, "5", "Connections are persistent"),
    case!(
        two_requests_in_a_row_on_one_connection_are_answered_in_order,
        "18.1",
        "Requests may be pipelined on one connection"
    ),
    case!(the_content_type_of_a_request_is_ignored, "5", "The content type of requests is ignored"),
    case!(
        an_answer_is_compressed_for_a_client_that_accepts_it,
        "5",
        "Answers may be compressed when Accept-Encoding allows it"
    ),
    case!(
        a_request_may_be_compressed_as_accept_says,
        "7.2",
        "With `accept` in the first answer, requests may be compressed in these encodings"
    ),
];

fn an_answer_in_http_1_0_is_understood_by_an_old_client(subject: &Subject) -> Outcome {
    let text = creation(1_000, &[]);
    let mut connection = Connection::open(&subject.at.http);
    let head = format!(
        "POST {} HTTP/1.0\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{text}",
        subject.at.bosh_path,
        text.len()
    );
    connection.write(head.as_bytes());
    let answer = connection.answer();
    assert_ne!(answer.header("transfer-encoding"), Some("chunked"), "HTTP/1.0 has no chunks");
    assert!(body(&answer).attr("sid").is_some());
    Ok(())
}

fn a_connection_serves_one_request_after_another(subject: &Subject) -> Outcome {
    let session = Bosh::open(subject);
    let mut connection = Connection::open(&subject.at.http);
    for rid in session.rid..session.rid + 3 {
        let request = session.request(rid, "", &ping_before_sign_in());
        connection.request("POST", subject.at.bosh_path, &[("Content-Type", "text/xml")], request.as_bytes());
        assert_eq!(end(&connection.answer()), None);
    }
    Ok(())
}

/// Something that is answered at once and ends no stream: a wrong password.
fn ping_before_sign_in() -> String {
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='NONE-SUCH'>=</auth>".into()
}

fn two_requests_in_a_row_on_one_connection_are_answered_in_order(subject: &Subject) -> Outcome {
    let session = Bosh::sign_in(subject);
    let first = session.request(session.rid, "", &ping("one"));
    let second = session.request(session.rid + 1, "", &ping("two"));
    let mut connection = Connection::open(&subject.at.http);
    let request = |text: &str| {
        let (path, length) = (subject.at.bosh_path, text.len());
        format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\r\n{text}"
        )
    };
    connection.write((request(&first) + &request(&second)).as_bytes());
    let both = connection.answer().text() + &connection.answer().text();
    let (one, two) = (both.find("one"), both.find("two"));
    assert!(one.is_some() && one < two, "{both}");
    Ok(())
}

fn the_content_type_of_a_request_is_ignored(subject: &Subject) -> Outcome {
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "text/html; charset=iso-8859-1"] {
        let headers = [("Content-Type", content_type)];
        let text = creation(1_000, &[]);
        let answer =
            http::send(&subject.at.http, "POST", subject.at.bosh_path, &headers, text.as_bytes()).answer();
        assert!(body(&answer).attr("sid").is_some(), "{content_type}");
    }
    Ok(())
}

/// A message to oneself: what comes back is worth compressing.
fn long_message(session: &Bosh<'_>) -> String {
    crate::client::message(&session.jid, "long").replace("words of", &"words ".repeat(1_000))
}

/// Sends a long message to itself and returns the answer that brings it.
fn long_answer(subject: &Subject, session: &mut Bosh<'_>, headers: &[(&str, &str)]) -> Response {
    let mut inside = long_message(session);
    for _ in 0..10 {
        let request = session.request(session.rid, "", &std::mem::take(&mut inside));
        session.rid += 1;
        let path = subject.at.bosh_path;
        let answer = http::send(&subject.at.http, "POST", path, headers, request.as_bytes()).answer();
        if answer.header("content-encoding").is_some() || answer.body.len() > 5_000 {
            return answer;
        }
    }
    panic!("the message does not come");
}

fn an_answer_is_compressed_for_a_client_that_accepts_it(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    session.ask("", "<presence xmlns='jabber:client'/>");
    let plain = long_answer(subject, &mut session, &[]);
    assert_eq!(plain.header("content-encoding"), None, "nobody asked for compression");
    let answer = long_answer(subject, &mut session, &[("Accept-Encoding", "gzip")]);
    if answer.header("content-encoding").is_none() {
        return not_offered("the answer is not compressed");
    }
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    GzDecoder::new(&answer.body[..]).read_to_string(&mut text).unwrap();
    assert!(text.contains("words words") && answer.body.len() < text.len(), "{text}");
    Ok(())
}

fn a_request_may_be_compressed_as_accept_says(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let accept = session.terms.attr("accept").unwrap_or_default();
    if !accept.split([' ', ',']).any(|encoding| encoding == "gzip") {
        return not_offered("no `accept` with gzip in the first answer");
    }
    let request = session.request(session.rid, "", &ping("compressed"));
    let mut packed = Vec::new();
    flate2::read::GzEncoder::new(request.as_bytes(), flate2::Compression::default())
        .read_to_end(&mut packed)
        .unwrap();
    let headers = [("Content-Type", "text/xml"), ("Content-Encoding", "gzip")];
    let answer = http::send(&subject.at.http, "POST", subject.at.bosh_path, &headers, &packed).answer();
    session.rid += 1;
    assert!(answer.text().contains("compressed"), "{}", answer.text());
    session.is_alive();
    Ok(())
}
