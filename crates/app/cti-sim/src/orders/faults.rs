//! What servers should not do, for clients that have to bear it.

use super::Words;
use crate::events;
use crate::hall::Hall;
use crate::sessions::encode;
use crate::sides::{Opening, Side};
use bytes::Bytes;
use ged188::message::SetAgentStateConf;
use ged188::{Dialect, Message, Status};
use std::time::Instant;

/// The most events of one burst: a client's whole queue and as much again.
const BURST_MAX: usize = 100_000;
/// An InvokeID that no client uses.
const NOBODYS_INVOKE_ID: u32 = 0xDEAD_BEEF;

/// `side a|b …`.
pub(super) fn side(hall: &mut Hall, words: &mut Words) -> Result<String, String> {
    let side: Side = words.need("a or b")?.parse()?;
    let verb = words.need("what the side does")?;
    let number = |words: &mut Words, what: &str| {
        let word = words.need(what)?;
        word.parse::<u32>().map_err(|_| format!("{word} is no {what}"))
    };
    let opening = match verb.as_str() {
        "down" | "up" | "paused" | "resumed" => {
            hall.sides.change(side, |state| match verb.as_str() {
                "down" => state.up = false,
                "up" => state.up = true,
                "paused" => state.paused = true,
                _ => state.paused = false,
            });
            return Ok(format!("side {side} is {verb}"));
        }
        "refuses" => Opening::Refused(Status(number(words, "status code")?)),
        "is" if words.take("silent") => Opening::Silent,
        "speaks" => Opening::Version(number(words, "version")?),
        "opens" => Opening::Usual,
        other => return Err(format!("{other} is nothing that a side does; try help")),
    };
    hall.sides.change(side, |state| state.opening = opening);
    Ok(format!("side {side} answers OPEN_REQ: {opening:?}"))
}

/// `send HEX`.
pub(super) fn send(hall: &mut Hall, words: &mut Words) -> Result<String, String> {
    let mut digits = String::new();
    while let Some(word) = words.next() {
        digits.push_str(&word);
    }
    if digits.is_empty() || !digits.len().is_multiple_of(2) || !digits.bytes().all(|b| b.is_ascii_hexdigit())
    {
        return Err("bytes are pairs of hexadecimal digits".into());
    }
    let pair = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap_or_default();
    let bytes: Bytes = (0..digits.len()).step_by(2).map(pair).collect();
    let clients = to_everybody(hall, |_| Some(bytes.clone()));
    Ok(format!("{} bytes to {clients} clients", bytes.len()))
}

/// `truncate`: what a crash in the middle of a message leaves.
pub(super) fn truncate(hall: &mut Hall, now: Instant) -> Result<String, String> {
    let event = some_event(hall, now)?;
    let half = |dialect| encode(&event, dialect).map(|bytes| bytes.slice(..bytes.len() / 2));
    let clients = to_everybody(hall, half);
    for client in hall.sessions.ids() {
        if let Some(session) = hall.sessions.get(client) {
            session.newcomer.kick.notify_one();
        }
        hall.sessions.remove(client);
    }
    Ok(format!("half an event to {clients} clients, then the end"))
}

/// `unasked`.
pub(super) fn unasked(hall: &mut Hall) -> String {
    let conf: Message = SetAgentStateConf::new(NOBODYS_INVOKE_ID).into();
    let clients = to_everybody(hall, |dialect| encode(&conf, dialect));
    format!("a confirmation to {clients} clients")
}

/// `burst COUNT`: an agent's state, told again and again.
pub(super) fn burst(hall: &mut Hall, now: Instant, words: &mut Words) -> Result<String, String> {
    let count = words.need("how many")?;
    let count: usize = count.parse().map_err(|_| format!("{count} is no number"))?;
    if count > BURST_MAX {
        return Err(format!("{count} is too many, at most {BURST_MAX}"));
    }
    let event = some_event(hall, now)?;
    // Many events in one go: a client's queue counts messages, its socket takes bytes.
    let many = |dialect| encode(&event, dialect).map(|bytes| Bytes::from(bytes.repeat(count)));
    let clients = to_everybody(hall, many);
    Ok(format!("{count} events to {clients} clients"))
}

/// The state of the first agent who is signed in, else of the first.
fn some_event(hall: &Hall, now: Instant) -> Result<Message, String> {
    let agents = hall.exchange.agents();
    let agent = agents.iter().find(|agent| agent.is_signed_in()).or_else(|| agents.iter().next());
    let agent = agent.ok_or("there are no agents")?;
    Ok(events::agent(&agent.told(now), &hall.config, None).into())
}

fn to_everybody(hall: &mut Hall, bytes: impl Fn(Dialect) -> Option<Bytes>) -> usize {
    let clients: Vec<(u64, Dialect)> =
        hall.sessions.iter().map(|(id, session)| (id, session.newcomer.dialect)).collect();
    for (client, dialect) in &clients {
        if let Some(bytes) = bytes(*dialect) {
            hall.sessions.push(*client, bytes);
        }
    }
    clients.len()
}
