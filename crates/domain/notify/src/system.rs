//! `SystemInfo`: the system.

use crate::agent::time_text;
use crate::node;
use floor::System;
use jiff::Timestamp;
use xml::Writer;

/// What a server says of itself and the floor does not know.
#[derive(Clone, Debug)]
pub struct SystemIdentity {
    /// Host name of this node. Clients compare it with the XMPP domain to learn which node they are on.
    pub host: String,
    /// Host name of the other node of a pair; a single node has none.
    pub secondary_host: Option<String>,
    /// The XMPP domain.
    pub xmpp_domain: String,
    /// The address of the publish-subscribe service.
    pub pubsub_domain: String,
    /// `UCCE` or `UCCX`: which of the two the clients shall take us for.
    pub deployment_type: String,
    /// How agents sign in: `NON_SSO`, `SSO`, `HYBRID`.
    pub auth_mode: String,
    /// Minutes that the server's zone is ahead of UTC at a moment.
    pub timezone_offset_minutes: fn(Timestamp) -> i32,
}

/// The system at a moment. `root` is `SystemInfo` or `systemInfo`.
pub fn write(
    writer: &mut Writer,
    root: &'static str,
    system: &System,
    identity: &SystemIdentity,
    at: Timestamp,
) {
    let cti = system.cti.as_ref();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let heartbeat_ms = system.last_heartbeat_at.map(|at| at.as_millisecond().to_string());
    writer.open(root);
    writer.leaf("ctiHeartbeatInterval", &number(cti.map(|cti| cti.heartbeat_secs)));
    writer.leaf("ctiVersion", &number(cti.map(|cti| cti.version)));
    writer.leaf("currentTimestamp", &time_text(at));
    writer.leaf("deploymentType", &identity.deployment_type);
    writer.leaf("lastCTIHeartbeatStatus", system.last_heartbeat.name());
    writer.leaf("lastSuccessCTIHeartbeatTime", &heartbeat_ms.unwrap_or_default());
    writer.leaf("license", "");
    writer.leaf("peripheralId", &number(cti.map(|cti| cti.peripheral_id)));
    writer.open("primaryNode").leaf("host", &identity.host).close();
    if let Some(host) = &identity.secondary_host {
        writer.open("secondaryNode").leaf("host", host).close();
    }
    writer.leaf("status", system.status.name());
    writer.leaf("statusReason", &system.status_reason);
    writer.leaf("systemAuthMode", &identity.auth_mode);
    writer.leaf("timezoneOffset", &(identity.timezone_offset_minutes)(at).to_string());
    writer.leaf("uri", node::SYSTEM_INFO);
    writer.leaf("xmppDomain", &identity.xmpp_domain);
    writer.leaf("xmppPubSubDomain", &identity.pubsub_domain);
    writer.close();
}
