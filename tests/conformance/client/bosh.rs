//! A BOSH client (XEP-0124, XEP-0206) whose requests are all written by the case.

use super::element::Element;
use super::http::{self, Connection, Response};
use super::{auth, bind, ns};
use crate::subject::{DOMAIN, Subject};
use std::time::{Duration, Instant};

/// The first rid of a session that does not choose its own.
pub(crate) const FIRST_RID: u64 = 1_573_741_820;

/// Leaves a default attribute out of a creation request.
pub(crate) const OMIT: &str = "\0";

/// The longest time a request of these sessions is held, unless a case asks for another.
pub(crate) const WAIT_SECS: u64 = 4;

/// A session.
#[derive(Debug)]
pub(crate) struct Bosh<'s> {
    subject: &'s Subject,
    pub(crate) sid: String,
    /// The rid of the next request.
    pub(crate) rid: u64,
    /// The root of the first answer: the terms.
    pub(crate) terms: Element,
    /// The first answer.
    pub(crate) created: Response,
    /// The address after binding.
    pub(crate) jid: String,
    /// How long to wait before an empty request; only a session that polls has to.
    pace: Duration,
}

/// Posts a body of choice.
pub(crate) fn post(subject: &Subject, body: &str) -> Connection {
    post_bytes(subject, body.as_bytes())
}

pub(crate) fn post_bytes(subject: &Subject, body: &[u8]) -> Connection {
    let headers = [("Content-Type", "text/xml; charset=utf-8")];
    http::send(&subject.at.http, "POST", subject.at.bosh_path, &headers, body)
}

/// The body of a creation request: the usual attributes, with changes.
pub(crate) fn creation(rid: u64, changes: &[(&str, &str)]) -> String {
    let wait = WAIT_SECS.to_string();
    let mut attributes = vec![
        ("to", DOMAIN),
        ("ver", "1.6"),
        ("wait", &wait),
        ("hold", "1"),
        ("xml:lang", "en"),
        ("xmpp:version", "1.0"),
    ];
    attributes.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    attributes.extend(changes.iter().filter(|(_, value)| *value != OMIT));
    let attributes: String = attributes.iter().map(|(name, value)| format!(" {name}='{value}'")).collect();
    format!("<body xmlns='{}' xmlns:xmpp='{}' rid='{rid}'{attributes}/>", ns::HTTPBIND, ns::XBOSH)
}

/// The root of an answer with status 200.
pub(crate) fn body(response: &Response) -> Element {
    assert_eq!(response.status, 200, "{}", response.text());
    let root = Element::parse(&response.text()).unwrap_or_else(|e| panic!("{e}"));
    assert!(root.is(ns::HTTPBIND, "body"), "{root}");
    root
}

/// The condition of an answer that ends the session; empty if it names none.
pub(crate) fn end(response: &Response) -> Option<String> {
    let root = body(response);
    (root.attr("type") == Some("terminate")).then(|| root.attr("condition").unwrap_or_default().to_owned())
}

/// Asserts that an answer ends the session with a condition.
pub(crate) fn assert_ends(mut connection: Connection, condition: &str) {
    let answer = connection.answer();
    assert_eq!(end(&answer).as_deref(), Some(condition), "{}", answer.text());
}

/// Asserts that the content of a request was refused: as malformed, or as an error of the stream behind the manager.
pub(crate) fn assert_refused(mut connection: Connection) {
    let answer = connection.answer();
    if answer.status != 400 {
        let condition = end(&answer).unwrap_or_else(|| panic!("not refused: {}", answer.text()));
        assert!(["bad-request", "remote-stream-error"].contains(&condition.as_str()), "{}", answer.text());
    }
}

/// Asserts that a request was refused as malformed: the condition, or the code that it supersedes.
pub(crate) fn assert_bad_request(mut connection: Connection) {
    let answer = connection.answer();
    if answer.status != 400 {
        assert_eq!(end(&answer).as_deref(), Some("bad-request"), "{}", answer.text());
    }
}

impl<'s> Bosh<'s> {
    /// A new session with the usual terms.
    pub(crate) fn open(subject: &'s Subject) -> Self {
        Self::create(subject, &[])
    }

    /// A new session.
    pub(crate) fn create(subject: &'s Subject, changes: &[(&str, &str)]) -> Self {
        Self::create_at(subject, FIRST_RID, changes)
    }

    pub(crate) fn create_at(subject: &'s Subject, rid: u64, changes: &[(&str, &str)]) -> Self {
        let created = post(subject, &creation(rid, changes)).answer();
        let terms = body(&created);
        let sid = terms.attr("sid").unwrap_or_else(|| panic!("no session: {terms}")).to_owned();
        Self { subject, sid, rid: rid + 1, terms, created, jid: String::new(), pace: Duration::ZERO }
    }

