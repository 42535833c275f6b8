//! What a participant may do (Finesse guide, Dialog API parameters: actions by state).

use super::{CallType, DialogAction, ParticipantState};
use crate::State;

/// What the actions depend on beside the participant's state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation {
    /// What kind of call.
    pub(crate) call_type: CallType,
    /// What the participant's telephone is like.
    pub(crate) telephone: Telephone,
    /// Whether the participant is the one who is listened to, in a monitor's call.
    pub(crate) is_monitored: bool,
    /// Whether a callback is set.
    pub(crate) has_callback: bool,
}

/// What the actions depend on of an agent's telephone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Telephone {
    /// Whether the agent is active in another call, so that the two can be joined.
    pub(crate) active_elsewhere: bool,
    /// Whether the agent answers there alone: the phone system cannot take it off the hook.
    pub(crate) answers_outside: bool,
}

/// The actions of an agent in this state, in the guide's order.
pub(crate) fn of_agent(state: ParticipantState, situation: Situation) -> Vec<DialogAction> {
    use DialogAction::{
        Answer, Conference, ConsultCall, Drop, Hold, Retrieve, SendDtmf, Transfer, TransferSst,
        UpdateCallData,
    };
    // Guide, dialog notifications: who is listened to has a passive dialog.
    if situation.is_monitored {
        return Vec::new();
    }
    let monitors = situation.call_type == CallType::SupervisorMonitor;
    let mut actions = match state {
        ParticipantState::Initiating | ParticipantState::Initiated => vec![Drop, UpdateCallData],
        ParticipantState::Alerting if situation.call_type.is_preview() => preview(situation.call_type),
        ParticipantState::Alerting if situation.telephone.answers_outside => Vec::new(),
        ParticipantState::Alerting => vec![Answer],
        // Nothing to hold, to consult about, or to speak into.
        ParticipantState::Active if monitors => vec![Drop, UpdateCallData],
        // A reservation holds the agent's line, not a customer.
        ParticipantState::Active if situation.call_type.is_preview() => preview(situation.call_type),
        ParticipantState::Active => vec![Hold, Drop, UpdateCallData, ConsultCall, TransferSst, SendDtmf],
        ParticipantState::Held => vec![Retrieve, Drop, UpdateCallData],
        ParticipantState::Failed => vec![Drop],
        ParticipantState::WrapUp => vec![UpdateCallData],
        ParticipantState::Dropped | ParticipantState::Accepted => Vec::new(),
    };
    if state == ParticipantState::Held && situation.telephone.active_elsewhere {
        actions.extend([Transfer, Conference]);
    }
    if situation.call_type.is_to_customer() {
        actions.extend(outbound(state, situation));
    }
    actions
}

fn preview(call_type: CallType) -> Vec<DialogAction> {
    let mut actions = vec![DialogAction::Accept, DialogAction::Reject];
    // A callback of one's own is taken or left; it is not closed for good.
    if call_type != CallType::ReservationPersonalCallback {
        actions.push(DialogAction::Close);
    }
    actions
}

fn outbound(state: ParticipantState, situation: Situation) -> Vec<DialogAction> {
    let mut actions = Vec::new();
    if !(state.is_connected() || state == ParticipantState::WrapUp) {
        return actions;
    }
    if situation.call_type == CallType::CustomerPreviewDirect {
        actions.push(DialogAction::Reclassify);
    }
    actions.push(DialogAction::UpdateScheduledCallback);
    if situation.has_callback {
        actions.push(DialogAction::CancelScheduledCallback);
    }
    actions
}

impl CallType {
    /// Whether a customer's call is offered for preview.
    pub(crate) fn is_preview(self) -> bool {
        matches!(
            self,
            Self::Preview
                | Self::ReservationPreview
                | Self::ReservationPreviewDirect
                | Self::ReservationCallback
                | Self::ReservationPersonalCallback
        )
    }

    /// What an agent with such a call is reserved for.
    pub(crate) fn reserves(self) -> Option<State> {
        match self {
            Self::Reservation | Self::ReservationPredictive => Some(State::ReservedOutbound),
            other => other.is_preview().then_some(State::ReservedOutboundPreview),
        }
    }

    /// Whether it is the dialer's call to a customer.
    pub(crate) fn is_to_customer(self) -> bool {
        matches!(
            self,
            Self::CustomerPreview
                | Self::CustomerPreviewDirect
                | Self::CustomerPredictive
                | Self::CustomerCallback
                | Self::CustomerPersonal
        )
    }

