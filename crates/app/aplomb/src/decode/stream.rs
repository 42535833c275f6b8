//! From bytes of two directions to messages.

use super::Reading;
use bytes::Bytes;
use ged188::message::OpenReq;
use ged188::view::{View, view};
use ged188::{Deframer, Dialect, Frame, limits, message};
use jiff::Timestamp;

/// Bytes of a message header.
const HEADER_BYTES: u64 = 8;

/// OPEN_REQ.
const OPEN_REQ: u32 = 3;

/// Which way bytes go, where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Nothing says.
    Unknown,
    /// From the client.
    ToServer,
    /// To the client.
    ToClient,
}

/// Bytes of one direction that follow each other, and what is missing between them.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Bytes, and when they came.
    Bytes(Option<Timestamp>, Bytes),
    /// So many bytes were not captured.
    Missing(u64),
}

/// What two parties, or one, have said.
#[derive(Debug)]
pub(super) struct Conversation {
    /// Who; empty when nothing says.
    pub(super) name: String,
    /// How it was read.
    pub(super) dialect: Dialect,
    /// What was left out before it, for people.
    pub(super) notes: Vec<String>,
    /// Messages and what is wrong between them, by time.
    pub(super) items: Vec<Item>,
}

impl Conversation {
    /// How many places are broken.
    pub(super) fn faults(&self) -> usize {
        let broken = |item: &&Item| match &item.what {
            What::Message(view) => view.fault.is_some(),
            What::Fault { .. } => true,
        };
        self.items.iter().filter(broken).count()
    }
}

/// A message, or what is wrong in its place.
#[derive(Debug)]
pub(super) struct Item {
    /// Where in its direction it begins.
    pub(super) at: u64,
    pub(super) way: Way,
    pub(super) time: Option<Timestamp>,
    pub(super) what: What,
}

/// See [`Item`].
#[derive(Debug)]
pub(super) enum What {
    Message(Box<View>),
    /// Bytes that are no message, or the lack of them.
    Fault {
        why: String,
        bytes: Bytes,
    },
}

/// Makes messages of the bytes.
pub(super) fn conversation(name: String, ways: Vec<(Way, Vec<Piece>)>, reading: Reading) -> Conversation {
    let mut items: Vec<(Item, Option<Frame>)> = Vec::new();
    for (way, pieces) in ways {
        Cutter::new(way).cut(pieces, &mut items);
    }
    items.sort_by_key(|(item, _)| item.time);
    let told = items.iter().find_map(|(_, frame)| open_version(frame.as_ref()?));
    let dialect = reading.dialect(told);
    let items = items.into_iter().map(|(item, frame)| match frame {
        Some(frame) => Item { what: What::Message(Box::new(view(&frame, dialect))), ..item },
        None => item,
    });
    Conversation { name, dialect, notes: Vec::new(), items: items.collect() }
}

/// The version that an OPEN_REQ asks for.
fn open_version(frame: &Frame) -> Option<u32> {
    (frame.kind == OPEN_REQ).then(|| OpenReq::version_of(&frame.body).ok()).flatten()
}

/// Whether bytes begin with the header of a message whose layout is known.
pub(super) fn is_plausible(bytes: &[u8]) -> bool {
    let Some((header, _)) = bytes.split_first_chunk::<8>() else { return false };
    let [a, b, c, d, e, f, g, h] = *header;
    let (body_bytes, kind) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
    let bytes_max = limits::MESSAGE_BYTES_MAX as u64;
    u64::from(body_bytes) + HEADER_BYTES <= bytes_max && !message::name(kind).is_empty()
}

fn bytes_are(count: u64) -> String {
    if count == 1 { "1 byte is".to_owned() } else { format!("{count} bytes are") }
}

/// Cuts one direction into messages, on behind gaps if the next piece begins one.
struct Cutter {
    way: Way,
    deframer: Deframer,
    /// Bytes since the last message's end, which the deframer holds.
    held: Vec<u8>,
    at: u64,
    time: Option<Timestamp>,
    /// Behind a gap or a broken length: only a piece that begins with a header goes on.
    lost: bool,
}

impl Cutter {
    fn new(way: Way) -> Self {
        let deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
        Self { way, deframer, held: Vec::new(), at: 0, time: None, lost: false }
    }

    fn cut(mut self, pieces: Vec<Piece>, out: &mut Vec<(Item, Option<Frame>)>) {
        let mut pieces = pieces.into_iter().peekable();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Bytes(time, bytes) => self.bytes(time, &bytes, out),
                Piece::Missing(bytes) => {
                    // A gap shows when what is behind it comes.
                    let next = pieces.peek();
                    let time = if let Some(Piece::Bytes(time, _)) = next { *time } else { self.time };
                    self.missing(time, bytes, out);
                }
            }
        }
        let held = std::mem::take(&mut self.held);
        if !held.is_empty() {
            let why = match self.wanted(&held) {
                Some(wanted) if !self.lost => {
                    format!("the message ends early: {} missing", bytes_are(wanted))
                }
                None if !self.lost => "a header of 8 bytes ends early".to_owned(),
                _ => "no message begins here".to_owned(),
            };
            self.fault(why, held, out);
        }
    }

    fn bytes(&mut self, time: Option<Timestamp>, bytes: &[u8], out: &mut Vec<(Item, Option<Frame>)>) {
        self.time = time;
        if self.lost {
            if !is_plausible(bytes) {
                self.held.extend_from_slice(bytes);
                return;
            }
            let held = std::mem::take(&mut self.held);
            if !held.is_empty() {
                self.fault("no message begins here".to_owned(), held, out);
            }
            self.lost = false;
            self.deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
        }
        self.held.extend_from_slice(bytes);
        self.deframer.push(bytes);
        loop {
            match self.deframer.next_frame() {
                Ok(Some(frame)) => {
                    let whole = frame.body.len() + HEADER_BYTES as usize;
                    let (at, way, time) = (self.at, self.way, self.time);
                    self.held.drain(..whole);
                    self.at += whole as u64;
                    let what = What::Fault { why: String::new(), bytes: Bytes::new() };
                    out.push((Item { at, way, time, what }, Some(frame)));
                }
                Ok(None) => return,
                Err(error) => {
                    let held = std::mem::take(&mut self.held);
                    self.fault(error.to_string(), held, out);
                    self.lost = true;
                    return;
                }
            }
        }
    }

    fn missing(&mut self, time: Option<Timestamp>, bytes: u64, out: &mut Vec<(Item, Option<Frame>)>) {
        let mut held = std::mem::take(&mut self.held);
        if self.lost && !held.is_empty() {
            self.fault("no message begins here".to_owned(), std::mem::take(&mut held), out);
        }
        self.time = time;
        let inside = if held.is_empty() { "" } else { ", within a message" };
        self.fault(format!("{} not captured{inside}", bytes_are(bytes)), held, out);
        self.at += bytes;
        self.lost = true;
    }

    /// How many bytes the message at hand still needs; `None` when not even its length is known.
    fn wanted(&self, held: &[u8]) -> Option<u64> {
        let length = held.first_chunk::<4>()?;
        Some((u64::from(u32::from_be_bytes(*length)) + HEADER_BYTES).saturating_sub(held.len() as u64))
    }

    fn fault(&mut self, why: String, bytes: Vec<u8>, out: &mut Vec<(Item, Option<Frame>)>) {
        let (at, way, time) = (self.at, self.way, self.time);
        self.at += bytes.len() as u64;
        out.push((Item { at, way, time, what: What::Fault { why, bytes: bytes.into() } }, None));
    }
}
