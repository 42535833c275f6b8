//! How the rest of the service reaches a session.

use crate::detached::{Claim, Handover};
use crate::limits::{Limits, PENDING_WITH_RELAYS_MAX, SHARD_BACKLOG_MAX};
use crate::shard::{Slot, ToShard};
use crate::sign_in::Stepped;
use bosh::Reason;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{mpsc, watch};
use xmpp::{FullJid, Head, StanzaError, StreamError};

/// What a session is told from outside.
#[derive(Debug)]
pub(crate) enum ToSession {
    /// The client's SASL message was dealt with.
    Stepped(Stepped),
    /// The resource was bound.
    Bound(Result<FullJid, StanzaError>),
    /// A stanza for the client.
    Deliver(bosh::Stanza),
    /// Somebody's presence; a client that is not looked at may get it later.
    Presence {
        /// Whose.
        from: String,
        stanza: bosh::Stanza,
    },
    /// A stanza of another user.
    Relay(Box<Relay>),
    /// The answer to a claim for an earlier session. When it is gone: how many stanzas of the client it had handled,
    /// if that is known.
    Claimed { handover: Result<Handover, Option<u32>>, previd: String, h: u32 },
    /// It must end.
    End(Ending),
}

impl ToSession {
    /// What it keeps while it waits, in bytes of stanzas.
    fn bytes(&self) -> usize {
        match self {
            Self::Deliver(stanza) | Self::Presence { stanza, .. } => stanza.len(),
            Self::Relay(relay) => relay.stanza.len(),
            _ => 0,
        }
    }
}

/// A stanza that one user sent to another, in its receiver's form.
#[derive(Debug)]
pub(crate) struct Relay {
    pub(crate) stanza: bosh::Stanza,
    /// Who hears of it, with the stanza as it was sent, when it cannot be delivered after all.
    pub(crate) bounce: Option<(FullJid, Head)>,
}

/// An end that comes from our side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending {
    pub(crate) reason: Reason,
    pub(crate) error: Option<StreamError>,
}

impl Ending {
    pub(crate) const CONFLICT: Self = Self { reason: Reason::Superseded, error: Some(StreamError::Conflict) };
    pub(crate) const DISPLACEMENT_LOOP: Self =
        Self { reason: Reason::DisplacementLoop, error: Some(StreamError::Conflict) };
    pub(crate) const CREDENTIAL_EXPIRED: Self =
        Self { reason: Reason::CredentialExpired, error: Some(StreamError::CredentialExpired) };
    pub(crate) const SHUTDOWN: Self =
        Self { reason: Reason::Shutdown, error: Some(StreamError::SystemShutdown) };
}

/// The way to one session.
#[derive(Clone)]
pub(crate) enum Outlet {
    /// A BOSH session in a shard.
    Shard { shard: mpsc::Sender<ToShard>, slot: Slot },
    /// A connection with a task of its own. `end` is heard even while the task waits for its socket.
    /// By `claims` other connections of the same client ask for the session.
    Task { mailbox: Sender, end: watch::Sender<Option<Ending>>, claims: mpsc::Sender<Claim> },
}

/// A mailbox that is bounded by number and by bytes.
pub(crate) fn mailbox(limits: &Limits) -> (Sender, Receiver) {
    let (sender, receiver) = mpsc::channel(limits.pending_stanzas_max.max(1));
    let waiting = Arc::<AtomicUsize>::default();
    let sender = Sender { sender, waiting: waiting.clone(), bytes_max: limits.pending_bytes_max };
    (sender, Receiver { receiver, waiting })
}

/// Where messages for a session are put in.
#[derive(Clone)]
pub(crate) struct Sender {
    sender: mpsc::Sender<ToSession>,
    /// Bytes of the stanzas in the mailbox.
    waiting: Arc<AtomicUsize>,
    bytes_max: usize,
}

impl Sender {
    /// Whether it was put in, or nobody is there any more; false when there is no room.
    fn put(&self, message: ToSession) -> bool {
        let bytes = message.bytes();
        // a single stanza always has room
        let before = self.waiting.fetch_add(bytes, Ordering::Relaxed);
        if before > 0 && before + bytes > self.bytes_max {
            self.waiting.fetch_sub(bytes, Ordering::Relaxed);
            return false;
        }
        !matches!(self.sender.try_send(message), Err(mpsc::error::TrySendError::Full(_)))
    }

    /// Whether another user's stanza would leave enough room for events, whatever its length.
    fn has_room(&self) -> bool {
        let stanzas = self.sender.max_capacity() - self.sender.capacity();
        stanzas < PENDING_WITH_RELAYS_MAX && self.waiting.load(Ordering::Relaxed) < self.bytes_max / 2
    }
}

/// Where a session takes them out.
pub(crate) struct Receiver {
    receiver: mpsc::Receiver<ToSession>,
    waiting: Arc<AtomicUsize>,
}

impl Receiver {
    /// The next message; `None` when nobody can send any more. May be dropped while it waits.
    pub(crate) async fn recv(&mut self) -> Option<ToSession> {
        let message = self.receiver.recv().await;
        self.took(message)
    }

    /// The next message, if there is one.
    pub(crate) fn try_recv(&mut self) -> Option<ToSession> {
        let message = self.receiver.try_recv().ok();
        self.took(message)
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.receiver.len()
    }

    fn took(&self, message: Option<ToSession>) -> Option<ToSession> {
        let bytes = message.as_ref().map_or(0, ToSession::bytes);
        self.waiting.fetch_sub(bytes, Ordering::Relaxed);
        message
    }
}

impl Outlet {
    /// Hands a message to the session. Never waits for a client: a connection whose mailbox is full is ended.
    pub(crate) async fn send(&self, message: ToSession) {
        match self {
            Self::Shard { shard, slot } => {
                // an error means that the service stops
                let _ = shard.send(ToShard::Session(*slot, message)).await;
            }
            Self::Task { end, .. } if matches!(message, ToSession::End(_)) => {
                if let ToSession::End(ending) = message {
                    end.send_replace(Some(ending));
                }
            }
            Self::Task { mailbox, end, .. } => {
                if !mailbox.put(message) {
                    let error = Some(StreamError::PolicyViolation("too much waits to be read"));
                    end.send_replace(Some(Ending { reason: Reason::QueueOverflow, error }));
                }
            }
        }
    }

    /// Whether so much waits for the session's shard that a broadcast had better pause. A connection's own task falls
    /// behind alone.
    pub(crate) fn is_behind(&self) -> bool {
        match self {
            Self::Shard { shard, .. } => shard.max_capacity() - shard.capacity() > SHARD_BACKLOG_MAX,
            Self::Task { .. } => false,
        }
    }

    /// Whether there is room for what other users send. A session in a shard looks itself.
    pub(crate) fn has_room(&self) -> bool {
        match self {
            Self::Shard { .. } => true,
            Self::Task { mailbox, .. } => mailbox.has_room(),
        }
    }
}
