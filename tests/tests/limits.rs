//! Limits are the operator's: each setting of `limits.*` that no other file sets is set here to something else than its
//! default, and gone past.

#![allow(clippy::unwrap_used, reason = "tests")]

use aplomb_tests::bosh::attribute;
use aplomb_tests::{Bosh, Rest, Server, Tcp, WebSocket, http, many_attributes};
use std::io::{Read, Write};
use std::time::{Duration, Instant};

const AGENT: &str = "1001001";
const PLAIN_TCP: &str = "xmpp.allow_plain_tcp=true";

fn nested(depth: usize) -> String {
    format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth))
}

/// A message with this inside.
fn message(inside: &str) -> String {
    format!("<message xmlns='jabber:client' to='1001002@localhost'>{inside}</message>")
}

/// The answer to a request of publish-subscribe.
fn ask(client: &mut Tcp, inner: &str) -> String {
    let pubsub = format!("<pubsub xmlns='http://jabber.org/protocol/pubsub'>{inner}</pubsub>");
    client.send(format!("<iq type='set' id='q' to='pubsub.localhost'>{pubsub}</iq>").as_bytes());
    client.read_past("</iq>")
}

fn metric(server: &Server, name: &str) -> Option<String> {
    let metrics = http::request(&server.address("metrics"), "GET", "/metrics", &[], b"").body;
    metrics.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
}

#[test]
fn depth_nodes_and_attributes_of_xml() {
    let settings = ["limits.xml_depth_max=16", "limits.xml_nodes_max=256", "limits.xml_attributes_max=128"];
    let server = Server::with(&[&[PLAIN_TCP][..], &settings].concat());
    let fits = [nested(13), "<a/>".repeat(200), format!("<a{}/>", many_attributes(100))];
    let too_much = [nested(16), "<a/>".repeat(256), format!("<a{}/>", many_attributes(140))];
    for (n, inside) in fits.iter().enumerate() {
        let mut tcp = Tcp::sign_in(&server, AGENT, &format!("fits-{n}"));
        tcp.send(message(inside).as_bytes());
        tcp.send(b"<iq type='get' id='after'><ping xmlns='urn:xmpp:ping'/></iq>");
        tcp.read_past("id=\"after\"");
        let mut bosh = Bosh::sign_in(&server, AGENT, "bosh");
        assert_eq!(attribute(&bosh.send(&message(inside)).body, "type"), None, "{inside}");
        let user = format!("<User><state>NO</state>{inside}</User>");
        let answer = Rest::new(&server, AGENT).put_user(AGENT, &user, "");
        assert!(!answer.body.contains("cannot be read"), "{}", answer.body);
    }
    for (n, inside) in too_much.iter().enumerate() {
        let mut tcp = Tcp::sign_in(&server, AGENT, &format!("tcp-{n}"));
        tcp.send(message(inside).as_bytes());
        assert!(tcp.read_to_close().contains("<policy-violation"), "{inside}");
        let mut websocket = WebSocket::sign_in(&server, AGENT, &format!("websocket-{n}"));
        websocket.send(&message(inside));
        assert!(websocket.to_the_end().0.concat().contains("<policy-violation"), "{inside}");
        let mut bosh = Bosh::sign_in(&server, AGENT, &format!("bosh-{n}"));
        let answer = bosh.send(&message(inside)).body;
        assert_eq!(attribute(&answer, "type").as_deref(), Some("terminate"), "{inside}: {answer}");
        let answer = Rest::new(&server, AGENT).put_user(AGENT, &format!("<User>{inside}</User>"), "");
        assert!(answer.status == 400 && answer.body.contains("cannot be read"), "{}", answer.body);
    }
}

#[test]
fn what_a_client_leaves_unacknowledged_and_for_how_long() {
    let server = Server::with(&[PLAIN_TCP, "limits.unacked_stanzas_max=20", "limits.ack_secs=1"]);
    let ping = "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>";
    let mut client = Tcp::bound(&server, AGENT, "many");
    client.send(b"<enable xmlns='urn:xmpp:sm:3'/>");
    client.read_past("<enabled");
    client.send(ping.repeat(21).as_bytes());
    let said = client.read_to_close();
    assert!(said.contains("<policy-violation"), "{said}");
    assert_eq!(said.matches("<iq").count(), 20, "{said}");
    server.tombstone(&["many", "\"queue-overflow\""]);

    let mut client = Tcp::bound(&server, AGENT, "slow");
    client.send(b"<enable xmlns='urn:xmpp:sm:3'/>");
    client.read_past("<enabled");
    let begun = Instant::now();
    client.send(ping.repeat(16).as_bytes());
    assert!(client.read_to_close().contains("<r "));
    assert!(begun.elapsed() >= Duration::from_secs(1), "not before its time");
    server.tombstone(&["slow", "\"transport-lost\""]);
}

