//! The `<Update>` document and the `<notification>` element around it (finesse-api, stanza and payload).

use crate::Notification;
use bytes::Bytes;
use xml::{Layout, Writer, escape_text};

const START: &str = "<notification xmlns=\"http://jabber.org/protocol/pubsub\">";
const END: &str = "</notification>";

/// What an update is about.
pub(crate) struct Update<'a> {
    /// REST path of the object.
    pub(crate) source: &'a str,
    /// The request it answers.
    pub(crate) request_id: Option<&'a str>,
    pub(crate) outcome: Outcome,
}

pub(crate) enum Outcome {
    /// The object as it is now.
    Put,
    /// What came to the collection.
    Post,
    /// What left the collection.
    Delete,
    /// Why it is not as asked.
    Error,
}

impl Outcome {
    fn event(&self) -> &'static str {
        match self {
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Error => "put",
        }
    }
}

impl Update<'_> {
    /// Renders the update for a node; `data` writes the one child of its `<data>`.
    pub(crate) fn render(&self, node: String, data: impl FnOnce(&mut Writer)) -> Notification {
        let mut writer = Writer::new(Layout::Indented);
        writer.open("Update").open("data");
        data(&mut writer);
        writer.close();
        let request_id = self.request_id.unwrap_or_default();
        match self.outcome {
            Outcome::Put | Outcome::Post | Outcome::Delete => {
                writer.leaf("event", self.outcome.event());
                writer.leaf("requestId", request_id).leaf("source", self.source);
            }
            // COMPAT(finesse): errors have another order, and a small "put" (12.5 captures).
            Outcome::Error => {
                writer.leaf("requestId", request_id).leaf("source", self.source);
                writer.leaf("event", self.outcome.event());
            }
        }
        let (update, replaced) = writer.finish();
        // Each indented line brings two tags, that is eight more characters.
        let mut payload = String::with_capacity(START.len() + update.len() * 3 / 2 + END.len());
        payload.push_str(START);
        escape_text(&mut payload, &update);
        payload.push_str(END);
        Notification { node, payload: Bytes::from(payload), replaced }
    }
}
