//! The dialer: a record is offered to an agent, who takes it or not.

use super::call::{CallType, LineState, Preview};
use super::data::CallData;
use super::fact::{What, cause};
use super::timer::Timer;
use super::{Answering, Endpoint, Exchange};
use ged188::AgentState;
use std::time::Instant;

impl Exchange {
    /// Offers a record to an agent who is ready. Returns the reservation's call id.
    ///
    /// # Errors
    /// When the agent is not ready.
    pub(crate) fn offer(
        &mut self,
        now: Instant,
        agent_id: &str,
        customer: &str,
        campaign: &str,
        direct: bool,
    ) -> Result<u32, String> {
        let agent = self.agents.get(agent_id).ok_or_else(|| format!("there is no agent {agent_id}"))?;
        let ready = agent.state == AgentState::AVAILABLE;
        let device = agent.device.clone().filter(|device| ready && !self.has_calls(device));
        let device = device.ok_or_else(|| format!("agent {agent_id} is not ready"))?;
        let mut data = CallData {
            ani: Some(customer.to_owned()),
            dialed: Some(customer.to_owned()),
            dnis: Some(device.clone()),
            campaign: Some(1),
            ..CallData::default()
        };
        for (name, value) in [
            ("BAAccountNumber", "1"),
            ("BABuddyName", "Customer"),
            ("BACampaign", campaign),
            ("BACustomerNumber", customer),
            ("BADialedListID", "1"),
            ("BAResponse", ""),
            ("BAStatus", if direct { "DO" } else { "PO" }),
            ("BATimeZone", "0"),
        ] {
            data.expanded.insert((name.to_owned(), None), value.to_owned());
        }
        let call_type = if direct { CallType::ReservationDirect } else { CallType::ReservationPreview };
        let (dialer, to) = (Endpoint::outside(customer), Endpoint::agent(&device));
        let id = self.insert(call_type, dialer.clone(), to.clone(), data);
        if let Some(call) = self.calls.get_mut(&id) {
            call.begun = true;
            call.first = to.clone();
            call.preview = Some(Preview { customer: customer.to_owned(), direct });
            call.join(now, dialer, LineState::Initiated);
        }
        self.tell(id, &to, cause::NONE, What::Begun);
        self.ring(now, id, &to, cause::NEW_CALL, None);
        Ok(id)
    }

    /// The agent has said what to do with the record (BAResponse).
    pub(super) fn respond(&mut self, now: Instant, id: u32, response: &str) {
        let Some(preview) = self.calls.get(&id).and_then(|call| call.preview.clone()) else { return };
        let response = response.to_ascii_lowercase();
        if ["reject", "skip", "reject-close", "skip-close", "close", "skip-next"].contains(&response.as_str())
        {
            self.end(now, id, cause::NONE);
            self.route(now);
        } else if response == "accept" {
            self.accepted(now, id, &preview);
        }
    }

    fn accepted(&mut self, now: Instant, id: u32, preview: &Preview) {
        let Some(device) = self.agent_in(id) else { return };
        let data = self.calls.get(&id).map(|call| call.data.clone()).unwrap_or_default();
        if preview.direct {
            let customer = self.start(now, CallType::CustomerDirect, &device, &preview.customer, &data);
            self.dial(now, customer);
            self.end(now, id, cause::NONE);
            return;
        }
        // The dialer keeps the agent reserved until the customer answers.
        let answering = self.numbers.get(&preview.customer).copied();
        match answering.unwrap_or(Answering::After(self.behaviour.outside_answers_after)) {
            Answering::After(after) => {
                let number = preview.customer.clone();
                self.timers.set(now + after, Timer::Answers { call: id, number });
            }
            Answering::Busy => self.end(now, id, cause::BUSY),
            Answering::Never => self.end(now, id, cause::NOT_ANSWERED),
            Answering::Unobtainable => self.end(now, id, cause::UNOBTAINABLE),
        }
    }

    /// The customer of an accepted record has answered: the dialer gives the call to the agent.
    pub(super) fn customer_answers(&mut self, now: Instant, id: u32) {
        let Some(device) = self.agent_in(id) else { return };
        let Some(call) = self.calls.get(&id) else { return };
        let data = call.data.clone();
        let Some(preview) = call.preview.clone() else { return };
        let (customer, to) = (Endpoint::outside(&preview.customer), Endpoint::agent(&device));
        let new = self.insert(CallType::CustomerPreview, customer.clone(), to.clone(), data);
        if let Some(call) = self.calls.get_mut(&new) {
            call.begun = true;
            call.first = to.clone();
            call.join(now, customer, LineState::Connected);
        }
        self.tell(new, &to, cause::NONE, What::Begun);
        self.ring(now, new, &to, cause::NEW_CALL, None);
        self.established(now, new, &device);
        self.end(now, id, cause::NONE);
    }

    fn agent_in(&self, id: u32) -> Option<String> {
        let parties = self.calls.get(&id)?.parties.iter();
        parties.map(|party| &party.endpoint).find(|e| e.is_agent()).map(|e| e.number.clone())
    }
}
