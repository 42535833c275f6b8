//! Publish-subscribe on the real server, as an XMPP client sees it: who is let in by a group of the owner's roster, and
//! lists that come in pages.

#![allow(clippy::unwrap_used, reason = "tests")]

use aplomb_tests::publisher::PLAIN_TCP;
use aplomb_tests::{Server, Tcp};
use std::collections::BTreeSet;

const NODE: &str = "/shop/news";

/// More than one answer tells.
const MANY: usize = 300;

fn ask(client: &mut Tcp, type_: &str, namespace: &str, inside: &str) -> String {
    let query = format!(
        "<iq type='{type_}' id='asked' to='pubsub.localhost'>\
         <pubsub xmlns='http://jabber.org/protocol/pubsub{namespace}'>{inside}</pubsub></iq>"
    );
    client.send(query.as_bytes());
    client.read_past("</iq>")
}

fn done(answer: &str) {
    assert!(answer.contains("type=\"result\""), "{answer}");
}

/// A node of the service account with one field of its configuration.
fn make(owner: &mut Tcp, fields: &[(&str, &str)]) {
    let fields: String = fields
        .iter()
        .map(|(name, value)| format!("<field var='pubsub#{name}'><value>{value}</value></field>"))
        .collect();
    let form = format!(
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>\
         <value>http://jabber.org/protocol/pubsub#node_config</value></field>{fields}</x>"
    );
    done(&ask(owner, "set", "", &format!("<create node='{NODE}'/><configure>{form}</configure>")));
}

#[test]
fn a_team_is_a_group_of_the_service_accounts_roster_and_lets_its_agents_in() {
    let server = Server::with(&[PLAIN_TCP]);
    let mut owner = Tcp::bound(&server, "finesse", "owner");
    make(&mut owner, &[("access_model", "roster"), ("roster_groups_allowed", "Team 1")]);
    // agents 1001001 to 1001005 are in the first team, the next five in the second
    for (agent, is_let_in) in [("1001001", true), ("1001006", false)] {
        let mut client = Tcp::bound(&server, agent, "desk");
        client.send(b"<presence/>");
        let subscribe = format!("<subscribe node='{NODE}' jid='{agent}@localhost'/>");
        let answer = ask(&mut client, "set", "", &subscribe);
        assert_eq!(answer.contains("subscription=\"subscribed\""), is_let_in, "{answer}");
        assert_eq!(answer.contains("<not-in-roster-group "), !is_let_in, "{answer}");
        let item = format!("<item id='{agent}'><news xmlns='urn:example:news'>for {agent}</news></item>");
        done(&ask(&mut owner, "set", "", &format!("<publish node='{NODE}'>{item}</publish>")));
        if is_let_in {
            client.read_past(&format!("for {agent}"));
        } else {
            let items = ask(&mut client, "get", "", &format!("<items node='{NODE}'/>"));
            assert!(items.contains("<not-in-roster-group "), "{items}");
        }
    }
}

/// The values of an attribute of each of these elements.
fn all<'a>(answer: &'a str, element: &str, attribute: &str) -> Vec<&'a str> {
    let value = |rest: &'a str| {
        let (_, rest) = rest.split_once(&format!("{attribute}=\"")).unwrap();
        rest.split('"').next().unwrap()
    };
    answer.split(&format!("<{element} ")).skip(1).map(value).collect()
}

fn text<'a>(answer: &'a str, element: &str) -> &'a str {
    let (_, rest) =
        answer.split_once(&format!("<{element}")).unwrap_or_else(|| panic!("no {element}: {answer}"));
    rest.split_once('>').unwrap().1.split('<').next().unwrap()
}

#[test]
fn the_people_of_a_node_come_in_pages() {
    let server = Server::with(&[PLAIN_TCP]);
    let mut owner = Tcp::bound(&server, "finesse", "owner");
    make(&mut owner, &[("access_model", "open")]);
    for (list, entry, state) in [
        ("subscriptions", "subscription", "subscription='subscribed'"),
        ("affiliations", "affiliation", "affiliation='member'"),
    ] {
        let own = usize::from(list == "affiliations");
        for number in 0..MANY {
            let one = format!("<{entry} jid='user{number:04}@localhost' {state}/>");
            let all = format!("<{list} node='{NODE}'>{one}</{list}>");
            done(&ask(&mut owner, "set", "#owner", &all));
        }
        let unasked = ask(&mut owner, "get", "#owner", &format!("<{list} node='{NODE}'/>"));
        assert_eq!(text(&unasked, "count"), (MANY + own).to_string(), "{list}");
        assert_eq!(all(&unasked, entry, "jid").len(), 256, "the first page");
        let (mut seen, mut after) = (BTreeSet::new(), String::new());
        loop {
            let set = format!("<set xmlns='http://jabber.org/protocol/rsm'><max>90</max>{after}</set>");
            let page = ask(&mut owner, "get", "#owner", &format!("<{list} node='{NODE}'/>{set}"));
            let jids = all(&page, entry, "jid");
            if jids.is_empty() {
                break;
            }
            assert!(jids.len() <= 90, "{page}");
            for jid in jids {
                assert!(seen.insert(jid.to_owned()), "{jid} comes twice");
            }
            after = format!("<after>{}</after>", text(&page, "last"));
        }
        assert_eq!(seen.len(), MANY + own, "{list}");
        let lost = "<set xmlns='http://jabber.org/protocol/rsm'><after>nothing</after></set>";
        let answer = ask(&mut owner, "get", "#owner", &format!("<{list} node='{NODE}'/>{lost}"));
        assert!(answer.contains("<item-not-found "), "{answer}");
    }
}
