//! A session without a connection (XEP-0198 §5): it counts as present until its client is back or its time is over.

use crate::limits::RESUMPTIONS_OVER_MAX;
use crate::outlet::{self, Ending};
use crate::service::Context;
use crate::session::{Session, Transport};
use crate::visit::Polls;
use bosh::{Reason, Stanza};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use xmpp::StreamError;

/// The session's ends of its channels. They go where the session goes.
pub(crate) struct Line {
    pub(crate) messages: outlet::Receiver,
    pub(crate) ended: watch::Receiver<Option<Ending>>,
    /// Other connections of the same client that want the session.
    pub(crate) claims: mpsc::Receiver<Claim>,
}

/// A connection wants a session.
pub(crate) struct Claim(pub(crate) oneshot::Sender<Handover>);

/// A session on its way to another connection. If that one is gone when it arrives, the session goes on waiting.
pub(crate) struct Handover(Option<Box<Detached>>);

impl Handover {
    pub(crate) fn new(detached: Detached) -> Self {
        Self(Some(Box::new(detached)))
    }

    /// The session, for good. `None` only when it was taken before.
    pub(crate) fn take(mut self) -> Option<(Session, Line)> {
        self.0.take().map(|detached| (detached.session, detached.line))
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        if let Some(detached) = self.0.take() {
            detached.context.metrics.opened(detached.transport);
            tokio::spawn(detached.wait());
        }
    }
}

impl fmt::Debug for Handover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handover")
    }
}

/// A session whose connection is gone.
pub(crate) struct Detached {
    pub(crate) context: Arc<Context>,
    pub(crate) session: Session,
    pub(crate) line: Line,
    /// The connection it had.
    pub(crate) transport: &'static str,
    pub(crate) peer: SocketAddr,
    pub(crate) until: Instant,
}

/// Takes what would be sent: it is kept as not acknowledged.
#[derive(Default)]
struct Nowhere {
    end: Option<Ending>,
}

impl Transport for Nowhere {
    fn send(&mut self, _: Stanza) {}

    fn end(&mut self, ending: Ending) {
        self.end.get_or_insert(ending);
    }
}

impl Detached {
    /// Waits for the client, or for the end.
    pub(crate) async fn wait(mut self: Box<Self>) {
        let lost = Ending { reason: Reason::TransportLost, error: None };
        let mut nowhere = Nowhere::default();
        // what was held back is kept with what is not acknowledged
        self.session.release(&mut nowhere);
        let expires = self.session.expires().map(Instant::from_std).filter(|expires| *expires < self.until);
        let over = if expires.is_some() { Ending::CREDENTIAL_EXPIRED } else { lost };
        let until = expires.unwrap_or(self.until);
        let next = loop {
            tokio::select! {
                biased;
                Ok(ending) = self.line.ended.wait_for(Option::is_some) => break Ok(ending.unwrap_or(lost)),
                Some(claim) = self.line.claims.recv() => break Err(claim),
                Some(message) = self.line.messages.recv() => {
                    self.session.handle_message(message, &mut nowhere);
                    if let Some(ending) = nowhere.end {
                        break Ok(ending);
                    }
                }
                () = tokio::time::sleep_until(until) => break Ok(over),
            }
        };
        match next {
            Ok(ending) => finish(&self.context, &self.session, self.transport, self.peer, ending),
            Err(claim) => {
                self.context.metrics.moved(self.transport);
                // if that connection is gone already, the session waits on
                let _ = claim.0.send(Handover(Some(self)));
            }
        }
    }
}

