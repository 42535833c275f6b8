//! What agents do at their telephones and desks.

use super::Words;
use crate::exchange::{CallData, Exchange, LineState, Order, Supervision};
use crate::hall::Hall;
use ged188::{AgentState, ControlFailure};
use std::time::Instant;

/// `ID does something`.
pub(super) fn act(hall: &mut Hall, now: Instant, id: &str, words: &mut Words) -> Result<String, String> {
    let exchange = &mut hall.exchange;
    if let Some(said) = state(exchange, now, id, words)? {
        return Ok(said);
    }
    let agent = exchange.agents().get(id).filter(|agent| agent.is_signed_in());
    let device = agent.and_then(|agent| agent.device.clone());
    let device = device.ok_or_else(|| format!("{id} is not signed in"))?;
    let verb = words.need("what the agent does")?;
    let done = match verb.as_str() {
        "answers" => {
            let call = at(exchange, &device, LineState::Alerting)?;
            exchange.answer(now, call, &device).map(|()| call)
        }
        "holds" => {
            let call = at(exchange, &device, LineState::Connected)?;
            exchange.hold(now, call, &device).map(|()| call)
        }
        "retrieves" => {
            let call = at(exchange, &device, LineState::Held)?;
            exchange.retrieve(now, call, &device).map(|()| call)
        }
        "drops" => {
            let call = current(exchange, &device)?;
            match words.next() {
                None => exchange.clear_connection(now, call, &device, None).map(|()| call),
                Some(number) => exchange.clear_connection(now, call, &number, Some(&device)).map(|()| call),
            }
        }
        "calls" | "dials" => {
            let number = words.need("a number")?;
            exchange.make_call(now, &device, &number, &variables(words)?)
        }
        "presses" => {
            let call = at(exchange, &device, LineState::Connected)?;
            exchange.send_tones(call, &device, &words.need("the keys")?).map(|()| call)
        }
        "sets" => {
            let call = current(exchange, &device)?;
            let data = variables(words)?;
            return exchange
                .set_data(now, call, &data)
                .map(|()| said(call))
                .map_err(|status| status.to_string());
        }
        _ => return with_two(exchange, now, id, &device, &verb, words),
    };
    done.map(said).map_err(|failure| refused(id, failure))
}

/// What needs two calls, or somebody else's.
fn with_two(
    exchange: &mut Exchange,
    now: Instant,
    id: &str,
    device: &str,
    verb: &str,
    words: &mut Words,
) -> Result<String, String> {
    let active = |exchange: &Exchange| at(exchange, device, LineState::Connected);
    let held = |exchange: &Exchange| at(exchange, device, LineState::Held);
    let done = match verb {
        "consults" => {
            let call = active(exchange)?;
            let number = words.need("a number")?;
            exchange.consult(now, call, device, &number, &variables(words)?)
        }
        "transfers" => match words.after("to", "a number")? {
            Some(number) => exchange.transfer_to(now, active(exchange)?, device, &number),
            None => exchange.transfer(now, active(exchange)?, held(exchange)?, device),
        },
        "conferences" => match words.next() {
            Some(number) => exchange.conference_in(now, active(exchange)?, device, &number),
            None => exchange.conference(now, active(exchange)?, held(exchange)?, device),
        },
        "alternates" => {
            let (active, held) = (active(exchange)?, held(exchange)?);
            exchange.alternate(now, active, held, device).map(|()| held)
        }
        "reconnects" => {
            let (active, held) = (current(exchange, device)?, held(exchange)?);
            exchange.reconnect(now, active, held, device).map(|()| held)
        }
        "monitors" => supervise(exchange, now, Supervision::Monitor, device, words)?,
        "barges" if words.take("in on") => supervise(exchange, now, Supervision::BargeIn, device, words)?,
        "intercepts" => supervise(exchange, now, Supervision::Intercept, device, words)?,
        "stops" if words.take("listening") => {
            let call = current(exchange, device)?;
            exchange.supervise(now, Supervision::Clear, device, call, "")
        }
        other => return Err(format!("{other} is nothing that an agent does; try help")),
    };
    done.map(said).map_err(|failure| refused(id, failure))
}

fn supervise(
    exchange: &mut Exchange,
    now: Instant,
    action: Supervision,
    supervisor: &str,
    words: &mut Words,
) -> Result<Result<u32, ControlFailure>, String> {
    let id = words.need("an agent")?;
    let device = exchange.agents().get(&id).and_then(|agent| agent.device.clone());
    let device = device.ok_or_else(|| format!("there is no agent {id} at a telephone"))?;
    let call = current(exchange, &device)?;
    Ok(exchange.supervise(now, action, supervisor, call, &device))
}

