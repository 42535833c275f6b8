//! Discovering alternative connection methods.

use crate::case::{Case, Document, Outcome, case, not_offered};
use crate::client::{Element, http};
use crate::subject::Subject;
use serde_json::Value;

pub(crate) const DOCUMENT: Document = Document {
    name: "XEP-0156",
    title: "Discovering Alternative XMPP Connection Methods",
    sections: &[CASES],
};

const XRD: &str = "http://docs.oasis-open.org/ns/xri/xrd-1.0";
const BOSH: &str = "urn:xmpp:alt-connections:xbosh";
const WEBSOCKET: &str = "urn:xmpp:alt-connections:websocket";

const CASES: &[Case] = &[
    case!(host_meta_lists_bosh, "3.1", "`/.well-known/host-meta` links to BOSH"),
    case!(host_meta_lists_websocket, "3.1", "`/.well-known/host-meta` links to WebSocket"),
    case!(host_meta_in_json_says_the_same, "3.3", "`/.well-known/host-meta.json` lists the same links"),
    case!(
        pages_of_other_origins_may_read_host_meta,
        "3",
        "Clients in browsers read it: `Access-Control-Allow-Origin: *`"
    ),
];

fn links(subject: &Subject) -> Option<Vec<(String, String)>> {
    let answer = http::send(&subject.at.web, "GET", "/.well-known/host-meta", &[], b"").answer();
    if answer.status == 404 {
        return None;
    }
    assert_eq!(answer.status, 200, "{}", answer.text());
    let root = Element::parse(&answer.text()).unwrap();
    assert!(root.is(XRD, "XRD"), "{root}");
    let links = root.children.iter().filter(|child| child.is(XRD, "Link"));
    Some(
        links
            .filter_map(|link| Some((link.attr("rel")?.to_owned(), link.attr("href")?.to_owned())))
            .collect(),
    )
}

const WHY: &str = "no host-meta in this version";

fn host_meta_lists_bosh(subject: &Subject) -> Outcome {
    let Some(links) = links(subject) else { return not_offered(WHY) };
    let found = links.iter().find(|(rel, _)| rel == BOSH);
    assert!(found.is_some_and(|(_, href)| href.starts_with("http")), "{links:?}");
    Ok(())
}

fn host_meta_lists_websocket(subject: &Subject) -> Outcome {
    let Some(links) = links(subject) else { return not_offered(WHY) };
    let found = links.iter().find(|(rel, _)| rel == WEBSOCKET);
    assert!(found.is_some_and(|(_, href)| href.starts_with("ws")), "{links:?}");
    Ok(())
}

fn host_meta_in_json_says_the_same(subject: &Subject) -> Outcome {
    let Some(mut links) = links(subject) else { return not_offered(WHY) };
    let answer = http::send(&subject.at.web, "GET", "/.well-known/host-meta.json", &[], b"").answer();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let json: Value = serde_json::from_slice(&answer.body).unwrap();
    let text = |link: &Value, name: &str| link[name].as_str().unwrap_or_default().to_owned();
    let listed = json["links"].as_array().expect("links").iter();
    let mut listed: Vec<_> = listed.map(|link| (text(link, "rel"), text(link, "href"))).collect();
    listed.sort();
    links.sort();
    assert_eq!(listed, links);
    Ok(())
}

fn pages_of_other_origins_may_read_host_meta(subject: &Subject) -> Outcome {
    let headers = [("Origin", "https://elsewhere.example")];
    let answer = http::send(&subject.at.web, "GET", "/.well-known/host-meta", &headers, b"").answer();
    if answer.status == 404 {
        return not_offered(WHY);
    }
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    Ok(())
}
