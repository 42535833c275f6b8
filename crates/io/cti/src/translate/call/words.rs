//! Single words of the two vocabularies.

use crate::hygiene::Hygiene;
use floor::{Address, CallId, CallType, Cause, Connection, ConnectionState, Device, DeviceKind};
use ged188::{ConnectionIdType, DeviceType, EventCause, LocalConnectionState};

/// A text from the server, fit for XML. The log names no call: whose text it is does not matter there.
pub(super) fn text(field: &'static str, text: &str, hygiene: &mut Hygiene) -> String {
    hygiene.clean(field, "call", text)
}

pub(super) fn address(field: &'static str, address: Option<&str>, hygiene: &mut Hygiene) -> Address {
    address.map(|address| text(field, address, hygiene).into()).unwrap_or_default()
}

pub(super) fn connection(
    call: u32,
    kind: ConnectionIdType,
    device: Option<&str>,
    hygiene: &mut Hygiene,
) -> Connection {
    Connection {
        call: CallId(call),
        dynamic: kind == ConnectionIdType::DYNAMIC,
        device: address("ConnectionDeviceID", device, hygiene),
    }
}

/// The type that a connection's device id is named by in a request: as the event did that told it.
pub(super) fn id_type(connection: &Connection) -> ConnectionIdType {
    if connection.dynamic { ConnectionIdType::DYNAMIC } else { ConnectionIdType::STATIC }
}

pub(super) fn device_of(kind: DeviceType, id: Option<&str>, hygiene: &mut Hygiene) -> Device {
    Device { kind: device_kind(kind), address: address("DeviceID", id, hygiene) }
}

fn device_kind(kind: DeviceType) -> DeviceKind {
    match kind {
        DeviceType::DEVICE_IDENTIFIER
        | DeviceType::AGENT_DEVICE
        | DeviceType::IP_PHONE_MAC_IDENTIFIER
        | DeviceType::SHARED_DEVICE_IDENTIFIER => DeviceKind::Station,
        DeviceType::EXTERNAL | DeviceType::TRUNK_IDENTIFIER | DeviceType::TRUNK_GROUP_IDENTIFIER => {
            DeviceKind::External
        }
        DeviceType::ROUTE_POINT | DeviceType::CTI_PORT => DeviceKind::RoutePoint,
        DeviceType::QUEUE => DeviceKind::Queue,
        DeviceType::NON_ACD_DEVICE_IDENTIFIER => DeviceKind::NonAcd,
        DeviceType::NONE => DeviceKind::None,
        DeviceType(other) => DeviceKind::Other(other),
    }
}

pub(super) fn state(state: LocalConnectionState) -> ConnectionState {
    match state {
        LocalConnectionState::INITIATE => ConnectionState::Initiate,
        LocalConnectionState::ALERTING => ConnectionState::Alerting,
        LocalConnectionState::CONNECT => ConnectionState::Connect,
        LocalConnectionState::HOLD => ConnectionState::Hold,
        LocalConnectionState::QUEUED => ConnectionState::Queued,
        LocalConnectionState::FAIL => ConnectionState::Fail,
        _ => ConnectionState::None,
    }
}

pub(super) fn cause(cause: EventCause) -> Cause {
    use EventCause as E;
    match cause {
        E::NONE => Cause::None,
        E::BUSY | E::X_BUSY | E::X_FORCED_BUSY | E::TRUNKS_BUSY => Cause::Busy,
        E::CALL_NOT_ANSWERED | E::CALL_FORWARD_NO_ANSWER | E::X_RING_NO_ANSWER | E::X_DROP_NO_ANSWER => {
            Cause::NotAnswered
        }
        E::DEST_NOT_OBTAINABLE | E::INCOMPATIBLE_DESTINATION | E::REORDER_TONE => Cause::BadDestination,
        E::RESOURCES_NOT_AVAILABLE | E::NETWORK_CONGESTION | E::NETWORK_NOT_OBTAINABLE => Cause::NoResources,
        E::SILENT_MONITOR | E::SUPERVISOR_MONITOR | E::ACTIVE_MONITOR => Cause::Monitor,
        E::SUPERVISOR_BARGE_IN => Cause::BargeIn,
        E::SUPERVISOR_CLEAR => Cause::SupervisorClear,
        E::TRANSFER | E::X_BLIND_TRANSFER | E::X_ANNOUNCED_TRANSFER => Cause::Transfer,
        E::KEY_CONFERENCE | E::X_CONFERENCED => Cause::Conference,
        E::CONSULT => Cause::Consult,
        E::CALL_PARTY_UPDATE_IND => Cause::PartyUpdate,
        E(other) => Cause::Other(other),
    }
}

pub(super) fn call_type(kind: ged188::CallType) -> CallType {
    use ged188::CallType as T;
    match kind {
        T::NULL => CallType::Unknown,
        T::ACD_IN => CallType::AcdIn,
        T::PREROUTE_ACD_IN => CallType::PrerouteAcdIn,
        T::PREROUTE_DIRECT_AGENT => CallType::PrerouteDirectAgent,
        T::TRANSFER_IN => CallType::TransferIn,
        T::OVERFLOW_IN => CallType::OverflowIn,
        T::OTHER_IN => CallType::OtherIn,
        T::AUTO_OUT => CallType::AutoOut,
        T::AGENT_OUT => CallType::AgentOut,
        T::OUT => CallType::Out,
        T::AGENT_INSIDE => CallType::AgentInside,
        T::OFFERED => CallType::Offered,
        T::CONSULT => CallType::Consult,
        T::CONSULT_OFFERED => CallType::ConsultOffered,
        T::CONSULT_CONFERENCE => CallType::ConsultConference,
        T::CONFERENCE => CallType::Conference,
        T::PREVIEW => CallType::Preview,
        T::RESERVATION => CallType::Reservation,
        T::ASSIST => CallType::Assist,
        T::EMERGENCY => CallType::Emergency,
        T::SUPERVISOR_MONITOR => CallType::SupervisorMonitor,
        T::SUPERVISOR_WHISPER => CallType::SupervisorWhisper,
        T::SUPERVISOR_BARGEIN => CallType::SupervisorBargeIn,
        T::SUPERVISOR_INTERCEPT => CallType::SupervisorIntercept,
        T::RESERVATION_PREVIEW => CallType::ReservationPreview,
        T::RESERVATION_PREVIEW_DIRECT => CallType::ReservationPreviewDirect,
        T::RESERVATION_PREDICTIVE => CallType::ReservationPredictive,
        T::RESERVATION_CALLBACK => CallType::ReservationCallback,
        T::RESERVATION_PERSONAL_CALLBACK => CallType::ReservationPersonalCallback,
        T::CUSTOMER_PREVIEW => CallType::CustomerPreview,
        T::CUSTOMER_PREVIEW_DIRECT => CallType::CustomerPreviewDirect,
        T::CUSTOMER_PREDICTIVE => CallType::CustomerPredictive,
        T::CUSTOMER_CALLBACK => CallType::CustomerCallback,
        T::CUSTOMER_PERSONAL => CallType::CustomerPersonal,
        T::NON_ACD => CallType::NonAcd,
        T(other) => CallType::Other(other),
    }
}