    /// A session of a user whom no other case uses, bound.
    pub(crate) fn sign_in(subject: &'s Subject) -> Self {
        Self::sign_in_with(subject, &subject.user(), "conformance", &[])
    }

    pub(crate) fn sign_in_with(
        subject: &'s Subject,
        user: &str,
        resource: &str,
        changes: &[(&str, &str)],
    ) -> Self {
        let mut session = Self::create(subject, changes);
        session.authenticate(user);
        session.restart_and_bind(resource);
        session
    }

    /// A session that polls (XEP-0124 §12), never too often.
    pub(crate) fn sign_in_with_polls(subject: &'s Subject, changes: &[(&str, &str)]) -> Self {
        let mut session = Self::create(subject, changes);
        let polling = session.terms.number("polling").unwrap_or_default();
        session.pace = Duration::from_millis(polling * 1000 + 500);
        session.authenticate(&subject.user());
        session.restart_and_bind("polls");
        session
    }

    /// Signs in on a stream that was opened.
    pub(crate) fn authenticate(&mut self, user: &str) {
        let features = self.terms.clone();
        if features.find("mechanisms").is_none() {
            self.wait_for("features", "", |element| element.find("mechanisms").is_some());
        }
        self.wait_for("success", &auth(user), |element| element.is(ns::SASL, "success"));
    }

    pub(crate) fn restart_and_bind(&mut self, resource: &str) {
        self.restart();
        let bound = self.wait_for("the bound address", &bind(resource), |element| element.has_id("bind"));
        self.jid = bound.find("jid").unwrap_or_else(|| panic!("{bound}")).text.clone();
    }

    /// A restart of the stream; returns the new features.
    pub(crate) fn restart(&mut self) -> Element {
        let attributes =
            format!("xmpp:restart='true' to='{DOMAIN}' xml:lang='en' xmlns:xmpp='{}'", ns::XBOSH);
        let answer = self.ask(&attributes, "");
        let features = body(&answer).child(ns::STREAMS, "features").cloned();
        features
            .unwrap_or_else(|| self.wait_for("features", "", |element| element.is(ns::STREAMS, "features")))
    }

    /// Sends a request with the next rid and does not wait.
    pub(crate) fn next(&mut self, attributes: &str, inside: &str) -> Connection {
        self.rid += 1;
        self.at(self.rid - 1, attributes, inside)
    }

    /// Sends a request with a rid of choice.
    pub(crate) fn at(&self, rid: u64, attributes: &str, inside: &str) -> Connection {
        post(self.subject, &self.request(rid, attributes, inside))
    }

    /// The body of a request.
    pub(crate) fn request(&self, rid: u64, attributes: &str, inside: &str) -> String {
        let sid = &self.sid;
        format!("<body xmlns='{}' sid='{sid}' rid='{rid}' {attributes}>{inside}</body>", ns::HTTPBIND)
    }

    /// Sends the next request and waits for its answer.
    pub(crate) fn ask(&mut self, attributes: &str, inside: &str) -> Response {
        self.next(attributes, inside).answer()
    }

    /// Sends `inside`, then polls until an element comes for which `wanted` holds.
    pub(crate) fn wait_for(
        &mut self,
        what: &str,
        inside: &str,
        wanted: impl Fn(&Element) -> bool,
    ) -> Element {
        let limit = Instant::now() + Duration::from_secs(20);
        let mut seen = Vec::new();
        let mut inside = inside;
        while Instant::now() < limit {
            if inside.is_empty() {
                std::thread::sleep(self.pace);
            }
            let answer = self.ask("", std::mem::take(&mut inside));
            let root = body(&answer);
            if let Some(found) = root.children.iter().find(|child| wanted(child)) {
                return found.clone();
            }
            assert_ne!(root.attr("type"), Some("terminate"), "the session ended before {what}: {root}");
            seen.push(root.to_string());
        }
        panic!("{what} did not come: {seen:#?}");
    }

    /// Pings, and so shows that the session lives.
    pub(crate) fn is_alive(&mut self) {
        let id = format!("alive-{}", self.rid);
        self.wait_for("the answer to a ping", &super::ping(&id), |element| element.has_id(&id));
    }

    /// Whether the session is gone, asked with the next rid.
    pub(crate) fn is_gone(&mut self) {
        assert_ends(self.next("", ""), "item-not-found");
    }

    /// How many requests the server takes at once.
    pub(crate) fn requests(&self) -> u64 {
        self.terms.number("requests").unwrap_or(2)
    }
}
