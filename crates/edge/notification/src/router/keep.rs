//! What must survive a restart goes to its keeper; an answer that promises it waits until it is kept. Events do not wait.

use super::Router;
use crate::keeper::Kept;
use crate::outlet::{Outlet, ToSession};
use bytes::Bytes;
use xmpp::payload::Request;
use xmpp::{FullJid, Head, StanzaError, reply};

impl Router {
    /// Whether the request would change what cannot be kept at the moment.
    pub(super) fn cannot_keep(&self, request: &Request) -> bool {
        let Some(keeper) = &self.keeper else { return false };
        match request {
            Request::Pubsub(request) => self.pubsub.would_change(request) && !keeper.is_ready(),
            _ => false,
        }
    }

    /// The same for an owner's decision about a subscriber.
    pub(super) fn can_keep(&self) -> bool {
        self.keeper.as_ref().is_none_or(|keeper| keeper.is_ready())
    }

    /// Hands over what has changed since the last time; `None` if nothing has, or nobody keeps it.
    pub(super) fn keep(&mut self) -> Option<Kept> {
        let mut changes = Vec::new();
        while let Some(change) = self.pubsub.poll_change() {
            changes.push(change);
        }
        let keeper = self.keeper.as_ref().filter(|_| !changes.is_empty())?;
        Some(keeper.keep(changes))
    }
}

/// Answers as soon as what the answer promises is durable, or says that it will not be. How many such answers wait is
/// bounded by what the keeper takes.
pub(super) fn answer_when(kept: Kept, outlet: Outlet, answer: Bytes, jid: &FullJid, head: &Head) {
    let (jid, head) = (jid.clone(), head.clone());
    tokio::spawn(async move {
        let is_kept = kept.await;
        let failed = || reply::error(&head, Some(jid.as_str()), StanzaError::store());
        let answer = if is_kept { answer } else { failed() };
        outlet.send(ToSession::Deliver(answer.into())).await;
    });
}
