//! SASL.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::scram::{Hash, SHA_1, SHA_256, decoded, sasl};
use crate::client::tcp::Heard;
use crate::client::{Element, Tcp, auth, auth_plain, ns};
use crate::subject::{PASSWORD, Subject};

pub(crate) const CASES: &[Case] = &[
    case!(mechanisms_are_listed, "6.4.1", "`<mechanisms/>` with at least one"),
    case!(plain_is_offered_under_tls, "13.8", "PLAIN over TLS is mandatory to implement"),
    case!(scram_sha_1_is_offered, "13.8", "SCRAM-SHA-1 is mandatory to implement"),
    case!(scram_sha_1_plus_is_offered_under_tls, "13.8", "SCRAM-SHA-1-PLUS is mandatory to implement"),
    case!(a_right_password_succeeds, "6.4.6", "`<success/>`"),
    case!(
        scram_sha_1_signs_in_and_the_server_proves_itself,
        "6.4.6",
        "SCRAM-SHA-1; `<success/>` holds the server's signature"
    ),
    case!(scram_sha_256_signs_in_and_the_server_proves_itself, "6.4.6", "SCRAM-SHA-256 (RFC 7677)"),
    case!(a_wrong_scram_proof_fails, "6.5.10", "not-authorized for a wrong proof"),
    case!(
        success_is_followed_by_a_new_stream,
        "6.4.6",
        "The client starts a new stream, without closing the old"
    ),
    case!(a_wrong_password_is_not_authorized, "6.5.10", "not-authorized"),
    case!(an_unknown_user_is_not_authorized, "6.5.10", "not-authorized, as for a wrong password"),
    case!(an_unknown_mechanism_is_invalid, "6.5.7", "invalid-mechanism"),
    case!(what_is_no_base64_is_an_incorrect_encoding, "6.5.5", "incorrect-encoding"),
    case!(a_malformed_response_is_a_malformed_request, "6.5.8", "malformed-request, or not-authorized"),
    case!(an_abort_is_aborted, "6.5.1", "`<abort/>` is answered by aborted"),
    case!(a_failure_leaves_room_for_another_try, "6.4.5", "At least two retries on the same stream"),
    case!(an_initial_response_of_zero_length_is_an_equals_sign, "6.4.2", "`=` is an empty initial response"),
    case!(sign_in_is_not_offered_again, "6.4.6", "The new stream does not offer SASL"),
    case!(
        the_authorization_identity_of_another_is_refused,
        "6.5.6",
        "invalid-authzid, or not-authorized",
        "A client that asks to act as somebody else and is signed in as itself is not told that it was not heard. Both \
         ignore the identity (no harm: the address is that of the user who proved the password)."
    ),
];

pub(super) fn mechanisms(features: &Element) -> Vec<String> {
    let list = features.child(ns::SASL, "mechanisms").unwrap_or_else(|| panic!("{features}"));
    list.children.iter().map(|mechanism| mechanism.text.clone()).collect()
}

fn mechanisms_are_listed(subject: &Subject) -> Outcome {
    assert!(!mechanisms(&Tcp::open_tls(subject).1).is_empty());
    Ok(())
}

fn is_offered(subject: &Subject, name: &str) {
    let list = mechanisms(&Tcp::open_tls(subject).1);
    assert!(list.iter().any(|mechanism| mechanism == name), "{list:?}");
}

fn plain_is_offered_under_tls(subject: &Subject) -> Outcome {
    is_offered(subject, "PLAIN");
    Ok(())
}

fn scram_sha_1_is_offered(subject: &Subject) -> Outcome {
    is_offered(subject, "SCRAM-SHA-1");
    Ok(())
}

fn scram_sha_1_plus_is_offered_under_tls(subject: &Subject) -> Outcome {
    is_offered(subject, "SCRAM-SHA-1-PLUS");
    Ok(())
}

fn a_right_password_succeeds(subject: &Subject) -> Outcome {
    let (mut tcp, _) = Tcp::open_tls(subject);
    tcp.send(&auth(&subject.user()));
    let answer = tcp.element();
    assert!(answer.is(ns::SASL, "success"), "{answer}");
    Ok(())
}

/// Runs SCRAM without channel binding; returns the last answer and the signature that it should hold.
fn scram(subject: &Subject, hash: &Hash, password: &str) -> Option<(Tcp, Element, String)> {
    let (mut tcp, features) = Tcp::open_tls(subject);
    if !mechanisms(&features).iter().any(|name| name == hash.mechanism) {
        return None;
    }
    let (answer, expected) = hash.exchange(&mut tcp, hash.mechanism, &subject.user(), password, ("n,,", &[]));
    Some((tcp, answer, expected))
}

fn signs_in(subject: &Subject, hash: &Hash) -> Outcome {
    let Some((mut tcp, answer, expected)) = scram(subject, hash, PASSWORD) else {
        return not_offered("the mechanism is not offered");
    };
    assert!(answer.is(ns::SASL, "success"), "{answer}");
    assert_eq!(decoded(&answer), expected, "the server's signature");
    assert!(tcp.start().child(ns::BIND, "bind").is_some());
    Ok(())
}

fn scram_sha_1_signs_in_and_the_server_proves_itself(subject: &Subject) -> Outcome {
    signs_in(subject, &SHA_1)
}

