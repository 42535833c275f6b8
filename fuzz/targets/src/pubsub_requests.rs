//! Requests to publish-subscribe, with their forms.

use pubsub::{Delivery, Ids, Policy, Service};
use xml::{Layout, Writer};
use xmpp::payload::{self, Request};
use xmpp::{Jid, Stanza, StanzaError};

/// User `a` may create nodes.
struct Rules;

impl Policy for Rules {
    fn may_subscribe(&self, user: &str, _: &str) -> bool {
        user != "c"
    }

    fn default_nodes(&self, _: &str) -> Vec<String> {
        vec!["/product".to_owned()]
    }

    fn may_publish(&self, user: &str) -> bool {
        user == "a"
    }

    fn roster_groups(&self, _: &str, user: &str) -> Option<Vec<String>> {
        (user == "b").then(|| vec!["group".to_owned()])
    }

    fn visible_nodes(&self, user: &str) -> Vec<String> {
        self.default_nodes(user)
    }
}

/// Stanzas, one a line, the first letter of which says who sends them: whatever they ask, answers and messages are
/// well-formed, and what is refused has changed nothing and told nobody.
pub fn pubsub_requests(data: &[u8]) {
    let mut service = Service::new("pubsub.localhost", Box::new(Rules), Ids::new("run-", 1));
    // the name is our own
    let _ = service.create("/product");
    let mut now = jiff::Timestamp::UNIX_EPOCH;
    for line in data.split(|byte| *byte == b'\n').take(64) {
        let Some((who, stanza)) = line.split_first() else { continue };
        let who = char::from(b'a' + who % 3);
        let Ok(jid) = Jid::new(&format!("{who}@localhost/r")) else { return };
        let Ok(stanza) = Stanza::parse(stanza) else { continue };
        let refused = handle(&mut service, now, &jid, &stanza).is_err();
        while let Some(delivery) = service.poll_delivery() {
            assert!(!refused, "a refused request has told somebody");
            let message = [delivery.head, delivery.tail].concat();
            assert!(
                Stanza::parse(&message).is_ok(),
                "not well-formed: {}",
                String::from_utf8_lossy(&message)
            );
        }
        while let Some(change) = service.poll_change() {
            assert!(!refused, "a refused request has changed something: {change:?}");
        }
        now = now.checked_add(jiff::SignedDuration::from_secs(20)).unwrap_or(now);
        service.handle_timeout(now);
        while service.poll_delivery().is_some() || service.poll_change().is_some() {}
    }
}

/// Asks for what was missed: of nodes that have no such events their state is told, as the publisher would.
fn numbers(
    service: &mut Service,
    now: jiff::Timestamp,
    jid: &Jid,
    request: payload::NumbersRequest,
    writer: &mut Writer,
) {
    let Ok(resource) = jid.try_as_full() else { return };
    let state = |node: String| (node, Some("<state xmlns='urn:x'/>".into()));
    let states = service.lost_states(resource, &request).into_iter().map(state).collect();
    let (deliveries, answer) = service.handle_numbers(now, resource, request, &states);
    for Delivery { to, head, tail, .. } in deliveries {
        assert_eq!(to, *jid, "what one resource missed goes to it alone");
        assert!(Stanza::parse(&[head, tail].concat()).is_ok(), "a message of what was missed is well-formed");
    }
    answer.write(writer);
}

fn handle(
    service: &mut Service,
    now: jiff::Timestamp,
    jid: &Jid,
    stanza: &Stanza<'_>,
) -> Result<(), StanzaError> {
    if let Some(form) = payload::authorization(stanza.root()) {
        return service.handle_authorization(jid, &form);
    }
    let (Some(head), Some(payload)) = (stanza.head(), stanza.payload()) else { return Ok(()) };
    let mut writer = Writer::new(Layout::Compact);
    match payload::request(head.type_.as_deref().unwrap_or(""), payload)? {
        Request::Pubsub(request) => service.handle_request(now, jid, *request)?.write(&mut writer),
        Request::Numbers(request) => {
            numbers(service, now, jid, *request, &mut writer);
        }
        Request::Command(command) => service.handle_command(jid, *command)?.write(&mut writer),
        _ => return Ok(()),
    }
    let answer = writer.finish().0;
    assert!(answer.is_empty() || Stanza::parse(answer.as_bytes()).is_ok(), "not well-formed: {answer}");
    Ok(())
}
