//! Recorded exchanges with the web service: what is asked, and every byte that is answered. Each file begins on a new
//! server, so numbers begin at 1; `docs/manual/rest.md` tells what they mean.
//!
//! ```text
//! # a remark
//! >>> administrator POST WrapUpReason
//! Content-Type: application/xml
//! <WrapUpReason>…</WrapUpReason>
//! <<< 200
//! Location: /finesse/api/WrapUpReason/1
//! ```
//!
//! Lines that begin with `===` are the server's configuration file. An answer's body is compared byte for byte; `…` at its end stands for the rest. Of the answer's headers those that
//! are named are compared; `Location` without the server's address.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use aplomb_tests::http::{self, Response};
use aplomb_tests::{PASSWORD, Server};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

macro_rules! exchanges {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            play(include_str!(concat!(stringify!($name), ".http")));
        }
    )*};
}

exchanges! {
    reason_codes
    wrap_up_reasons
    phone_books
    workflows
    media_properties_layouts
    layouts
    chat_config
    cluster_config
    devices
    ecc_variables
    enterprise_database_config
    secondary_node
    system_config
    teams
    media
}

/// What a line of the server's configuration file begins with.
const SETTING: &str = "=== ";

/// One question and what it must be answered with.
#[derive(Default)]
struct Exchange {
    line: usize,
    who: String,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
    status: u16,
    told: Vec<(String, String)>,
    answer: String,
}

fn play(text: &str) {
    let settings = text.lines().filter_map(|line| line.strip_prefix(SETTING));
    let server = Server::configured(&settings.map(|line| format!("{line}\n")).collect::<String>());
    let exchanges = read(text);
    assert!(!exchanges.is_empty());
    for exchange in exchanges {
        exchange.check(&ask(&server, &exchange));
    }
}

fn read(text: &str) -> Vec<Exchange> {
    let mut all: Vec<Exchange> = Vec::new();
    let mut answering = false;
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(question) = line.strip_prefix(">>> ") {
            let mut words = question.splitn(3, ' ').map(str::to_owned);
            let mut word = || words.next().unwrap_or_else(|| panic!("line {number}: who, method, path"));
            let (who, method, path) = (word(), word(), word());
            all.push(Exchange { line: number, who, method, path, ..Exchange::default() });
            answering = false;
            continue;
        }
        let Some(exchange) = all.last_mut() else { continue };
        if let Some(status) = line.strip_prefix("<<< ") {
            exchange.status = status.parse().unwrap();
            answering = true;
            continue;
        }
        let (headers, body) = match answering {
            false => (&mut exchange.headers, &mut exchange.body),
            true => (&mut exchange.told, &mut exchange.answer),
        };
        match line.split_once(": ") {
            Some((name, value)) if body.is_empty() && !name.contains(['<', ' ', '"', '\\']) => {
                headers.push((name.to_owned(), value.to_owned()));
            }
            _ if line.starts_with('#') || line.is_empty() => {}
            _ => {
                if !body.is_empty() {
                    body.push('\n');
                }
                body.push_str(line);
            }
        }
    }
    all
}

fn ask(server: &Server, exchange: &Exchange) -> Response {
    let authorization = format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{PASSWORD}", exchange.who)));
    let mut headers: Vec<(&str, &str)> =
        exchange.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    if exchange.who != "nobody" {
        headers.push(("Authorization", &authorization));
    }
    if !exchange.body.is_empty() && !exchange.headers.iter().any(|(name, _)| name == "Content-Type") {
        headers.push(("Content-Type", "application/xml"));
    }
    let path = format!("/finesse/api/{}", exchange.path);
    let body = exchange.body.replace("\\r\\n", "\r\n");
    http::request(&server.address("rest_plain"), &exchange.method, &path, &headers, body.as_bytes())
}

impl Exchange {
    fn check(&self, response: &Response) {
        let place = format!("line {}: {} {} by {}", self.line, self.method, self.path, self.who);
        assert_eq!(response.status, self.status, "{place}: {}", response.body);
        for (name, value) in &self.told {
            let actual = response.header(&name.to_ascii_lowercase()).unwrap_or_default();
            let actual = match actual.find("/finesse/") {
                Some(path) if name == "Location" => {
                    assert!(actual.starts_with("http://"), "{place}: {actual}");
                    &actual[path..]
                }
                _ => actual,
            };
            assert_eq!(actual, value, "{place}: {name}");
        }
        let body = response.body.replace("\r\n", "\n");
        match self.answer.strip_suffix('…') {
            Some(begin) => assert!(body.starts_with(begin), "{place}: {body}"),
            None => assert_eq!(body.trim_end(), self.answer, "{place}"),
        }
    }
}
