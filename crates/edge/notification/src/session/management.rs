//! Stream management (XEP-0198) of one session: counting, asking, keeping, and going on after a lost connection.

use super::{Session, Transport};
use crate::detached::{Claim, Handover};
use crate::limits::{CLAIM, HELD_BACK, HELD_BACK_ENABLED, HELD_BACK_MAX};
use crate::outlet::{Ending, Outlet, ToSession};
use crate::router::ToRouter;
use bosh::Reason;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use xmpp::payload::{self, Management, Resumption};
use xmpp::{Acks, Condition, FullJid, Head, StreamError};

/// A stanza that the client may not have, and who hears of it if it never gets it.
pub(super) struct Kept {
    stanza: bosh::Stanza,
    bounce: Option<Box<(FullJid, Head)>>,
}

/// What an enabled session keeps.
pub(super) struct Managed {
    acks: Acks<Kept>,
    /// Its id and how long it waits, if it may be resumed.
    resumption: Option<(String, Duration)>,
}

/// What a client is not sent yet that has just got its address: it may be about to say `<enable/>`.
///
/// COMPAT(xmpp.js): it miscounts what comes between that and our answer, and what it reads together with our answer.
pub(super) struct HeldBack {
    until: Instant,
    /// `<enabled/>` is out: nothing may follow it at once, whatever the client says.
    is_enabled: bool,
    messages: Vec<ToSession>,
}

impl Session {
    /// The client has its address. If management is offered, it speaks first.
    pub(super) fn hold_back(&mut self) {
        if self.stream.offers_management() {
            let until = Instant::now() + HELD_BACK;
            self.held_back = Some(Box::new(HeldBack { until, is_enabled: false, messages: Vec::new() }));
        }
    }

    /// Whether an answer of the session's own has to wait too.
    pub(super) fn holds_answers(&self) -> bool {
        self.held_back.as_ref().is_some_and(|held| held.is_enabled)
    }

    /// Keeps a message for a moment. `None` when it is kept.
    pub(super) fn held(&mut self, message: ToSession, transport: &mut impl Transport) -> Option<ToSession> {
        let held = self.held_back.as_mut()?;
        if held.messages.len() >= HELD_BACK_MAX {
            self.release(transport);
            return Some(message);
        }
        held.messages.push(message);
        None
    }

    /// The client has spoken.
    pub(super) fn release_when_spoken(&mut self, transport: &mut impl Transport) {
        if !self.holds_answers() {
            self.release(transport);
        }
    }

    /// The time is over, or the connection.
    pub(crate) fn release(&mut self, transport: &mut impl Transport) {
        let Some(held) = self.held_back.take() else { return };
        for message in held.messages {
            self.handle_message(message, transport);
        }
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let held = self.held_back.as_ref().map(|held| held.until);
        let acks = self.managed.as_ref().and_then(|managed| managed.acks.poll_timeout());
        held.into_iter().chain(acks).chain(self.expires).min()
    }

    /// When what the client signed in with is no longer good, if it ever is.
    pub(crate) fn expires(&self) -> Option<Instant> {
        self.expires
    }

    /// A deadline of [`Self::poll_timeout`] has passed. Early calls change nothing.
    pub(crate) fn handle_timeout(&mut self, transport: &mut impl Transport) {
        let now = Instant::now();
        if self.expires.is_some_and(|expires| now >= expires) {
            return self.end(Ending::CREDENTIAL_EXPIRED, transport);
        }
        if self.held_back.as_ref().is_some_and(|held| now >= held.until) {
            self.release(transport);
        }
        if self.managed.as_ref().is_some_and(|managed| managed.acks.is_overdue(now)) {
            // no answer to <r/>: nobody is there any more
            return transport.end(Ending { reason: Reason::TransportLost, error: None });
        }
        self.ask_for_ack(transport);
    }

    /// Sends `<r/>` if it is time.
    pub(super) fn ask_for_ack(&mut self, transport: &mut impl Transport) {
        if let Some(managed) = &mut self.managed
            && managed.acks.poll_request(Instant::now())
        {
            transport.send(payload::management_request().into());
        }
    }

    /// A stanza goes to the client: it is kept until the client acknowledges it.
    pub(super) fn keep(
        &mut self,
        stanza: &bosh::Stanza,
        bounce: Option<Box<(FullJid, Head)>>,
    ) -> Result<(), Ending> {
        let Some(managed) = &mut self.managed else { return Ok(()) };
        let kept = Kept { stanza: stanza.clone(), bounce };
        managed
            .acks
            .sent(Instant::now(), kept, stanza.len())
            .map_err(|error| Ending { reason: Reason::QueueOverflow, error: Some(error) })
    }

    /// A stanza of the client was handled.
    pub(super) fn count_stanza(&mut self) {
        if let Some(managed) = &mut self.managed {
            managed.acks.handle_stanza();
        }
    }

