//! From a request to an order: what the CTI server has to be told, as the calls are now.

use super::call::{Call, Party};
use super::orders::{Effect, EventKind, Expected, Object, Prepared};
use super::{
    Act, Address, CallData, CallId, CallRequest, CallType, Connection, DialogAction, DialogRefusal,
    DialogRequest, DialogWish, EccVariable, Operator, ParticipantState, ScheduledCallback, Supervision,
    check,
};
use crate::policy::DropParticipant;
use crate::{Agent, AgentId, Deployment, Floor};

type Outcome<T> = Result<T, DialogRefusal>;

/// The dialer's ECC variable that takes the agent's answers.
const BA_RESPONSE: &str = "BAResponse";

impl Floor {
    /// What is wrong with a request whatever the calls are, and what it queues up for.
    pub(super) fn check_dialog_request(&self, request: &DialogRequest) -> Outcome<Object> {
        let agent = self.operator(&request.agent)?;
        let own = |address: &Address, name| {
            let same = address.as_str() == agent.extension && !address.is_empty();
            if same { Ok(()) } else { Err(DialogRefusal::NotOwnAddress(name)) }
        };
        let object = match &request.action {
            DialogWish::MakeCall { from, to, data } => {
                if !from.is_empty() && from == to {
                    return Err(DialogRefusal::InvalidDestination);
                }
                own(from, "fromAddress")?;
                check::number(to, "toAddress")?;
                check::data(data)?;
                check::defined(data, &self.policy.ecc_variables)?;
                if self.policy.deployment == Deployment::Uccx && **data != CallData::default() {
                    let why = "nothing that a call of Unified CCX begins with";
                    return Err(DialogRefusal::InvalidInput { name: "mediaProperties", why });
                }
                Object::DialogsOf(request.agent.clone())
            }
            DialogWish::SilentMonitor { from, to } | DialogWish::BargeCall { from, to, .. } => {
                own(from, "fromAddress")?;
                self.supervised_at(&request.agent, to)?;
                Object::DialogsOf(request.agent.clone())
            }
            DialogWish::Act { call, target, act } => {
                if let Some(target) = target {
                    own(target, "targetMediaAddress")?;
                }
                check::act(act)?;
                if let Act::UpdateCallData { data } = act {
                    check::defined(data, &self.policy.ecc_variables)?;
                    self.check_wrap_up(agent, data)?;
                }
                Object::Dialog(*call)
            }
            DialogWish::DropParticipant { .. } if self.policy.deployment == Deployment::Uccx => {
                return Err(DialogRefusal::NotInDeployment("PARTICIPANT_DROP"));
            }
            DialogWish::DropParticipant { call, .. } => Object::Dialog(*call),
        };
        if !self.in_service() {
            return Err(DialogRefusal::OutOfService);
        }
        Ok(object)
    }

    /// A wrap-up reason is one of those that the agent's team has. The guide says nothing of others; the reports
    /// that are made of them would.
    fn check_wrap_up(&self, agent: &Agent, data: &CallData) -> Outcome<()> {
        let text = data.wrap_up.as_deref().unwrap_or_default();
        match self.may_wrap_up_with(agent, text) {
            true => Ok(()),
            false => Err(DialogRefusal::InvalidInput {
                name: "wrapUpReason",
                why: "no wrap-up reason of the team",
            }),
        }
    }

    /// The order for a request, if it is possible now.
    pub(super) fn prepare(&self, request: &DialogRequest) -> Outcome<Prepared> {
        let agent = self.operator(&request.agent)?;
        let by = Operator { agent: agent.id().clone(), instrument: agent.extension.as_str().into() };
        let (what, expected, effect) = match &request.action {
            DialogWish::MakeCall { to, data, .. } => {
                if agent.extension.is_empty() {
                    return Err(DialogRefusal::InvalidState);
                }
                let what = CallRequest::Make { to: to.clone(), data: data.clone() };
                (what, Expected::NewDialog(None), Effect::None)
            }
            DialogWish::SilentMonitor { to, .. } => {
                (self.monitor(agent, to)?, Expected::NewDialog(None), Effect::None)
            }
            DialogWish::BargeCall { to, call, .. } => {
                (self.barge(agent, to, *call)?, Expected::NewDialog(Some(*call)), Effect::None)
            }
            DialogWish::Act { call, act, .. } => self.act(agent, *call, act)?,
            DialogWish::DropParticipant { call, target } => {
                let what = self.drop_participant(agent, *call, target)?;
                (what, Expected::Left(*call, target.clone()), Effect::None)
            }
        };
        Ok(Prepared { what, by, expected, effect })
    }

