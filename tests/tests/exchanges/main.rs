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
//! Lines that begin with `===` are the server's configuration file. A path that begins with a slash is not under
//! `/finesse/api`. An answer's body is compared byte for byte; `…` in it stands for anything. Of the answer's headers those
//! that are named are compared; `Location` without the server's address. What a `GET` reads may be on its way still: it is
//! asked until it is there.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use aplomb_tests::http::{self, Response};
use aplomb_tests::{PASSWORD, Server};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::thread;
use std::time::{Duration, Instant};

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
    sign_in_place
    system_config
    teams
    team_resource
    team_messages
    media
    users
    dialogs
    queues
    client_logs
    system_info
    desktop_config
    config_info
    serviceability
}

/// How long what was asked for may be on its way.
const SETTLES_WITHIN: Duration = Duration::from_secs(30);

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
        let until = Instant::now() + SETTLES_WITHIN;
        let mut response = ask(&server, &exchange);
        while exchange.method == "GET" && !exchange.is_met_by(&response.body) && Instant::now() < until {
            thread::sleep(Duration::from_millis(50));
            response = ask(&server, &exchange);
        }
        exchange.check(&response);
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
    let base = if exchange.path.starts_with('/') { "" } else { "/finesse/api/" };
    let path = format!("{base}{}", exchange.path);
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
        let is_met = self.is_met_by(&response.body);
        assert!(is_met, "{place}:\n{}\nis not\n{}", text(&response.body), self.answer);
    }

    /// Whether the body is what must be answered.
    fn is_met_by(&self, body: &str) -> bool {
        fits(&self.answer, &text(body))
    }
}

/// Whether a text is as a pattern has it, in which `…` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((begin, rest)) = pattern.split_once('…') else { return pattern == text };
    let Some(text) = text.strip_prefix(begin) else { return false };
    rest.is_empty() || text.char_indices().any(|(at, _)| fits(rest, &text[at..]))
}

#[test]
fn three_dots_stand_for_anything_and_only_they_do() {
    for (pattern, text) in
        [("a", "a"), ("a…", "a"), ("a…", "abc"), ("a…c", "abcc"), ("…", ""), ("a…b…c", "abbcbc")]
    {
        assert!(fits(pattern, text), "{pattern} {text}");
    }
    for (pattern, text) in [("a", "ab"), ("", "a"), ("a…b", "abc"), ("…b", "a"), ("a…b…c", "acb")] {
        assert!(!fits(pattern, text), "{pattern} {text}");
    }
}

/// A body as a file has it.
fn text(body: &str) -> String {
    body.replace("\r\n", "\n").trim_end().to_owned()
}
