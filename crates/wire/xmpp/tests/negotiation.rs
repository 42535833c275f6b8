//! From the first header to a bound resource, and what goes wrong on the way.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use aplomb_xmpp::sasl::Failure;
use aplomb_xmpp::{Condition, Features, FullJid, Output, Stream, StreamError};

const AUTH: &str =
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGFnZW50MQBhcGxvbWI=</auth>";
const BIND: &str = "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desktop</resource></bind></iq>";
const STARTTLS: &str = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const PRESENCE: &str = "<presence xmlns='jabber:client'/>";

fn drain(stream: &mut Stream) -> Vec<Output> {
    std::iter::from_fn(|| stream.poll_output()).collect()
}

fn text(output: &Output) -> &str {
    match output {
        Output::Send(bytes) => std::str::from_utf8(bytes).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn opened(features: Features) -> Stream {
    let mut stream = Stream::new("localhost", features);
    stream.handle_open();
    drain(&mut stream);
    stream
}

fn element(stream: &mut Stream, text: &'static str) -> Vec<Output> {
    stream.handle_element(text.into());
    drain(stream)
}

fn signed_in() -> Stream {
    let mut stream = opened(Features::Sasl);
    element(&mut stream, AUTH);
    stream.handle_checked(Ok("1001001".into()));
    let outputs = drain(&mut stream);
    assert_eq!(text(&outputs[0]), "<success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"></success>");
    assert_eq!(outputs[1], Output::Restart);
    stream
}

#[test]
fn a_client_signs_in_restarts_and_binds() {
    let mut stream = signed_in();
    stream.handle_open();
    let features = drain(&mut stream);
    assert!(
        text(&features[0]).starts_with("<stream:features><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\">")
    );
    let bind = element(&mut stream, BIND);
    assert_eq!(bind, [Output::Bind { user: "1001001".into(), resource: Some("desktop".into()) }]);
    stream.handle_bound(Ok(FullJid::new("1001001@localhost/desktop").unwrap()));
    let bound = drain(&mut stream);
    assert!(text(&bound[0]).contains("<jid>1001001@localhost/desktop</jid>"), "{bound:?}");
    assert_eq!(element(&mut stream, PRESENCE), [Output::Stanza(PRESENCE.into())]);
}

#[test]
fn what_a_client_sends_ahead_waits_for_the_answer() {
    let mut stream = signed_in();
    stream.handle_open();
    drain(&mut stream);
    element(&mut stream, BIND);
    assert_eq!(element(&mut stream, PRESENCE), []);
    stream.handle_bound(Ok(FullJid::new("1001001@localhost/desktop").unwrap()));
    assert_eq!(drain(&mut stream)[1], Output::Stanza(PRESENCE.into()));
}

#[test]
fn a_client_that_sends_too_much_ahead_is_ended() {
    let mut stream = opened(Features::Sasl);
    element(&mut stream, AUTH);
    for _ in 0..aplomb_xmpp::limits::WAITING_STANZAS_MAX {
        assert_eq!(element(&mut stream, PRESENCE), []);
    }
    assert!(matches!(element(&mut stream, PRESENCE)[0], Output::End(Some(StreamError::PolicyViolation(_)))));
}

#[test]
fn a_stanza_before_signing_in_ends_the_stream() {
    for features in [Features::Sasl, Features::TlsRequired] {
        let mut stream = opened(features);
        assert_eq!(element(&mut stream, PRESENCE), [Output::End(Some(StreamError::NotAuthorized))]);
    }
}

#[test]
fn sasl_before_the_stream_is_opened_ends_it() {
    let mut stream = Stream::new("localhost", Features::Sasl);
    assert_eq!(element(&mut stream, AUTH), [Output::End(Some(StreamError::BadFormat))]);
}

#[test]
fn a_second_header_ends_the_stream() {
    let mut stream = signed_in();
    stream.handle_open();
    element(&mut stream, BIND);
    stream.handle_bound(Ok(FullJid::new("1001001@localhost/desktop").unwrap()));
    drain(&mut stream);
    stream.handle_open();
    assert_eq!(drain(&mut stream), [Output::End(Some(StreamError::BadFormat))]);
}

#[test]
fn required_tls_comes_before_sasl() {
    let mut stream = Stream::new("localhost", Features::TlsRequired);
    stream.handle_open();
    let features = drain(&mut stream);
    assert!(
        text(&features[0]).contains("<required>") && !text(&features[0]).contains("PLAIN"),
        "{features:?}"
    );
    assert!(matches!(element(&mut stream, AUTH)[0], Output::End(Some(StreamError::PolicyViolation(_)))));
    let mut stream = opened(Features::TlsRequired);
    let proceed = element(&mut stream, STARTTLS);
    assert!(text(&proceed[0]).starts_with("<proceed"));
    assert_eq!(proceed[1], Output::StartTls);
    stream.handle_encrypted();
    stream.handle_open();
    let features = drain(&mut stream);
    assert!(text(&features[0]).contains("PLAIN") && !text(&features[0]).contains("starttls"), "{features:?}");
}

#[test]
fn wrong_passwords_fail_and_the_fifth_ends_the_stream() {
    let mut stream = opened(Features::Sasl);
    for n in 1..=5 {
        element(&mut stream, AUTH);
        stream.handle_checked(Err(Failure::NotAuthorized));
        let outputs = drain(&mut stream);
        assert!(text(&outputs[0]).contains("<not-authorized>"), "{outputs:?}");
        assert_eq!(outputs.len(), if n == 5 { 2 } else { 1 });
    }
}

#[test]
fn each_sasl_mistake_has_its_condition() {
    for (auth, condition) in [
        ("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='DIGEST-MD5'/>", "invalid-mechanism"),
        ("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>***</auth>", "incorrect-encoding"),
        ("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>YWJj</auth>", "malformed-request"),
        ("<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "aborted"),
    ] {
        let mut stream = opened(Features::Sasl);
        let outputs = element(&mut stream, auth);
        assert!(text(&outputs[0]).contains(condition), "{outputs:?}");
    }
}

#[test]
fn plain_without_an_initial_response_is_challenged() {
    let mut stream = opened(Features::Sasl);
    let challenge =
        element(&mut stream, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>");
    assert!(text(&challenge[0]).starts_with("<challenge"));
    let check = element(
        &mut stream,
        "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AGFnZW50MQBhcGxvbWI=</response>",
    );
    assert!(matches!(&check[0], Output::Check(plain) if plain.user() == "agent1"));
}

#[test]
fn a_refused_resource_may_be_asked_for_again() {
    let mut stream = signed_in();
    stream.handle_open();
    drain(&mut stream);
    element(&mut stream, BIND);
    stream.handle_bound(Err(Condition::BadRequest.into()));
    assert!(text(&drain(&mut stream)[0]).contains("bad-request"));
    assert!(matches!(element(&mut stream, BIND)[0], Output::Bind { .. }));
}
