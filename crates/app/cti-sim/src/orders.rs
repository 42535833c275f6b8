//! The script language: what a line says, and doing it. `aplomb sim ctl` sends the same lines.

mod agents;
mod calls;
mod expect;
mod faults;
mod show;
pub(crate) mod tasks;
mod words;

pub(crate) use words::duration;

use crate::hall::Hall;
use std::time::Instant;
use words::Words;

/// Everything that can be said.
pub(crate) const HELP: &str = "\
people who call
  call from NUMBER to QUEUE|EXTENSION [for ID] [talks TIME] [waits TIME] [NAME=VALUE…]
                                    a call comes in; for one agent alone with `for`
  ring ID [from NUMBER] [NAME=VALUE…]
                                    a call rings at that agent: routed if ready, else straight to the telephone
  NUMBER hangs up                   somebody outside ends the call
  NUMBER answers [after TIME] | is busy | never answers | does not exist
                                    what happens when somebody calls that number
agents
  ID signs in [at EXTENSION] [from NUMBER [nailed]] | signs out | is ready | is not ready [REASON] | wraps up [and is ready]
  ID answers | holds | retrieves | drops | alternates | reconnects
  ID calls NUMBER | consults NUMBER | transfers [to NUMBER] | conferences [NUMBER] | drops NUMBER
  ID presses KEYS | sets NAME=VALUE…
  ID monitors ID | barges in on ID | intercepts ID | stops listening
  offer NUMBER to ID [campaign NAME] [directly]
                                    a record of an outbound campaign, for preview
tasks: work that is not calls; of the server that the simulator runs inside
  task to DOMAIN [NAME=VALUE…]      a task comes to a media domain (Chat, Mail in the demo)
  task withdraw ID | tasks          the customer gives up; what there is
settings
  mobile agents on|off              whether one may sign in from a number outside
  wrap-up ID|everybody TIME|off     how long a routed call is wrapped up
  ring time TIME                    how long a routed call rings before it goes on
looking
  agents | calls | queues | clients | sides | help
in scripts
  wait TIME                         nothing for a while
  expect ID is STATE [within TIME]  ready, not ready [REASON], talking, on hold, reserved, wrapping up, signed out…
  expect NUMBER is ringing|active|held|gone [within TIME]
  expect N calls | N waiting in QUEUE [within TIME]
sides and faults
  switch [now]                      the other side becomes active
  side a|b down|up|paused|resumed   refuse connections, or neither read nor write
  side a|b refuses CODE | is silent | speaks VERSION | opens
                                    how OPEN_REQ is answered; `opens` is as usual
  send HEX                          bytes as they are, to every client
  truncate                          the first half of an event, then the connection ends
  unasked                           a confirmation that nobody waits for
  burst COUNT                       so many agent-state events at once

NAME is var1 to var10, wrapup, user.…, user.…[0] or BA…; a VALUE with spaces stands in double quotes.
TIME is 500ms, 20s, 3m.";

/// Carries out one line.
///
/// # Errors
/// When it is not understood, or cannot be; the text says why.
pub(crate) fn carry_out(hall: &mut Hall, now: Instant, line: &str) -> Result<String, String> {
    let mut words = Words::of(line)?;
    let Some(first) = words.next() else { return Ok(String::new()) };
    let said = match first.as_str() {
        "help" => HELP.to_owned(),
        "call" => calls::arrives(hall, now, &mut words)?,
        "ring" if words.take("time") => {
            let time = duration(&words.need("a time")?)?;
            hall.exchange.behaviour_mut().ring_no_answer = time;
            format!("routed calls ring for {time:?}")
        }
        "ring" => calls::rings(hall, now, &mut words)?,
        "offer" => calls::offer(hall, now, &mut words)?,
        "mobile" if words.take("agents") => agents::mobile_agents(hall, &mut words)?,
        "wrap-up" | "wrapup" => agents::wrap_up(hall, &mut words)?,
        "agents" => show::agents(hall, now),
        "calls" => show::calls(hall, now),
        "queues" => show::queues(hall, now),
        "clients" => show::clients(hall),
        "sides" => show::sides(hall),
        "expect" => expect::expect(hall, now, &mut words)?,
        "switch" => hall.switch(now, words.take("now"))?,
        "side" => faults::side(hall, &mut words)?,
        "send" => faults::send(hall, &mut words)?,
        "truncate" => faults::truncate(hall, now)?,
        "unasked" => faults::unasked(hall),
        "burst" => faults::burst(hall, now, &mut words)?,
        id if hall.exchange.agents().get(id).is_some() => agents::act(hall, now, id, &mut words)?,
        number if number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+') => {
            calls::outside(hall, now, number, &mut words)?
        }
        other => return Err(format!("{other} is nothing that can be said here; try help")),
    };
    words.end()?;
    Ok(said)
}
