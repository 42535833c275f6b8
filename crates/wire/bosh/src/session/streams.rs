//! The streams of a session: XEP-0124 §16.

use crate::answer::Added;
use crate::{Condition, StreamId};
use bytes::Bytes;

/// The start tag of the next response that concerns a stream, when it is not the ordinary one.
pub(super) enum Opening {
    /// The session creation response.
    Creation(Bytes),
    /// The response to the opening of another stream.
    Added(Box<Added>),
    /// The response to a restart: it declares the `stream` prefix.
    Restart,
}

/// How a stream ended, until the client was told.
pub(super) struct Goodbye {
    pub(super) condition: Option<Condition>,
    /// The stream error of the carried protocol.
    pub(super) payload: Option<Bytes>,
}

pub(super) struct Stream {
    pub(super) id: StreamId,
    pub(super) opening: Option<Opening>,
    pub(super) goodbye: Option<Box<Goodbye>>,
}

/// Those that are open, or whose end the client was not told yet; in the order in which they were opened.
pub(super) struct Streams {
    list: Vec<Stream>,
    /// How many there ever were.
    opened: u32,
}

impl Streams {
    /// The one that comes with the session.
    pub(super) fn new(creation: Bytes) -> Self {
        let opening = Some(Opening::Creation(creation));
        Self { list: vec![Stream { id: StreamId::FIRST, opening, goodbye: None }], opened: 1 }
    }

    pub(super) fn add(&mut self, added: Added) -> StreamId {
        self.opened += 1;
        let id = StreamId(self.opened);
        self.list.push(Stream { id, opening: Some(Opening::Added(Box::new(added))), goodbye: None });
        id
    }

    pub(super) fn open(&self) -> impl Iterator<Item = StreamId> {
        self.list.iter().filter(|stream| stream.goodbye.is_none()).map(|stream| stream.id)
    }

    pub(super) fn is_open(&self, id: StreamId) -> bool {
        self.open().any(|open| open == id)
    }

    /// Whether any stream but this one is open.
    pub(super) fn has_others(&self, id: StreamId) -> bool {
        self.open().any(|open| open != id)
    }

    /// Whether the client can still be told something on this stream.
    pub(super) fn has(&self, id: StreamId) -> bool {
        self.list.iter().any(|stream| stream.id == id)
    }

    /// How many are open or have a goodbye to say.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// There was more than one, so payload has to name its stream from now on (§16.4).
    pub(super) fn are_named(&self) -> bool {
        self.opened > 1
    }

    /// Whether the session has, or had, a stream of this number.
    pub(super) fn was_opened(&self, id: StreamId) -> bool {
        (1..=self.opened).contains(&id.0)
    }

    pub(super) fn get_mut(&mut self, id: StreamId) -> Option<&mut Stream> {
        self.list.iter_mut().find(|stream| stream.id == id)
    }

    pub(super) fn remove(&mut self, id: StreamId) {
        self.list.retain(|stream| stream.id != id);
    }

    /// The client is to be told that the stream is over.
    pub(super) fn close(&mut self, id: StreamId, condition: Option<Condition>, payload: Option<Bytes>) {
        if let Some(stream) = self.get_mut(id) {
            stream.goodbye = Some(Box::new(Goodbye { condition, payload }));
        }
    }

    /// A stream of which the client has to hear even if there is no payload: it is new, or it is over.
    pub(super) fn urgent(&self) -> Option<StreamId> {
        let is_urgent = |stream: &&Stream| {
            stream.goodbye.is_some()
                || matches!(stream.opening, Some(Opening::Creation(_) | Opening::Added(_)))
        };
        self.list.iter().find(is_urgent).map(|stream| stream.id)
    }
}

/// The name of a stream. As unpredictable and unique as the sid, which is all that is asked of it (§16.2), and
/// nothing to be kept.
pub(super) fn name(sid: &str, id: StreamId) -> String {
    format!("{sid}-{}", id.0)
}

/// The stream of this name, which may never have been opened.
pub(super) fn find(sid: &str, name: &str) -> Option<StreamId> {
    let number = name.strip_prefix(sid)?.strip_prefix('-')?;
    let is_canonical = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    number.parse().ok().filter(|_| is_canonical).map(StreamId)
}
