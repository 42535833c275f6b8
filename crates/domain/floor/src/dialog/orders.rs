//! Requests about one dialog, one after the other: the next goes to the CTI server when the one before has its
//! outcome, that is the event that shows it, a failure, or the time-out.

use super::call::Call;
use super::{
    Act, Address, CallId, CallOrder, Connection, DialogRefusal, DialogRequest, DialogWish, ParticipantState,
    ScheduledCallback,
};
use crate::change::{DialogEvent, Told};
use crate::floor::Purpose;
use crate::limits::REQUESTS_PER_DIALOG_MAX;
use crate::{AgentId, Change, CtiCommand, CtiFailure, Deployment, Floor, Now, RequestError, Token};
use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

/// What requests queue up for: a REST object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Object {
    Dialog(CallId),
    DialogsOf(AgentId),
}

/// What shows that an order had its effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// The agent's part in the call is in one of these states, or out of the call.
    Part(CallId, &'static [ParticipantState]),
    /// A call is new to the agent: this one, or any that the agent makes.
    NewDialog(Option<CallId>),
    /// This party is out of the call.
    Left(CallId, Address),
    /// An event that carries nothing to compare: data was updated, calls were joined.
    Event(CallId, EventKind),
    /// Nothing but the confirmation.
    Confirmation(CallId),
}

/// Which event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    Data,
    Joined,
}

/// What the CTI server's confirmation brings about by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    None,
    /// A preview was accepted.
    Accepted,
    /// A callback was set, or taken back.
    Callback(Option<ScheduledCallback>),
    /// What was found at the far end.
    Classified(String),
}

/// An order whose outcome is awaited.
#[derive(Debug)]
pub(crate) struct InFlight {
    pub(crate) agent: AgentId,
    pub(crate) request_id: Option<String>,
    pub(crate) object: Object,
    expected: Expected,
    effect: Effect,
    deadline: Instant,
    confirmed: bool,
    happened: bool,
}

/// A request made ready for the CTI server.
pub(crate) struct Prepared {
    pub(crate) what: super::CallRequest,
    pub(crate) by: super::Operator,
    pub(crate) expected: Expected,
    pub(crate) effect: Effect,
}

/// All requests about calls.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    in_flight: BTreeMap<Token, InFlight>,
    queues: BTreeMap<Object, Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    busy: bool,
    waiting: VecDeque<DialogRequest>,
}

impl Orders {
    /// The orders that this state of a call answers. `added` are those to whom the call is new.
    pub(crate) fn answered_by(&self, call: &Call, added: &[AgentId]) -> Vec<Token> {
        let answered = self.in_flight.iter().filter(|(_, order)| order.is_answered_by(call, added));
        answered.map(|(token, _)| *token).collect()
    }

    fn mark(&mut self, event: EventKind, id: CallId, secondary: Option<CallId>) {
        for order in self.in_flight.values_mut() {
            if let Expected::Event(call, kind) = &mut order.expected
                && *kind == event
                && (*call == id || Some(*call) == secondary)
            {
                // The answer comes with the call that is left.
                *call = id;
                order.happened = true;
            }
        }
    }
}

impl InFlight {
    fn is_answered_by(&self, call: &Call, added: &[AgentId]) -> bool {
        match &self.expected {
            Expected::Part(id, states) => {
                *id == call.id
                    && call
                        .part_of(&self.agent)
                        .is_none_or(|part| states.contains(&part.state) || !part.state.is_live())
            }
            Expected::NewDialog(id) => {
                added.contains(&self.agent)
                    && id.map_or_else(
                        || call.part_of(&self.agent).is_some_and(|part| part.address == call.from),
                        |id| id == call.id,
                    )
            }
            Expected::Left(id, address) => {
                *id == call.id && call.at(address.as_str()).is_none_or(|party| !party.state.is_live())
            }
            Expected::Event(id, _) => *id == call.id && self.happened,
            Expected::Confirmation(_) => false,
        }
    }

    /// The dialog it is about, as far as one is known.
    fn dialog(&self) -> Option<CallId> {
        match &self.object {
            Object::Dialog(id) => Some(*id),
            Object::DialogsOf(_) => None,
        }
    }
}

