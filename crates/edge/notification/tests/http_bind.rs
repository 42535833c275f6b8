//! http-bind as HTTP clients see it, on a service in this process.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use accounts::{Account, Accounts, Password, Roles, hash};
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

async fn site(script_syntax: bool, see_other_uri: Option<&str>) -> Site {
    let config = Config {
        domain: "localhost".into(),
        pubsub_domain: "pubsub.localhost".into(),
        service_user: "finesse".into(),
        see_other_uri: see_other_uri.map(str::to_owned),
        script_syntax,
        shards: 1,
        ..Config::default()
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
    let site = site(false, None).await;
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
    let site = site(false, None).await;
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
    let site = site(false, Some("https://desk.example:7443/http-bind/")).await;
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
    let refused = site(false, None).await.ask(Method::GET, query, "", true).await;
    assert_eq!((refused.status(), refused.body().as_str()), (StatusCode::NOT_FOUND, ""));
    let site = site(true, None).await;
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