    /// An element of stream management from an established client.
    pub(super) fn manage(
        &mut self,
        element: Management,
        transport: &mut impl Transport,
    ) -> Result<(), StreamError> {
        match (element, &mut self.managed) {
            (Management::Enable { resume, max_secs }, None) if self.stream.offers_management() => {
                let resumption = if resume { self.promise(max_secs) } else { None };
                transport.send(payload::management_enabled(resumption.as_ref()).into());
                let promised = |it: Resumption| (it.id, Duration::from_secs(u64::from(it.max_secs)));
                let acks = Acks::new(self.context.config.limits.unacknowledged);
                let managed = Managed { acks, resumption: resumption.map(promised) };
                self.managed = Some(Box::new(managed));
                if let Some(held) = &mut self.held_back {
                    (held.is_enabled, held.until) = (true, Instant::now() + HELD_BACK_ENABLED);
                }
            }
            (Management::Enable { .. } | Management::Resume { .. }, _) => {
                transport.send(payload::management_failed(Condition::UnexpectedRequest, None).into());
            }
            (Management::Request, Some(managed)) => {
                transport.send(payload::management_answer(managed.acks.handled()).into());
            }
            (Management::Answer { h }, Some(managed)) => {
                managed.acks.handle_ack(Instant::now(), h)?;
            }
            (Management::Request | Management::Answer { .. }, None) => {
                return Err(StreamError::UnsupportedStanzaType);
            }
        }
        Ok(())
    }

    /// The terms of a resumption; none when it is switched off.
    fn promise(&self, max_secs: Option<u32>) -> Option<Resumption> {
        let config = &self.context.config;
        let (Some(jid), Outlet::Task { claims, .. }) = (self.jid(), &self.outlet) else { return None };
        let max_secs = max_secs.unwrap_or(u32::MAX).min(config.resume_secs);
        let user = jid.node().map_or("", |node| node.as_str());
        (max_secs > 0).then(|| Resumption {
            id: self.context.resumptions.add(user, claims.clone()),
            max_secs,
            location: config.resume_location.clone(),
        })
    }

    /// How long the session waits for its client after a lost connection; `None` when it ends with it.
    pub(crate) fn waits(&self) -> Option<Duration> {
        self.managed.as_ref()?.resumption.as_ref().map(|(_, time)| *time)
    }

    pub(crate) fn resumption_id(&self) -> Option<&str> {
        self.managed.as_ref()?.resumption.as_ref().map(|(id, _)| id.as_str())
    }

    /// How many stanzas of the client were handled since `<enabled/>`, modulo 2^32.
    pub(crate) fn handled(&self) -> u32 {
        self.managed.as_ref().map_or(0, |managed| managed.acks.handled())
    }

    /// Asks for an earlier session. Its present connection, if it still has one, gives it up.
    pub(super) fn claim(&mut self, user: &str, previd: String, h: u32) {
        let Some(claims) = self.context.resumptions.find(user, &previd) else {
            tracing::info!(user, "a session to be resumed is not there");
            return self.stream.handle_not_resumed(self.context.resumptions.handled(user, &previd));
        };
        let (outlet, context, user) = (self.outlet.clone(), self.context.clone(), user.to_owned());
        tokio::spawn(async move {
            let handover = timeout(CLAIM, ask(claims)).await.ok().flatten();
            // it may have come to its end meanwhile
            let handover = handover.ok_or_else(|| context.resumptions.handled(&user, &previd));
            outlet.send(ToSession::Claimed { handover, previd, h }).await;
        });
    }

    /// The answer to a claim: this session becomes the earlier one.
    pub(super) fn claimed(
        &mut self,
        handover: Result<Handover, Option<u32>>,
        previd: &str,
        h: u32,
        transport: &mut impl Transport,
    ) {
        let (mut older, line) = match handover.map(Handover::take) {
            Ok(Some(taken)) => taken,
            Ok(None) => return self.stream.handle_not_resumed(None),
            Err(handled) => return self.stream.handle_not_resumed(handled),
        };
        older.visit.client = self.visit.client.clone();
        older.expires = self.expires;
        let embryo = std::mem::replace(self, older);
        transport.take_over(line);
        self.resume(previd, h, transport);
        for bytes in embryo.stream.into_waiting() {
            self.handle_element(bytes, transport);
        }
    }

    fn resume(&mut self, previd: &str, h: u32, transport: &mut impl Transport) {
        let now = Instant::now();
        let Some(managed) = &mut self.managed else { return };
        if let Err(error) = managed.acks.handle_ack(now, h) {
            return transport.end(Ending { reason: Reason::StreamError, error: Some(error) });
        }
        transport.send(payload::management_resumed(previd, managed.acks.handled()).into());
        for kept in managed.acks.unacked() {
            transport.send(kept.stanza.clone());
        }
        managed.acks.handle_resumed(now);
        self.release(transport);
        self.context.metrics.resumed.inc();
        let user = self.stream.jid().map_or("", |jid| jid.as_str());
        tracing::info!(user, peer = %self.visit.client.address, "a session was resumed");
        // as after a sign-in, the client counts as looked at (XEP-0352 §5.1)
        self.send_deferred(transport);
        self.hidden = None;
    }

    /// The client never came back: whoever wrote to it is told.
    pub(crate) fn return_unacked(&self) {
        let unacked = self.managed.iter().flat_map(|managed| managed.acks.unacked());
        for (sender, head) in unacked.filter_map(|kept| kept.bounce.as_deref()) {
            let (sender, head) = (sender.clone(), Box::new(head.clone()));
            let condition = Condition::ServiceUnavailable;
            self.context.to_router_or_log(ToRouter::Undelivered { sender, head, condition });
        }
    }
}

async fn ask(claims: mpsc::Sender<Claim>) -> Option<Handover> {
    let (reply, answer) = oneshot::channel();
    claims.send(Claim(reply)).await.ok()?;
    answer.await.ok()
}
