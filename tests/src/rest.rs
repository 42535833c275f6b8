//! The web service, as a third-party client calls it.

use crate::http::{self, Response};
use crate::{PASSWORD, Server};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// Somebody's view of the web service.
#[derive(Clone, Debug)]
pub struct Rest {
    address: String,
    authorization: String,
}

impl Rest {
    /// With the demo's password.
    pub fn new(server: &Server, user: &str) -> Self {
        Self::with_password(server, user, PASSWORD)
    }

    /// With a password of choice.
    pub fn with_password(server: &Server, user: &str, password: &str) -> Self {
        let credentials = BASE64_STANDARD.encode(format!("{user}:{password}"));
        Self { address: server.address("rest_plain"), authorization: format!("Basic {credentials}") }
    }

    /// `GET /finesse/api/…`
    pub fn get(&self, path: &str) -> Response {
        let headers = [("Authorization", self.authorization.as_str())];
        http::request(&self.address, "GET", &format!("/finesse/api/{path}"), &headers, b"")
    }

    /// `PUT /finesse/api/User/{agent}` with a body.
    pub fn put_user(&self, agent: &str, body: &str, request_id: &str) -> Response {
        self.send("PUT", &format!("User/{agent}"), body, request_id)
    }

    /// A request with a body.
    pub fn send(&self, method: &str, path: &str, body: &str, request_id: &str) -> Response {
        let headers = [
            ("Authorization", self.authorization.as_str()),
            ("Content-Type", "application/xml"),
            ("requestId", request_id),
        ];
        http::request(&self.address, method, &format!("/finesse/api/{path}"), &headers, body.as_bytes())
    }

    /// Signs an agent in on an extension. The effect comes as an event.
    pub fn sign_in(&self, agent: &str, extension: &str) {
        let body = format!("<User><state>LOGIN</state><extension>{extension}</extension></User>");
        let answer = self.put_user(agent, &body, "");
        assert_eq!((answer.status, answer.body.as_str()), (202, ""), "sign-in of {agent}");
    }

    /// Asks for a state. The effect comes as an event.
    pub fn set_state(&self, agent: &str, state: &str, request_id: &str) {
        let answer = self.put_user(agent, &format!("<User><state>{state}</state></User>"), request_id);
        assert_eq!((answer.status, answer.body.as_str()), (202, ""), "{state} for {agent}");
    }

    /// The agent's state as `GET /User` tells it.
    pub fn state(&self, agent: &str) -> String {
        let answer = self.get(&format!("User/{agent}"));
        assert_eq!(answer.status, 200, "{}", answer.body);
        text_of(&answer.body, "state")
    }
}

/// The text of the first element of that name, empty if there is none.
pub fn text_of(xml: &str, name: &str) -> String {
    let document = roxmltree::Document::parse(xml).unwrap_or_else(|e| panic!("not XML ({e}): {xml}"));
    let element = document.descendants().find(|node| node.has_tag_name(name));
    element.and_then(|node| node.text()).unwrap_or_default().to_owned()
}