    fn operator(&self, id: &AgentId) -> Outcome<&Agent> {
        self.agent(id).ok_or_else(|| DialogRefusal::UnknownAgent(id.clone()))
    }

    /// A call that the agent sees, and the part in it.
    fn part(&self, agent: &Agent, id: CallId) -> Outcome<(&Call, &Party)> {
        let call = self.dialogs.calls.get(&id).filter(|call| call.viewers.contains_key(agent.id()));
        let part = call.and_then(|call| Some((call, call.part_of(agent.id())?)));
        part.ok_or(DialogRefusal::UnknownDialog(id))
    }

    fn act(&self, agent: &Agent, id: CallId, act: &Act) -> Outcome<(CallRequest, Expected, Effect)> {
        use ParticipantState::{Active, Dropped, Held};
        let (call, part) = self.part(agent, id)?;
        check_possible(call, part, act)?;
        let connection = connection(call, part);
        let becomes = |what, states| (what, Expected::Part(id, states), Effect::None);
        let joined = |what| (what, Expected::Event(id, EventKind::Joined), Effect::None);
        let confirmed = |what| (what, Expected::Confirmation(id), Effect::None);
        Ok(match act {
            Act::Answer => becomes(CallRequest::Answer { connection }, &[Active]),
            Act::Hold => becomes(CallRequest::Hold { connection }, &[Held]),
            Act::Retrieve => becomes(CallRequest::Retrieve { connection }, &[Active]),
            Act::Drop => becomes(CallRequest::Clear { connection, requester: None }, &[Dropped]),
            Act::Consult { to } => {
                let what = CallRequest::Consult { active: connection, to: to.clone() };
                (what, Expected::NewDialog(None), Effect::None)
            }
            Act::Transfer => {
                joined(CallRequest::Transfer { active: self.active_elsewhere(agent, id)?, held: connection })
            }
            Act::Conference => {
                let active = self.active_elsewhere(agent, id)?;
                self.check_conference(agent, part, [Some(call), self.dialogs.calls.get(&active.call)])?;
                joined(CallRequest::Conference { active, held: connection })
            }
            Act::TransferSst { to } => {
                let what = CallRequest::SingleStepTransfer { active: connection, to: to.clone() };
                becomes(what, &[Dropped])
            }
            Act::SendDtmf { keys } => confirmed(CallRequest::SendDtmf { connection, digits: keys.clone() }),
            Act::StartRecording => confirmed(CallRequest::StartRecording { connection }),
            Act::UpdateCallData { data } => {
                check::shapes(data, &call.media.ecc)?;
                let what = CallRequest::SetData { connection, data: data.clone() };
                (what, Expected::Event(id, EventKind::Data), Effect::None)
            }
            to_dialer => {
                let (response, effect) = answer_to_dialer(to_dialer).ok_or(DialogRefusal::InvalidState)?;
                let what = CallRequest::SetData { connection, data: ba(response) };
                (what, Expected::Confirmation(id), effect)
            }
        })
    }

    /// The agent's connection in the call that a held one can be joined with.
    fn active_elsewhere(&self, agent: &Agent, held: CallId) -> Outcome<Connection> {
        let seen = self.dialogs.viewing.get(agent.id()).into_iter().flatten().filter(|id| **id != held);
        let calls = seen.filter_map(|id| self.dialogs.calls.get(id));
        let mut parts = calls.filter_map(|call| Some((call, call.part_of(agent.id())?)));
        let active = parts.find(|(call, part)| part.state == ParticipantState::Active && call.is_connected());
        active.map(|(call, part)| connection(call, part)).ok_or(DialogRefusal::InvalidState)
    }

