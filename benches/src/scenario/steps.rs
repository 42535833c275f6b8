//! The steps of the path, each by itself.

use super::floor_people::{AGENT, V24, change, frame, identity, poll};
use super::{Scenario, bosh_cycle};
use bytes::Bytes;
use floor::AgentId;
use ged188::message::{AgentStateEvent, CallDeliveredEvent};
use ged188::{Deframer, LocalConnectionState, Message};
use jid::BareJid;
use jiff::Timestamp;
use notify::node;
use pubsub::{Ids, Service};
use std::hint::black_box;

/// All scenarios, the whole cycle first, then in the order of the path.
pub const ALL: &[Scenario] = &[
    Scenario {
        key: "cycle",
        name: "BOSH cycle: event in, answer out, next poll parsed and held",
        prepare: bosh_cycle::prepare,
    },
    Scenario {
        key: "frame",
        name: "CTI frame cut and decoded (AGENT_STATE_EVENT)",
        prepare: |_| decode(frame()),
    },
    Scenario { key: "frame-out", name: "AGENT_STATE_EVENT encoded", prepare: |_| encode(agent_event()) },
    Scenario {
        key: "call",
        name: "CTI frame cut and decoded (CALL_DELIVERED_EVENT, ten variables)",
        prepare: |_| decode(encoded(&call_delivered())),
    },
    Scenario {
        key: "call-out",
        name: "CALL_DELIVERED_EVENT with ten variables encoded",
        prepare: |_| encode(call_delivered()),
    },
    Scenario { key: "render", name: "one agent's change as two notifications", prepare: render },
    Scenario { key: "publish-1", name: "publish to 1 subscriber", prepare: |_| publish(1) },
    Scenario { key: "publish-50", name: "publish to 50 subscribers", prepare: |_| publish(50) },
    Scenario { key: "poll", name: "empty poll parsed", prepare: parse_poll },
];

fn decode(frame: Bytes) -> Box<dyn FnMut()> {
    let mut deframer = Deframer::new(ged188::limits::MESSAGE_BYTES_MAX);
    Box::new(move || {
        deframer.push(black_box(&frame));
        if let Ok(Some(frame)) = deframer.next_frame() {
            drop(black_box(Message::decode(&frame, V24)));
        }
    })
}

fn encode(message: Message) -> Box<dyn FnMut()> {
    Box::new(move || drop(black_box(black_box(&message).encode(V24))))
}

/// The bytes of a message that is known to fit.
fn encoded(message: &Message) -> Bytes {
    message.encode(V24).unwrap_or_default()
}

fn agent_event() -> Message {
    let mut deframer = Deframer::new(ged188::limits::MESSAGE_BYTES_MAX);
    deframer.push(&frame());
    let frame = deframer.next_frame().ok().flatten();
    let message = frame.and_then(|frame| Message::decode(&frame, V24).ok());
    message.unwrap_or_else(|| AgentStateEvent::default().into())
}

/// A call at an agent with numbers, devices, and what a script has put into all ten variables.
fn call_delivered() -> Message {
    let text = |text: &str| Some(text.to_owned());
    let mut event = CallDeliveredEvent {
        peripheral_id: 5000,
        peripheral_type: 17,
        connection_call_id: 16_777_488,
        local_connection_state: LocalConnectionState::ALERTING,
        connection_device_id: text("2003"),
        alerting_device_id: text("2003"),
        calling_device_id: text("5550100"),
        called_device_id: text("7001"),
        ani: text("5550100"),
        dnis: text("7001"),
        dialed_number: text("7001"),
        ..CallDeliveredEvent::default()
    };
    (1..=10).for_each(|number| event.call_variables.set(number, format!("value {number} of the call")));
    event.into()
}

fn render(_: usize) -> Box<dyn FnMut()> {
    let (change, identity) = (change(), identity());
    Box::new(move || drop(black_box(notify::notifications(black_box(&change), &identity))))
}

fn publish(subscribers: usize) -> Box<dyn FnMut()> {
    let mut service = service(subscribers);
    let (node, payload) = notification();
    Box::new(move || {
        let _ = black_box(service.publish(Timestamp::UNIX_EPOCH, &node, black_box(&payload)));
        while let Some(delivery) = service.poll_delivery() {
            drop(black_box(delivery));
        }
    })
}

fn parse_poll(_: usize) -> Box<dyn FnMut()> {
    let bytes = poll(2_779_414_700);
    Box::new(move || drop(black_box(bosh::Body::parse(black_box(&bytes), &xml::Limits::CLIENT))))
}

/// The agent's own notification: node and payload.
pub(super) fn notification() -> (String, Bytes) {
    let own = notify::notifications(&change(), &identity()).into_iter().next();
    own.map(|notification| (notification.node, notification.payload)).unwrap_or_default()
}

/// Publish-subscribe with the agent's node and its subscribers, by bare JID.
pub(super) fn service(subscribers: usize) -> Service {
    let ids = Ids::new("0e6a1f3c-52b7-4a90-8d1e-7f20c4b9a613", 1);
    let mut service = Service::new("pubsub.localhost", Box::new(Everyone), ids);
    let node = node::user(&AgentId::from(AGENT));
    // neither can fail: the names are our own and nobody is refused
    let _ = service.create(&node);
    for n in 0..subscribers {
        if let Ok(user) = BareJid::new(&format!("{}@localhost", 1_001_001 + n)) {
            service.make_defaults(&user);
        }
    }
    service
}

/// Everyone is subscribed to the agent.
struct Everyone;

impl pubsub::Policy for Everyone {
    fn may_subscribe(&self, _: &str, _: &str) -> bool {
        true
    }

    fn default_nodes(&self, _: &str) -> Vec<String> {
        vec![node::user(&AgentId::from(AGENT))]
    }

    fn visible_nodes(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}