impl Floor {
    /// Takes a request about a call, or says at once why not.
    pub fn request_dialog(&mut self, now: Now, request: DialogRequest) -> Result<(), DialogRefusal> {
        let object = self.check_dialog_request(&request)?;
        let records = matches!(request.action, DialogWish::Act { act: Act::StartRecording, .. });
        if records && self.policy.deployment == Deployment::Ucce {
            // Guide, Dialog: taken, and then not done.
            let failure = CtiFailure::Refused { code: 1, name: "CF_GENERIC_OPERATION", peripheral_error: 0 };
            let error = RequestError::of_call(&failure);
            self.fail_request(&object, &request.agent, request.request_id, error);
            return Ok(());
        }
        if let Some((number, time)) = split_callback(&request) {
            self.request_dialog(now, number)?;
            return self.request_dialog(now, time);
        }
        let queue = self.dialogs.orders.queues.entry(object.clone()).or_default();
        if queue.waiting.len() + usize::from(queue.busy) >= REQUESTS_PER_DIALOG_MAX {
            return Err(DialogRefusal::QueueFull { max: REQUESTS_PER_DIALOG_MAX });
        }
        if !queue.busy {
            // Nothing can change before it is sent: what is impossible now is refused now.
            if let Err(refusal) = self.prepare(&request) {
                self.drop_idle_queue(&object);
                return Err(refusal);
            }
        }
        if let Some(queue) = self.dialogs.orders.queues.get_mut(&object) {
            queue.waiting.push_back(request);
        }
        self.send_next_order(now, &object);
        Ok(())
    }

    /// Sends what waits for an object, unless an order for it is under way.
    pub(crate) fn send_next_order(&mut self, now: Now, object: &Object) {
        loop {
            let Some(queue) = self.dialogs.orders.queues.get_mut(object).filter(|queue| !queue.busy) else {
                return;
            };
            let Some(request) = queue.waiting.pop_front() else { return self.drop_idle_queue(object) };
            match self.prepare(&request) {
                Ok(prepared) => return self.send(now, object, request, prepared),
                // It was possible when asked for, perhaps; the one before it changed that.
                Err(_) => self.fail_request(
                    object,
                    &request.agent,
                    request.request_id,
                    RequestError::invalid_state(),
                ),
            }
        }
    }

    fn drop_idle_queue(&mut self, object: &Object) {
        let queues = &mut self.dialogs.orders.queues;
        if queues.get(object).is_some_and(|queue| !queue.busy && queue.waiting.is_empty()) {
            queues.remove(object);
        }
    }

    fn send(&mut self, now: Now, object: &Object, request: DialogRequest, prepared: Prepared) {
        let token = self.next_token();
        let deadline = now.instant + self.policy.request_timeout;
        let order = InFlight {
            agent: request.agent.clone(),
            request_id: request.request_id,
            object: object.clone(),
            expected: prepared.expected,
            effect: prepared.effect,
            deadline,
            confirmed: false,
            happened: false,
        };
        self.dialogs.orders.in_flight.insert(token, order);
        if let Some(queue) = self.dialogs.orders.queues.get_mut(object) {
            queue.busy = true;
        }
        self.expect_outcome(token, Purpose::Call, deadline);
        self.put_out(CtiCommand::Call(CallOrder { token, by: prepared.by, what: prepared.what }));
    }

    /// Takes the orders that a call's present state answers; the caller tells their agents and sends what waits.
    pub(super) fn take_answered(&mut self, call: &Call, added: &[AgentId]) -> Vec<InFlight> {
        let tokens = self.dialogs.orders.answered_by(call, added);
        tokens.into_iter().filter_map(|token| self.take_order(token)).collect()
    }

    fn take_order(&mut self, token: Token) -> Option<InFlight> {
        let order = self.dialogs.orders.in_flight.remove(&token)?;
        self.forget_outcome(token, order.deadline);
        if let Some(queue) = self.dialogs.orders.queues.get_mut(&order.object) {
            queue.busy = false;
        }
        Some(order)
    }

    /// The CTI server took an order, and may have named the connection it made.
    pub(crate) fn call_order_confirmed(&mut self, now: Now, token: Token, placed: Option<Connection>) {
        let Some(order) = self.dialogs.orders.in_flight.get_mut(&token) else { return };
        order.confirmed = true;
        if let (Expected::NewDialog(call @ None), Some(placed)) = (&mut order.expected, &placed)
            && placed.call.0 != 0
        {
            *call = Some(placed.call);
        }
        let effect = std::mem::replace(&mut order.effect, Effect::None);
        let (agent, about) = (order.agent.clone(), order.dialog());
        if let Some(id) = about {
            self.take_effect(now, id, &agent, effect);
        }
        match self.dialogs.orders.in_flight.get(&token).map(|order| order.expected.clone()) {
            Some(Expected::Confirmation(id)) => self.answer_order(now, token, Some(id)),
            // The dialog was there before the confirmation.
            Some(Expected::NewDialog(Some(id)))
                if self.dialogs.viewing.get(&agent).is_some_and(|seen| seen.contains(&id)) =>
            {
                self.answer_order(now, token, Some(id));
            }
            Some(_) if about.is_some() => self.settle(now, about.unwrap_or(CallId(0))),
            _ => {}
        }
    }

