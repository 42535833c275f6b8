//! What every golden path shares: reading the frame, and the way of a delivery to the agent's browser.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

pub(crate) mod row;

use bosh::{Answer, Body, RequestId, Session, Stanza};
use bytes::Bytes;
use floor::Now;
use ged188::{Deframer, Dialect, Message};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use notify::SystemIdentity;
use pubsub::Delivery;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Snapshots without file headers that change with the code, in a folder of their own.
#[allow(dead_code, reason = "rows that are walked as a whole find theirs from another place")]
pub(crate) fn snapshots(folder: &str) -> insta::Settings {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(format!("snapshots/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// The moment at which the frame comes.
pub(crate) fn now() -> Now {
    Now { instant: Instant::now(), wall: "2026-03-02T08:15:30.250Z".parse().unwrap() }
}

pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Sixteen bytes a line, with the characters they are.
pub(crate) fn dump(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (line, chunk) in bytes.chunks(16).enumerate() {
        let hex: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        let shown: String =
            chunk.iter().map(|b| if b.is_ascii_graphic() { char::from(*b) } else { '.' }).collect();
        writeln!(text, "{:04x}  {:<47}  {shown}", line * 16, hex.join(" ")).unwrap();
    }
    text
}

pub(crate) fn message(frame: &[u8]) -> Message {
    let mut deframer = Deframer::new(ged188::limits::MESSAGE_BYTES_MAX);
    deframer.push(frame);
    let frame = deframer.next_frame().unwrap().expect("one whole frame");
    Message::decode(&frame, Dialect::cce(24)).unwrap()
}

pub(crate) fn identity() -> SystemIdentity {
    SystemIdentity {
        host: "desk.example".into(),
        xmpp_domain: "desk.example".into(),
        pubsub_domain: "pubsub.desk.example".into(),
        deployment_type: "UCCE".into(),
        auth_mode: "NON_SSO".into(),
        timezone_offset_minutes: |_| 0,
        ..SystemIdentity::default()
    }
}

pub(crate) fn jid(user: &str, resource: Option<&str>) -> jid::Jid {
    let resource = resource.map(|resource| format!("/{resource}")).unwrap_or_default();
    format!("{user}@desk.example{resource}").parse().unwrap()
}

/// A session with one poll parked.
pub(crate) fn session(now: Instant) -> Session {
    let request =
        |text: &str| Body::parse(&Bytes::copy_from_slice(text.as_bytes()), &xml::Limits::CLIENT).unwrap();
    let create = request(
        "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='desk.example' wait='30' hold='1' ver='1.6'/>",
    );
    let mut session =
        Session::create(now, create, "0a1b2c3d".into(), &bosh::Policy::default(), true, RequestId(1))
            .unwrap();
    session.send(now, Stanza::new(&b"<stream:features/>"[..], Bytes::new()));
    while session.poll_output().is_some() {}
    let poll = request("<body xmlns='http://jabber.org/protocol/httpbind' sid='0a1b2c3d' rid='2'/>");
    session.handle_request(now + Duration::from_millis(40), poll, RequestId(2));
    assert!(session.poll_output().is_none(), "the poll is parked");
    session
}

/// What answers the parked poll once the delivery is there.
pub(crate) fn answer(now: Instant, delivery: &Delivery) -> Answer {
    let mut session = session(now);
    session.send(now + Duration::from_secs(3), Stanza::new(delivery.head.clone(), delivery.tail.clone()));
    match session.poll_output() {
        Some(bosh::Output::Respond { request: RequestId(2), answer }) => answer,
        other => panic!("the parked poll is answered: {other:?}"),
    }
}

/// The bytes of the HTTP response, the date apart: hyper's server on one end of a pipe, the request on the other.
pub(crate) fn response(answer: Answer) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
        let service = service_fn(move |_| {
            let answer = answer.clone();
            async { Ok::<_, Infallible>(notification::response(answer)) }
        });
        let serve = http1::Builder::new().serve_connection(TokioIo::new(ours), service);
        let read = async {
            let request = b"POST /http-bind/ HTTP/1.1\r\nHost: desk.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            theirs.write_all(request).await.unwrap();
            let mut response = String::new();
            theirs.read_to_string(&mut response).await.unwrap();
            response
        };
        let (served, response) = tokio::join!(serve, read);
        served.unwrap();
        let lines = response.replace("\r\n", "\n");
        lines.lines().filter(|line| !line.starts_with("date: ")).map(|line| format!("{line}\n")).collect()
    })
}

/// An XML text on several lines, for people. Nothing else is changed.
pub(crate) fn lines(text: &str) -> String {
    text.replace("><", ">\n<")
}
