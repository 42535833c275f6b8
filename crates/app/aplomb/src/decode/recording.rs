//! Recordings of a CTI session: a JSON object on each line,
//! `{"t":"2026-11-22T13:00:00Z","side":"A","dir":"in","hex":"00000004…"}`. `in` is what the server sent.

use super::Reading;
use super::hex;
use super::stream::{Conversation, Piece, Way, conversation};
use anyhow::Context;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Line {
    t: Timestamp,
    #[serde(default)]
    side: String,
    dir: Direction,
    hex: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    In,
    Out,
}

type Ways = [(Way, Vec<Piece>); 2];

/// A conversation for each side.
pub(super) fn read(text: &str, reading: Reading) -> anyhow::Result<Vec<Conversation>> {
    let mut sides: BTreeMap<String, Ways> = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let line: Line = serde_json::from_str(line).with_context(|| format!("line {number}"))?;
        let bytes = hex::digits(&line.hex).with_context(|| format!("line {number}"))?;
        let none = || [(Way::ToServer, Vec::new()), (Way::ToClient, Vec::new())];
        let ways = sides.entry(line.side).or_insert_with(none);
        let way = match line.dir {
            Direction::Out => &mut ways[0],
            Direction::In => &mut ways[1],
        };
        way.1.push(Piece::Bytes(Some(line.t), bytes.into()));
    }
    let name = |side: &str| if side.is_empty() { String::new() } else { format!("side {side}") };
    Ok(sides.into_iter().map(|(side, ways)| conversation(name(&side), ways.into(), reading)).collect())
}
