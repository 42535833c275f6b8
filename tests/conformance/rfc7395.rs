//! XMPP over WebSocket.

use crate::case::{Case, Document, Outcome, case};
use crate::client::websocket::{ACCEPT, BINARY, CLOSE, Frame, PING, PONG, TEXT, handshake, open};
use crate::client::{WebSocket, ns, ping};
use crate::subject::{DOMAIN, Subject};
use std::time::Duration;

pub(crate) const DOCUMENT: Document = Document {
    name: "RFC 7395",
    title: "An Extensible Messaging and Presence Protocol (XMPP) Subprotocol for WebSocket",
    sections: &[CASES],
};

const CASES: &[Case] = &[
    case!(the_subprotocol_is_echoed, "3.1", "The server answers with `Sec-WebSocket-Protocol: xmpp`"),
    case!(the_subprotocol_is_chosen_from_several, "3.1", "`xmpp` may be one of several"),
    case!(
        a_client_without_the_subprotocol_does_not_get_xmpp,
        "3.1",
        "The sub-protocol `xmpp` is agreed in the handshake"
    ),
    case!(an_open_is_answered_by_an_open, "3.4", "`<open/>` is answered by `<open/>`"),
    case!(the_open_has_the_attributes_of_a_stream_header, "3.4", "`from`, `id` and `version` are told"),
    case!(features_come_in_a_message_of_their_own, "3.3.3", "Features with the namespace declared"),
    case!(each_message_is_one_whole_element, "3.3.3", "One element a message, with its namespaces declared"),
    case!(stanzas_carry_their_namespace, "3.3.3", "Every stanza declares `jabber:client`"),
    case!(a_message_may_come_in_fragments, "3.2", "Fragmented messages are understood (RFC 6455 §5.4)"),
    case!(binary_data_is_refused, "3.2", "Data frames are of type text"),
    case!(sign_in_restarts_with_an_open, "3.7", "After sign-in the client sends `<open/>` again"),
    case!(a_session_is_served, "3.3", "Sign-in, bind, IQ"),
    case!(features_offer_no_starttls, "3.9", "TLS belongs to WebSocket: no STARTTLS"),
    case!(
        a_close_is_answered_by_a_close,
        "3.6",
        "`<close/>` is answered by `<close/>`, then the connection closes"
    ),
    case!(
        a_stream_error_comes_in_one_message_before_the_close,
        "3.5",
        "Stream error, `<close/>`, close frame"
    ),
    case!(a_message_that_is_not_well_formed_ends_the_stream, "3.3.3", "not-well-formed"),
    case!(a_stream_header_of_tcp_is_refused, "3.4", "The first element is `<open/>`"),
    case!(a_ping_frame_is_answered_by_a_pong, "3.8", "Ping and pong frames (RFC 6455 §5.5.2)"),
    case!(
        a_close_frame_without_close_ends_the_session,
        "3.6",
        "An abrupt close is answered by a close frame"
    ),
    case!(an_unknown_domain_is_told, "3.5", "host-unknown, or the served domain in `from`"),
];

fn the_subprotocol_is_echoed(subject: &Subject) -> Outcome {
    let (answer, _) = handshake(subject, Some("xmpp"));
    assert_eq!(answer.status, 101);
    assert_eq!(answer.header("sec-websocket-protocol"), Some("xmpp"));
    assert_eq!(answer.header("sec-websocket-accept"), Some(ACCEPT));
    Ok(())
}

fn the_subprotocol_is_chosen_from_several(subject: &Subject) -> Outcome {
    let (answer, _) = handshake(subject, Some("chat, xmpp"));
    assert_eq!((answer.status, answer.header("sec-websocket-protocol")), (101, Some("xmpp")));
    Ok(())
}

fn a_client_without_the_subprotocol_does_not_get_xmpp(subject: &Subject) -> Outcome {
    for protocol in [None, Some("chat")] {
        let (answer, mut websocket) = handshake(subject, protocol);
        if answer.status == 101 {
            websocket.send(&open());
            match websocket.hear() {
                Frame::Text(text) => panic!("{protocol:?} was asked for, and {text} came"),
                Frame::Other(..) | Frame::End => {}
                Frame::Silence => panic!("neither served nor refused"),
            }
        }
    }
    Ok(())
}

fn an_open_is_answered_by_an_open(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::connect(subject);
    websocket.send(&open());
    let answer = websocket.element();
    assert!(answer.is(ns::FRAMING, "open"), "{answer}");
    assert!(answer.children.is_empty() && answer.text.is_empty(), "{answer}");
    Ok(())
}

fn the_open_has_the_attributes_of_a_stream_header(subject: &Subject) -> Outcome {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut websocket = WebSocket::connect(subject);
        websocket.send(&open());
        let answer = websocket.element();
        assert_eq!((answer.attr("from"), answer.attr("version")), (Some(DOMAIN), Some("1.0")), "{answer}");
        ids.push(answer.attr("id").expect("id").to_owned());
    }
    assert_ne!(ids[0], ids[1]);
    Ok(())
}

fn features_come_in_a_message_of_their_own(subject: &Subject) -> Outcome {
    let (_, features) = WebSocket::open(subject);
    assert!(features.child(ns::SASL, "mechanisms").is_some(), "{features}");
    Ok(())
}

