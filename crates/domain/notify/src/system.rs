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
    /// Host name of the other node, where this one is the secondary of a pair.
    pub primary_host: Option<String>,
    /// Host name of the other node, where this one is the primary of a pair; a single node has none.
    pub secondary_host: Option<String>,
    /// Where this node listens.
    pub ports: Ports,
    /// `host:port` of each side of the CTI server.
    pub cti_servers: Vec<String>,
    /// The XMPP domain.
    pub xmpp_domain: String,
    /// The address of the publish-subscribe service.
    pub pubsub_domain: String,
    /// `UCCE` or `UCCX`: which of the two the clients shall take us for.
    pub deployment_type: String,
    /// Since when clients shall go to the other node, where an administrator wants to take this one down.
    pub maintenance_since: Option<Timestamp>,
    /// How agents sign in: `NON_SSO`, `SSO`, `HYBRID`.
    pub auth_mode: String,
    /// Minutes that the server's zone is ahead of UTC at a moment.
    pub timezone_offset_minutes: fn(Timestamp) -> i32,
}

/// Ports of a node; `None` for what it does not listen on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ports {
    /// Of the web service over TLS.
    pub https: Option<u16>,
    /// Of XMPP with STARTTLS.
    pub xmpp: Option<u16>,
    /// Of XMPP over TLS.
    pub xmpp_secure: Option<u16>,
}

impl Default for SystemIdentity {
    /// A single node of a zone without daylight saving, at Greenwich, that has no name yet.
    fn default() -> Self {
        Self {
            host: String::new(),
            primary_host: None,
            secondary_host: None,
            ports: Ports::default(),
            cti_servers: Vec::new(),
            xmpp_domain: String::new(),
            pubsub_domain: String::new(),
            deployment_type: "UCCE".to_owned(),
            maintenance_since: None,
            auth_mode: "NON_SSO".to_owned(),
            timezone_offset_minutes: |_| 0,
        }
    }
}

/// What the original shows for a time that does not run: seconds below zero.
const NOT_IN_MAINTENANCE: &str = "-1";

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
    writer.leaf("ctiMMode", "");
    write_cti_servers(writer, system, identity, at);
    writer.leaf("ctiTimeInMMode", NOT_IN_MAINTENANCE);
    writer.leaf("ctiVersion", &number(cti.map(|cti| cti.version)));
    writer.leaf("currentTimestamp", &time_text(at));
    writer.leaf("deploymentType", &identity.deployment_type);
    let since = identity.maintenance_since;
    let secs = since.map(|since| at.duration_since(since).as_secs().max(0).to_string());
    writer.leaf("finesseMMode", if since.is_some() { "IN_PROGRESS" } else { "" });
    writer.leaf("finesseTimeInMMode", secs.as_deref().unwrap_or(NOT_IN_MAINTENANCE));
    writer.leaf("lastCTIHeartbeatStatus", system.last_heartbeat.name());
    writer.leaf("lastSuccessCTIHeartbeatTime", &heartbeat_ms.unwrap_or_default());
    writer.leaf("license", "");
    writer.leaf("peripheralId", &number(cti.map(|cti| cti.peripheral_id)));
    match (&identity.primary_host, &identity.secondary_host) {
        (Some(primary), _) => {
            writer.open("primaryNode").leaf("host", primary).close();
            write_this_node(writer, "secondaryNode", identity);
        }
        (None, secondary) => {
            write_this_node(writer, "primaryNode", identity);
            if let Some(host) = secondary {
                writer.open("secondaryNode").leaf("host", host).close();
            }
        }
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

/// The node that answers. Of the other one only the name is known.
fn write_this_node(writer: &mut Writer, element: &'static str, identity: &SystemIdentity) {
    let port = |port: Option<u16>| port.map(|port| port.to_string()).unwrap_or_default();
    writer.open(element).leaf("host", &identity.host).leaf("httpsPort", &port(identity.ports.https));
    writer.leaf("xmppPort", &port(identity.ports.xmpp));
    writer.leaf("xmppSecurePort", &port(identity.ports.xmpp_secure)).close();
}

/// The sides of the CTI server, and which of them the session is with.
fn write_cti_servers(writer: &mut Writer, system: &System, identity: &SystemIdentity, at: Timestamp) {
    let session = system.cti.as_ref().filter(|_| system.is_linked);
    writer.open("ctiServers");
    for server in &identity.cti_servers {
        let session = session.filter(|session| session.server == *server);
        let secs = session.map_or(0, |session| at.duration_since(session.opened_at).as_secs().max(0));
        let host = server.rsplit_once(':').map_or(server.as_str(), |(host, _)| host);
        writer.open("ctiServer").leaf("active", if session.is_some() { "true" } else { "false" });
        // COMPAT(finesse): its unit is not public
        writer.leaf("connectedDuration", &secs.to_string()).leaf("host", host).close();
    }
    writer.close();
}
