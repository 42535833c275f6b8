//! `/tunnel/`: the page that holds a desktop's connection, so that the desktop itself can be on another port.
//!
//! `COMPAT(finesse)`: the desktop puts it into a frame and talks to it with postMessage; the numbers are the
//! original's. Sources in `assets/tunnel`.

use crate::http_bind::Segments;
use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use std::fmt::Write;

const PAGE: &str = include_str!("../assets/tunnel/index.html");
const SCRIPT: &[u8] = include_bytes!("../assets/tunnel/EventTunnel.js");

/// The page and its script.
#[derive(Clone, Debug)]
pub struct Tunnel {
    ports: Vec<u16>,
    origins: Vec<String>,
    page: Bytes,
}

impl Tunnel {
    /// For pages of the same host on these ports, and pages of these origins (`*`: of all). `service_user` is the one
    /// whose presence says that the web service is up.
    pub fn new(ports: Vec<u16>, origins: &[String], service_user: &str) -> Self {
        let listed = ports.iter().map(u16::to_string).collect::<Vec<_>>().join(" ");
        let page = PAGE
            .replace("{ports}", &listed)
            .replace("{origins}", &attribute(&origins.join(" ")))
            .replace("{service}", &attribute(service_user));
        Self { ports, origins: origins.to_vec(), page: page.into() }
    }

    /// Whether a path is the tunnel's.
    pub fn owns(path: &str) -> bool {
        matches!(path, "/tunnel" | "/tunnel/" | "/tunnel/EventTunnel.js")
    }

    /// Answers a request for the page or its script.
    pub fn handle<B>(&self, request: &Request<B>) -> Response<Segments> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut response = Response::new(Segments::default());
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let is_script = request.uri().path().ends_with(".js");
        let (body, kind) = if is_script {
            (Bytes::from_static(SCRIPT), "text/javascript; charset=utf-8")
        } else {
            (self.page.clone(), "text/html; charset=utf-8")
        };
        let mut response = Response::new(Segments::from(vec![body]));
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        answer.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(policy) = HeaderValue::try_from(self.policy(host(request))) {
            answer.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    /// What the page may do, and who may have it in a frame.
    fn policy(&self, host: Option<&str>) -> String {
        let mut policy = String::from(
            "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
        );
        if let Some(host) = host {
            for port in &self.ports {
                let _ = write!(policy, " https://{host}:{port} http://{host}:{port}");
            }
        }
        for origin in self.origins.iter().filter(|origin| is_source(origin)) {
            policy.push(' ');
            policy.push_str(origin);
        }
        policy
    }
}

/// The name by which the client reached us, without the port, if it is nothing but a name or address.
/// HTTP/2 has it in the request's address.
fn host<B>(request: &Request<B>) -> Option<&str> {
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let host = authority.or_else(|| request.headers().get(header::HOST)?.to_str().ok())?;
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']');
    (!name.is_empty() && name.bytes().all(plain)).then_some(name)
}

/// Nothing that ends a directive or a policy.
fn is_source(origin: &str) -> bool {
    !origin.is_empty() && !origin.contains([';', ',', ' ', '\''])
}

fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(host: &str, origins: &[&str]) -> String {
        let origins: Vec<String> = origins.iter().map(|origin| (*origin).to_owned()).collect();
        let tunnel = Tunnel::new(vec![8445], &origins, "finesse");
        let request = Request::builder().uri("/tunnel/").header(header::HOST, host).body(()).unwrap();
        let response = tunnel.handle(&request);
        response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
    }

    #[test]
    fn frames_are_for_pages_of_this_host_and_of_listed_origins() {
        let policy = policy("cc.example:7443", &["https://crm.example"]);
        assert!(policy.contains("frame-ancestors 'self' https://cc.example:8445 "), "{policy}");
        assert!(policy.ends_with(" https://crm.example"), "{policy}");
    }

    #[test]
    fn a_request_of_http_2_has_its_host_in_the_address() {
        let request = Request::builder().uri("https://cc.example:7443/tunnel/").body(()).unwrap();
        let response = Tunnel::new(vec![8445], &[], "finesse").handle(&request);
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains(" https://cc.example:8445 "), "{policy}");
    }

    #[test]
    fn a_host_that_is_none_adds_nothing_to_the_policy() {
        for host in ["a;script-src *", "a,b", "a b:1", "'self'"] {
            assert!(policy(host, &[]).ends_with("frame-ancestors 'self'"), "{host}");
        }
        assert!(policy("[2001:db8::1]:7443", &[]).contains("https://[2001:db8::1]:8445"));
    }

    #[test]
    fn what_the_operator_lists_cannot_leave_its_attribute() {
        let tunnel = Tunnel::new(vec![1], &["\"><script>".to_owned()], "a\"b");
        let page = String::from_utf8(tunnel.page.to_vec()).unwrap();
        assert!(!page.contains("<script>") && page.contains("a&quot;b"), "{page}");
    }
}
