//! Publish-subscribe: requests answered, events on their way to those who are there.

use super::{Router, ToRouter};
use crate::limits::DELIVERIES_WAITING_MAX;
use crate::outlet::ToSession;
use bytes::Bytes;
use jiff::Timestamp;
use pubsub::limits::{DELIVERIES_PER_SLICE, PAGE_MAX};
use pubsub::{Delivery, features};
use std::time::Duration;
use tokio::sync::mpsc;
use xmpp::payload::{self, DiscoItem, Request, ResultSet, Submission};
use xmpp::{Condition, FullJid, Head, Jid, StanzaError, ns, reply};

impl Router {
    /// What a client asks of the publish-subscribe service.
    pub(super) fn answer(&mut self, jid: &FullJid, head: &Head, request: Request) -> Bytes {
        let to = Some(jid.as_str());
        let answer = match request {
            request if self.cannot_keep(&request) => Err(StanzaError::store()),
            Request::DiscoInfo(node) => self.disco_info(head, jid, node),
            Request::DiscoItems(node, set) => self.disco_items(head, jid, node, set),
            Request::Pubsub(request) => {
                let answer = self.pubsub.handle_request(Timestamp::now(), &Jid::from(jid.clone()), *request);
                answer.map(|answer| {
                    if matches!(answer, pubsub::PubsubAnswer::Published { .. }) {
                        self.context.metrics.publications.inc();
                    }
                    reply::result(head, to, |writer| answer.write(writer))
                })
            }
            Request::Command(command) => {
                let answer = self.pubsub.handle_command(&Jid::from(jid.clone()), *command);
                answer.map(|answer| reply::result(head, to, |writer| answer.write(writer)))
            }
            _ => Err(Condition::ServiceUnavailable.into()),
        };
        answer.unwrap_or_else(|error| {
            self.note_obstacle(&error);
            reply::error(head, to, error)
        })
    }

    /// An owner's decision about a subscriber. Only a mistake is answered.
    pub(super) async fn authorization(&mut self, jid: &FullJid, head: &Head, form: &Submission) {
        let outcome = if self.can_keep() {
            self.pubsub.handle_authorization(&Jid::from(jid.clone()), form)
        } else {
            Err(StanzaError::store())
        };
        if let Err(error) = outcome {
            self.note_obstacle(&error);
            self.bounce(jid, head, error).await;
        }
    }

    fn disco_info(&self, head: &Head, jid: &FullJid, node: Option<String>) -> Result<Bytes, StanzaError> {
        let (identity, features, more): (_, &[_], _) = match node.as_deref() {
            None => (("pubsub", "service", ""), features::SERVICE, None),
            Some(features::GET_PENDING) => (
                ("automation", "command-node", "Pending subscriptions"),
                &[ns::COMMANDS, ns::DATA_FORM],
                None,
            ),
            // which headers messages may have (XEP-0131 §4)
            Some(ns::SHIM) => (("pubsub", "service", ""), features::HEADERS, None),
            Some(ns::COMMANDS) => (("automation", "command-list", "Commands"), &[ns::COMMANDS], None),
            Some(node) => (("pubsub", "leaf", ""), &[ns::PUBSUB], self.pubsub.meta_data(node)?),
        };
        Ok(reply::result(head, Some(jid.as_str()), |writer| {
            payload::disco_info(writer, node.as_deref(), &[identity], features, more.as_ref());
        }))
    }

    fn disco_items(
        &self,
        head: &Head,
        jid: &FullJid,
        node: Option<String>,
        set: Option<ResultSet>,
    ) -> Result<Bytes, StanzaError> {
        let address = self.pubsub.address();
        let at = |node, name| DiscoItem { jid: address, node, name };
        let (items, page) = match node.as_deref() {
            None => {
                let (nodes, page) = self.pubsub.visible_nodes(&jid.to_bare(), set.as_ref())?;
                (nodes.into_iter().map(|(node, title)| at(Some(node), title)).collect(), page)
            }
            Some(ns::COMMANDS) => {
                (vec![at(Some(features::GET_PENDING), Some("Pending subscriptions"))], None)
            }
            Some(features::GET_PENDING) => (Vec::new(), None),
            Some(node) => {
                let ids = self.pubsub.item_ids(&Jid::from(jid.clone()), node)?;
                let (range, page) = ResultSet::part(set, |at| ids[at], ids.len(), PAGE_MAX)?;
                let items: Vec<_> = ids[range].iter().map(|id| at(None, Some(*id))).collect();
                (items, page)
            }
        };
        Ok(reply::result(head, Some(jid.as_str()), |writer| {
            payload::disco_items(writer, node.as_deref(), items, page.as_ref());
        }))
    }

    /// Publishes an event of the product.
    pub(super) fn publish(&mut self, node: &str, payload: &[u8]) {
        match self.pubsub.publish(Timestamp::now(), node, payload) {
            Ok(()) => _ = self.context.metrics.publications.inc(),
            Err(error) => tracing::error!(node, ?error, "an event has no node"),
        }
    }

    /// Sends what has become due for sending: all of it, unless something else waits for the router, or a broadcast is
    /// faster than the sessions' shards.
    pub(super) async fn send_out(&mut self, mailbox: &mpsc::Receiver<ToRouter>) {
        loop {
            let is_too_much = self.pubsub.waiting() > DELIVERIES_WAITING_MAX;
            let mut is_paused = self.send_slice(is_too_much).await;
            is_paused |= self.announce_slice(is_too_much).await;
            if !self.has_waiting() || is_paused || !mailbox.is_empty() && !is_too_much {
                break;
            }
        }
        // what ended by itself: nobody waits to be told that it is kept
        drop(self.keep());
    }

    /// Whether something is still to be sent.
    pub(super) fn has_waiting(&self) -> bool {
        self.pubsub.waiting() > 0 || self.announcement.is_some()
    }

    /// Sends one slice of what waits; whether a broadcast had to pause, which it does not if it must not.
    pub(super) async fn send_slice(&mut self, must_go_on: bool) -> bool {
        let mut turns = self.pubsub.turns();
        let mut is_paused = false;
        for _ in 0..DELIVERIES_PER_SLICE {
            let Some(delivery) = self.pubsub.poll_delivery() else { break };
            if self.deliver(delivery).await && !must_go_on && self.pubsub.end_turn() {
                is_paused = true;
                turns -= 1;
                if turns == 0 {
                    break;
                }
            }
        }
        is_paused
    }

    /// Sends one delivery to whom it reaches; whether one of them is behind.
    async fn deliver(&self, Delivery { to, head, tail, numbered, reach, .. }: Delivery) -> bool {
        let mut is_behind = false;
        for resource in self.resources.receivers(&to, reach) {
            self.context.metrics.deliveries.inc();
            let tail = numbered.as_ref().filter(|_| resource.wants_numbers).unwrap_or(&tail);
            let stanza = bosh::Stanza::new(head.clone(), tail.clone());
            resource.outlet.send(ToSession::Deliver(stanza)).await;
            is_behind |= resource.outlet.is_behind();
        }
        is_behind
    }

    /// How long until something of publish-subscribe ends by itself.
    pub(super) fn until_timeout(&self) -> Option<Duration> {
        let at = self.pubsub.poll_timeout()?;
        Some(Timestamp::now().duration_until(at).try_into().unwrap_or(Duration::ZERO))
    }
}
