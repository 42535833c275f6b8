//! Recordings of a CTI session, as conversations.

use super::Reading;
use super::hex;
use super::stream::{Conversation, Piece, Way, conversation};
use crate::recording::{Direction, lines};
use anyhow::Context;
use std::collections::BTreeMap;

type Ways = [(Way, Vec<Piece>); 2];

/// A conversation for each side.
pub(super) fn read(text: &str, reading: Reading) -> anyhow::Result<Vec<Conversation>> {
    let mut sides: BTreeMap<String, Ways> = BTreeMap::new();
    for line in lines(text) {
        let (number, line) = line?;
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