fn scram_sha_256_signs_in_and_the_server_proves_itself(subject: &Subject) -> Outcome {
    signs_in(subject, &SHA_256)
}

fn a_wrong_scram_proof_fails(subject: &Subject) -> Outcome {
    let Some((_, answer, _)) = scram(subject, &SHA_1, "wrong") else {
        return not_offered("the mechanism is not offered");
    };
    assert!(answer.child(ns::SASL, "not-authorized").is_some(), "{answer}");
    Ok(())
}

fn success_is_followed_by_a_new_stream(subject: &Subject) -> Outcome {
    Tcp::authenticated(subject, &subject.user());
    Ok(())
}

/// The condition of a failure.
fn failure(tcp: &mut Tcp) -> String {
    let answer = tcp.element();
    assert!(answer.is(ns::SASL, "failure"), "{answer}");
    let named = answer.children.iter().find(|child| child.ns == ns::SASL && child.name != "text");
    named.unwrap_or_else(|| panic!("{answer}")).name.clone()
}

fn fails(subject: &Subject, element: &str, conditions: &[&str]) {
    let (mut tcp, _) = Tcp::open_tls(subject);
    tcp.send(element);
    let condition = failure(&mut tcp);
    assert!(conditions.contains(&condition.as_str()), "'{condition}' is not one of {conditions:?}");
}

fn a_wrong_password_is_not_authorized(subject: &Subject) -> Outcome {
    fails(subject, &auth_plain(&subject.user(), "wrong"), &["not-authorized"]);
    Ok(())
}

fn an_unknown_user_is_not_authorized(subject: &Subject) -> Outcome {
    fails(subject, &auth_plain("nobody-here", PASSWORD), &["not-authorized"]);
    Ok(())
}

fn an_unknown_mechanism_is_invalid(subject: &Subject) -> Outcome {
    fails(
        subject,
        &format!("<auth xmlns='{}' mechanism='NONE-SUCH'>=</auth>", ns::SASL),
        &["invalid-mechanism"],
    );
    Ok(())
}

fn what_is_no_base64_is_an_incorrect_encoding(subject: &Subject) -> Outcome {
    fails(
        subject,
        &format!("<auth xmlns='{}' mechanism='PLAIN'>%%%</auth>", ns::SASL),
        &["incorrect-encoding"],
    );
    Ok(())
}

fn a_malformed_response_is_a_malformed_request(subject: &Subject) -> Outcome {
    let words = sasl("auth", " mechanism='PLAIN'", "words without a NUL");
    fails(subject, &words, &["malformed-request", "not-authorized"]);
    Ok(())
}

fn an_abort_is_aborted(subject: &Subject) -> Outcome {
    let (mut tcp, features) = Tcp::open_tls(subject);
    if !mechanisms(&features).iter().any(|name| name == "SCRAM-SHA-1") {
        return not_offered("no mechanism with more than one step");
    }
    let first = format!("n,,n={},r=anonceoftheclient", subject.user());
    tcp.send(&sasl("auth", " mechanism='SCRAM-SHA-1'", &first));
    let challenge = tcp.element();
    assert!(challenge.is(ns::SASL, "challenge"), "{challenge}");
    tcp.send(&format!("<abort xmlns='{}'/>", ns::SASL));
    assert_eq!(failure(&mut tcp), "aborted");
    Ok(())
}

fn a_failure_leaves_room_for_another_try(subject: &Subject) -> Outcome {
    let user = subject.user();
    let (mut tcp, _) = Tcp::open_tls(subject);
    for _ in 0..2 {
        tcp.send(&auth_plain(&user, "wrong"));
        assert_eq!(failure(&mut tcp), "not-authorized");
    }
    tcp.send(&auth(&user));
    let answer = tcp.element();
    assert!(answer.is(ns::SASL, "success"), "{answer}");
    Ok(())
}

fn an_initial_response_of_zero_length_is_an_equals_sign(subject: &Subject) -> Outcome {
    // PLAIN needs more than nothing: it fails, but not for its encoding.
    let empty = format!("<auth xmlns='{}' mechanism='PLAIN'>=</auth>", ns::SASL);
    fails(subject, &empty, &["malformed-request", "not-authorized"]);
    Ok(())
}

fn sign_in_is_not_offered_again(subject: &Subject) -> Outcome {
    let (_, features) = Tcp::authenticated(subject, &subject.user());
    assert!(features.child(ns::SASL, "mechanisms").is_none(), "{features}");
    Ok(())
}

fn the_authorization_identity_of_another_is_refused(subject: &Subject) -> Outcome {
    let (user, other) = (subject.user(), subject.user());
    let plain = sasl("auth", " mechanism='PLAIN'", &format!("{other}@localhost\0{user}\0{PASSWORD}"));
    let (mut tcp, _) = Tcp::open_tls(subject);
    tcp.send(&plain);
    match tcp.hear() {
        Heard::Element(answer) if answer.is(ns::SASL, "failure") => {
            assert!(
                answer.find("invalid-authzid").or_else(|| answer.find("not-authorized")).is_some(),
                "{answer}"
            );
            Ok(())
        }
        other => panic!("not refused: {other:?}"),
    }
}
