//! What a resource has missed, and the state of what cannot be recovered: the publisher is asked for that.

use super::Router;
use crate::outlet::{Outlet, ToSession};
use bytes::Bytes;
use jiff::Timestamp;
use pubsub::{Delivery, States};
use tokio::sync::mpsc::Sender;
use xmpp::payload::NumbersRequest;
use xmpp::{Condition, FullJid, Head, reply};

/// A question for the publisher of the product's events: what is true of these nodes? To be answered with
/// [`Service::tell_states`](crate::Service::tell_states), behind all events that were published before and ahead of those
/// that will be.
#[derive(Debug)]
pub struct Question {
    /// The nodes.
    pub nodes: Vec<String>,
    /// Which question it is.
    pub ticket: Ticket,
}

/// Which question an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

/// A request that waits for the publisher.
pub(super) struct Waiting {
    jid: FullJid,
    head: Head,
    request: NumbersRequest,
    nodes: Vec<String>,
}

impl Router {
    /// A resource asks for numbers. It is answered at once, unless a state is needed for that.
    pub(super) async fn numbers(&mut self, key: u64, jid: FullJid, head: Head, request: NumbersRequest) {
        let nodes = self.pubsub.lost_states(&jid, &request);
        let publisher = self.publisher.clone().filter(|_| !nodes.is_empty());
        let Some(publisher) = publisher else {
            let none = nodes.into_iter().map(|node| (node, None)).collect();
            return self.tell_numbers(key, &jid, &head, request, &none).await;
        };
        if self.waiting.contains_key(&key) {
            let busy = reply::error(&head, Some(jid.as_str()), Condition::ResourceConstraint);
            if let Some(outlet) = self.resources.outlet(key) {
                outlet.send(ToSession::Deliver(busy.into())).await;
            }
            return;
        }
        let waiting = Waiting { jid, head, request, nodes };
        self.ask(key, &publisher, waiting).await;
    }

    async fn ask(&mut self, key: u64, publisher: &Sender<Question>, waiting: Waiting) {
        let question = Question { nodes: waiting.nodes.clone(), ticket: Ticket(key) };
        let is_asked = publisher.try_send(question).is_ok();
        self.waiting.insert(key, waiting);
        if !is_asked {
            // too many ask at once: this one is told to fetch the state itself
            self.states(Ticket(key), Vec::new()).await;
        }
    }

    /// The publisher says what is true: as of now, since its events come the same way.
    pub(super) async fn states(&mut self, Ticket(key): Ticket, states: Vec<(String, Bytes)>) {
        let Some(Waiting { jid, head, request, nodes }) = self.waiting.remove(&key) else { return };
        let mut all: States = nodes.into_iter().map(|node| (node, None)).collect();
        all.extend(states.into_iter().map(|(node, state)| (node, Some(state))));
        self.tell_numbers(key, &jid, &head, request, &all).await;
    }

    /// What was missed, before the answer that tells how far it is then.
    async fn tell_numbers(
        &mut self,
        key: u64,
        jid: &FullJid,
        head: &Head,
        request: NumbersRequest,
        states: &States,
    ) {
        let Some(resource) = self.resources.get_mut(key) else { return };
        resource.wants_numbers = true;
        let outlet: Outlet = resource.outlet.clone();
        let (missed, answer) = self.pubsub.handle_numbers(Timestamp::now(), jid, request, states);
        for Delivery { head, tail, .. } in missed {
            self.context.metrics.deliveries.inc();
            outlet.send(ToSession::Deliver(bosh::Stanza::new(head, tail))).await;
        }
        let answer = reply::result(head, Some(jid.as_str()), |writer| answer.write(writer));
        outlet.send(ToSession::Deliver(answer.into())).await;
    }
}