#[test]
fn how_long_the_body_of_a_rest_request_may_take() {
    let server = Server::with(&["limits.rest_body_secs=1"]);
    let mut slow = http::connect(&server.address("rest_plain"));
    // 1001001:aplomb
    let authorization = "Authorization: Basic MTAwMTAwMTphcGxvbWI=";
    let begun = Instant::now();
    write!(
        slow,
        "PUT /finesse/api/User/1001001 HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n\
         Content-Type: application/xml\r\nContent-Length: 4000\r\n\r\n<User>"
    )
    .unwrap();
    let mut answer = vec![0; 4_096];
    let count = slow.read(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer[..count]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(begun.elapsed() >= Duration::from_secs(1), "not before its time");
}

#[test]
fn how_many_resources_subscriptions_and_nodes_there_may_be() {
    let server = Server::with(&[
        PLAIN_TCP,
        "limits.resources_per_user_max=2",
        "limits.subscriptions_per_user_max=1",
        "limits.created_nodes_max=3",
        "limits.nodes_per_user_max=1",
        "pubsub.create_nodes=everyone",
    ]);
    let mut agent = Tcp::bound(&server, AGENT, "first");
    let _second = Tcp::bound(&server, AGENT, "second");
    let mut third = Bosh::open(&server);
    third.auth(AGENT, aplomb_tests::PASSWORD);
    third.body("xmpp:restart='true' to='localhost' xmlns:xmpp='urn:xmpp:xbosh'", "");
    let bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>third</resource></bind>";
    let refused = third.send(&format!("<iq xmlns='jabber:client' type='set' id='b'>{bind}</iq>")).body;
    assert!(refused.contains("limits.resources_per_user_max"), "{refused}");

    let created = ask(&mut agent, "<create node='mine'/>");
    assert!(created.contains("type=\"result\""), "{created}");
    let refused = ask(&mut agent, "<create node='another'/>");
    assert!(
        refused.contains("<too-many-nodes") && refused.contains("limits.nodes_per_user_max"),
        "{refused}"
    );
    let mut service = Tcp::bound(&server, "finesse", "load");
    let answers: Vec<_> =
        (0..3).map(|n| ask(&mut service, &format!("<create node='of the service {n}'/>"))).collect();
    assert!(
        answers[1].contains("type=\"result\"") && answers[2].contains("limits.created_nodes_max"),
        "{answers:?}"
    );

    let subscribe = |node| format!("<subscribe node='{node}' jid='{AGENT}@localhost'/>");
    assert!(ask(&mut agent, &subscribe("mine")).contains("subscription=\"subscribed\""));
    let refused = ask(&mut agent, &subscribe("of the service 0"));
    assert!(refused.contains("limits.subscriptions_per_user_max"), "{refused}");
}

#[test]
fn how_much_is_kept_and_who_reaches_the_bound_is_told_its_name() {
    let server = Server::with(&[PLAIN_TCP, "limits.kept_items_bytes_max=5000"]);
    let mut client = Tcp::bound(&server, "finesse", "load");
    assert!(ask(&mut client, "<create node='n'/>").contains("type=\"result\""));
    let mut publish = |id: &str, bytes: usize| {
        let item = format!("<item id='{id}'><x xmlns='urn:x'>{}</x></item>", "x".repeat(bytes));
        ask(&mut client, &format!("<publish node='n'>{item}</publish>"))
    };
    for id in ["a", "b"] {
        assert!(publish(id, 2_000).contains("type=\"result\""));
    }
    for _ in 0..3 {
        let refused = publish("c", 2_000);
        assert!(refused.contains("<resource-constraint") && refused.contains("type=\"wait\""), "{refused}");
        assert!(refused.contains("limits.kept_items_bytes_max"), "{refused}");
    }
    assert!(publish("a", 1_900).contains("type=\"result\""), "an update needs no more room");
    let counter = "aplomb_notification_refused_total{limit=\"limits.kept_items_bytes_max\"}";
    assert_eq!(metric(&server, counter).as_deref(), Some("3"));
    server.log_line(&["WARN", "requests are refused", "limits.kept_items_bytes_max"]);
    assert_eq!(server.log().matches("requests are refused").count(), 1, "one line, not one for each");
}

#[test]
fn a_limit_out_of_range_is_a_mistake_that_the_server_names() {
    let server = Server::start();
    for (setting, fault) in [
        ("limits.xml_depth_max=3", "16 to 256"),
        ("limits.xml_nodes_max=1", "256 to 65536"),
        ("limits.xml_attributes_max=1000000", "128 to 8192"),
        ("limits.unacked_stanzas_max=0", "1 to 1000000"),
        ("limits.http2_streams_max=0", "1 to 65536"),
    ] {
        let output = server.aplomb_elsewhere(&["serve", "--demo", "--set", setting]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(fault), "{setting}: {said}");
    }
}