fn each_message_is_one_whole_element(subject: &Subject) -> Outcome {
    // Every message is read by a parser that knows no other message, and has to begin with `<`.
    let mut websocket = WebSocket::sign_in(subject);
    websocket.send("<presence xmlns='jabber:client'/>");
    for n in 0..3 {
        websocket.send(&ping(&format!("p{n}")));
    }
    websocket.wait_for("the last answer", |element| element.has_id("p2"));
    Ok(())
}

fn stanzas_carry_their_namespace(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::sign_in(subject);
    websocket.send(&ping("p"));
    let answer = websocket.wait_for("the answer", |element| element.has_id("p"));
    assert!(answer.is(ns::CLIENT, "iq"), "{answer}");
    Ok(())
}

fn a_message_may_come_in_fragments(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::sign_in(subject);
    let text = ping("in-pieces");
    let (one, rest) = text.as_bytes().split_at(10);
    let (two, three) = rest.split_at(10);
    websocket.send_frame(TEXT, one);
    websocket.send_frame(0, two);
    websocket.send_frame(0x80, three);
    websocket.wait_for("the answer", |element| element.has_id("in-pieces"));
    Ok(())
}

fn binary_data_is_refused(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::sign_in(subject);
    websocket.send_frame(0x80 | BINARY, ping("binary").as_bytes());
    let (texts, _) = websocket.ending();
    assert!(!texts.iter().any(|text| text.has_id("binary")), "{texts:?}");
    Ok(())
}

fn sign_in_restarts_with_an_open(subject: &Subject) -> Outcome {
    let (_, features) = WebSocket::authenticated(subject, &subject.user());
    assert!(features.child(ns::BIND, "bind").is_some(), "{features}");
    assert!(features.child(ns::SASL, "mechanisms").is_none(), "{features}");
    Ok(())
}

fn a_session_is_served(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::sign_in(subject);
    assert!(websocket.jid.ends_with("/conformance"), "{}", websocket.jid);
    websocket.is_alive();
    Ok(())
}

fn features_offer_no_starttls(subject: &Subject) -> Outcome {
    let (_, features) = WebSocket::open(subject);
    assert!(features.find("starttls").is_none(), "{features}");
    Ok(())
}

fn a_close_is_answered_by_a_close(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::sign_in(subject);
    websocket.send(&format!("<close xmlns='{}'/>", ns::FRAMING));
    let (texts, _) = websocket.ending();
    assert!(texts.iter().any(|text| text.is(ns::FRAMING, "close")), "{texts:?}");
    Ok(())
}

fn ends_with_error(websocket: &mut WebSocket, conditions: &[&str]) {
    let (texts, _) = websocket.ending();
    let error = texts.iter().find(|text| text.is(ns::STREAMS, "error"));
    let error = error.unwrap_or_else(|| panic!("no stream error: {texts:?}"));
    let named = error.children.iter().find(|child| child.ns == ns::STREAM_ERRORS && child.name != "text");
    assert!(named.is_some_and(|named| conditions.contains(&named.name.as_str())), "{error}");
    assert!(texts.last().is_some_and(|last| last.is(ns::FRAMING, "close")), "{texts:?}");
}

fn a_stream_error_comes_in_one_message_before_the_close(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::sign_in(subject);
    websocket.send("<note xmlns='jabber:client'/>");
    ends_with_error(&mut websocket, &["unsupported-stanza-type"]);
    Ok(())
}

fn a_message_that_is_not_well_formed_ends_the_stream(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::sign_in(subject);
    websocket.send("<iq xmlns='jabber:client' type='get' id='x'><q></iq>");
    ends_with_error(&mut websocket, &["not-well-formed", "bad-format"]);
    Ok(())
}

fn a_stream_header_of_tcp_is_refused(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::connect(subject);
    websocket.send(&crate::client::tcp::header());
    let (texts, _) = websocket.ending();
    assert!(!texts.iter().any(|text| text.is(ns::STREAMS, "features")), "{texts:?}");
    Ok(())
}

fn a_ping_frame_is_answered_by_a_pong(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::sign_in(subject);
    websocket.send_frame(0x80 | PING, b"are you there");
    loop {
        match websocket.hear() {
            Frame::Other(PONG, payload) => {
                assert_eq!(payload, b"are you there");
                return Ok(());
            }
            Frame::Text(_) => {}
            other => panic!("no pong but {other:?}"),
        }
    }
}

fn a_close_frame_without_close_ends_the_session(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::sign_in(subject);
    websocket.send_frame(0x80 | CLOSE, &1001_u16.to_be_bytes());
    loop {
        match websocket.hear_within(Duration::from_secs(8)) {
            Frame::Other(CLOSE, _) | Frame::End => return Ok(()),
            Frame::Text(_) | Frame::Other(..) => {}
            Frame::Silence => panic!("the connection stays open"),
        }
    }
}

fn an_unknown_domain_is_told(subject: &Subject) -> Outcome {
    let mut websocket = WebSocket::connect(subject);
    websocket.send(&open().replace(DOMAIN, "nowhere.example"));
    let answer = websocket.element();
    if answer.is(ns::FRAMING, "open") && answer.attr("from") == Some(DOMAIN) {
        return Ok(());
    }
    let (texts, _) = websocket.ending();
    let all = [vec![answer], texts].concat();
    assert!(all.iter().any(|text| text.find("host-unknown").is_some()), "{all:?}");
    Ok(())
}
