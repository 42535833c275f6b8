//! What a server sends that it should not, or that we do not know: once each in the log, always in the metrics.

use crate::interpreter::Asked;
use crate::limits;
use ged188::client::{Failure, Output};
use ged188::{Message, message, tag};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The strange things of one session that were logged.
pub(crate) struct Strange {
    server: Arc<str>,
    /// What, message type, field.
    logged: BTreeSet<(&'static str, u32, u16)>,
}

impl Strange {
    pub(crate) fn new(server: Arc<str>) -> Self {
        Self { server, logged: BTreeSet::new() }
    }

    /// Whether this is the first of its kind in this session, and worth a line.
    fn is_news(&mut self, what: &'static str, kind: u32, field: u16) -> bool {
        self.logged.len() < limits::LOGGED_ONCE_MAX && self.logged.insert((what, kind, field))
    }

    /// A message type or floating fields that we do not know.
    pub(crate) fn log_unknown(&mut self, message: &Message) {
        let (server, kind) = (self.server.clone(), message.kind());
        if let Message::Unknown(unknown) = message
            && self.is_news("unknown", kind, 0)
        {
            let body_bytes = unknown.body.len();
            tracing::info!(server = &*server, kind, body_bytes, "a CTI message type that we do not know");
        }
        for field in message.unknown_fields().iter() {
            if self.is_news("unknown", kind, field.tag) {
                let (message, field) = (message::describe(kind), tag::describe(field.tag));
                tracing::info!(server = &*server, message, field, "a floating field that we do not know");
            }
        }
    }

    /// What the link asked by itself and was not told: once for each kind of question.
    pub(crate) fn log_unanswered(&mut self, asked: &Asked, failure: &Failure) {
        if self.is_news("unanswered", 114, 0) {
            let server = &*self.server;
            tracing::warn!(server, ?asked, ?failure, "the CTI server does not tell a queue's statistics");
        }
    }

    /// What the session made of a message that has no use.
    pub(crate) fn log(&mut self, output: &Output<Asked>) {
        let server = self.server.clone();
        match output {
            Output::HeartbeatMissed { unanswered } => {
                tracing::warn!(server = &*server, unanswered, "the CTI server confirms no heartbeat");
            }
            Output::Malformed { kind, why } if self.is_news("broken", *kind, 0) => {
                let message = message::describe(*kind);
                tracing::warn!(server = &*server, message, %why, "the CTI server sent a broken message; skipped");
            }
            Output::Late { kind, invoke_id } if self.is_news("late", *kind, 0) => {
                let message = message::describe(*kind);
                tracing::warn!(
                    server = &*server,
                    message,
                    invoke_id,
                    "a confirmation came after its request had timed out; it changes nothing"
                );
            }
            Output::Unexpected { kind } if self.is_news("unasked", *kind, 0) => {
                let message = message::describe(*kind);
                tracing::warn!(
                    server = &*server,
                    message,
                    "the CTI server sent what nobody asked for; skipped"
                );
            }
            _ => {}
        }
    }
}
