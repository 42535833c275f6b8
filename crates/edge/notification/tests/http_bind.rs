//! http-bind as HTTP clients see it, on a service in this process.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use accounts::{Account, Accounts, Password, Roles, hash};
use aplomb_notification::limits::Limits;
use aplomb_notification::{Config, HttpBind, Memory, Metrics, Presence, Service};
use bytes::Bytes;
use credentials::Checker;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use listen::{Behind, Listener, Peer};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

const CREATION: &str = r#"to="localhost" ver="1.9" wait="30" hold="1" xmpp:version="1.0""#;
/// `\0agent\0open sesame` for the users `1` and `2`.
const PLAIN: [&str; 2] = ["ADEAb3BlbiBzZXNhbWU=", "ADIAb3BlbiBzZXNhbWU="];
const BIND: &str = r#"<iq xmlns="jabber:client" id="bind" type="set"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>desk</resource></bind></iq>"#;
const PING: &str =
    r#"<iq xmlns="jabber:client" id="ping" type="get" to="localhost"><ping xmlns="urn:xmpp:ping"/></iq>"#;

struct Nobody;

impl pubsub::Policy for Nobody {
    fn default_nodes(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn may_subscribe(&self, _: &str, _: &str) -> bool {
        false
    }

    fn visible_nodes(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

struct Site {
    http_bind: HttpBind,
    peer: Peer,
    _presence: mpsc::Receiver<Presence>,
}

/// One client of http-bind.
struct Client<'a> {
    site: &'a Site,
    sid: String,
    rid: u64,
}

async fn site(config: Config) -> Site {
    let config = Config {
        domain: "localhost".into(),
        pubsub_domain: "pubsub.localhost".into(),
        service_user: "finesse".into(),
        shards: 1,
        ..config
    };
    let password = hash(&Password::new("open sesame"), b"a salt for tests").unwrap();
    let users = ["1", "2"].map(|id| Account {
        id: id.into(),
        login_name: format!("agent{id}"),
        roles: Roles { agent: true, ..Roles::default() },
        password: password.clone(),
        scram: Vec::new(),
    });
    let checker = Checker::new(Accounts::new(users, [7; 32]));
    let (service, presence) =
        Service::start(config, checker, Box::new(Nobody), [], Memory::default(), Metrics::default());
    Site { http_bind: service.http_bind(), peer: somebody().await, _presence: presence }
}

/// Who connects from this machine.
async fn somebody() -> Peer {
    let listener = Listener::bind("test", "127.0.0.1:0", None).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, mut told) = mpsc::channel(1);
    tokio::spawn(listener.run(move |_, peer| {
        let tell = tell.clone();
        async move { tell.send(peer).await.unwrap() }
    }));
    let _connection = TcpStream::connect(address).await.unwrap();
    told.recv().await.unwrap()
}

fn body(attributes: &str, payload: &str) -> String {
    format!(
        r#"<body xmlns="http://jabber.org/protocol/httpbind" xmlns:xmpp="urn:xmpp:xbosh" {attributes}>{payload}</body>"#
    )
}

/// The value of an attribute of the body.
fn attribute(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!(r#" {name}=""#))?;
    Some(rest.split_once('"')?.0.to_owned())
}

impl Site {
    async fn ask(&self, method: Method, uri: &str, body: &str, encrypted: bool) -> Response<String> {
        let request = Request::builder().method(method).uri(uri);
        let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).unwrap();
        let peer = Peer { encrypted, ..self.peer };
        let response = self.http_bind.handle(request, peer, Behind::NEVER).await;
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Response::from_parts(head, String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn post(&self, body: &str) -> Response<String> {
        self.ask(Method::POST, "/http-bind/", body, true).await
    }

    /// What the first request of a session is answered with.
    async fn creation(&self, attributes: &str) -> String {
        let attributes = format!(r#"rid="1" ver="1.9" wait="30" hold="1" xmpp:version="1.0" {attributes}"#);
        self.post(&body(&attributes, "")).await.into_body()
    }

    async fn client(&self) -> Client<'_> {
        let created = self.post(&body(&format!(r#"rid="1" {CREATION}"#), "")).await.into_body();
        Client { site: self, sid: attribute(&created, "sid").unwrap(), rid: 1 }
    }
}

impl Client<'_> {
    async fn say(&mut self, attributes: &str, payload: &str) -> String {
        self.rid += 1;
        let attributes = format!(r#"sid="{}" rid="{}" {attributes}"#, self.sid, self.rid);
        self.site.post(&body(&attributes, payload)).await.into_body()
    }

    /// Signs a stream in and binds a resource.
    async fn sign_in(&mut self, stream: &str, plain: &str) {
        let auth =
            format!(r#"<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">{plain}</auth>"#);
        let success = self.say(stream, &auth).await;
        assert!(success.contains("<success"), "{success}");
        let restarted = self.say(&format!(r#"{stream} xmpp:restart="true""#), "").await;
        assert!(restarted.contains("<stream:features"), "{restarted}");
        let bound = self.say(stream, BIND).await;
        assert!(bound.contains("@localhost/desk</jid>"), "{bound}");
    }
}

#[tokio::test]
async fn two_users_share_one_session_on_two_streams() {
    let site = site(Config::default()).await;
    let mut client = site.client().await;
    client.sign_in("", PLAIN[0]).await;
    let opened = client.say(r#"to="localhost" xml:lang="en""#, "").await;
    let second = format!(r#"stream="{}""#, attribute(&opened, "stream").unwrap());
    assert!(opened.contains("<mechanism>PLAIN</mechanism>"), "a stream of its own begins: {opened}");
    client.sign_in(&second, PLAIN[1]).await;
    let pong = client.say(&second, PING).await;
    assert!(pong.contains(&second) && pong.contains(r#"to="2@localhost/desk""#), "{pong}");
    let closed = client.say(&format!(r#"{second} type="terminate""#), "").await;
    assert!(closed.contains(r#" type="terminate""#) && closed.contains(&second), "{closed}");
    let first = format!(r#"stream="{}-1""#, client.sid);
    let pong = client.say(&first, PING).await;
    assert!(pong.contains(r#"to="1@localhost/desk""#), "the other stream lives: {pong}");
    client.say(r#"type="terminate""#, "").await;
    let late = client.say("", "").await;
    assert!(late.contains(r#" type="terminate""#), "{late}");
}

#[tokio::test]
async fn an_answer_has_the_type_the_client_asked_for_and_runs_nothing_when_it_is_shown() {
    let site = site(Config::default()).await;
    let html = format!(r#"rid="1" {CREATION} content="text/html""#);
    for (attributes, content_type) in
        [(html, "text/html"), (format!(r#"rid="1" {CREATION}"#), "text/xml; charset=utf-8")]
    {
        let created = site.post(&body(&attributes, "")).await;
        assert_eq!(created.headers()[header::CONTENT_TYPE], content_type);
        assert_eq!(created.headers()[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
        assert_eq!(created.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}

#[tokio::test]
async fn a_client_in_the_clear_is_sent_where_the_configuration_says() {
    let see_other_uri = Some("https://desk.example:7443/http-bind/".into());
    let site = site(Config { see_other_uri, ..Config::default() }).await;
    let creation = body(&format!(r#"rid="1" {CREATION}"#), "");
    let sent = site.ask(Method::POST, "/http-bind/", &creation, false).await.into_body();
    assert!(sent.contains(r#" condition="see-other-uri""#), "{sent}");
    assert!(sent.contains("<uri>https://desk.example:7443/http-bind/</uri>"), "{sent}");
    let taken = site.post(&creation).await.into_body();
    assert!(attribute(&taken, "sid").is_some(), "{taken}");
}

#[tokio::test]
async fn the_script_syntax_is_off_unless_configured() {
    let query =
        "/http-bind/?%3Cbody%20rid='1'%20to='localhost'%20xmlns='http://jabber.org/protocol/httpbind'/%3E";
    let refused = site(Config::default()).await.ask(Method::GET, query, "", true).await;
    assert_eq!((refused.status(), refused.body().as_str()), (StatusCode::NOT_FOUND, ""));
    let site = site(Config { script_syntax: true, ..Config::default() }).await;
    let answer = site.ask(Method::GET, query, "", true).await;
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store, no-cache");
    let script = answer.body();
    assert!(
        script.starts_with(r#"_BOSH_("<body xmlns=\"http"#) && script.ends_with(r#"</body>")"#),
        "{script}"
    );
    let broken = site.ask(Method::GET, "/http-bind/?%3Cbody%2", "", true).await.into_body();
    assert!(broken.contains(r#"condition=\"bad-request\""#), "{broken}");
    let page = site.ask(Method::GET, "/http-bind/?a=b", "", true).await;
    assert!(page.body().starts_with("<!DOCTYPE html>"));
}

/// An operator who renamed the domain, and wants clients that are not up to date to fail.
fn strict() -> Config {
    Config {
        former_domains: vec!["old.example".into()],
        refuse_other_domains: true,
        refuse_routes: true,
        ..Config::default()
    }
}

#[tokio::test]
async fn a_session_to_the_wrong_place_is_refused_by_name() {
    let site = site(strict()).await;
    let refused = [
        (r#"to="Old.example""#, "host-gone"),
        (r#"to="elsewhere.example""#, "host-unknown"),
        (r#"to="1@localhost""#, "improper-addressing"),
        (r#"to="localhost" route="xmpp:elsewhere.example:5222""#, "remote-connection-failed"),
    ];
    for (attributes, condition) in refused {
        let answer = site.creation(attributes).await;
        assert_eq!(attribute(&answer, "condition").as_deref(), Some(condition), "{attributes}: {answer}");
        assert_eq!(attribute(&answer, "sid"), None, "{answer}");
    }
    let route = r#"to="localhost" route="xmpp:localhost:5222""#;
    for served in [r#"to="localhost""#, r#"to="192.0.2.7""#, r#"to="""#, "", route] {
        let answer = site.creation(served).await;
        assert_eq!(attribute(&answer, "from").as_deref(), Some("localhost"), "{served}: {answer}");
    }
}

#[tokio::test]
async fn other_domains_and_routes_are_served_unless_the_operator_refuses_them() {
    let site = site(Config::default()).await;
    for served in [r#"to="elsewhere.example""#, r#"to="localhost" route="xmpp:elsewhere.example:5222""#] {
        let answer = site.creation(served).await;
        assert_eq!(attribute(&answer, "from").as_deref(), Some("localhost"), "{served}: {answer}");
    }
    let answer = site.creation(r#"to="two words""#).await;
    assert_eq!(attribute(&answer, "condition").as_deref(), Some("improper-addressing"), "{answer}");
}

#[tokio::test]
async fn a_stream_to_the_wrong_place_is_closed_and_the_others_live() {
    let site = site(strict()).await;
    let mut client = site.client().await;
    client.sign_in("", PLAIN[0]).await;
    let refused = client.say(r#"to="old.example""#, "").await;
    assert_eq!(attribute(&refused, "condition").as_deref(), Some("host-gone"), "{refused}");
    assert_eq!(attribute(&refused, "stream"), Some(format!("{}-2", client.sid)), "{refused}");
    let pong = client.say("", PING).await;
    assert!(pong.contains(r#"to="1@localhost/desk""#), "{pong}");
    let mut other = site.client().await;
    let refused = other.say(r#"xmpp:restart="true" to="elsewhere.example""#, "").await;
    assert_eq!(attribute(&refused, "condition").as_deref(), Some("host-unknown"), "{refused}");
}

#[tokio::test]
async fn one_session_more_than_may_be_is_refused_until_one_ends() {
    let limits = Limits { bosh_sessions_max: 2, ..Limits::default() };
    let site = site(Config { limits, ..Config::default() }).await;
    let (mut first, _second) = (site.client().await, site.client().await);
    let refused = site.creation(r#"to="localhost""#).await;
    assert_eq!(attribute(&refused, "condition").as_deref(), Some("internal-server-error"), "{refused}");
    first.say(r#"type="terminate""#, "").await;
    let taken = site.creation(r#"to="localhost""#).await;
    assert!(attribute(&taken, "sid").is_some(), "{taken}");
}
