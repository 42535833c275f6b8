//! Service discovery, and what is found by it.

use crate::case::{Case, Document, Outcome, case};
use crate::client::{Element, Tcp};
use crate::subject::{DOMAIN, Subject};

pub(crate) const DOCUMENT: Document =
    Document { name: "XEP-0030", title: "Service Discovery", sections: &[CASES] };

const INFO: &str = "http://jabber.org/protocol/disco#info";
const ITEMS: &str = "http://jabber.org/protocol/disco#items";

const CASES: &[Case] = &[
    case!(the_server_says_what_it_is, "3.1", "disco#info: at least one identity with category and type"),
    case!(the_server_supports_discovery, "3.1", "disco#info is among the features of every entity"),
    case!(the_server_lists_what_belongs_to_it, "4.1", "disco#items: items with JIDs, or none"),
    case!(everything_listed_answers, "4.1", "Each listed item answers disco#info"),
    case!(the_answer_is_from_whom_was_asked, "3.1", "`from` is the JID that was asked"),
    case!(an_unknown_node_is_not_found, "3.2", "An unknown node of the server: item-not-found"),
    case!(a_feature_is_listed_once, "3.1", "Features are unique"),
    case!(
        a_version_that_is_announced_is_told,
        "10",
        "What is announced works: `jabber:iq:version` (XEP-0092)"
    ),
    case!(a_time_that_is_announced_is_told, "10", "What is announced works: `urn:xmpp:time` (XEP-0202)"),
];

fn ask(tcp: &mut Tcp, to: &str, ns: &str, node: &str) -> Element {
    tcp.iq("disco", &format!("<iq type='get' id='disco' to='{to}'><query xmlns='{ns}'{node}/></iq>"))
}

/// The features that an entity announces.
pub(crate) fn features(tcp: &mut Tcp, to: &str) -> Vec<String> {
    let answer = ask(tcp, to, INFO, "");
    let query = answer.child(INFO, "query").unwrap_or_else(|| panic!("{answer}"));
    let features = query.children.iter().filter(|child| child.is(INFO, "feature"));
    features.filter_map(|feature| feature.attr("var").map(str::to_owned)).collect()
}

fn the_server_says_what_it_is(subject: &Subject) -> Outcome {
    let answer = ask(&mut Tcp::sign_in(subject), DOMAIN, INFO, "");
    let query = answer.child(INFO, "query").unwrap_or_else(|| panic!("{answer}"));
    let identity = query.children.iter().find(|child| child.is(INFO, "identity"));
    let identity = identity.unwrap_or_else(|| panic!("{answer}"));
    assert!(identity.attr("category").is_some() && identity.attr("type").is_some(), "{identity}");
    Ok(())
}

fn the_server_supports_discovery(subject: &Subject) -> Outcome {
    let features = features(&mut Tcp::sign_in(subject), DOMAIN);
    assert!(features.iter().any(|feature| feature == INFO), "{features:?}");
    Ok(())
}

fn items(tcp: &mut Tcp) -> Vec<String> {
    let answer = ask(tcp, DOMAIN, ITEMS, "");
    assert_eq!(answer.attr("type"), Some("result"), "{answer}");
    let query = answer.child(ITEMS, "query").unwrap_or_else(|| panic!("{answer}"));
    query.children.iter().map(|item| item.attr("jid").expect("jid").to_owned()).collect()
}

fn the_server_lists_what_belongs_to_it(subject: &Subject) -> Outcome {
    items(&mut Tcp::sign_in(subject));
    Ok(())
}

fn everything_listed_answers(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    for item in items(&mut tcp) {
        let answer = ask(&mut tcp, &item, INFO, "");
        assert_eq!(
            (answer.attr("type"), answer.attr("from")),
            (Some("result"), Some(item.as_str())),
            "{answer}"
        );
    }
    Ok(())
}

fn the_answer_is_from_whom_was_asked(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    for ns in [INFO, ITEMS] {
        let answer = ask(&mut tcp, DOMAIN, ns, "");
        assert_eq!(answer.attr("from"), Some(DOMAIN), "{answer}");
    }
    Ok(())
}

fn an_unknown_node_is_not_found(subject: &Subject) -> Outcome {
    let answer = ask(&mut Tcp::sign_in(subject), DOMAIN, INFO, " node='no-such-node'");
    assert_eq!(answer.stanza_error().map(|(_, condition)| condition), Some("item-not-found"), "{answer}");
    Ok(())
}

fn a_feature_is_listed_once(subject: &Subject) -> Outcome {
    let mut features = features(&mut Tcp::sign_in(subject), DOMAIN);
    let count = features.len();
    features.sort();
    features.dedup();
    assert_eq!(features.len(), count);
    Ok(())
}

fn a_version_that_is_announced_is_told(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    assert!(features(&mut tcp, DOMAIN).iter().any(|feature| feature == "jabber:iq:version"));
    let answer = ask(&mut tcp, DOMAIN, "jabber:iq:version", "");
    assert!(answer.find("name").is_some() && answer.find("version").is_some(), "{answer}");
    Ok(())
}

fn a_time_that_is_announced_is_told(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    assert!(features(&mut tcp, DOMAIN).iter().any(|feature| feature == "urn:xmpp:time"));
    let answer = tcp.iq("t", "<iq type='get' id='t' to='localhost'><time xmlns='urn:xmpp:time'/></iq>");
    let utc = answer.find("utc").unwrap_or_else(|| panic!("{answer}"));
    assert!(utc.text.ends_with('Z') && utc.text.contains('T'), "{answer}");
    assert!(answer.find("tzo").is_some_and(|tzo| tzo.text == "Z" || tzo.text.len() == 6), "{answer}");
    Ok(())
}