/// The end of a session that has, or had, a connection of its own: told to all who keep account of it.
pub(crate) fn finish(
    context: &Context,
    session: &Session,
    transport: &'static str,
    peer: SocketAddr,
    ending: Ending,
) {
    session.handle_ended();
    let Ending { reason, error } = ending;
    if matches!(reason, Reason::TransportLost | Reason::QueueOverflow | Reason::CredentialExpired) {
        session.return_unacked();
    }
    if let Some(id) = session.resumption_id() {
        context.resumptions.end(id, session.handled());
    }
    let user = session.jid().map_or_else(|| "nobody".to_owned(), ToString::to_string);
    let condition = error.map_or("", StreamError::condition);
    if reason == Reason::StreamError {
        let fault = error.map(|error| error.to_string()).unwrap_or_default();
        tracing::warn!(%user, %peer, transport, condition, fault, "xmpp: the client's stream was ended");
        context.metrics.fault(condition);
        if let Some(StreamError::ForbiddenCharacter(field)) = error {
            context.metrics.forbidden_character(field);
        }
    } else {
        tracing::info!(%user, %peer, transport, %reason, condition, "a session ended");
    }
    context.metrics.closed(transport, reason);
    session.note_ended(reason, error, Polls::default());
}

/// The sessions that may be resumed, by the ids their clients hold, and the latest that no longer may. Touched when a
/// session is enabled, resumed or ended: never on the way of an event.
#[derive(Default)]
pub(crate) struct Resumptions(Mutex<Ids>);

#[derive(Default)]
struct Ids {
    known: HashMap<String, Known>,
    /// The ids of those that are over, oldest first.
    over: VecDeque<String>,
}

struct Known {
    user: String,
    state: State,
}

enum State {
    /// Where to ask for it.
    There(mpsc::Sender<Claim>),
    /// It is over, after so many stanzas of its client.
    Over { handled: u32 },
}

impl Resumptions {
    /// Makes a session known; the id names it and is its secret.
    pub(crate) fn add(&self, user: &str, claims: mpsc::Sender<Claim>) -> String {
        let id = format!("{:032x}", rand::random::<u128>());
        let known = Known { user: user.to_lowercase(), state: State::There(claims) };
        self.lock().known.insert(id.clone(), known);
        id
    }

    /// Where to ask for a session of this user. Whose an id is, is told to nobody else.
    pub(crate) fn find(&self, user: &str, id: &str) -> Option<mpsc::Sender<Claim>> {
        match &self.lock().of(user, id)?.state {
            State::There(claims) => Some(claims.clone()),
            State::Over { .. } => None,
        }
    }

    /// How many stanzas of its client a session of this user had handled when it ended, if that is still known: the
    /// client can tell what it need not send again (XEP-0198 §5).
    pub(crate) fn handled(&self, user: &str, id: &str) -> Option<u32> {
        match self.lock().of(user, id)?.state {
            State::There(_) => None,
            State::Over { handled } => Some(handled),
        }
    }

    fn end(&self, id: &str, handled: u32) {
        let mut ids = self.lock();
        let Some(known) = ids.known.get_mut(id) else { return };
        known.state = State::Over { handled };
        ids.over.push_back(id.to_owned());
        if ids.over.len() > RESUMPTIONS_OVER_MAX
            && let Some(oldest) = ids.over.pop_front()
        {
            ids.known.remove(&oldest);
        }
    }

    /// A panic while holding the lock cannot leave the ids half changed in a way that matters.
    fn lock(&self) -> MutexGuard<'_, Ids> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ids {
    fn of(&self, user: &str, id: &str) -> Option<&Known> {
        self.known.get(id).filter(|known| known.user == user.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_of_those_that_are_over_are_remembered_and_only_for_their_users() {
        let resumptions = Resumptions::default();
        let (claims, _) = mpsc::channel(1);
        let ids: Vec<_> =
            (0..=RESUMPTIONS_OVER_MAX).map(|_| resumptions.add("Agent", claims.clone())).collect();
        assert_eq!(resumptions.handled("agent", &ids[0]), None, "it is not over");
        for (n, id) in ids.iter().enumerate() {
            resumptions.end(id, n as u32);
        }
        assert_eq!(resumptions.handled("agent", &ids[0]), None);
        assert_eq!(resumptions.handled("agent", &ids[1]), Some(1));
        assert_eq!(resumptions.handled("other", &ids[1]), None);
        assert!(resumptions.find("agent", &ids[1]).is_none());
        assert_eq!(resumptions.lock().known.len(), RESUMPTIONS_OVER_MAX);
    }
}
