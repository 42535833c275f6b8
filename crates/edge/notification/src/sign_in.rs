//! Signing in: between the stream, which carries SASL messages, and the exchange, which understands them.

use crate::outlet::{Outlet, ToSession};
use crate::service::Context;
use crate::story::Client;
use crate::visit::note_refused;
use accounts::{ChannelBindings, Denial, Mechanism, Refusal};
use credentials::{Checker, Exchange};
use std::sync::Arc;
use std::time::{Instant, SystemTime};
use xmpp::sasl::{Condition, Failure, Message, Offer, Step};

/// A session's attempts to sign in.
#[derive(Default)]
pub(crate) struct SignIn {
    bindings: ChannelBindings,
    /// The exchange that waits for the client's answer to a challenge.
    exchange: Option<Box<Exchange>>,
}

/// What became of a client's message.
#[derive(Debug)]
pub(crate) struct Stepped {
    exchange: Box<Exchange>,
    step: Step,
    expires: Option<Instant>,
}

impl Stepped {
    /// When what the client signed in with is no longer good; `None` if that is not known, or not over yet.
    pub(crate) fn expires(&self) -> Option<Instant> {
        self.expires
    }
}

impl SignIn {
    /// The connection is encrypted, and this is what a sign-in can be bound to.
    pub(crate) fn set_bindings(&mut self, bindings: ChannelBindings) {
        self.bindings = bindings;
    }

    /// What to offer on this connection.
    pub(crate) fn offer(&self, checker: &Checker) -> Offer {
        let mechanisms = checker.mechanisms(&self.bindings);
        let plus = mechanisms.iter().any(|it| matches!(it, Mechanism::Scram { plus: true, .. }));
        Offer {
            mechanisms: mechanisms.into_iter().map(Mechanism::name).collect(),
            bindings: if plus { self.bindings.types() } else { Vec::new() },
        }
    }

    /// The client chose a mechanism. The answer comes by the outlet.
    pub(crate) fn authenticate(
        &mut self,
        context: &Arc<Context>,
        outlet: &Outlet,
        client: &Client,
        (mechanism, initial): (&str, Option<Message>),
    ) {
        self.exchange = None;
        let Some(mechanism) = Mechanism::named(mechanism) else { return };
        let exchange = Box::new(context.credentials.start(mechanism, &self.bindings));
        make_step(exchange, initial, context.clone(), outlet.clone(), client.clone());
    }

    /// The client answered the challenge. The answer comes by the outlet.
    pub(crate) fn respond(
        &mut self,
        context: &Arc<Context>,
        outlet: &Outlet,
        client: &Client,
        message: Message,
    ) {
        if let Some(exchange) = self.exchange.take() {
            make_step(exchange, Some(message), context.clone(), outlet.clone(), client.clone());
        }
    }

    /// What the stream is told.
    pub(crate) fn stepped(&mut self, stepped: Stepped) -> Step {
        if matches!(stepped.step, Step::Challenge(_)) {
            self.exchange = Some(stepped.exchange);
        }
        stepped.step
    }
}

/// Makes a step without making the transport wait: a password may have to be checked.
fn make_step(
    mut exchange: Box<Exchange>,
    message: Option<Message>,
    context: Arc<Context>,
    outlet: Outlet,
    client: Client,
) {
    tokio::spawn(async move {
        let mut expires = None;
        let step = match exchange.step(message.as_deref()).await {
            credentials::Step::Challenge(data) => Step::Challenge(data),
            credentials::Step::Granted { account, data, until } => {
                expires = until.and_then(from_now);
                let (user, mechanism) = (&account.id, exchange.mechanism().name());
                tracing::debug!(user, mechanism, "signed in to the notification service");
                Step::Success { user: account.id.clone(), data }
            }
            credentials::Step::Refused(refusal) => {
                note(&context, &client, &exchange, &refusal);
                Step::Failure(failure(&refusal))
            }
        };
        outlet.send(ToSession::Stepped(Stepped { exchange, step, expires })).await;
    });
}

/// A time of the clock on the wall as one of ours. `None` if it is too far away to matter.
fn from_now(until: SystemTime) -> Option<Instant> {
    Instant::now().checked_add(until.duration_since(SystemTime::now()).unwrap_or_default())
}

fn note(context: &Context, client: &Client, exchange: &Exchange, refusal: &Refusal) {
    let (user, mechanism) = (exchange.name().unwrap_or(""), exchange.mechanism().name());
    context.metrics.sign_in_failures.inc();
    if matches!(refusal, Refusal::OtherBinding | Refusal::Downgraded) {
        let peer = client.address;
        tracing::warn!(?user, mechanism, %peer, %refusal, "a sign-in that somebody may have tampered with");
    }
    tracing::info!(?user, mechanism, denial = %refusal, "sign-in to the notification service refused");
    note_refused(context, client, user, refusal.to_string());
}

fn failure(refusal: &Refusal) -> Failure {
    let (condition, text) = match refusal {
        Refusal::Denied(Denial::Locked { .. }) => {
            (Condition::AccountDisabled, Some("locked after too many wrong passwords; try again later"))
        }
        Refusal::Denied(Denial::Busy) => (Condition::TemporaryAuthFailure, None),
        Refusal::Denied(
            Denial::UnknownUser | Denial::WrongPassword | Denial::BadToken | Denial::TokenNeeded,
        ) => (Condition::NotAuthorized, None),
        Refusal::Malformed(what) => (Condition::MalformedRequest, Some(*what)),
        Refusal::OtherIdentity => (Condition::InvalidAuthzid, None),
        Refusal::UnknownBinding => (Condition::NotAuthorized, Some("an unknown type of channel binding")),
        Refusal::OtherBinding => (Condition::NotAuthorized, Some("bound to another TLS connection")),
        Refusal::Downgraded => (Condition::NotAuthorized, Some("-PLUS was offered; somebody removed it")),
    };
    Failure { condition, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_user_and_a_wrong_password_are_told_alike() {
        let [unknown, wrong] = [Denial::UnknownUser, Denial::WrongPassword].map(|it| failure(&it.into()));
        assert_eq!(unknown, wrong);
    }
}
