//! What the desktop notes of itself: an extension of ours, documented in the manual (`docs/manual/probe.md`).

use crate::{Condition, StanzaError, limits::PROBE_NOTES_MAX, ns};
use xml::Node;

/// Characters of a word in a probe.
const WORD_CHARS_MAX: usize = 32;

/// One probe: a client's claims, not facts. Times are as it wrote them, by its own clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probe {
    /// A name of this run of the desktop.
    pub desk: String,
    /// Counts the probes of a desk.
    pub number: u64,
    /// When it was written.
    pub at: String,
    /// The server's clock minus the client's, in milliseconds.
    pub drift_ms: Option<i64>,
    /// The last round trip, in milliseconds.
    pub round_trip_ms: Option<u64>,
    /// The longest time without an open request, in milliseconds.
    pub gap_ms: Option<u64>,
    /// By how much its clock's ticks were late at most, in milliseconds.
    pub late_ms: Option<u64>,
    /// The longest task of a tab, in milliseconds.
    pub busy_ms: Option<u64>,
    /// Tabs that somebody can see.
    pub visible: Option<u32>,
    /// What happened.
    pub notes: Vec<ProbeNote>,
}

/// Something that happened to the desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeNote {
    /// When; if it took a while, its end.
    pub at: String,
    /// What: `asleep`, `frozen`, …
    pub what: String,
    /// For how long, in milliseconds; of a clock, by how much.
    pub ms: Option<i64>,
    /// Why.
    pub why: Option<String>,
}

/// Reads a probe. Attributes that are not numbers count as missing.
pub(super) fn probe(payload: Node<'_, '_>) -> Result<Probe, StanzaError> {
    let desk = word(payload, "desk").ok_or(Condition::BadRequest)?;
    let at = word(payload, "at").ok_or(Condition::BadRequest)?;
    let notes = payload.children().filter(|child| child.has_tag_name((ns::PROBE, "note")));
    let notes: Vec<ProbeNote> = notes.take(PROBE_NOTES_MAX + 1).filter_map(note).collect();
    if notes.len() > PROBE_NOTES_MAX {
        return Err(Condition::PolicyViolation.into());
    }
    Ok(Probe {
        desk,
        at,
        number: number(payload, "number").unwrap_or(0),
        drift_ms: number(payload, "drift"),
        round_trip_ms: number(payload, "rtt"),
        gap_ms: number(payload, "gap"),
        late_ms: number(payload, "late"),
        busy_ms: number(payload, "busy"),
        visible: number(payload, "visible"),
        notes,
    })
}

fn note(node: Node<'_, '_>) -> Option<ProbeNote> {
    let (at, what) = (word(node, "at")?, word(node, "what")?);
    Some(ProbeNote { at, what, ms: number(node, "ms"), why: word(node, "why") })
}

fn number<T: std::str::FromStr>(node: Node<'_, '_>, name: &str) -> Option<T> {
    node.attribute(name)?.parse().ok()
}

/// A short text without anything that acts on a terminal.
fn word(node: Node<'_, '_>, name: &str) -> Option<String> {
    let text = node.attribute(name)?;
    (!text.is_empty()).then(|| xml::printable(text, WORD_CHARS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use xml::Document;

    fn read(text: &str) -> Result<Probe, StanzaError> {
        let document = Document::parse(text.as_bytes(), &xml::Limits::default()).unwrap();
        probe(document.root())
    }

    #[test]
    fn a_probe_is_read_with_its_notes_and_what_is_missing_stays_missing() {
        let read = read(
            "<probe xmlns='urn:aplomb:probe:0' desk='a1' number='7' at='2026-11-22T00:17:30Z' drift='-12' late='x' \
             more='1'><note at='2026-11-22T00:17:04Z' what='asleep' ms='420014'/><note what='odd'/>\
             <other/></probe>",
        )
        .unwrap();
        assert_eq!((read.number, read.drift_ms, read.late_ms), (7, Some(-12), None));
        let [note] = read.notes.as_slice() else { panic!("one note is whole: {read:?}") };
        assert_eq!((note.what.as_str(), note.ms), ("asleep", Some(420_014)));
    }

    #[test]
    fn a_probe_without_a_desk_or_with_too_many_notes_is_refused() {
        assert!(read("<probe xmlns='urn:aplomb:probe:0' at='2026-11-22T00:17:30Z'/>").is_err());
        let notes = "<note at='x' what='up'/>".repeat(PROBE_NOTES_MAX + 1);
        let probe = format!("<probe xmlns='urn:aplomb:probe:0' desk='a' at='x'>{notes}</probe>");
        assert!(read(&probe).is_err());
    }

    #[test]
    fn words_are_short_and_do_nothing_on_a_terminal() {
        let hostile =
            format!("<probe xmlns='urn:aplomb:probe:0' desk='&#x9b;2J{}' at='x'/>", "y".repeat(500));
        let read = read(&hostile).unwrap();
        assert_eq!(read.desk.chars().count(), WORD_CHARS_MAX);
        assert!(!read.desk.chars().any(char::is_control));
    }
}
