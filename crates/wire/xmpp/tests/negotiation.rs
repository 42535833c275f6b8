//! From the first header to a bound resource, and what goes wrong on the way.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use aplomb_xmpp::sasl::{Condition as Sasl, Failure, Offer, Step};
use aplomb_xmpp::{Condition, Features, FullJid, Output, Stream, StreamError};

const AUTH: &str =
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGFnZW50MQBhcGxvbWI=</auth>";
const SCRAM: &str = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>YWJj</auth>";
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

fn offering(features: Features) -> Stream {
    let mut stream = Stream::new("localhost", features);
    stream.set_offer(Offer { mechanisms: vec!["SCRAM-SHA-256", "PLAIN"], bindings: vec![] });
    stream
}

fn opened(features: Features) -> Stream {
    let mut stream = offering(features);
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
    stream.handle_step(Step::Success { user: "1001001".into(), data: None });
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
    stream.handle_close();
    assert_eq!(drain(&mut stream), [Output::End(None)]);
    assert_eq!(
        stream.jid().map(ToString::to_string).as_deref(),
        Some("1001001@localhost/desktop"),
        "who it was"
    );
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
    let mut stream = offering(Features::TlsRequired);
    stream.handle_open();
    let features = drain(&mut stream);
    assert!(
        text(&features[0]).contains("<required>") && !text(&features[0]).contains("PLAIN"),
        "{features:?}"
    );
    let refused = element(&mut stream, AUTH);
    assert!(text(&refused[0]).contains("<encryption-required>"), "{refused:?}");
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
        stream.handle_step(Step::Failure(Sasl::NotAuthorized.into()));
        let outputs = drain(&mut stream);
        assert!(text(&outputs[0]).contains("<not-authorized>"), "{outputs:?}");
        assert_eq!(outputs.len(), if n == 5 { 2 } else { 1 });
    }
}

