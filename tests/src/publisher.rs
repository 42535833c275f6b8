//! The service account over XMPP, which may publish to every node: a way to flood one session.

use crate::{Server, Tcp};
use std::io::{Read, Write};
use std::thread::JoinHandle;

/// The setting without which it cannot sign in here.
pub const PLAIN_TCP: &str = "xmpp.allow_plain_tcp=true";

/// Publishes so many items with a payload of so many bytes to a node, without waiting for the answers in between, and
/// returns when the last one was answered.
pub fn flood(server: &Server, node: &str, items: usize, bytes: usize) {
    let mut client = Tcp::bound(server, "finesse", "flood");
    let answers = count_answers(&mut client, items);
    let text = "x".repeat(bytes);
    let mut batch = String::new();
    for n in 0..items {
        batch.push_str(&format!(
            "<iq type='set' id='{n}' to='pubsub.localhost'><pubsub xmlns='http://jabber.org/protocol/pubsub'>\
             <publish node='{node}'><item id='i{n}'><flood xmlns='urn:x:flood'>{text}</flood></item></publish></pubsub></iq>"
        ));
        if batch.len() > 64 * 1024 || n + 1 == items {
            client.stream().write_all(batch.as_bytes()).unwrap();
            batch.clear();
        }
    }
    answers.join().unwrap();
}

/// Reads until so many results have come.
fn count_answers(client: &mut Tcp, items: usize) -> JoinHandle<()> {
    let mut stream = client.stream().try_clone().unwrap();
    std::thread::spawn(move || {
        let (mut seen, mut rest) = (0, Vec::new());
        let mut buffer = vec![0; 64 * 1024];
        while seen < items {
            let count = stream.read(&mut buffer).unwrap();
            assert!(count > 0, "the publisher's stream ended after {seen} answers");
            rest.extend_from_slice(&buffer[..count]);
            let end = rest.iter().rposition(|byte| *byte == b'>').map_or(0, |at| at + 1);
            let text = String::from_utf8_lossy(&rest[..end]).into_owned();
            assert!(!text.contains("type=\"error\""), "{text}");
            seen += text.matches("</iq>").count();
            rest.drain(..end);
        }
    })
}
