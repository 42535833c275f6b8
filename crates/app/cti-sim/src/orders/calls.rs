//! What people outside do.

use super::Words;
use crate::exchange::{Answering, Arrival, CallData};
use crate::hall::Hall;
use ged188::AgentState;
use std::time::{Duration, Instant};

/// `call from NUMBER to QUEUE|EXTENSION …`.
pub(super) fn arrives(hall: &mut Hall, now: Instant, words: &mut Words) -> Result<String, String> {
    let from = words.after("from", "a number")?;
    let from = from.map_or_else(|| free_caller(hall), Ok)?;
    let to = words.after("to", "a queue or an extension")?.ok_or("to whom? say: to Support, or: to 2001")?;
    let to = if to == "queue" { words.need("a queue")? } else { to };
    let mut arrival = Arrival { from, to: route_point(hall, &to).unwrap_or(to), ..Arrival::default() };
    options(&mut arrival, words)?;
    hall.exchange.arrive(now, arrival).map(|call| format!("call {call}"))
}

fn options(arrival: &mut Arrival, words: &mut Words) -> Result<(), String> {
    loop {
        if let Some(agent) = words.after("for", "an agent")? {
            arrival.only = Some(agent);
        } else if let Some(time) = words.time_after("talks")? {
            arrival.talk = Some(time);
        } else if let Some(time) = words.time_after("waits")? {
            arrival.patience = Some(time);
        } else if !words.variable(&mut arrival.data)? {
            break;
        }
    }
    arrival.data.check().map_err(|status| status.to_string())
}

/// A queue by its name, in any case, or by its number.
fn route_point(hall: &Hall, name: &str) -> Option<String> {
    let named =
        |queue: &&crate::SimQueue| queue.name.eq_ignore_ascii_case(name) || queue.number.to_string() == name;
    hall.exchange.queues().iter().find(named).map(|queue| queue.route_point.clone())
}

/// `ring ID …`: routed if the agent is ready, else straight to the telephone.
pub(super) fn rings(hall: &mut Hall, now: Instant, words: &mut Words) -> Result<String, String> {
    let id = words.need("an agent")?;
    let from = words.after("from", "a number")?;
    let from = from.map_or_else(|| free_caller(hall), Ok)?;
    let agent = hall.exchange.agents().get(&id).ok_or_else(|| format!("there is no agent {id}"))?;
    let device = agent.device.clone().filter(|_| agent.is_signed_in());
    let device = device.ok_or_else(|| format!("{id} is not signed in; sign in first, on any desktop"))?;
    let ready = agent.state == AgentState::AVAILABLE;
    let queues = hall.exchange.queues();
    let queue = queues.iter().find(|queue| queue.agents.contains(&id)).filter(|_| ready);
    let mut arrival = match queue {
        Some(queue) => {
            Arrival { from, to: queue.route_point.clone(), only: Some(id.clone()), ..Arrival::default() }
        }
        None => Arrival { from, to: device.clone(), ..Arrival::default() },
    };
    options(&mut arrival, words)?;
    let from = arrival.from.clone();
    let call = hall.exchange.arrive(now, arrival)?;
    Ok(format!("call {call} from {from} rings at {device}"))
}

fn free_caller(hall: &Hall) -> Result<String, String> {
    hall.exchange.free_callers().next().ok_or_else(|| "every caller is in a call".into())
}

/// `offer NUMBER to ID …`.
pub(super) fn offer(hall: &mut Hall, now: Instant, words: &mut Words) -> Result<String, String> {
    let customer = words.need("a number")?;
    let agent = words.after("to", "an agent")?.ok_or("to whom? say: to 1001001")?;
    let campaign = words.after("campaign", "a name")?.unwrap_or_else(|| "Campaign".into());
    let direct = words.take("directly");
    hall.exchange.offer(now, &agent, &customer, &campaign, direct).map(|call| format!("call {call}"))
}

/// `NUMBER hangs up`, and what happens when it is called.
pub(super) fn outside(
    hall: &mut Hall,
    now: Instant,
    number: &str,
    words: &mut Words,
) -> Result<String, String> {
    if words.take("hangs up") {
        if let Some(agent) = hall.exchange.telephone_hangs_up(now, number) {
            return Ok(format!("the telephone of {agent}"));
        }
        let call = hall.exchange.call_of(number).ok_or_else(|| format!("{number} is in no call"))?;
        hall.exchange.hangs_up(now, call, number);
        return Ok(format!("call {call}"));
    }
    let answering = if words.take("answers") {
        Answering::After(words.time_after("after")?.unwrap_or(Duration::ZERO))
    } else if words.take("is busy") {
        Answering::Busy
    } else if words.take("never answers") {
        Answering::Never
    } else if words.take("does not exist") {
        Answering::Unobtainable
    } else {
        return Err(format!("{number} can: hang up, answer, be busy, never answer, not exist; try help"));
    };
    // Somebody whose telephone rings already can only answer.
    if let (Answering::After(_), Some(call)) = (answering, hall.exchange.call_of(number)) {
        return hall
            .exchange
            .answer(now, call, number)
            .map(|()| format!("call {call}"))
            .map_err(|f| f.to_string());
    }
    // So can a mobile agent.
    if let Answering::After(_) = answering
        && let Some(agent) = hall.exchange.telephone_is_taken(now, number)
    {
        return Ok(format!("the telephone of {agent}"));
    }
    hall.exchange.set_number(number, answering);
    Ok(format!("{number}: {answering:?}"))
}

/// The variables of a call, for people.
pub(super) fn data(data: &CallData) -> String {
    let numbered =
        (1..).zip(&data.variables).filter_map(|(n, value)| Some((format!("var{n}"), value.as_ref()?)));
    let named = data.expanded.iter().map(|((name, index), value)| match index {
        Some(index) => (format!("{name}[{index}]"), value),
        None => (name.clone(), value),
    });
    let wrap_up = data.wrap_up.as_ref().map(|value| ("wrapup".to_owned(), value));
    let all: Vec<String> =
        numbered.chain(named).chain(wrap_up).map(|(name, value)| format!("{name}={value:?}")).collect();
    all.join(" ")
}
