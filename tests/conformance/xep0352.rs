//! Client state: whether anybody looks at the client.

use crate::case::{Case, Document, Outcome, case, not_offered};
use crate::client::{Tcp, message, ping};
use crate::subject::Subject;

pub(crate) const DOCUMENT: Document =
    Document { name: "XEP-0352", title: "Client State Indication", sections: &[CASES] };

const NS: &str = "urn:xmpp:csi:0";

const CASES: &[Case] = &[
    case!(it_is_announced_after_sign_in, "3", "`<csi/>` is among the features after sign-in"),
    case!(states_are_not_answered, "4.2", "There is no answer to `<inactive/>` and `<active/>`"),
    case!(a_message_reaches_a_client_that_nobody_looks_at, "5", "Important stanzas do not wait"),
    case!(nothing_is_lost_meanwhile, "5.1", "What waits comes when the client is active again"),
];

const WHY: &str = "no `<csi/>` in the features";

fn is_offered(subject: &Subject) -> bool {
    Tcp::authenticated(subject, &subject.user()).1.child(NS, "csi").is_some()
}

fn it_is_announced_after_sign_in(subject: &Subject) -> Outcome {
    if is_offered(subject) { Ok(()) } else { not_offered(WHY) }
}

fn states_are_not_answered(subject: &Subject) -> Outcome {
    if !is_offered(subject) {
        return not_offered(WHY);
    }
    let mut tcp = Tcp::sign_in(subject);
    for state in ["inactive", "active", "active", "inactive", "inactive"] {
        tcp.send(&format!("<{state} xmlns='{NS}'/>"));
        tcp.send(&ping(state));
        let next = tcp.element();
        assert!(next.has_id(state), "{next}");
    }
    Ok(())
}

fn a_message_reaches_a_client_that_nobody_looks_at(subject: &Subject) -> Outcome {
    if !is_offered(subject) {
        return not_offered(WHY);
    }
    let mut hidden = Tcp::sign_in(subject).present();
    hidden.send(&format!("<inactive xmlns='{NS}'/>"));
    hidden.is_alive();
    Tcp::sign_in(subject).send(&message(&hidden.jid, "m"));
    hidden.wait_for("the message", |element| element.has_id("m"));
    Ok(())
}

fn nothing_is_lost_meanwhile(subject: &Subject) -> Outcome {
    if !is_offered(subject) {
        return not_offered(WHY);
    }
    let user = subject.user();
    let mut hidden = Tcp::sign_in_as(subject, &user, "hidden").present();
    hidden.send(&format!("<inactive xmlns='{NS}'/>"));
    hidden.is_alive();
    let other = Tcp::sign_in_as(subject, &user, "other").present();
    hidden.send(&format!("<active xmlns='{NS}'/>"));
    let is_others = |element: &crate::client::Element| {
        element.name == "presence" && element.attr("from") == Some(&other.jid)
    };
    hidden.wait_for("the presence of the other", is_others);
    Ok(())
}