    /// Whether two calls of an agent may become one. With Unified CCX the phone system decides.
    fn check_conference(&self, agent: &Agent, part: &Party, calls: [Option<&Call>; 2]) -> Outcome<()> {
        let calls = || calls.into_iter().flatten();
        let is_anothers = |call: &Call| {
            call.media.call_type == CallType::Conference
                && call.controller.as_ref().is_some_and(|controller| *controller != part.address)
        };
        if self.policy.deployment == Deployment::Ucce && calls().any(is_anothers) {
            return Err(DialogRefusal::NotController(agent.id().clone()));
        }
        let live = |call: &Call| call.parties.iter().filter(|party| party.state.is_live()).count();
        // the agent is in both
        let parties = calls().map(live).sum::<usize>().saturating_sub(1);
        match self.policy.conference_parties_max {
            Some(max) if parties > max => Err(DialogRefusal::ConferenceFull { max }),
            _ => Ok(()),
        }
    }

    /// The agent at an extension, if the asker watches over the agent's team.
    fn supervised_at(&self, supervisor: &AgentId, at: &Address) -> Outcome<&Agent> {
        if !self.agent(supervisor).is_some_and(|agent| agent.roles().supervisor) {
            return Err(DialogRefusal::NoSupervisor(supervisor.clone()));
        }
        let agent = self.dialogs.extensions.get(at.as_str()).and_then(|id| self.agent(id));
        let agent = agent.ok_or(DialogRefusal::NobodyThere("toAddress"))?;
        if !self.supervises(supervisor, agent.profile.team) {
            let (supervisor, agent) = (supervisor.clone(), agent.id().clone());
            return Err(DialogRefusal::NotSupervised { supervisor, agent });
        }
        Ok(agent)
    }

    fn monitor(&self, supervisor: &Agent, at: &Address) -> Outcome<CallRequest> {
        let agent = self.supervised_at(supervisor.id(), at)?;
        if self.dialogs_of(supervisor.id()).next().is_some() {
            return Err(DialogRefusal::InvalidState);
        }
        let seen = self.dialogs.viewing.get(agent.id()).into_iter().flatten();
        let calls = seen.filter_map(|id| self.dialogs.calls.get(id));
        let calls = calls.filter(|call| call.media.call_type != CallType::SupervisorMonitor);
        let parts: Vec<(&Call, &Party)> =
            calls.filter_map(|call| Some((call, call.part_of(agent.id())?))).collect();
        let active = parts.iter().find(|(_, part)| part.state == ParticipantState::Active);
        let part = active.or_else(|| parts.iter().find(|(_, part)| part.state == ParticipantState::Held));
        let (call, part) = part.ok_or(DialogRefusal::InvalidState)?;
        Ok(CallRequest::Supervise {
            action: Supervision::Monitor,
            agent: connection(call, part),
            target: Operator { agent: agent.id().clone(), instrument: at.clone() },
            supervisor: None,
        })
    }

    fn barge(&self, supervisor: &Agent, at: &Address, id: CallId) -> Outcome<CallRequest> {
        let agent = self.supervised_at(supervisor.id(), at)?;
        let (call, part) = self.part(agent, id)?;
        let seen = self.dialogs.viewing.get(supervisor.id()).into_iter().flatten();
        let mut calls = seen.filter_map(|id| self.dialogs.calls.get(id));
        let monitoring = calls.find(|call| {
            call.media.call_type == CallType::SupervisorMonitor && call.at(at.as_str()).is_some()
        });
        let own = monitoring.and_then(|call| Some(connection(call, call.part_of(supervisor.id())?)));
        if !part.state.is_connected() {
            return Err(DialogRefusal::InvalidState);
        }
        Ok(CallRequest::Supervise {
            action: Supervision::BargeIn,
            agent: connection(call, part),
            target: Operator { agent: agent.id().clone(), instrument: at.clone() },
            supervisor: Some(own.ok_or(DialogRefusal::InvalidState)?),
        })
    }

