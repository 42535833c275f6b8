//! What clients ask for, and what they are answered. Events that follow are the hall's.

mod agents;
mod calls;
mod devices;
mod joining;
mod statistics;
mod supervision;

pub(crate) use supervision::team_event;

use crate::Config;
use crate::exchange::{CallData, Exchange};
use ged188::message::{CallVariables, ControlFailureConf, FailureConf, NamedArray, NamedVariable};
use ged188::{ControlFailure, Message, Services, Status};
use std::time::Instant;

/// Why a request is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// CONTROL_FAILURE_CONF.
    Control(ControlFailure),
    /// FAILURE_CONF.
    Status(Status),
}

impl From<ControlFailure> for Refusal {
    fn from(failure: ControlFailure) -> Self {
        Self::Control(failure)
    }
}

impl From<Status> for Refusal {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

impl Refusal {
    /// The message that says so.
    pub(crate) fn conf(self, invoke_id: u32) -> Message {
        match self {
            Self::Control(failure) => ControlFailureConf::new(invoke_id, failure).into(),
            Self::Status(status) => FailureConf::new(invoke_id, status).into(),
        }
    }
}

/// What every request begins with, and the service that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) invoke_id: u32,
    /// PeripheralID, of those that have one.
    pub(crate) peripheral_id: Option<u32>,
    /// The service that must have been granted.
    pub(crate) service: Services,
}

/// Everything a request needs to be answered.
#[derive(Debug)]
pub(crate) struct Desk<'a> {
    pub(crate) exchange: &'a mut Exchange,
    pub(crate) config: &'a Config,
    pub(crate) now: Instant,
}

type Answer = Result<Message, Refusal>;

const NO_SERVICE: Services = Services(0);

macro_rules! heads {
    ($message:ident: $($($variant:ident)* => $service:expr, $peripheral:tt;)*) => {
        match $message {
            $($(Message::$variant(request) => Some(Head {
                invoke_id: request.invoke_id,
                peripheral_id: heads!(@ $peripheral request),
                service: $service,
            }),)*)*
            _ => None,
        }
    };
    (@ peripheral $request:ident) => { Some($request.peripheral_id) };
    (@ none $request:ident) => { { let _ = &$request; None } };
}

/// The head of a request that is simulated; `None` for any other message.
pub(crate) fn head(message: &Message) -> Option<Head> {
    heads! { message:
        QueryAgentStateReq SetAgentStateReq AlternateCallReq AnswerCallReq ClearCallReq ClearConnectionReq
        ConferenceCallReq ConsultationCallReq DeflectCallReq HoldCallReq MakeCallReq ReconnectCallReq RetrieveCallReq
        TransferCallReq SendDtmfSignalReq QueryDeviceInfoReq SnapshotCallReq SnapshotDeviceReq
            => Services::CLIENT_CONTROL, peripheral;
        SetCallDataReq => Services::CALL_DATA_UPDATE, peripheral;
        SuperviseCallReq => Services::SUPERVISOR, peripheral;
        ListAgentTeamReq MonitorAgentTeamStartReq MonitorAgentTeamStopReq => Services::SUPERVISOR, none;
        QueryAgentStatisticsReq QuerySkillGroupStatisticsReq ReleaseCallReq AgentDeskSettingsReq
            => NO_SERVICE, peripheral;
        RegisterVariablesReq ClientEventReportReq => NO_SERVICE, none;
    }
}

/// Carries a request out.
///
/// # Errors
/// When it is not allowed.
pub(crate) fn answer(desk: &mut Desk<'_>, message: &Message) -> Answer {
    match message {
        Message::QueryAgentStateReq(request) => agents::query(desk, request),
        Message::SetAgentStateReq(request) => agents::set(desk, request),
        Message::AgentDeskSettingsReq(request) => agents::desk_settings(desk, request),
        Message::MakeCallReq(request) => calls::make(desk, request),
        Message::AnswerCallReq(request) => calls::answer(desk, request),
        Message::HoldCallReq(request) => calls::hold(desk, request),
        Message::RetrieveCallReq(request) => calls::retrieve(desk, request),
        Message::ClearCallReq(request) => calls::clear(desk, request),
        Message::ClearConnectionReq(request) => calls::clear_connection(desk, request),
        Message::DeflectCallReq(request) => calls::deflect(desk, request),
        Message::SendDtmfSignalReq(request) => calls::tones(desk, request),
        Message::SetCallDataReq(request) => calls::set_data(desk, request),
        Message::AlternateCallReq(request) => joining::alternate(desk, request),
        Message::ReconnectCallReq(request) => joining::reconnect(desk, request),
        Message::ConsultationCallReq(request) => joining::consult(desk, request),
        Message::TransferCallReq(request) => joining::transfer(desk, request),
        Message::ConferenceCallReq(request) => joining::conference(desk, request),
        Message::QueryDeviceInfoReq(request) => devices::info(desk, request),
        Message::SnapshotDeviceReq(request) => devices::calls(desk, request),
        Message::SnapshotCallReq(request) => devices::call(desk, request),
        Message::QuerySkillGroupStatisticsReq(request) => statistics::skill_group(desk, request),
        Message::QueryAgentStatisticsReq(request) => statistics::agent(desk, request),
        Message::SuperviseCallReq(request) => supervision::supervise(desk, request),
        Message::ListAgentTeamReq(request) => supervision::teams(desk, request),
        Message::MonitorAgentTeamStartReq(request) => supervision::watch(desk, request),
        Message::MonitorAgentTeamStopReq(request) => Ok(supervision::unwatch(request)),
        Message::ReleaseCallReq(request) => Ok(calls::release(request)),
        Message::RegisterVariablesReq(request) => Ok(calls::register(request)),
        Message::ClientEventReportReq(request) => Ok(calls::report(request)),
        _ => Err(Status::INVALID_MSG_TYPE_FOR_VERSION.into()),
    }
}

/// The variables of a request.
fn variables(variables: &CallVariables, named: &[NamedVariable], arrays: &[NamedArray]) -> CallData {
    let named = named.iter().map(|v| ((v.name.clone(), None), v.value.clone()));
    let arrays = arrays.iter().map(|v| ((v.name.clone(), Some(v.index)), v.value.clone()));
    CallData {
        variables: variables.0.clone(),
        expanded: named.chain(arrays).collect(),
        ..CallData::default()
    }
}
