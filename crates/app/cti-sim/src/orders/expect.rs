//! `expect …`: whether something is so now. Scripts look again until it is, or the time is over.

use super::{Words, show};
use crate::exchange::LineState;
use crate::hall::Hall;
use std::time::Instant;

pub(super) fn expect(hall: &Hall, now: Instant, words: &mut Words) -> Result<String, String> {
    let subject = words.need("who or what")?;
    if subject == "no" && words.take("calls") {
        let calls = hall.exchange.calls().count();
        return if calls == 0 { Ok(String::new()) } else { Err(format!("there are {calls} calls")) };
    }
    if !words.take("is") {
        let found: usize = if words.take("calls") {
            hall.exchange.calls().count()
        } else if let Some(queue) = words.after("waiting in", "a queue")? {
            waiting(hall, now, &queue)?
        } else {
            return Err("say: expect ID is …, expect N calls, expect N waiting in QUEUE".into());
        };
        let wanted: usize = subject.parse().map_err(|_| format!("{subject} is no number"))?;
        return if found == wanted {
            Ok(String::new())
        } else {
            Err(format!("there are {found}, not {wanted}"))
        };
    }
    let mut wanted = Vec::new();
    while let Some(word) = words.next() {
        wanted.push(word);
    }
    let wanted = wanted.join(" ");
    let found = match hall.exchange.agents().get(&subject) {
        Some(agent) => agent_states(agent),
        None => vec![show::line(line_state(hall, &subject)).to_owned()],
    };
    if found.contains(&wanted) {
        Ok(String::new())
    } else {
        Err(format!("{subject} is {}, not {wanted}", found.first().cloned().unwrap_or_default()))
    }
}

/// The state in all ways of saying it.
fn agent_states(agent: &crate::exchange::agent::Agent) -> Vec<String> {
    let state = show::state(agent.state);
    let mut names = vec![state.to_owned(), format!("{state} {}", agent.reason)];
    if agent.is_wrapping_up() {
        names.push("wrapping up".into());
    }
    if agent.is_signed_in() {
        names.push("signed in".into());
    }
    names
}

/// What the line at a number does: of several calls the one that is not on hold.
fn line_state(hall: &Hall, number: &str) -> LineState {
    let states = hall.exchange.calls().map(|call| call.state_of(number));
    let mut states: Vec<LineState> = states.filter(|state| *state != LineState::Gone).collect();
    states.sort_by_key(|state| *state == LineState::Held);
    states.first().copied().unwrap_or(LineState::Gone)
}

fn waiting(hall: &Hall, now: Instant, name: &str) -> Result<usize, String> {
    let mut queues = hall.exchange.queues().iter();
    let queue = queues.find(|queue| queue.name.eq_ignore_ascii_case(name));
    let queue = queue.ok_or_else(|| format!("there is no queue {name}"))?;
    let counts = hall.exchange.queue_counts(now, queue.number).unwrap_or_default();
    Ok(counts.waiting as usize)
}
