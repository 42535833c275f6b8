//! SASL exchanges (RFC 4422).

use crate::{Checker, Granted, Mode};
use accounts::scram;
use accounts::{Account, ChannelBindings, Mechanism, Plain, Refusal, ScramStep};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

/// One client's attempt to sign in by one mechanism. Prints without secrets.
#[derive(Debug)]
pub struct Exchange {
    checker: Checker,
    mechanism: Mechanism,
    name: Option<String>,
    state: State,
}

#[derive(Debug)]
enum State {
    Plain,
    ScramFirst(scram::Exchange),
    ScramLast(ScramStep),
    Over,
}

/// What comes of a client's message.
#[derive(Clone, Debug)]
pub enum Step {
    /// Send this, and take the client's answer.
    Challenge(Vec<u8>),
    /// Signed in.
    Granted {
        /// Who.
        account: Arc<Account>,
        /// For the client to check, if the mechanism has such a thing.
        data: Option<Vec<u8>>,
        /// When a token that it signed in with is no longer good. A password is good until it is changed.
        until: Option<SystemTime>,
    },
    /// Not signed in; the exchange is over.
    Refused(Refusal),
}

impl Checker {
    /// What to offer a client that connected so, the strongest first. A token goes in the place of the password, which
    /// only PLAIN sends.
    pub fn mechanisms(&self, bindings: &ChannelBindings) -> Vec<Mechanism> {
        match self.0.mode {
            Mode::Passwords => self.lock().mechanisms(bindings),
            Mode::Tokens(_) | Mode::Both(_) => vec![Mechanism::Plain],
        }
    }

    /// Begins an exchange by a mechanism that was offered.
    pub fn start(&self, mechanism: Mechanism, bindings: &ChannelBindings) -> Exchange {
        let state = match mechanism {
            Mechanism::Plain => State::Plain,
            Mechanism::Scram { hash, plus } => {
                State::ScramFirst(scram::Exchange { hash, plus, bindings: bindings.clone() })
            }
        };
        Exchange { checker: self.clone(), mechanism, name: None, state }
    }
}

impl Exchange {
    /// The mechanism.
    pub fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    /// Whom the client said it is, as soon as it said so. May be anything that a stranger typed.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The client's next message. `None` if it began without one: it is asked for it by an empty challenge, as in
    /// each of our mechanisms the client speaks first.
    pub async fn step(&mut self, message: Option<&[u8]>) -> Step {
        let Some(message) = message else { return Step::Challenge(Vec::new()) };
        let outcome = match std::mem::replace(&mut self.state, State::Over) {
            State::Plain => self.plain(message).await,
            State::ScramFirst(terms) => self.scram_first(&terms, message),
            State::ScramLast(step) => self.scram_last(&step, message),
            State::Over => Err(Refusal::Malformed("a message after the last one")),
        };
        outcome.unwrap_or_else(Step::Refused)
    }

    async fn plain(&mut self, message: &[u8]) -> Result<Step, Refusal> {
        let plain = Plain::parse(message)?;
        self.name = Some(plain.name().to_owned());
        let Granted { account, until } =
            self.checker.check_password(plain.name(), plain.password().clone()).await?;
        Ok(Step::Granted { account, data: None, until })
    }

    fn scram_first(&mut self, terms: &scram::Exchange, message: &[u8]) -> Result<Step, Refusal> {
        self.name = scram::name_in(message);
        let nonce = STANDARD_NO_PAD.encode(rand::random::<[u8; 18]>());
        let (step, challenge) = self.checker.lock().begin_scram(Instant::now(), terms, message, &nonce)?;
        self.state = State::ScramLast(step);
        Ok(Step::Challenge(challenge.into_bytes()))
    }

    fn scram_last(&self, step: &ScramStep, message: &[u8]) -> Result<Step, Refusal> {
        let (account, signature) = self.checker.lock().finish_scram(Instant::now(), step, message)?;
        self.checker.may_use_password(&account)?;
        Ok(Step::Granted { account, data: Some(signature.into_bytes()), until: None })
    }
}
