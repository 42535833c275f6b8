//! What there is, for people.

use crate::exchange::mobile::{Line, Mobile, Mode};
use crate::exchange::{Call, LineState};
use crate::hall::Hall;
use crate::sides::{Opening, Side};
use ged188::AgentState;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// An agent's state in a word or two.
pub(super) fn state(state: AgentState) -> &'static str {
    match state {
        AgentState::LOGOUT => "signed out",
        AgentState::NOT_READY => "not ready",
        AgentState::AVAILABLE => "ready",
        AgentState::TALKING => "talking",
        AgentState::WORK_NOT_READY => "wrapping up, then not ready",
        AgentState::WORK_READY => "wrapping up, then ready",
        AgentState::RESERVED => "reserved",
        AgentState::HOLD => "on hold",
        _ => "in another state",
    }
}

/// A line's state in a word.
pub(super) fn line(state: LineState) -> &'static str {
    match state {
        LineState::Gone => "gone",
        LineState::Initiated => "calling",
        LineState::Alerting => "ringing",
        LineState::Connected => "active",
        LineState::Held => "held",
        LineState::Queued => "queued",
        LineState::Failed => "failed",
    }
}

fn time(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

pub(super) fn agents(hall: &Hall, now: Instant) -> String {
    let mut out = String::new();
    for agent in hall.exchange.agents().iter() {
        let told = agent.told(now);
        let device = told.device.filter(|_| agent.is_signed_in()).unwrap_or_default();
        let reason = if told.reason > 0 { format!(" ({})", told.reason) } else { String::new() };
        let next = told.next.map(|next| format!(", then {}", state(next))).unwrap_or_default();
        let mobile = agent.mobile.as_ref().map(mobile).unwrap_or_default();
        let colleague = if hall.exchange.is_colleague(&agent.id) { "  (colleague)" } else { "" };
        let since = time(told.in_state);
        let state = format!("{}{reason}{next}", state(agent.state));
        let _ = writeln!(out, "{:<10} {device:<6} {since:>7}  {state}{mobile}{colleague}", agent.id);
    }
    out
}

fn mobile(mobile: &Mobile) -> String {
    let mode = match mobile.mode {
        Mode::CallByCall => "call by call",
        Mode::Nailed => "nailed",
    };
    let line = match mobile.line {
        Line::Idle => "on the hook",
        Line::Rings(_) => "rings",
        Line::Open => "off the hook",
    };
    format!("  (mobile {}, {mode}, {line})", mobile.number)
}

pub(super) fn calls(hall: &Hall, now: Instant) -> String {
    let mut out = String::new();
    for call in hall.exchange.calls() {
        let parties: Vec<String> = call
            .parties
            .iter()
            .map(|party| format!("{} {}", party.endpoint.number, line(party.state)))
            .collect();
        let data = super::calls::data(&call.data);
        let _ = writeln!(
            out,
            "{}  {:?}{}  {}  {data}",
            call.id,
            call.call_type,
            waiting(hall, call, now),
            if parties.is_empty() { "wrapping up".to_owned() } else { parties.join(", ") },
        );
    }
    if out.is_empty() { "no calls\n".into() } else { out }
}

fn waiting(hall: &Hall, call: &Call, now: Instant) -> String {
    let queue = hall.exchange.queues().iter().find(|queue| Some(queue.number) == call.queue);
    match (queue, call.queued_since) {
        (Some(queue), Some(since)) => format!(" waits in {} for {}", queue.name, time(now - since)),
        (Some(queue), None) => format!(" of {}", queue.name),
        (None, _) => String::new(),
    }
}

pub(super) fn queues(hall: &Hall, now: Instant) -> String {
    let mut out = String::new();
    for queue in hall.exchange.queues() {
        let counts = hall.exchange.queue_counts(now, queue.number).unwrap_or_default();
        let _ = writeln!(
            out,
            "{:>3} {:<12} {}  {} wait, {} at the longest; {} signed in, {} ready; today {} offered, {} handled, {} lost",
            queue.number,
            queue.name,
            queue.route_point,
            counts.waiting,
            time(counts.longest),
            counts.signed_in,
            counts.available,
            counts.day.offered,
            counts.day.handled,
            counts.day.abandoned,
        );
    }
    out
}

pub(super) fn clients(hall: &Hall) -> String {
    let mut out = String::new();
    for (_, session) in hall.sessions.iter() {
        let client = session.newcomer.open.client_id.as_deref().unwrap_or_default().escape_default();
        let role = if session.active { "active" } else { "standby" };
        let _ = writeln!(
            out,
            "{client}  {}  side {}  {role}  version {}",
            session.newcomer.peer, session.newcomer.side, session.newcomer.dialect.version
        );
    }
    if out.is_empty() { "no clients\n".into() } else { out }
}

pub(super) fn sides(hall: &Hall) -> String {
    let mut out = String::new();
    let present = |side: &Side| *side == Side::A || hall.config.listen_b.is_some();
    for side in Side::BOTH.into_iter().filter(present) {
        let state = hall.sides.state(side);
        let role = if side == hall.active { "active" } else { "standby" };
        let health = match (state.up, state.paused) {
            (false, _) => "down",
            (true, true) => "paused",
            (true, false) => "up",
        };
        let opening = match state.opening {
            Opening::Usual => String::new(),
            Opening::Refused(status) => format!(", refuses with {status}"),
            Opening::Silent => ", silent".into(),
            Opening::Version(version) => format!(", speaks version {version}"),
        };
        let _ = writeln!(out, "{side}  {role}  {health}{opening}  {} clients", hall.sessions.of(side).len());
    }
    out
}
