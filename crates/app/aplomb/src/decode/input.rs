//! What is to be decoded: which form it has shows in its first bytes.

use super::stream::{Conversation, Piece, Way, conversation};
use super::{Reading, capture, hex, recording};
use crate::cli::DecodeArgs;
use anyhow::{Context, ensure};
use std::io::Read;
use std::path::Path;

/// Larger files are not read: they would not fit into memory, and nobody reads a tree of that size. Cut a capture
/// down with a filter for the port first.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// First bytes of a capture: pcapng, then pcap of both byte orders in micro- and nanoseconds.
const CAPTURES: [[u8; 4]; 5] = [
    [0x0A, 0x0D, 0x0D, 0x0A],
    [0xA1, 0xB2, 0xC3, 0xD4],
    [0xD4, 0xC3, 0xB2, 0xA1],
    [0xA1, 0xB2, 0x3C, 0x4D],
    [0x4D, 0x3C, 0xB2, 0xA1],
];

/// Reads what the command line names.
pub(super) fn read(args: &DecodeArgs) -> anyhow::Result<Vec<Conversation>> {
    let reading = Reading::of(args);
    let Some(path) = &args.file else {
        let bytes = hex::digits(&args.hex.join(" ")).context("--hex")?;
        return Ok(vec![one(bytes, reading)]);
    };
    let bytes = file(path)?;
    content(bytes, args.port, reading).with_context(|| path.display().to_string())
}

/// Takes bytes for what they are.
pub(super) fn content(
    bytes: Vec<u8>,
    port: Option<u16>,
    reading: Reading,
) -> anyhow::Result<Vec<Conversation>> {
    ensure!(!bytes.is_empty(), "there is nothing in it");
    if bytes.first_chunk().is_some_and(|magic| CAPTURES.contains(magic)) {
        return capture::read(&bytes, port, reading);
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.trim_start().starts_with('{') => recording::read(text, reading),
        Ok(text) if hex::is_text(&bytes) => Ok(vec![one(hex::dump(text)?, reading)]),
        _ => Ok(vec![one(bytes, reading)]),
    }
}

fn one(bytes: Vec<u8>, reading: Reading) -> Conversation {
    conversation(String::new(), vec![(Way::Unknown, vec![Piece::Bytes(None, bytes.into())])], reading)
}

fn file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let from: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        let file = std::fs::File::open(path);
        Box::new(file.with_context(|| format!("cannot open {}", path.display()))?)
    };
    let mut bytes = Vec::new();
    let read = from.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes);
    read.with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(bytes.len() as u64 <= FILE_BYTES_MAX, "{} is larger than 1 GiB", path.display());
    Ok(bytes)
}
