//! A call and the parties to it.

use super::Endpoint;
use super::data::CallData;
use std::time::{Duration, Instant};

/// CallType of GED-188, the kinds that are simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallType {
    /// PREROUTE_ACD_IN: routed to an agent.
    Routed = 2,
    /// TRANSFER_IN: an agent passed it on.
    TransferIn = 4,
    /// OTHER_IN: straight to a telephone of the house.
    OtherIn = 6,
    /// OUT.
    Out = 9,
    /// AGENT_INSIDE.
    Inside = 10,
    /// CONSULT.
    Consult = 12,
    /// CONFERENCE.
    Conference = 15,
    /// SUPERVISOR_MONITOR.
    Monitor = 21,
    /// RESERVATION_PREVIEW: an agent looks at a record before the customer is called.
    ReservationPreview = 27,
    /// RESERVATION_PREVIEW_DIRECT.
    ReservationDirect = 28,
    /// CUSTOMER_PREVIEW: the dialer called the customer for the agent.
    CustomerPreview = 32,
    /// CUSTOMER_PREVIEW_DIRECT: the agent's telephone called the customer.
    CustomerDirect = 33,
}

/// LocalConnectionState of GED-188.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineState {
    /// LCS_NULL.
    Gone = 0,
    /// LCS_INITIATE.
    Initiated = 1,
    /// LCS_ALERTING.
    Alerting = 2,
    /// LCS_CONNECT.
    Connected = 3,
    /// LCS_HOLD.
    Held = 4,
    /// LCS_QUEUED.
    Queued = 5,
    /// LCS_FAIL.
    Failed = 6,
}

/// One party's end of a call.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    /// Who.
    pub(crate) endpoint: Endpoint,
    /// What the line does.
    pub(crate) state: LineState,
    /// Listens unheard (silent monitor), or is listened to.
    pub(crate) silent: bool,
    /// Since when the line does it.
    pub(crate) since: Instant,
}

/// What an offered record is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Preview {
    /// The customer's number.
    pub(crate) customer: String,
    /// The agent's own telephone calls, not the dialer.
    pub(crate) direct: bool,
}

/// A call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// ConnectionCallID.
    pub(crate) id: u32,
    /// What kind.
    pub(crate) call_type: CallType,
    /// Everybody in it, in order of arrival.
    pub(crate) parties: Vec<Party>,
    /// Whose connection BEGIN_CALL_EVENT named.
    pub(crate) first: Endpoint,
    /// Who calls.
    pub(crate) calling: Endpoint,
    /// Who was called.
    pub(crate) called: Endpoint,
    /// Who passed it on last.
    pub(crate) redirected: Option<Endpoint>,
    /// Numbers and variables.
    pub(crate) data: CallData,
    /// The queue that it waits in, or was routed by.
    pub(crate) queue: Option<u32>,
    /// BEGIN_CALL_EVENT was told.
    pub(crate) begun: bool,
    /// Somebody has answered.
    pub(crate) answered: bool,
    /// The held call that this one is a consultation about.
    pub(crate) consults: Option<u32>,
    /// The call that this one listens to.
    pub(crate) listens_to: Option<u32>,
    /// Somebody is being added to it in one step.
    pub(crate) adding: Option<Endpoint>,
    /// The offered record.
    pub(crate) preview: Option<Preview>,
    /// Traffic among colleagues, not for people.
    pub(crate) background: bool,
    /// Only this agent is to get it.
    pub(crate) only: Option<String>,
    /// How long the caller talks before hanging up; for ever otherwise.
    pub(crate) talk: Option<Duration>,
    /// Waits in its queue since.
    pub(crate) queued_since: Option<Instant>,
    /// When it was answered.
    pub(crate) answered_at: Option<Instant>,
}

impl Call {
    pub(crate) fn party(&self, number: &str) -> Option<&Party> {
        self.parties.iter().find(|party| party.endpoint.number == number)
    }

    pub(crate) fn party_mut(&mut self, number: &str) -> Option<&mut Party> {
        self.parties.iter_mut().find(|party| party.endpoint.number == number)
    }

    /// The state of somebody's end; gone when the party is none.
    pub(crate) fn state_of(&self, number: &str) -> LineState {
        self.party(number).map_or(LineState::Gone, |party| party.state)
    }

    /// Changes the state of somebody's end.
    pub(crate) fn set_state(&mut self, now: Instant, number: &str, state: LineState) {
        if let Some(party) = self.party_mut(number) {
            party.state = state;
            party.since = now;
        }
    }

    /// Adds a party.
    pub(crate) fn join(&mut self, now: Instant, endpoint: Endpoint, state: LineState) {
        self.parties.push(Party { endpoint, state, silent: false, since: now });
    }

    /// Takes a party out.
    pub(crate) fn leave(&mut self, number: &str) {
        self.parties.retain(|party| party.endpoint.number != number);
    }

    /// Whether it is routed work of an agent, with wrap-up after it.
    pub(crate) fn is_routed(&self) -> bool {
        self.queue.is_some() || matches!(self.call_type, CallType::CustomerPreview | CallType::CustomerDirect)
    }

    /// Whether it waits in a queue.
    pub(crate) fn is_waiting(&self) -> bool {
        self.queued_since.is_some()
    }
}
