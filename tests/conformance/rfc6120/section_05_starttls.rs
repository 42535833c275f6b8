//! STARTTLS.

use crate::case::{Case, Outcome, case};
use crate::client::tcp::Heard;
use crate::client::{Tcp, auth, ns};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(starttls_is_offered, "5.4.1", "`<starttls/>` is among the features"),
    case!(
        a_required_starttls_says_so,
        "5.3.1",
        "`<required/>` where it is mandatory, and nothing else to negotiate"
    ),
    case!(starttls_is_answered_by_proceed, "5.4.2.3", "`<proceed/>`"),
    case!(after_tls_the_stream_starts_anew, "5.4.3.3", "A new stream under TLS, with new features"),
    case!(starttls_is_not_offered_under_tls, "5.4.3.3", "STARTTLS is not offered again"),
    case!(nothing_of_the_stream_without_tls_survives, "5.4.3.3", "The new stream has a new id"),
    case!(no_password_is_taken_without_tls, "5.3.1", "Sign-in before mandatory TLS is refused"),
    case!(starttls_twice_is_refused, "5.4.2.2", "Under TLS, `<starttls/>` fails or ends the stream"),
    case!(tls_may_come_first, "5", "A port with TLS from the first byte (XEP-0368)"),
];

fn starttls_is_offered(subject: &Subject) -> Outcome {
    let (_, features) = Tcp::open(subject);
    assert!(features.child(ns::TLS, "starttls").is_some(), "{features}");
    Ok(())
}

fn a_required_starttls_says_so(subject: &Subject) -> Outcome {
    let (_, features) = Tcp::open(subject);
    let starttls = features.child(ns::TLS, "starttls").expect("starttls");
    assert!(starttls.child(ns::TLS, "required").is_some(), "{features}");
    assert!(features.child(ns::SASL, "mechanisms").is_none(), "{features}");
    Ok(())
}

fn proceed(subject: &Subject) -> Tcp {
    let (mut tcp, _) = Tcp::open(subject);
    tcp.send(&format!("<starttls xmlns='{}'/>", ns::TLS));
    let answer = tcp.element();
    assert!(answer.is(ns::TLS, "proceed"), "{answer}");
    tcp.secure();
    tcp
}

fn starttls_is_answered_by_proceed(subject: &Subject) -> Outcome {
    proceed(subject);
    Ok(())
}

fn after_tls_the_stream_starts_anew(subject: &Subject) -> Outcome {
    let features = proceed(subject).start();
    assert!(features.child(ns::SASL, "mechanisms").is_some(), "{features}");
    Ok(())
}

fn starttls_is_not_offered_under_tls(subject: &Subject) -> Outcome {
    let features = proceed(subject).start();
    assert!(features.child(ns::TLS, "starttls").is_none(), "{features}");
    Ok(())
}

fn nothing_of_the_stream_without_tls_survives(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::connect(subject);
    let id = |tcp: &mut Tcp| {
        tcp.send(&crate::client::tcp::header());
        let Heard::Header(header) = tcp.hear() else { panic!("no header") };
        tcp.element();
        header.attr("id").expect("id").to_owned()
    };
    let before = id(&mut tcp);
    tcp.send(&format!("<starttls xmlns='{}'/>", ns::TLS));
    tcp.element();
    tcp.secure();
    assert_ne!(id(&mut tcp), before);
    Ok(())
}

fn no_password_is_taken_without_tls(subject: &Subject) -> Outcome {
    let (mut tcp, _) = Tcp::open(subject);
    tcp.send(&auth(&subject.user()));
    if let Heard::Element(answer) = tcp.hear() {
        assert!(!answer.is(ns::SASL, "success"), "{answer}");
    }
    Ok(())
}

fn starttls_twice_is_refused(subject: &Subject) -> Outcome {
    let mut tcp = proceed(subject);
    tcp.start();
    tcp.send(&format!("<starttls xmlns='{}'/>", ns::TLS));
    match tcp.hear() {
        Heard::Element(answer) => assert!(!answer.is(ns::TLS, "proceed"), "{answer}"),
        Heard::Close | Heard::End => {}
        other => panic!("no answer: {other:?}"),
    }
    Ok(())
}

fn tls_may_come_first(subject: &Subject) -> Outcome {
    let (_, features) = Tcp::open_tls(subject);
    assert!(features.child(ns::SASL, "mechanisms").is_some(), "{features}");
    Ok(())
}
