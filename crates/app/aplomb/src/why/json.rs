//! The answer as JSON. Its form is documented in `docs/manual/why.md`: fields are added, none changes its meaning.

use super::Question;
use super::answer::{Answer, Disconnection, host};
use super::because::because;
use super::event::event;
use super::history::{History, Life};
use super::sentences::sentences;
use super::words::Clock;
use crate::journal::{Passage, Record};
use serde::Serialize;
use serde_json::{Value, json};

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    agent: &'a str,
    login_name: Option<&'a str>,
    asked_at: String,
    since: String,
    journal_begins: String,
    server_running: bool,
    /// `disconnected`, `connected` or `no-session`.
    verdict: &'static str,
    answer: String,
    cause: Value,
    disconnection: Option<Value>,
    sessions: Vec<Value>,
    events: Vec<Value>,
}

/// The whole document, in one line.
pub(super) fn document(
    history: &History,
    question: &Question,
    answer: &Answer<'_>,
    clock: &Clock,
    cause: Value,
) -> anyhow::Result<String> {
    let is_shown = |life: &&Life| life.ended().is_none_or(|ended| ended >= question.since);
    let sessions = history.lives.iter().filter(is_shown).map(|life| session(life, clock));
    let events = history.events.iter().filter(|record| record.at >= question.since);
    let (verdict, disconnection) = match answer {
        Answer::Disconnected(end) => ("disconnected", Some(disconnection(end, clock))),
        Answer::Connected(_) => ("connected", None),
        Answer::NoSession(_) => ("no-session", None),
    };
    let document = Document {
        version: VERSION,
        agent: &history.user,
        login_name: history.login.as_deref(),
        asked_at: clock.stamp(question.moment()),
        since: clock.stamp(question.since),
        journal_begins: clock.stamp(history.begins),
        server_running: history.is_running,
        verdict,
        answer: sentences(answer, history, question, clock),
        cause,
        disconnection,
        sessions: sessions.collect(),
        events: events.map(|record| one_event(record, clock)).collect::<anyhow::Result<_>>()?,
    };
    Ok(serde_json::to_string(&document)?)
}

fn disconnection(end: &Disconnection<'_>, clock: &Clock) -> Value {
    let back = end.back.map(|back| {
        let same_address = host(&back.session.address) == host(&end.life.session.address);
        json!({ "at": clock.stamp(back.opened), "address": back.session.address, "same_address": same_address })
    });
    json!({
        "session": end.life.session.session,
        "at": clock.stamp(end.at),
        "reason": end.life.reason(),
        "because": because(end.life, clock.language),
        "back": back,
        "forced_logout_at": end.forced_logout.map(|at| clock.stamp(at)),
        "other_users_within_30_s": end.others,
        "cti_link_lost_at": end.cti_down.map(|at| clock.stamp(at)),
    })
}

fn session(life: &Life, clock: &Clock) -> Value {
    let ended = life.tombstone();
    json!({
        "session": life.session.session,
        "opened": clock.stamp(life.opened),
        "ended": life.ended().map(|at| clock.stamp(at)),
        "reason": life.reason(),
        "condition": ended.and_then(|ended| ended.condition.as_deref()),
        "transport": life.session.transport,
        "address": life.session.address,
        "resource": life.session.resource,
        "client": life.session.client,
        "last_seen": ended.map(|ended| clock.stamp(ended.last_seen)),
        "idle_ms": ended.and_then(|ended| ended.idle_ms),
        "longest_gap_ms": ended.and_then(|ended| ended.longest_gap_ms),
        "last_rid": ended.and_then(|ended| ended.last_rid),
        "requests": ended.map(|ended| ended.requests),
        "repeats": ended.map(|ended| ended.repeats),
        "deliveries": ended.map(|ended| ended.deliveries),
        "traffic": ended.map(|ended| ended.traffic.iter().map(passage).collect::<Vec<_>>()),
    })
}

fn passage(passage: &Passage) -> Value {
    json!({
        "ago_ms": passage.ago_ms,
        "way": passage.way.sign().to_string(),
        "rid": passage.rid,
        "what": passage.what,
        "bytes": passage.bytes,
    })
}

/// The record itself, with the time as everywhere here and a text for people.
fn one_event(record: &Record, clock: &Clock) -> anyhow::Result<Value> {
    let mut value = serde_json::to_value(record)?;
    value["at"] = clock.stamp(record.at).into();
    value["text"] = event(&record.what, clock.language).into();
    Ok(value)
}