    fn take_effect(&mut self, now: Now, id: CallId, agent: &AgentId, effect: Effect) {
        let Some(call) = self.dialogs.calls.get_mut(&id) else { return };
        match effect {
            Effect::None => return,
            Effect::Accepted => {
                let part = call.parties.iter_mut().find(|party| party.agent.as_ref() == Some(agent));
                if let Some(part) = part {
                    part.become_state(now, ParticipantState::Accepted);
                }
            }
            Effect::Callback(None) => call.callback = None,
            Effect::Callback(Some(wanted)) => {
                let callback = call.callback.get_or_insert_default();
                if !wanted.time.is_empty() {
                    callback.time = wanted.time;
                }
                if !wanted.number.is_empty() {
                    callback.number = wanted.number;
                }
            }
            Effect::Classified(classification) => call.media.outbound_classification = classification,
        }
        self.settle(now, id);
    }

    /// Answers with the dialog as it is.
    fn answer_order(&mut self, now: Now, token: Token, about: Option<CallId>) {
        let Some(order) = self.take_order(token) else { return };
        let dialog = about.and_then(|id| self.dialogs.calls.get(&id)?.told.clone());
        if let Some(dialog) = dialog.filter(|_| order.request_id.is_some()) {
            let told = vec![Told { agent: order.agent, request_id: order.request_id }];
            self.publish(Change::Dialog { dialog, event: DialogEvent::Changed, told });
        }
        self.send_next_order(now, &order.object);
    }

    /// An order was refused, or its time is over.
    pub(crate) fn call_order_failed(&mut self, now: Now, token: Token, failure: &CtiFailure) {
        let confirmed = self.dialogs.orders.in_flight.get(&token).is_some_and(|order| order.confirmed);
        if confirmed && *failure == CtiFailure::TimedOut {
            // It was taken, and what it changed was nothing that is told.
            let about = self.dialogs.orders.in_flight.get(&token).and_then(InFlight::dialog);
            return self.answer_order(now, token, about);
        }
        let Some(order) = self.take_order(token) else { return };
        self.fail_request(&order.object, &order.agent, order.request_id, RequestError::of_call(failure));
        self.send_next_order(now, &order.object);
    }

    /// No order will have an outcome any more.
    pub(crate) fn fail_all_call_orders(&mut self) {
        let failure = RequestError::of_call(&CtiFailure::LinkDown);
        let tokens: Vec<Token> = self.dialogs.orders.in_flight.keys().copied().collect();
        for token in tokens {
            if let Some(order) = self.take_order(token) {
                self.fail_request(&order.object, &order.agent, order.request_id, failure.clone());
            }
        }
        for (object, queue) in std::mem::take(&mut self.dialogs.orders.queues) {
            for request in queue.waiting {
                self.fail_request(&object, &request.agent, request.request_id, failure.clone());
            }
        }
    }

    fn fail_request(
        &mut self,
        object: &Object,
        agent: &AgentId,
        request_id: Option<String>,
        error: RequestError,
    ) {
        let call = if let Object::Dialog(id) = object { Some(*id) } else { None };
        self.publish(Change::DialogRequestFailed { agent: agent.clone(), call, request_id, error });
    }

    /// CALL_DATA_UPDATE came.
    pub(super) fn data_was_updated(&mut self, id: CallId) {
        self.dialogs.orders.mark(EventKind::Data, id, None);
    }

    /// CALL_CONFERENCED or CALL_TRANSFERRED came.
    pub(super) fn calls_were_joined(&mut self, primary: CallId, secondary: Option<CallId>) {
        self.dialogs.orders.mark(EventKind::Joined, primary, secondary);
    }
}

/// The dialer takes a callback's number and time one after the other.
fn split_callback(request: &DialogRequest) -> Option<(DialogRequest, DialogRequest)> {
    let DialogWish::Act { act: Act::ScheduleCallback(callback), call, target } = &request.action else {
        return None;
    };
    if callback.time.is_empty() || callback.number.is_empty() {
        return None;
    }
    let part = |callback, request_id| DialogRequest {
        agent: request.agent.clone(),
        action: DialogWish::Act { call: *call, target: target.clone(), act: Act::ScheduleCallback(callback) },
        request_id,
    };
    let number = ScheduledCallback { number: callback.number.clone(), ..ScheduledCallback::default() };
    let time = ScheduledCallback { time: callback.time.clone(), ..ScheduledCallback::default() };
    Some((part(number, None), part(time, request.request_id.clone())))
}
