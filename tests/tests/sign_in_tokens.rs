//! Signing in with tokens: Node plays the identity provider.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

mod key_server;

use aplomb_tests::rest::text_of;
use aplomb_tests::scene::{Tool, interpreter, root};
use aplomb_tests::{Bosh, Rest, Server, Tcp, WebSocket, eventually, http};
use key_server::{KeyServer, Says};
use serde_json::Value;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// How long after its end the server still takes a token.
const CLOCKS_APART_SECS: i64 = 30;

/// Keys in a file, and tokens.
struct Provider {
    folder: TempDir,
    tokens: Value,
}

impl Provider {
    fn new() -> Self {
        Self::renamed("one")
    }

    /// One whose first key has this name.
    fn renamed(key: &str) -> Self {
        Self::called(key, "https://id.example")
    }

    /// One that gives this as its name.
    fn called(key: &str, issuer: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let tokens = serde_json::from_slice(&Self::play(&folder, &[], key, issuer)).unwrap();
        Self { tokens, folder }
    }

    fn play(folder: &TempDir, args: &[&str], key: &str, issuer: &str) -> Vec<u8> {
        let mut command = Command::new(interpreter(Tool::Node));
        command
            .arg(root().join("tests/foreign/tokens.mjs"))
            .arg(folder.path().join("keys.json"))
            .args(args)
            .env("KEY_NAME", key)
            .env("ISSUER", issuer);
        let out = command.output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        out.stdout
    }

    /// A token that the server refuses from so many seconds on.
    fn token_for(&self, secs: i64) -> String {
        let expires = (secs - CLOCKS_APART_SECS).to_string();
        String::from_utf8(Self::play(&self.folder, &[&expires], "one", "https://id.example"))
            .unwrap()
            .trim()
            .to_owned()
    }

    /// Puts other text into the file of keys.
    fn write_keys(&self, text: &str) {
        std::fs::write(self.folder.path().join("keys.json"), text).unwrap();
    }

    fn keys(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("keys.json")).unwrap()
    }

    fn token(&self, name: &str) -> &str {
        self.tokens[name].as_str().unwrap()
    }

    fn server(&self, mode: &str) -> Server {
        let keys = format!("sso.keys={}", self.folder.path().join("keys.json").display());
        let mode = format!("sso.mode={mode}");
        Server::with(&[
            &mode,
            &keys,
            "xmpp.allow_plain_tcp=true",
            "sso.issuer=https://id.example",
            "sso.audience=aplomb",
        ])
    }
}

fn get_with(server: &Server, path: &str, authorization: &str) -> http::Response {
    let headers = [("Authorization", authorization)];
    http::request(&server.address("rest_plain"), "GET", &format!("/finesse/api/{path}"), &headers, b"")
}

fn bearer(server: &Server, token: &str) -> http::Response {
    get_with(server, "User/1001001", &format!("Bearer {token}"))
}

#[test]
fn a_token_signs_in_over_rest_and_xmpp_and_a_bad_one_does_not() {
    let provider = Provider::new();
    let server = provider.server("SSO");
    for good in ["good", "curve", "many"] {
        let answer = bearer(&server, provider.token(good));
        assert_eq!((answer.status, text_of(&answer.body, "loginId").as_str()), (200, "1001001"), "{good}");
    }
    let bad = [
        "expired", "early", "endless", "issuer", "audience", "nobody", "nameless", "forged", "confused",
        "none",
    ];
    for bad in bad {
        let answer = bearer(&server, provider.token(bad));
        assert_eq!(
            (answer.status, text_of(&answer.body, "ErrorType").as_str()),
            (401, "Authorization Failure"),
            "{bad}"
        );
    }
    for broken in ["", "x", "a.b.c", "eyJhbGciOiJSUzI1NiJ9..", &"e".repeat(7_000)] {
        assert_eq!(bearer(&server, broken).status, 401, "{broken}");
    }

    // the same token is the password of XMPP
    Tcp::bound_with_password(&server, "1001001", provider.token("good"), "desk");
    Tcp::bound_with_password(&server, "1001001", provider.token("curve"), "other");
    let info = get_with(&server, "SystemInfo", "").body;
    assert_eq!(text_of(&info, "systemAuthMode"), "SSO");
    assert!(!server.log().contains(provider.token("good")), "a token is a secret");
}

#[test]
fn with_sso_passwords_are_for_administrators_and_service_accounts() {
    let provider = Provider::new();
    let server = provider.server("SSO");
    assert_eq!(Rest::new(&server, "1001001").get("User/1001001").status, 401);
    assert_eq!(Rest::new(&server, "administrator").get("User/1001001").status, 200);
    Tcp::bound(&server, "finesse", "service");
    // as a client that knows only Basic sends it, and for nobody else
    let token = provider.token("good");
    assert_eq!(Rest::with_password(&server, "agent1", token).get("User/1001001").status, 200);
    assert_eq!(Rest::with_password(&server, "1001002", token).get("User/1001002").status, 401);
}