    fn drop_participant(&self, agent: &Agent, id: CallId, target: &Address) -> Outcome<CallRequest> {
        let (call, part) = self.part(agent, id)?;
        let controls =
            call.media.call_type == CallType::Conference && call.controller.as_ref() == Some(&part.address);
        let may = agent.roles().supervisor
            || match self.policy.drop_participant {
                DropParticipant::SupervisorOnly => false,
                DropParticipant::ConferenceControllerAndSupervisor => controls,
                DropParticipant::All => true,
            };
        if !may {
            return Err(DialogRefusal::MayNotDrop(agent.id().clone()));
        }
        let party = call.at(target.as_str()).filter(|party| party.state.is_live());
        let party = party.ok_or(DialogRefusal::NobodyThere("targetMediaAddress"))?;
        if !part.state.is_connected() || call.media.call_type == CallType::SupervisorMonitor {
            return Err(DialogRefusal::InvalidState);
        }
        let requester = (party.address != part.address).then(|| part.address.clone());
        Ok(CallRequest::Clear { connection: connection(call, party), requester })
    }
}

/// Whether the agent was told that this may be done, or it may be though it is not offered.
fn check_possible(call: &Call, part: &Party, act: &Act) -> Outcome<()> {
    let told = call.told.as_ref().and_then(|dialog| {
        dialog.participants.iter().find(|participant| participant.address == part.address)
    });
    let offered = told.map(|participant| participant.actions.as_slice()).unwrap_or_default();
    let possible = match act.name() {
        // Guide, Dialog: in any live state, though it is not offered while it rings.
        Some(DialogAction::Drop) => part.state.is_live() && !offered.is_empty(),
        Some(action) => offered.contains(&action),
        // START_RECORDING is in no list of actions.
        None => part.state == ParticipantState::Active && offered.contains(&DialogAction::Hold),
    };
    if possible { Ok(()) } else { Err(DialogRefusal::InvalidState) }
}

/// What the agent tells the dialer, and what is so once it was told; `None` for what is nothing for the dialer.
fn answer_to_dialer(act: &Act) -> Option<(String, Effect)> {
    Some(match act {
        Act::Accept => ("Accept".into(), Effect::Accepted),
        Act::Reject => ("Reject".into(), Effect::None),
        Act::Close => ("Reject-Close".into(), Effect::None),
        Act::Reclassify { classification } => {
            (classification.clone(), Effect::Classified(classification.clone()))
        }
        Act::ScheduleCallback(callback) => {
            (callback_response(callback), Effect::Callback(Some(callback.clone())))
        }
        Act::CancelCallback => ("Callback Cancel".into(), Effect::Callback(None)),
        _ => return None,
    })
}

/// A party's connection. Where no event told it, the one that a static device has.
fn connection(call: &Call, party: &Party) -> Connection {
    let static_one = || Connection { call: call.id, dynamic: false, device: party.address.clone() };
    party.connection.clone().unwrap_or_else(static_one)
}

/// An answer for the dialer. Outbound Option takes them as values of this ECC variable.
fn ba(response: String) -> Box<CallData> {
    let variable = EccVariable { name: BA_RESPONSE.to_owned(), index: None, value: response };
    Box::new(CallData { ecc: vec![variable], ..CallData::default() })
}

/// `Callback MMDD HH:MM`, or `P#number` when only the number changes.
fn callback_response(callback: &ScheduledCallback) -> String {
    match callback.time.get(5..) {
        Some(time) => format!("Callback {}", time.replacen('-', "", 1).replace('T', " ")),
        None => format!("P#{}", callback.number.as_str()),
    }
}

impl Act {
    /// The action it is, among those that a participant is offered.
    fn name(&self) -> Option<DialogAction> {
        Some(match self {
            Self::StartRecording => return None,
            Self::Answer => DialogAction::Answer,
            Self::Hold => DialogAction::Hold,
            Self::Retrieve => DialogAction::Retrieve,
            Self::Drop => DialogAction::Drop,
            Self::Consult { .. } => DialogAction::ConsultCall,
            Self::Transfer => DialogAction::Transfer,
            Self::Conference => DialogAction::Conference,
            Self::TransferSst { .. } => DialogAction::TransferSst,
            Self::SendDtmf { .. } => DialogAction::SendDtmf,
            Self::UpdateCallData { .. } => DialogAction::UpdateCallData,
            Self::Accept => DialogAction::Accept,
            Self::Reject => DialogAction::Reject,
            Self::Close => DialogAction::Close,
            Self::Reclassify { .. } => DialogAction::Reclassify,
            Self::ScheduleCallback(_) => DialogAction::UpdateScheduledCallback,
            Self::CancelCallback => DialogAction::CancelScheduledCallback,
        })
    }
}
