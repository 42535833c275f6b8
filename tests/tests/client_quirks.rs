//! What clients of other people do that no document asks for, and what they break on. Each here as they write it; what
//! the scenes with real clients and the conformance suite show is not shown again.

use aplomb_tests::bosh::{HTTPBIND, attribute};
use aplomb_tests::publisher::PLAIN_TCP;
use aplomb_tests::rest::text_of;
use aplomb_tests::tcp::HEADER;
use aplomb_tests::websocket::WebSocket;
use aplomb_tests::{Bosh, PASSWORD, Rest, Server, Tcp, eventually, http};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::io::{Read, Write};
use std::time::Duration;

const AGENT: &str = "1001001";

fn auth(attributes: &str) -> String {
    let plain = BASE64_STANDARD.encode(format!("\0{AGENT}\0{PASSWORD}"));
    format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'{attributes}>{plain}</auth>")
}

fn iq(id: &str, to: &str, payload: &str) -> String {
    let to = if to.is_empty() { String::new() } else { format!(" to='{to}'") };
    format!("<iq xmlns='jabber:client' type='get' id='{id}'{to}>{payload}</iq>")
}

/// The answer to a question, with what came before it.
fn ask(client: &mut Tcp, id: &str, to: &str, payload: &str) -> String {
    client.send(iq(id, to, payload).as_bytes());
    let answer = client.read_past(&format!("id=\"{id}\""));
    if answer.trim_end().ends_with("</iq>") { answer } else { answer + &client.read_to("</iq>") }
}

