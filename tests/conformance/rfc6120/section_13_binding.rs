//! SASL bound to the TLS connection below it (RFC 5802 §6, RFC 9266, RFC 5929, RFC 6120 §13.8).

use super::section_06_sasl::mechanisms;
use crate::case::{Case, Outcome, case, not_offered};
use crate::client::scram::{Hash, SHA_1, SHA_256, decoded};
use crate::client::tls::{exporter, server_end_point};
use crate::client::{Element, Tcp, ns};
use crate::subject::{PASSWORD, Subject};

pub(crate) const CASES: &[Case] = &[
    case!(
        scram_sha_1_plus_is_bound_to_the_tls_connection,
        "13.8",
        "SCRAM-SHA-1-PLUS, whole, bound by `tls-exporter` (RFC 9266)"
    ),
    case!(
        scram_sha_256_plus_is_bound_to_the_tls_connection,
        "13.8",
        "SCRAM-SHA-256-PLUS, whole, bound by `tls-exporter` (RFC 9266)"
    ),
    case!(
        scram_sha_256_plus_is_bound_to_the_certificate,
        "13.8",
        "SCRAM-SHA-256-PLUS, whole, bound by `tls-server-end-point` (RFC 5929)"
    ),
    case!(
        what_is_bound_to_another_connection_is_refused,
        "13.8",
        "Data of another connection: no sign-in (RFC 5802 §5.1)"
    ),
    case!(
        a_client_that_was_not_shown_plus_is_refused,
        "13.8",
        "`y` though -PLUS is offered: somebody took it out of the features (RFC 5802 §6)"
    ),
];

const EXPORTER: &str = "tls-exporter";
const END_POINT: &str = "tls-server-end-point";
const WHY: &str = "-PLUS with this type of binding is not offered (XEP-0440)";

/// A stream that offers the mechanism's -PLUS form with a type of binding.
fn open(subject: &Subject, hash: &Hash, binding: &str) -> Option<(Tcp, String)> {
    let (tcp, features) = Tcp::open_tls(subject);
    let plus = format!("{}-PLUS", hash.mechanism);
    let types = features.child("urn:xmpp:sasl-cb:0", "sasl-channel-binding")?;
    let is_offered = mechanisms(&features).contains(&plus)
        && types.children.iter().any(|type_| type_.attr("type") == Some(binding));
    is_offered.then_some((tcp, plus))
}

fn signs_in(subject: &Subject, hash: &Hash, binding: &str) -> Outcome {
    let Some((mut tcp, plus)) = open(subject, hash, binding) else { return not_offered(WHY) };
    let data = if binding == EXPORTER { exporter(tcp.tls()) } else { server_end_point(tcp.tls()) };
    let gs2 = format!("p={binding},,");
    let (answer, expected) = hash.exchange(&mut tcp, &plus, &subject.user(), PASSWORD, (&gs2, &data));
    assert!(answer.is(ns::SASL, "success"), "{answer}");
    assert_eq!(decoded(&answer), expected, "the server's signature");
    assert!(tcp.start().child(ns::BIND, "bind").is_some());
    Ok(())
}

fn scram_sha_1_plus_is_bound_to_the_tls_connection(subject: &Subject) -> Outcome {
    signs_in(subject, &SHA_1, EXPORTER)
}

fn scram_sha_256_plus_is_bound_to_the_tls_connection(subject: &Subject) -> Outcome {
    signs_in(subject, &SHA_256, EXPORTER)
}

fn scram_sha_256_plus_is_bound_to_the_certificate(subject: &Subject) -> Outcome {
    signs_in(subject, &SHA_256, END_POINT)
}

fn is_refused(answer: &Element) {
    assert!(answer.is(ns::SASL, "failure"), "{answer}");
}

fn what_is_bound_to_another_connection_is_refused(subject: &Subject) -> Outcome {
    let Some((mut tcp, plus)) = open(subject, &SHA_256, EXPORTER) else { return not_offered(WHY) };
    let elsewhere = exporter(Tcp::open_tls(subject).0.tls());
    let binding = ("p=tls-exporter,,", elsewhere.as_slice());
    is_refused(&SHA_256.exchange(&mut tcp, &plus, &subject.user(), PASSWORD, binding).0);
    Ok(())
}

fn a_client_that_was_not_shown_plus_is_refused(subject: &Subject) -> Outcome {
    let (mut tcp, features) = Tcp::open_tls(subject);
    if !mechanisms(&features).iter().any(|name| name == "SCRAM-SHA-1-PLUS") {
        return not_offered("-PLUS is not offered");
    }
    is_refused(&SHA_1.exchange(&mut tcp, SHA_1.mechanism, &subject.user(), PASSWORD, ("y,,", &[])).0);
    Ok(())
}
