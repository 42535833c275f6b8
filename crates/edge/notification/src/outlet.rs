//! How the rest of the service reaches a session.

use crate::detached::{Claim, Handover};
use crate::limits::PENDING_WITH_RELAYS_MAX;
use crate::shard::{Slot, ToShard};
use crate::sign_in::Stepped;
use bosh::Reason;
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
    Task { mailbox: mpsc::Sender<ToSession>, end: watch::Sender<Option<Ending>>, claims: mpsc::Sender<Claim> },
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
                if let Err(mpsc::error::TrySendError::Full(_)) = mailbox.try_send(message) {
                    let error = Some(StreamError::PolicyViolation("too much waits to be read"));
                    end.send_replace(Some(Ending { reason: Reason::QueueOverflow, error }));
                }
            }
        }
    }

    /// Whether there is room for what other users send. A session in a shard looks itself.
    pub(crate) fn has_room(&self) -> bool {
        match self {
            Self::Shard { .. } => true,
            Self::Task { mailbox, .. } => {
                mailbox.max_capacity() - mailbox.capacity() < PENDING_WITH_RELAYS_MAX
            }
        }
    }
}
