//! How the rest of the service reaches a session.

use crate::shard::{Slot, ToShard};
use crate::sign_in::Stepped;
use bosh::Reason;
use tokio::sync::{mpsc, watch};
use xmpp::{FullJid, StanzaError, StreamError};

/// What a session is told from outside.
#[derive(Debug)]
pub(crate) enum ToSession {
    /// The client's SASL message was dealt with.
    Stepped(Stepped),
    /// The resource was bound.
    Bound(Result<FullJid, StanzaError>),
    /// A stanza for the client.
    Deliver(bosh::Stanza),
    /// It must end.
    End(Ending),
}

/// An end that comes from our side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending {
    pub(crate) reason: Reason,
    pub(crate) error: Option<StreamError>,
}

impl Ending {
    pub(crate) const CONFLICT: Self = Self { reason: Reason::Superseded, error: Some(StreamError::Conflict) };
    pub(crate) const SHUTDOWN: Self =
        Self { reason: Reason::Shutdown, error: Some(StreamError::SystemShutdown) };
}

/// The way to one session.
#[derive(Clone)]
pub(crate) enum Outlet {
    /// A BOSH session in a shard.
    Shard { shard: mpsc::Sender<ToShard>, slot: Slot },
    /// A connection with a task of its own. `end` is heard even while the task waits for its socket.
    Task { mailbox: mpsc::Sender<ToSession>, end: watch::Sender<Option<Ending>> },
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
            Self::Task { mailbox, end } => {
                if let Err(mpsc::error::TrySendError::Full(_)) = mailbox.try_send(message) {
                    let error = Some(StreamError::PolicyViolation("too much waits to be read"));
                    end.send_replace(Some(Ending { reason: Reason::QueueOverflow, error }));
                }
            }
        }
    }
}