    /// Whether the house makes it rather than takes it: which of the two wrap-up settings counts.
    pub(crate) fn is_outgoing(self) -> bool {
        self.is_to_customer() || matches!(self, Self::AutoOut | Self::AgentOut | Self::Out)
    }

    /// Whether it is made to consult about another.
    pub(crate) fn is_consult(self) -> bool {
        matches!(self, Self::Consult | Self::ConsultOffered | Self::ConsultConference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CallType::{
        CustomerPreview, CustomerPreviewDirect, PrerouteAcdIn, ReservationPersonalCallback,
        ReservationPreview, SupervisorMonitor,
    };
    use ParticipantState::{
        Accepted, Active, Alerting, Dropped, Failed, Held, Initiated, Initiating, WrapUp,
    };

    fn actions(call_type: CallType, state: ParticipantState, situation: &str) -> String {
        let situation = Situation {
            call_type,
            telephone: Telephone {
                active_elsewhere: situation.contains("active elsewhere"),
                answers_outside: situation.contains("outside"),
            },
            is_monitored: situation.contains("monitored"),
            has_callback: situation.contains("callback"),
        };
        let names: Vec<&str> = of_agent(state, situation).into_iter().map(DialogAction::name).collect();
        names.join(" ")
    }

    /// The guide's table, and what it says elsewhere of outbound calls and of monitoring.
    #[test]
    fn each_state_has_the_actions_of_the_guide() {
        let on_call = "HOLD DROP UPDATE_CALL_DATA CONSULT_CALL TRANSFER_SST SEND_DTMF";
        for (call_type, state, situation, expected) in [
            (PrerouteAcdIn, Initiating, "", "DROP UPDATE_CALL_DATA"),
            (PrerouteAcdIn, Initiated, "", "DROP UPDATE_CALL_DATA"),
            (PrerouteAcdIn, Alerting, "", "ANSWER"),
            (PrerouteAcdIn, Alerting, "active elsewhere", "ANSWER"),
            (PrerouteAcdIn, Alerting, "outside", ""),
            (PrerouteAcdIn, Active, "outside", on_call),
            (PrerouteAcdIn, Active, "", on_call),
            (PrerouteAcdIn, Active, "active elsewhere", on_call),
            (PrerouteAcdIn, Held, "", "RETRIEVE DROP UPDATE_CALL_DATA"),
            (PrerouteAcdIn, Held, "active elsewhere", "RETRIEVE DROP UPDATE_CALL_DATA TRANSFER CONFERENCE"),
            (PrerouteAcdIn, Failed, "", "DROP"),
            (PrerouteAcdIn, WrapUp, "", "UPDATE_CALL_DATA"),
            (PrerouteAcdIn, Dropped, "", ""),
            (PrerouteAcdIn, Accepted, "", ""),
            (SupervisorMonitor, Active, "", "DROP UPDATE_CALL_DATA"),
            (SupervisorMonitor, Active, "monitored", ""),
            (ReservationPreview, Alerting, "", "ACCEPT REJECT CLOSE"),
            (ReservationPreview, Active, "", "ACCEPT REJECT CLOSE"),
            (ReservationPreview, Accepted, "", ""),
            (ReservationPersonalCallback, Alerting, "", "ACCEPT REJECT"),
            (CustomerPreview, Initiated, "", "DROP UPDATE_CALL_DATA"),
            (CustomerPreview, WrapUp, "", "UPDATE_CALL_DATA UPDATE_SCHEDULED_CALLBACK"),
            (CustomerPreview, Dropped, "callback", ""),
        ] {
            assert_eq!(actions(call_type, state, situation), expected, "{call_type:?} {state:?} {situation}");
        }
        let outbound = |more: &str| format!("{on_call} {more}");
        for (call_type, situation, more) in [
            (CustomerPreview, "", "UPDATE_SCHEDULED_CALLBACK"),
            (CustomerPreview, "callback", "UPDATE_SCHEDULED_CALLBACK CANCEL_SCHEDULED_CALLBACK"),
            (CustomerPreviewDirect, "", "RECLASSIFY UPDATE_SCHEDULED_CALLBACK"),
        ] {
            assert_eq!(actions(call_type, Active, situation), outbound(more), "{call_type:?} {situation}");
        }
    }
}