#[test]
fn with_hybrid_either_will_do_and_without_sso_no_token_does() {
    let provider = Provider::new();
    let server = provider.server("HYBRID");
    assert_eq!(Rest::new(&server, "1001001").get("User/1001001").status, 200);
    assert_eq!(bearer(&server, provider.token("good")).status, 200);
    let sign_in = "<User><state>LOGIN</state><extension>2001</extension></User>";
    let headers = [("Authorization", &*format!("Bearer {}", provider.token("good")))];
    let put = http::request(
        &server.address("rest_plain"),
        "PUT",
        "/finesse/api/User/1001001",
        &headers,
        sign_in.as_bytes(),
    );
    assert_eq!(put.status, 202, "{}", put.body);
    drop(server);
    let server = Server::start();
    assert_eq!(bearer(&server, provider.token("good")).status, 401);
}

#[test]
fn a_session_ends_with_its_token_by_name_over_every_transport() {
    let provider = Provider::new();
    let server = provider.server("HYBRID");
    let mut lasting = Bosh::open(&server).signed_in_with("1001001", provider.token("good"), "lasting");
    let token = provider.token_for(15);
    let mut bosh = Bosh::open(&server).signed_in_with("1001001", &token, "over-bosh");
    let mut websocket = WebSocket::sign_in_with(&server, "1001001", &token, "over-websocket");
    let mut tcp = Tcp::bound_with_password(&server, "1001001", &token, "over-tcp");
    // its session waits for the client, and not longer than the token is good
    let mut lost = Tcp::bound_with_password(&server, "1001001", &token, "lost");
    lost.send(b"<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    lost.read_to("</enabled>");
    drop(lost);

    for resource in ["over-bosh", "over-websocket", "over-tcp", "lost"] {
        let tombstone = server.tombstone(&["1001001", resource, "\"credential-expired\""]);
        assert!(tombstone.contains("\"not-authorized\""), "{tombstone}");
    }
    let refused = || (bearer(&server, &token).status == 401).then_some(());
    eventually("the token is refused too, within its last second", Duration::from_secs(10), refused);
    let late = bosh.send("").body;
    assert!(late.contains("<not-authorized") && late.contains("<credentials-expired"), "{late}");
    assert!(late.contains("condition=\"remote-stream-error\""), "{late}");
    let (said, _) = websocket.to_the_end();
    assert!(said.concat().contains("<credentials-expired"), "{said:?}");
    assert!(tcp.read_to_close().contains("the token has expired"));
    let why = server.aplomb(&["why", "1001001"]);
    let why = String::from_utf8_lossy(&why.stdout).into_owned();
    assert!(why.contains("its credential was no longer good"), "{why}");
    // whoever has a token that is still good goes on, and may come back
    assert!(!lasting.send("").body.contains("terminate"));
}

#[test]
fn a_session_that_is_resumed_lasts_as_long_as_the_new_token() {
    let provider = Provider::new();
    let server = provider.server("SSO");
    let mut first = Tcp::bound_with_password(&server, "1001001", &provider.token_for(15), "desk");
    first.send(b"<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    let enabled = first.read_to("</enabled>");
    let id = enabled.split_once("id=\"").and_then(|(_, rest)| rest.split_once('"')).unwrap().0.to_owned();
    drop(first);
    let mut second = Tcp::authenticated(&server, "1001001", provider.token("good"));
    second.send(format!("<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='0'/>").as_bytes());
    second.read_past("<resumed ");
    let _short = Tcp::bound_with_password(&server, "1001001", &provider.token_for(15), "short");
    // the first token is no good any more either
    server.tombstone(&["1001001", "short", "\"credential-expired\""]);
    second.send(b"<iq type='get' id='alive'><ping xmlns='urn:xmpp:ping'/></iq>");
    second.read_past("id=\"alive\"");
}

/// Keys that the server takes over come within this time, however busy the machine is.
const TAKEN_WITHIN: Duration = Duration::from_secs(60);

#[test]
fn new_keys_of_the_provider_are_taken_without_a_restart() {
    let (provider, later) = (Provider::new(), Provider::renamed("three"));
    let server = provider.server("SSO");
    let status = |token: &str| bearer(&server, token).status;
    assert_eq!((status(provider.token("good")), status(later.token("good"))), (200, 401));
    let before = provider.keys();
    // a token of an unknown key makes the server look
    provider.write_keys(&later.keys());
    eventually("the new keys are in force", TAKEN_WITHIN, || {
        (status(later.token("good")) == 200).then_some(())
    });
    assert_eq!(status(provider.token("good")), 401, "the former ones are not");
    Tcp::bound_with_password(&server, "1001001", later.token("good"), "desk");

    // what is no set of keys changes nothing
    provider.write_keys("{ half of");
    server.hang_up();
    eventually("the fault is told", TAKEN_WITHIN, || server.log().contains("stay as before").then_some(()));
    assert_eq!(status(later.token("good")), 200);

    // and nobody has to bring a token
    let taken = || server.log().matches("keys are taken anew").count();
    let taken_before = taken();
    provider.write_keys(&before);
    server.hang_up();
    eventually("the former keys are back", TAKEN_WITHIN, || (taken() > taken_before).then_some(()));
    assert_eq!((status(provider.token("good")), status(later.token("good"))), (200, 401));
}

/// What the log says of keys that cannot be had or used.
const STAY: &str = "the identity provider's keys stay as before";

/// A server that asks for keys there.
fn asking(at: &KeyServer, settings: &[&str]) -> Server {
    let ca = format!("sso.ca={}", at.certificate().display());
    let mut all = vec!["sso.mode=SSO", "sso.audience=aplomb", ca.as_str()];
    all.extend(settings);
    Server::with(&all)
}

/// How many lines of the log have all of these words.
fn told(server: &Server, words: &[&str]) -> usize {
    server.log().lines().filter(|line| words.iter().all(|word| line.contains(word))).count()
}

/// Waits for one more than there were.
fn until_told(server: &Server, words: &[&str], before: usize) {
    let is_told = || (told(server, words) > before).then_some(());
    eventually(&format!("a line with {words:?}"), TAKEN_WITHIN, is_told);
}

#[test]
fn keys_come_over_tls_from_an_address_and_stay_while_nobody_answers_there() {
    let (provider, at) = (Provider::new(), KeyServer::start());
    at.says(Says::Unavailable);
    let server = asking(&at, &[&format!("sso.keys_url={}", at.url("/keys"))]);
    let good = |provider: &Provider| bearer(&server, provider.token("good")).status == 200;
    // the server is there before the provider is
    until_told(&server, &[STAY, "503"], 0);
    assert!(!good(&provider));
    at.says(Says::Keys(provider.keys()));
    eventually("the provider is asked again", TAKEN_WITHIN, || good(&provider).then_some(()));

    // new keys, under another name
    let renewed = Provider::renamed("new");
    at.says(Says::Keys(renewed.keys()));
    eventually("the new keys are taken", TAKEN_WITHIN, || good(&renewed).then_some(()));
    assert!(!good(&provider), "the old ones are gone");

    for (says, why) in [
        (Says::Unavailable, "503"),
        (Says::Keys("{}".into()), "not a JSON Web Key Set"),
        (Says::Keys(" ".repeat(2 * 1024 * 1024)), "limit"),
    ] {
        let before = told(&server, &[STAY, why]);
        at.says(says);
        server.hang_up();
        until_told(&server, &[STAY, why], before);
        assert!(good(&renewed), "the keys of before are good");
    }
}

#[test]
fn the_issuer_says_where_its_keys_are() {
    let at = KeyServer::start();
    let provider = Provider::called("one", &at.url(""));
    at.says(Says::Keys(provider.keys()));
    let server = asking(&at, &[&format!("sso.issuer={}", at.url(""))]);
    let is_good = || (bearer(&server, provider.token("good")).status == 200).then_some(());
    eventually("the keys are found", TAKEN_WITHIN, is_good);
    assert_eq!(bearer(&server, Provider::new().token("good")).status, 401, "another issuer");
}

#[test]
fn keys_of_an_address_that_somebody_else_could_answer_for_are_not_taken() {
    let (provider, at) = (Provider::new(), KeyServer::start());
    at.says(Says::Keys(provider.keys()));
    let keys = format!("sso.keys_url={}", at.url("/keys"));
    let server = Server::with(&["sso.mode=SSO", "sso.audience=aplomb", &keys]);
    until_told(&server, &[STAY, "UnknownIssuer"], 0);
    assert_eq!(bearer(&server, provider.token("good")).status, 401);
    drop(server);
    // sent on to where there is no TLS
    at.says(Says::Elsewhere("http://localhost:9/keys".into()));
    let server = asking(&at, &[&keys]);
    until_told(&server, &[STAY, "https"], 0);
    drop(server);
    let server = asking(&at, &["sso.keys_url=http://localhost:9/keys"]);
    until_told(&server, &["WARN", "sso.keys_url", "can give us keys"], 0);
}