/// RFC 6120 §6.5.
#[test]
fn each_sasl_mistake_has_its_condition_and_another_try_follows() {
    for (auth, condition) in [
        ("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='DIGEST-MD5'/>", "invalid-mechanism"),
        ("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='plain'/>", "invalid-mechanism"),
        ("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "invalid-mechanism"),
        ("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>***</auth>", "incorrect-encoding"),
        ("<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "aborted"),
        ("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>YWJj</response>", "malformed-request"),
    ] {
        let mut stream = opened(Features::Sasl);
        let outputs = element(&mut stream, auth);
        assert!(text(&outputs[0]).contains(condition), "{outputs:?}");
        assert_eq!(outputs.len(), 1);
        assert!(matches!(element(&mut stream, AUTH)[0], Output::Authenticate { mechanism: "PLAIN", .. }));
    }
}

#[test]
fn mistakes_within_an_exchange_end_it_and_not_the_stream() {
    for (mistake, condition) in [
        ("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>***</response>", "incorrect-encoding"),
        ("<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "aborted"),
        (AUTH, "malformed-request"),
    ] {
        let mut stream = opened(Features::Sasl);
        element(&mut stream, SCRAM);
        stream.handle_step(Step::Challenge(b"r=abc".to_vec()));
        drain(&mut stream);
        let outputs = element(&mut stream, mistake);
        assert!(text(&outputs[0]).contains(condition), "{outputs:?}");
        let late = element(&mut stream, "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>YWJj</response>");
        assert!(text(&late[0]).contains("malformed-request"), "{late:?}");
    }
}

#[test]
fn a_mechanism_of_several_steps_is_carried_through() {
    let mut stream = opened(Features::Sasl);
    let Output::Authenticate { mechanism, initial } = element(&mut stream, SCRAM).remove(0) else { panic!() };
    assert_eq!((mechanism, initial.as_deref()), ("SCRAM-SHA-256", Some(&b"abc"[..])));
    stream.handle_step(Step::Challenge(b"r=abc".to_vec()));
    let challenge = drain(&mut stream);
    assert_eq!(
        text(&challenge[0]),
        "<challenge xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">cj1hYmM=</challenge>"
    );
    let outputs =
        element(&mut stream, "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cD1hYmM=</response>");
    assert!(matches!(&outputs[0], Output::Respond(message) if **message == *b"p=abc"), "{outputs:?}");
    stream.handle_step(Step::Success { user: "1001001".into(), data: Some(b"v=abc".to_vec()) });
    let outputs = drain(&mut stream);
    assert_eq!(text(&outputs[0]), "<success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">dj1hYmM=</success>");
    assert_eq!(outputs[1], Output::Restart);
}

#[test]
fn mechanisms_are_listed_in_order_and_with_what_they_may_be_bound_to() {
    let mut stream = Stream::new("localhost", Features::Sasl);
    stream.set_offer(Offer {
        mechanisms: vec!["SCRAM-SHA-256-PLUS", "PLAIN"],
        bindings: vec!["tls-exporter", "tls-server-end-point"],
    });
    stream.handle_open();
    assert_eq!(
        text(&drain(&mut stream)[0]),
        "<stream:features><mechanisms xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">\
         <mechanism>SCRAM-SHA-256-PLUS</mechanism><mechanism>PLAIN</mechanism></mechanisms>\
         <sasl-channel-binding xmlns=\"urn:xmpp:sasl-cb:0\"><channel-binding type=\"tls-exporter\"></channel-binding>\
         <channel-binding type=\"tls-server-end-point\"></channel-binding></sasl-channel-binding></stream:features>"
    );
    let mut stream = opened(Features::Sasl);
    stream.handle_open();
    assert!(!text(&drain(&mut stream)[0]).contains("sasl-channel-binding"), "nothing to bind to");
}

/// RFC 6120 §6.4.2: `=` is a message of no bytes, and no text is no message.
#[test]
fn an_auth_without_a_message_and_one_with_an_empty_message_differ() {
    for (auth, message) in [
        ("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>", None),
        ("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>=</auth>", Some(&b""[..])),
    ] {
        let mut stream = opened(Features::Sasl);
        let Output::Authenticate { initial, .. } = element(&mut stream, auth).remove(0) else { panic!() };
        assert_eq!(initial.as_deref(), message);
        stream.handle_step(Step::Challenge(vec![]));
        assert!(text(&drain(&mut stream)[0]).ends_with("></challenge>"));
        let outputs = element(&mut stream, "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        assert!(matches!(&outputs[0], Output::Respond(message) if message.is_empty()), "{outputs:?}");
    }
}

#[test]
fn a_step_that_nobody_asked_for_changes_nothing() {
    let mut stream = opened(Features::Sasl);
    stream.handle_step(Step::Success { user: "1001001".into(), data: None });
    assert_eq!(drain(&mut stream), []);
    assert!(matches!(element(&mut stream, PRESENCE)[0], Output::End(Some(StreamError::NotAuthorized))));
}

#[test]
fn a_failure_tells_people_what_its_condition_does_not() {
    let mut stream = opened(Features::Sasl);
    element(&mut stream, AUTH);
    let failure = Failure { condition: Sasl::AccountDisabled, text: Some("locked for five minutes") };
    stream.handle_step(Step::Failure(failure));
    let outputs = drain(&mut stream);
    assert!(text(&outputs[0]).contains("<account-disabled></account-disabled><text xml:lang=\"en\">locked"));
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

const RESUME: &str = "<resume xmlns='urn:xmpp:sm:3' previd='some-id' h='7'/>";

fn managed() -> Stream {
    let mut stream = signed_in();
    stream.offer_management();
    stream.handle_open();
    assert!(text(&drain(&mut stream)[0]).contains("<sm xmlns=\"urn:xmpp:sm:3\">"));
    stream
}

#[test]
fn a_session_may_be_resumed_instead_of_binding_a_resource_and_what_is_sent_ahead_waits() {
    let mut stream = managed();
    let resume = Output::Resume { user: "1001001".into(), previd: "some-id".into(), h: 7 };
    assert_eq!(element(&mut stream, RESUME), [resume]);
    assert_eq!(element(&mut stream, PRESENCE), []);
    assert_eq!(stream.into_waiting().collect::<Vec<_>>(), [PRESENCE]);
}

#[test]
fn a_client_whose_session_is_gone_may_bind_a_resource() {
    let mut stream = managed();
    element(&mut stream, RESUME);
    element(&mut stream, BIND);
    stream.handle_not_resumed(None);
    let outputs = drain(&mut stream);
    assert!(text(&outputs[0]).contains("<failed ") && text(&outputs[0]).contains("<item-not-found "));
    assert_eq!(outputs[1], Output::Bind { user: "1001001".into(), resource: Some("desktop".into()) });
}

#[test]
fn management_out_of_turn_or_not_offered_fails_and_the_stream_goes_on() {
    let enable = "<enable xmlns='urn:xmpp:sm:3'/>";
    let mut before = opened(Features::Sasl);
    let mut without = signed_in();
    without.handle_open();
    assert!(!text(&drain(&mut without)[0]).contains("urn:xmpp:sm"));
    for (stream, what) in [(&mut before, RESUME), (&mut without, RESUME), (&mut managed(), enable)] {
        let answer = element(stream, what);
        assert!(text(&answer[0]).contains("<unexpected-request "), "{answer:?}");
        assert_eq!(answer.len(), 1);
    }
    assert_eq!(element(&mut without, BIND).len(), 1);
}