#[test]
fn pidgin_begins_in_two_writes_and_asks_for_everything_before_its_first_presence() {
    let server = Server::with(&[PLAIN_TCP]);
    let mut client = Tcp::new(&server);
    let (declaration, header) = HEADER.split_once("?>").unwrap();
    client.send(format!("{declaration}?>").as_bytes());
    client.send(header.as_bytes());
    client.read_to("</stream:features>");
    let google =
        " xmlns:ga='http://www.google.com/talk/protocol/auth' ga:client-uses-full-bind-result='true'";
    client.send(auth(google).as_bytes());
    assert!(client.read_to("</success>").contains("<success"));
    client.send(HEADER.as_bytes());
    client.read_to("</stream:features>");
    client.send(
        b"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>p</resource></bind></iq>",
    );
    client.read_to("</iq>");
    client.send(b"<iq type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>");
    assert!(client.read_to("</iq>").contains("type=\"result\""));

    let items = ask(&mut client, "i", "localhost", "<query xmlns='http://jabber.org/protocol/disco#items'/>");
    assert!(items.contains("pubsub.localhost"), "{items}");
    for (n, (to, payload)) in [
        ("localhost", "<query xmlns='http://jabber.org/protocol/disco#info'/>"),
        ("pubsub.localhost", "<query xmlns='http://jabber.org/protocol/disco#info'/>"),
        ("", "<vCard xmlns='vcard-temp'/>"),
        ("", "<query xmlns='jabber:iq:roster'/>"),
        ("", "<query xmlns='jabber:iq:roster' ver=''/>"),
        ("localhost", "<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>"),
        ("", "<blocklist xmlns='urn:xmpp:blocking'/>"),
        ("", "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query>"),
        ("", "<query xmlns='urn:example:nobody-knows'/>"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = ask(&mut client, &format!("q{n}"), to, payload);
        assert!(answer.contains("type=\"result\"") || answer.contains("type=\"error\""), "{payload}: {answer}");
    }
}

#[test]
fn profanity_says_back_what_it_finds_in_the_features_bind() {
    let server = Server::with(&[PLAIN_TCP]);
    let mut client = Tcp::open(&server);
    client.send(auth("").as_bytes());
    client.read_to("</success>");
    client.send(HEADER.as_bytes());
    let features = client.read_to("</stream:features>");
    let inside = features.split_once("urn:ietf:params:xml:ns:xmpp-bind\">").unwrap().1;
    let inside = inside.split_once("</bind>").unwrap().0;
    for copied in [inside, "<required/>"] {
        client.send(
            format!(
                "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>{copied}<resource>profanity</resource></bind></iq>"
            )
            .as_bytes(),
        );
        let answer = client.read_to("</iq>");
        // the second is one too many
        assert!(answer.contains("1001001@localhost/profanity") || copied == "<required/>", "{answer}");
    }
}

#[test]
fn smack_3_takes_a_node_for_a_leaf_by_its_first_identity() {
    let server = Server::with(&[PLAIN_TCP]);
    let mut client = Tcp::sign_in(&server, AGENT, "Smack");
    let node = format!("/finesse/api/User/{AGENT}");
    let query = format!("<query xmlns='http://jabber.org/protocol/disco#info' node='{node}'/>");
    let answer = ask(&mut client, "n", "pubsub.localhost", &query);
    let identity = answer.split_once("<identity ").unwrap_or_else(|| panic!("{answer}")).1;
    let identity = identity.split('>').next().unwrap();
    assert!(identity.contains("category=\"pubsub\"") && identity.contains("type=\"leaf\""), "{answer}");
    assert!(answer.contains("from=\"pubsub.localhost\""), "{answer}");
}

#[test]
fn jabberwerx_wants_no_data_in_success_and_binds_though_its_restart_is_not_answered() {
    let server = Server::start();
    let mut client = Bosh::open(&server);
    let success = client.auth(AGENT, PASSWORD).body;
    assert!(success.contains("<success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"></success>"), "{success}");
    let bound = client.send(
        "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
         <resource>desktop</resource></bind></iq>",
    );
    assert!(bound.body.contains("1001001@localhost/desktop"), "{}", bound.body);
}

#[test]
fn tsung_wants_the_reason_phrase_and_says_a_domain_and_a_route() {
    let server = Server::start();
    let body = format!(
        "<body content='text/xml; charset=utf-8' hold='1' to='localhost' rid='1' route='xmpp:localhost:5222' secure='true' \
         ver='1.8' wait='30' xml:lang='en' xmlns='{HTTPBIND}' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'/>"
    );
    let answer = Bosh::new(&server).post(body.as_bytes());
    assert_eq!((answer.status, answer.reason.as_str()), (200, "OK"));
    assert!(attribute(&answer.body, "sid").is_some(), "{}", answer.body);
}

#[test]
fn a_stream_that_is_opened_to_an_ip_address_is_answered_with_the_domain() {
    let server = Server::with(&[PLAIN_TCP]);
    let mut tcp = Tcp::new(&server);
    tcp.send(HEADER.replace("to='localhost'", "to='127.0.0.1'").as_bytes());
    let answer = tcp.read_to("</stream:features>");
    assert!(answer.contains("from=\"localhost\"") && answer.contains("<mechanism>PLAIN"), "{answer}");

    let mut websocket = WebSocket::new(&server);
    let open = websocket
        .exchange("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='127.0.0.1' version='1.0'/>");
    assert!(open.contains("from=\"localhost\""), "{open}");

    let mut bosh = Bosh::new(&server);
    let answer = bosh.body(
        "to='127.0.0.1' wait='2' hold='1' ver='1.6' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'",
        "",
    );
    assert_eq!(attribute(&answer.body, "from").as_deref(), Some("localhost"), "{}", answer.body);
}

#[test]
fn the_vendors_tcp_sample_signs_in_without_tls_binds_nothing_and_has_its_event() {
    let server = Server::with(&[PLAIN_TCP]);
    let mut client = Tcp::open(&server);
    client.send(auth("").as_bytes());
    client.read_to("</success>");
    client.send(HEADER.as_bytes());
    client.read_to("</stream:features>");
    client.send(b"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    let bound = client.read_to("</iq>");
    assert!(bound.contains("<jid>1001001@localhost/"), "the server makes a resource: {bound}");
    client.send(b"<presence/>");
    client.read_past("finesse@localhost");
    Rest::new(&server, AGENT).sign_in(AGENT, "2001");
    client.read_past("NOT_READY");
}

#[test]
fn a_login_id_with_capitals_is_the_user_whose_jid_has_it_in_lower_case() {
    let server = Server::with(&[PLAIN_TCP]);
    let add = ["user", "add", "AgentX", "--team", "5000", "--demo"];
    let added = server.aplomb_reads(&add, "secret");
    assert!(added.status.success(), "{added:?}");
    eventually("the server knows the user", Duration::from_secs(20), || {
        (Rest::with_password(&server, "AgentX", "secret").get("User/AgentX").status == 200).then_some(())
    });
    let mut client = Tcp::bound_with_password(&server, "agentx", "secret", "desk");
    client.send(
        b"<presence/><iq type='get' id='s' to='pubsub.localhost'>\
        <pubsub xmlns='http://jabber.org/protocol/pubsub'><subscriptions/></pubsub></iq>",
    );
    let subscribed = client.read_past("</pubsub></iq>");
    assert!(subscribed.contains("/finesse/api/User/AgentX/Dialogs"), "{subscribed}");
    let rest = Rest::with_password(&server, "AGENTX", "secret");
    rest.sign_in("agentx", "2001");
    // the simulator has no such agent; that the answer comes shows that the node is the session's
    client.read_past("Generic Error");
    assert_eq!(text_of(&rest.get("User/agentX").body, "loginId"), "AgentX", "as it was given");
}

#[test]
fn the_language_of_a_bosh_session_is_that_of_its_messages() {
    let server = Server::start();
    let mut reader = Bosh::sign_in(&server, "1001002", "reader");
    let mut writer = Bosh::new(&server);
    let opened = writer.body(
        "to='localhost' wait='2' hold='1' ver='1.6' xml:lang='cs' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'",
        "",
    );
    writer.sid = attribute(&opened.body, "sid").unwrap();
    let mut writer = writer.signed_in(AGENT, "writer");
    let to = &reader.jid;
    writer.send(&format!("<message xmlns='jabber:client' type='chat' to='{to}'><body>ahoj</body></message>"));
    let message = eventually("the message comes", Duration::from_secs(20), || {
        Some(reader.send("").body).filter(|body| body.contains("ahoj"))
    });
    assert!(message.contains("xml:lang=\"cs\""), "{message}");
}

#[test]
fn stream_management_is_offered_where_it_can_be_and_not_over_bosh() {
    let server = Server::with(&[PLAIN_TCP]);
    let mut bosh = Bosh::open(&server);
    bosh.auth(AGENT, PASSWORD);
    let features = bosh.body("xmpp:restart='true' to='localhost' xmlns:xmpp='urn:xmpp:xbosh'", "").body;
    assert!(features.contains("xmpp-bind") && !features.contains("urn:xmpp:sm:3"), "{features}");
    let mut tcp = Tcp::open(&server);
    tcp.send(auth("").as_bytes());
    tcp.read_to("</success>");
    tcp.send(HEADER.as_bytes());
    assert!(tcp.read_to("</stream:features>").contains("urn:xmpp:sm:3"));
}

#[test]
fn a_desktop_says_its_locale_with_every_request() {
    let server = Server::start();
    let authorization = format!("Basic {}", BASE64_STANDARD.encode(format!("{AGENT}:{PASSWORD}")));
    let headers = [("Authorization", authorization.as_str()), ("locale", "en_US")];
    let path = format!("/finesse/api/User/{AGENT}");
    let address = server.address("rest_plain");
    let answer = http::request(&address, "GET", &path, &headers, b"");
    assert_eq!((answer.status, text_of(&answer.body, "loginId").as_str()), (200, AGENT), "{}", answer.body);

    let headers = [headers[0], headers[1], ("Content-Type", "application/xml")];
    let sign_in = b"<User><state>LOGIN</state><extension>2001</extension></User>";
    let answer = http::request(&address, "PUT", &path, &headers, sign_in);
    assert_eq!((answer.status, answer.body.as_str()), (202, ""));
    let rest = Rest::new(&server, AGENT);
    eventually("the agent is signed in", Duration::from_secs(20), || {
        (rest.state(AGENT) == "NOT_READY").then_some(())
    });
    let call = b"<Dialog><requestedAction>MAKE_CALL</requestedAction><fromAddress>2001</fromAddress>\
                 <toAddress>2002</toAddress></Dialog>";
    let answer = http::request(&address, "POST", &format!("{path}/Dialogs"), &headers, call);
    assert_eq!((answer.status, answer.body.as_str()), (202, ""));
}

/// .NET's clients send the head of a request with a body, and wait.
#[test]
fn a_client_that_asks_before_it_sends_its_body_is_told_to_continue_by_the_web_service_too() {
    let server = Server::start();
    let mut stream = http::connect(&server.address("rest_plain"));
    let credentials = BASE64_STANDARD.encode(format!("{AGENT}:{PASSWORD}"));
    let body = "<User><state>LOGIN</state><extension>2001</extension></User>";
    let head = |path: &str, length: usize| {
        format!(
            "PUT /finesse/api/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\n\
             Content-Type: application/xml\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    stream.write_all(head("User/1001001", body.len()).as_bytes()).unwrap();
    assert!(head_of(&mut stream).starts_with("HTTP/1.1 100 "));
    stream.write_all(body.as_bytes()).unwrap();
    assert!(head_of(&mut stream).starts_with("HTTP/1.1 202 "), "and the answer");
    // who is refused for what the head says need not send at all
    stream.write_all(head("SystemInfo", 1_000_000).as_bytes()).unwrap();
    assert!(head_of(&mut stream).starts_with("HTTP/1.1 405 "));
}

/// The head of an answer, byte by byte: what comes behind it is the next one's.
fn head_of(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("the server answers");
        head.push(byte[0]);
    }
    String::from_utf8(head).expect("a head is ASCII")
}