/// `ID signs in`, `is ready`, and so on; `None` when it is about a call.
fn state(
    exchange: &mut Exchange,
    now: Instant,
    id: &str,
    words: &mut Words,
) -> Result<Option<String>, String> {
    let own = exchange.agents().get(id).map(|agent| agent.extension.clone());
    let mut work_mode = 0;
    let (state, reason, device, forced) = if words.take("signs in") {
        let device = words.after("at", "an extension")?.or(own);
        let number = words.after("from", "a number")?;
        if number.is_some() {
            work_mode = if words.take("nailed") { 4 } else { 3 };
        }
        let instrument = device.map(|device| match number {
            Some(number) => format!("{device};{number}"),
            None => device,
        });
        (AgentState::LOGIN, 0, instrument, 0)
    } else if words.take("signs out") {
        (AgentState::LOGOUT, 0, None, 1)
    } else if words.take("is ready") {
        (AgentState::AVAILABLE, 0, None, 0)
    } else if words.take("is not ready") {
        let reason = words.next().map(|word| word.parse().map_err(|_| format!("{word} is no reason code")));
        (AgentState::NOT_READY, reason.transpose()?.unwrap_or(0), None, 0)
    } else if words.take("wraps up") {
        let ready = words.take("and is ready");
        (if ready { AgentState::WORK_READY } else { AgentState::WORK_NOT_READY }, 0, None, 0)
    } else {
        return Ok(None);
    };
    let order = Order {
        agent_id: Some(id),
        device: device.as_deref(),
        terminal: None,
        state,
        work_mode,
        reason,
        forced,
        supervised: false,
    };
    exchange.set_agent_state(now, order).map_err(|failure| refused(id, failure))?;
    if state == AgentState::LOGIN {
        exchange.release(id);
    }
    let agent = exchange.agents().get(id).map(|agent| agent.state);
    Ok(Some(format!("{id} is {}", super::show::state(agent.unwrap_or_default()))))
}

/// `mobile agents on|off`.
pub(super) fn mobile_agents(hall: &mut Hall, words: &mut Words) -> Result<String, String> {
    let allowed = match words.need("on or off")?.as_str() {
        "on" => true,
        "off" => false,
        other => return Err(format!("{other} is neither on nor off")),
    };
    hall.exchange.behaviour_mut().mobile_agents = allowed;
    Ok(format!("mobile agents: {}", if allowed { "on" } else { "off" }))
}

/// `wrap-up ID|everybody TIME|off`.
pub(super) fn wrap_up(hall: &mut Hall, words: &mut Words) -> Result<String, String> {
    let who = words.need("an agent, or everybody")?;
    let time = words.need("a time, or off")?;
    let wrap_up = if time == "off" { None } else { Some(super::duration(&time)?) };
    let everybody: Vec<String> = hall.exchange.agents().iter().map(|agent| agent.id.clone()).collect();
    if who != "everybody" && !everybody.contains(&who) {
        return Err(format!("there is no agent {who}"));
    }
    for id in everybody.iter().filter(|id| who == "everybody" || **id == who) {
        hall.exchange.set_wrap_up(id, wrap_up);
    }
    Ok(format!("wrap-up of {who}: {time}"))
}

/// The call of which a telephone's end is in a state.
fn at(exchange: &Exchange, device: &str, state: LineState) -> Result<u32, String> {
    let calls = exchange.calls_at(device).unwrap_or_default();
    let found = calls.iter().rev().find(|call| call.state == state && call.monitor != 2);
    found.map(|call| call.id).ok_or_else(|| {
        let state = super::show::line(state);
        format!("no call at {device} is {state}")
    })
}

/// The call that one would speak of: active, else ringing, else on hold, else wrapped up.
fn current(exchange: &Exchange, device: &str) -> Result<u32, String> {
    use LineState::{Alerting, Connected, Failed, Held, Initiated};
    let states = [Connected, Initiated, Failed, Alerting, Held];
    let found = states.into_iter().find_map(|state| at(exchange, device, state).ok());
    let wrapped = || exchange.agents().at(device).and_then(|agent| agent.unwrapped);
    found.or_else(wrapped).ok_or_else(|| format!("there is no call at {device}"))
}

fn variables(words: &mut Words) -> Result<CallData, String> {
    let mut data = CallData::default();
    while words.variable(&mut data)? {}
    data.check().map_err(|status| status.to_string())?;
    Ok(data)
}

fn said(call: u32) -> String {
    format!("call {call}")
}

fn refused(id: &str, failure: ControlFailure) -> String {
    format!("{id} may not: {failure}")
}
