//! Ping.

use crate::case::{Case, Document, Outcome, case};
use crate::client::Tcp;
use crate::subject::{DOMAIN, Subject};

pub(crate) const DOCUMENT: Document = Document { name: "XEP-0199", title: "XMPP Ping", sections: &[CASES] };

const CASES: &[Case] = &[
    case!(a_ping_of_the_server_is_answered, "4.2", "Client to server: an empty result from the domain"),
    case!(a_ping_without_to_is_answered, "4.2", "Client to server without `to`: the account answers"),
    case!(a_ping_of_another_client_reaches_it, "4.4", "Client to client: the ping is routed, and its answer"),
    case!(ping_is_announced, "5", "`urn:xmpp:ping` is among the features of the domain"),
];

fn a_ping_of_the_server_is_answered(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    let answer = tcp.iq("p", "<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
    assert_eq!((answer.attr("type"), answer.attr("from")), (Some("result"), Some(DOMAIN)), "{answer}");
    assert!(answer.children.is_empty(), "{answer}");
    Ok(())
}

fn a_ping_without_to_is_answered(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    let answer = tcp.iq("p", "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    assert_eq!(answer.attr("type"), Some("result"), "{answer}");
    Ok(())
}

fn a_ping_of_another_client_reaches_it(subject: &Subject) -> Outcome {
    // Of one user: a stranger's request may be refused.
    let user = subject.user();
    let mut one = Tcp::sign_in_as(subject, &user, "one").present();
    let mut other = Tcp::sign_in_as(subject, &user, "other").present();
    one.send(&format!("<iq type='get' id='p' to='{}'><ping xmlns='urn:xmpp:ping'/></iq>", other.jid));
    let ping = other.wait_for("the ping", |element| element.has_id("p"));
    assert_eq!(ping.attr("from"), Some(one.jid.as_str()), "{ping}");
    other.send(&format!("<iq type='result' id='p' to='{}'/>", one.jid));
    let answer = one.wait_for("the answer", |element| element.has_id("p"));
    assert_eq!(
        (answer.attr("type"), answer.attr("from")),
        (Some("result"), Some(other.jid.as_str())),
        "{answer}"
    );
    Ok(())
}

fn ping_is_announced(subject: &Subject) -> Outcome {
    let features = crate::xep0030::features(&mut Tcp::sign_in(subject), DOMAIN);
    assert!(features.iter().any(|feature| feature == "urn:xmpp:ping"), "{features:?}");
    Ok(())
}
