//! Recordings of the CTI link: written while the server runs, read by `aplomb cti decode` and `aplomb cti replay`.
//!
//! A recording is a JSON object on each line: `{"t":"2026-11-22T13:00:00Z","side":"A","dir":"in","hex":"00000004…"}`.
//! `in` is what the CTI server sent.

use crate::cli::ReplayArgs;
use crate::config::{Config, Cti};
use crate::decode::hex;
use crate::log;
use anyhow::{Context, ensure};
use cti::replay::{Piece, serve, sessions};
use cti::{Recording, Tap, Way};
use jiff::Timestamp;
use journal::{Bounds, Journal};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

/// Recordings are bounded by their size only.
const KEEP: Duration = Duration::from_secs(10 * 365 * 24 * 3_600);

/// One line.
#[derive(Serialize, Deserialize)]
pub(crate) struct Line {
    /// When.
    pub(crate) t: Timestamp,
    /// `A` or `B`.
    #[serde(default)]
    pub(crate) side: String,
    /// Which way.
    pub(crate) dir: Direction,
    /// The bytes.
    pub(crate) hex: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    In,
    Out,
}

/// The lines of a recording with their numbers.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = anyhow::Result<(usize, Line)>> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).map(|(number, line)| {
        let line: Line = serde_json::from_str(line).with_context(|| format!("line {number}"))?;
        Ok((number, line))
    })
}

/// Where the link's recording goes, if one is wanted.
pub(crate) fn start(settings: &Cti) -> anyhow::Result<Option<Recording>> {
    let Some(directory) = &settings.record else { return Ok(None) };
    let bounds = Bounds { bytes_max: settings.record_bytes_max, keep: KEEP };
    let journal = Journal::open(directory, bounds).context("cti.record")?;
    let whole = settings.record_whole;
    tracing::info!(directory = %directory.display(), whole, "the CTI link is recorded");
    if whole {
        tracing::warn!("cti.record_whole: passwords and telephone numbers are in the recording");
    }
    Ok(Some(Recording { tap: Arc::new(Sink(journal)), whole }))
}

struct Sink(Journal);

impl Tap for Sink {
    fn piece(&self, side: char, way: Way, bytes: &[u8]) {
        let dir = if way == Way::In { Direction::In } else { Direction::Out };
        let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.0.note(&Line { t: Timestamp::now(), side: side.into(), dir, hex });
    }
}

/// Plays a recording to the CTI clients that connect.
pub(crate) fn replay(args: ReplayArgs) -> anyhow::Result<()> {
    log::start(&Config::default().log)?;
    let mut text = String::new();
    for file in &args.files {
        text += &std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        text.push('\n');
    }
    let sessions = sessions(pieces(&text, args.side.as_deref())?);
    ensure!(!sessions.is_empty(), "no session begins in the recording: there is no OPEN_REQ of this side");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(&args.listen).await;
        let listener = listener.with_context(|| format!("cannot listen on {}", args.listen))?;
        writeln!(std::io::stdout(), "{} sessions on {}", sessions.len(), listener.local_addr()?)?;
        Ok(serve(listener, sessions, args.speed).await?)
    })
}

/// The pieces of one side: this one, or the first that is there.
fn pieces(text: &str, side: Option<&str>) -> anyhow::Result<Vec<Piece>> {
    let mut began = None;
    let mut side = side.map(str::to_owned);
    let mut pieces = Vec::new();
    for line in lines(text) {
        let (number, line) = line?;
        if *side.get_or_insert_with(|| line.side.clone()) != line.side {
            continue;
        }
        let began = *began.get_or_insert(line.t);
        let at = Duration::try_from(line.t.duration_since(began)).unwrap_or_default();
        let way = if line.dir == Direction::In { Way::In } else { Way::Out };
        let bytes = hex::digits(&line.hex).with_context(|| format!("line {number}"))?;
        pieces.push(Piece { at, way, bytes });
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn recorded(directory: &Path) -> String {
        let mut text = String::new();
        journal::read(directory, |line| {
            text += std::str::from_utf8(line).unwrap();
            text.push('\n');
        })
        .unwrap();
        text
    }

    #[test]
    fn what_is_written_is_read_again_side_by_side() {
        let directory = tempfile::tempdir().unwrap();
        let journal = Journal::open(directory.path(), Bounds { bytes_max: 1 << 20, keep: KEEP }).unwrap();
        let sink = Sink(journal.clone());
        sink.piece('A', Way::Out, &[0, 0, 0, 1]);
        sink.piece('B', Way::In, &[9; 3_072]);
        sink.piece('A', Way::In, &[0xFF]);
        assert!(journal.close(Duration::from_secs(10)));
        assert_eq!(journal.dropped(), 0);
        let text = recorded(directory.path());
        let first: Vec<_> =
            pieces(&text, None).unwrap().into_iter().map(|piece| (piece.way, piece.bytes)).collect();
        assert_eq!(first, [(Way::Out, vec![0, 0, 0, 1]), (Way::In, vec![0xFF])]);
        let other = pieces(&text, Some("B")).unwrap();
        assert_eq!(other[0].bytes, [9; 3_072], "the longest piece fits a line");
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        let error =
            pieces("{\"t\":\"2026-11-22T13:00:00Z\",\"dir\":\"in\",\"hex\":\"0\"}", None).unwrap_err();
        assert!(format!("{error:#}").contains("line 1"), "{error:#}");
    }
}
