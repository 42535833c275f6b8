//! The settings in the words of each part.

use super::Config;
use jiff::{Timestamp, tz::TimeZone};
use rest::SystemIdentity;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use std::time::Duration;

/// A time that somebody must have: at least a second, at most a day.
pub(super) fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs.clamp(1, 86_400))
}

/// Passages of one line of the journal: with more, the line would be too long.
const TRAFFIC_MAX: usize = 128;

/// So many passages as a line of the journal takes.
pub(super) fn traffic<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let number = usize::deserialize(deserializer)?;
    if number > TRAFFIC_MAX {
        return Err(D::Error::custom(format!("expected at most {TRAFFIC_MAX}")));
    }
    Ok(number)
}

impl Config {
    /// What the notification service is told.
    pub(crate) fn notification(&self) -> notification::Config {
        notification::Config {
            domain: self.server.domain.clone(),
            former_domains: self.xmpp.former_domains.clone(),
            refuse_other_domains: self.xmpp.refuse_other_domains,
            pubsub_domain: format!("pubsub.{}", self.server.domain),
            service_user: self.server.service_user.clone(),
            bosh: bosh::Policy {
                inactivity_secs: self.bosh.inactivity_secs,
                wait_secs_max: self.bosh.wait_secs_max,
                maxpause_secs: self.bosh.maxpause_secs,
                polling_secs: self.bosh.polling_secs,
                streams_max: self.bosh.streams_max,
                pending_stanzas_max: self.bosh.pending_stanzas_max,
                pending_bytes_max: self.bosh.pending_bytes_max,
                accept: Some(notification::coding::READ),
                ..bosh::Policy::default()
            },
            see_other_uri: self.bosh.see_other_uri.clone(),
            refuse_routes: self.bosh.refuse_routes,
            script_syntax: self.bosh.script_syntax,
            cors_origins: self.bosh.cors_origins.clone(),
            gzip_bytes_min: self.bosh.gzip_bytes_min,
            websocket_ping: Duration::from_secs(self.websocket.ping_secs.max(1)),
            websocket_see_other_uri: self.websocket.see_other_uri.clone(),
            allow_plain_tcp: self.xmpp.allow_plain_tcp,
            resume_secs: self.xmpp.resume_secs,
            resume_location: Some(self.xmpp.resume_location.clone()).filter(|location| !location.is_empty()),
            // known when the certificate is
            tls_server_end_point: None,
            shards: self.bosh.shards,
            limits: self.limits.notification(self.journal.traffic_max),
        }
    }

    /// What one listener bears.
    pub(crate) fn listener(&self) -> listen::limits::Bounds {
        listen::limits::Bounds {
            connections_max: self.listen.connections_max.max(1),
            per_address_max: self.listen.connections_per_address_max,
            handshake: secs(self.limits.tls_handshake_secs),
            request_head: secs(self.limits.request_head_secs),
            unacknowledged: secs(self.limits.unacknowledged_secs),
            http2_streams_max: self.limits.http2_streams_max,
        }
    }

    /// How much of the journal is kept.
    pub(crate) fn journal(&self) -> journal::Bounds {
        let keep = Duration::from_secs(u64::from(self.journal.keep_hours.max(1)) * 3_600);
        journal::Bounds { bytes_max: self.journal.bytes_max, keep }
    }

    /// What kind of contact centre it is: whose phone system is at the other end of the link.
    pub(crate) fn deployment(&self) -> floor::Deployment {
        match self.cti.dialect {
            super::cti::Dialect::Cce => floor::Deployment::Ucce,
            super::cti::Dialect::Uccx => floor::Deployment::Uccx,
        }
    }

    /// What the server says of itself.
    pub(crate) fn identity(&self) -> SystemIdentity {
        SystemIdentity {
            host: self.server.domain.clone(),
            primary_host: named(&self.server.primary_host),
            secondary_host: named(&self.server.secondary_host),
            xmpp_domain: self.server.domain.clone(),
            pubsub_domain: format!("pubsub.{}", self.server.domain),
            deployment_type: self.deployment().name().into(),
            auth_mode: self.sso.mode.name().into(),
            timezone_offset_minutes: |at: Timestamp| TimeZone::system().to_offset(at).seconds() / 60,
            ..SystemIdentity::default()
        }
    }
}

fn named(host: &str) -> Option<String> {
    Some(host.to_owned()).filter(|host| !host.is_empty())
}
