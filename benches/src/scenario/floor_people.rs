//! An agent, and what clients and servers say about one.

use bytes::Bytes;
use floor::{
    Agent, AgentId, Change, Place, Profile, Reason, ReasonCategory, ReasonCode, ReasonCodeId, Roles,
    Settings, State, Team, TeamId, WrapUp,
};
use ged188::message::AgentStateEvent;
use ged188::{AgentState, Dialect, Message};
use jiff::Timestamp;
use notify::SystemIdentity;
use std::sync::Arc;

/// An agent's id.
pub(crate) const AGENT: &str = "1001001";

/// A sid of the length that the notification service gives out.
pub(crate) const SID: &str = "0100002a0007c0ffee00c0ffee00c0ffee00c0ffee00";

/// The protocol version of the CTI frames.
pub(crate) const V24: Dialect = Dialect::cce(24);

/// An agent who took a break, which is the longest ordinary notification: it names its reason.
pub(crate) fn change() -> Change {
    let team = Arc::new(Team { id: TeamId(5000), name: "Team 1".into() });
    let profile = Profile {
        id: AgentId::from(AGENT),
        login_name: "agent1".into(),
        first_name: "Agent".into(),
        last_name: "1".into(),
        team: team.id,
        roles: Roles { agent: true, supervisor: false },
        supervises: Vec::new(),
        settings: Settings {
            wrap_up_on_incoming: WrapUp::Optional,
            wrap_up_on_outgoing: Some(WrapUp::Optional),
        },
        wrap_up_timer_secs: Some(30),
    };
    let listed = ReasonCode {
        id: ReasonCodeId(1),
        category: ReasonCategory::NotReady,
        code: 1,
        label: "Break".into(),
        for_all: true,
        teams: Vec::new(),
        system_code: false,
    };
    let agent = Agent {
        profile: Arc::new(profile),
        team,
        supervises: Arc::new([]),
        extension: "2001".into(),
        place: Place::default(),
        terminals: Arc::default(),
        state: State::NotReady,
        pending: None,
        reason: Some(Reason { code: 1, listed: Some(Arc::new(listed)) }),
        changed_at: Some(Timestamp::UNIX_EPOCH),
    };
    Change::Agent { agent: Box::new(agent), request_id: Some("4f1c0a52-77f1-4f5d-9b0e-2d1f6a3c8e90".into()) }
}

pub(crate) fn identity() -> SystemIdentity {
    SystemIdentity {
        host: "localhost".into(),
        xmpp_domain: "localhost".into(),
        pubsub_domain: "pubsub.localhost".into(),
        deployment_type: "UCCE".into(),
        auth_mode: "NON_SSO".into(),
        timezone_offset_minutes: |_| 0,
        ..SystemIdentity::default()
    }
}

/// AGENT_STATE_EVENT as it comes on the wire.
pub(crate) fn frame() -> Bytes {
    let event = AgentStateEvent {
        peripheral_id: 5000,
        peripheral_type: 17,
        skill_group_state: AgentState::NOT_READY,
        agent_state: AgentState::NOT_READY,
        event_reason_code: 1,
        mrd_id: 1,
        agent_mode: 1,
        max_task_limit: 1,
        icm_agent_id: 5001,
        client_signature: Some("Finesse".into()),
        agent_id: Some(AGENT.into()),
        agent_extension: Some("2001".into()),
        agent_instrument: Some("2001".into()),
        ..AgentStateEvent::default()
    };
    // what was made here fits the protocol
    Message::from(event).encode(V24).unwrap_or_default()
}

/// An event on its way to one subscriber: the head that is its own, the tail that all share.
pub fn event() -> bosh::Stanza {
    let mut service = super::steps::service(1);
    let (node, payload) = super::steps::notification();
    let published = service.publish(Timestamp::UNIX_EPOCH, &node, &payload);
    let delivery = published.ok().and_then(|()| service.poll_delivery());
    delivery.map_or_else(|| Bytes::new().into(), |delivery| bosh::Stanza::new(delivery.head, delivery.tail))
}

/// The empty poll of a desktop.
pub fn poll(rid: u64) -> Bytes {
    format!(r#"<body xmlns="http://jabber.org/protocol/httpbind" sid="{SID}" rid="{rid}"/>"#).into()
}
