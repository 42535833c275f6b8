//! Where clients may connect, for those who know only the domain (XEP-0156 §3).

use crate::http_bind::Segments;
use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{Method, Response, StatusCode};
use std::fmt::Write;

const XML: &str = "/.well-known/host-meta";
const JSON: &str = "/.well-known/host-meta.json";
const BOSH: &str = "urn:xmpp:alt-connections:xbosh";
const WEBSOCKET: &str = "urn:xmpp:alt-connections:websocket";

/// The two documents.
#[derive(Clone, Debug)]
pub struct HostMeta {
    xml: Bytes,
    json: Bytes,
}

impl HostMeta {
    /// From the addresses of http-bind and of WebSocket, best first.
    pub fn new(bosh: &[&str], websocket: &[&str]) -> Self {
        let named = |name: &'static str| move |address: &&str| (name, (*address).to_owned());
        let links: Vec<(&str, String)> =
            bosh.iter().map(named(BOSH)).chain(websocket.iter().map(named(WEBSOCKET))).collect();
        Self { xml: xml(&links), json: json(&links) }
    }

    /// Whether a path is one of the documents'.
    pub fn owns(path: &str) -> bool {
        matches!(path, XML | JSON)
    }

    /// Answers a request for one of them. Pages of every origin may read them.
    pub fn handle(&self, method: &Method, path: &str) -> Response<Segments> {
        let (body, kind) = match path {
            JSON => (self.json.clone(), "application/json"),
            _ => (self.xml.clone(), "application/xrd+xml"),
        };
        let mut response = match *method {
            Method::GET | Method::HEAD => Response::new(Segments::from(vec![body])),
            Method::OPTIONS => status(StatusCode::NO_CONTENT),
            _ => status(StatusCode::METHOD_NOT_ALLOWED),
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=300"));
        response
    }
}

fn status(status: StatusCode) -> Response<Segments> {
    let mut response = Response::new(Segments::default());
    *response.status_mut() = status;
    response
}

fn xml(links: &[(&str, String)]) -> Bytes {
    let mut writer = xml::Writer::new(xml::Layout::Compact);
    writer.open("XRD").attribute("xmlns", "http://docs.oasis-open.org/ns/xri/xrd-1.0");
    for (rel, href) in links {
        writer.open("Link").attribute("rel", rel).attribute("href", href).close();
    }
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{}\n", writer.finish().0).into()
}

fn json(links: &[(&str, String)]) -> Bytes {
    let mut text = String::from("{\"links\":[");
    for (number, (rel, href)) in links.iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        let href = href.replace('\\', "\\\\").replace('"', "\\\"");
        let _ = write!(text, "{comma}{{\"rel\":\"{rel}\",\"href\":\"{href}\"}}");
    }
    text.push_str("]}\n");
    text.into()
}
