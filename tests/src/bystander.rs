//! Somebody who does nothing wrong while others do.

use crate::{Bosh, Rest, Server};

const AGENT: &str = "1001010";
const EXTENSION: &str = "2010";

/// A signed-in agent with a session of its own.
#[derive(Debug)]
pub struct Bystander {
    session: Bosh,
    rest: Rest,
    turn: u32,
}

impl Bystander {
    /// Signs in, on the phone system too.
    pub fn new(server: &Server) -> Self {
        let mut session = Bosh::sign_in(server, AGENT, "bystander");
        let rest = Rest::new(server, AGENT);
        rest.sign_in(AGENT, EXTENSION);
        session.event(&["<state>NOT_READY</state>"]);
        Self { session, rest, turn: 0 }
    }

    /// Changes state and waits for the event of it.
    pub fn is_still_served(&mut self) {
        self.turn += 1;
        let state = if self.turn % 2 == 1 { "READY" } else { "NOT_READY" };
        let request_id = format!("turn-{}", self.turn);
        self.rest.set_state(AGENT, state, &request_id);
        self.session.event(&[&request_id, &format!("<state>{state}</state>")]);
    }
}
