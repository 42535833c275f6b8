//! The last requests and answers of a session, in a line of the journal.
//!
//! Thirty of them would be most of the line as objects; so each is a few characters: `63012<1071 poll 83`, sixty-three
//! seconds before the end, from the client, request id 1071, an empty poll of 83 bytes.

use serde::{Deserialize, Deserializer, Serializer};
use std::borrow::Cow;
use std::fmt::Write as _;

/// One request or answer, without what was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passage {
    /// Milliseconds before the end.
    pub(crate) ago_ms: u64,
    pub(crate) way: Way,
    /// BOSH: the request id.
    pub(crate) rid: Option<u64>,
    pub(crate) what: String,
    pub(crate) bytes: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// From the client.
    In,
    /// To it.
    Out,
}

impl Way {
    pub(crate) fn sign(self) -> char {
        match self {
            Self::In => '<',
            Self::Out => '>',
        }
    }
}

pub(super) fn serialize<S: Serializer>(traffic: &[Passage], serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = String::with_capacity(24 * traffic.len());
    for Passage { ago_ms, way, rid, what, bytes } in traffic {
        let separator = if text.is_empty() { "" } else { ";" };
        let rid = rid.map(|rid| rid.to_string()).unwrap_or_default();
        let _ = write!(text, "{separator}{ago_ms}{}{rid} {what} {bytes}", way.sign());
    }
    serializer.serialize_str(&text)
}

/// What cannot be read is left out: a later version may write more.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Passage>, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    Ok(text.split(';').filter_map(passage).collect())
}

fn passage(text: &str) -> Option<Passage> {
    let (head, rest) = text.split_once(' ')?;
    let (what, bytes) = rest.split_once(' ')?;
    let place = head.find(['<', '>'])?;
    let way = if head.as_bytes()[place] == b'<' { Way::In } else { Way::Out };
    let rid = &head[place + 1..];
    let rid = if rid.is_empty() { None } else { Some(rid.parse().ok()?) };
    let what = notification::printable(what, 16);
    Some(Passage { ago_ms: head[..place].parse().ok()?, way, rid, what, bytes: bytes.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_passage_is_left_out_and_the_rest_is_read() {
        let read = |text: &str| text.split(';').filter_map(passage).collect::<Vec<_>>();
        let poll = Passage { ago_ms: 63_012, way: Way::In, rid: Some(1_071), what: "poll".into(), bytes: 83 };
        let answer = Passage { ago_ms: 0, way: Way::Out, rid: None, what: "answer".into(), bytes: 57 };
        assert_eq!(read("63012<1071 poll 83;;x<1 poll 2;5 poll 2;0> answer 57;1<2 poll -3"), [poll, answer]);
        assert_eq!(read("1< \u{1b}[2J 2")[0].what, "\u{fffd}[2J");
    }
}
