//! What the server under test says of itself.

use aplomb_notify::SystemIdentity;

pub(crate) fn identity() -> SystemIdentity {
    SystemIdentity {
        host: "desk.example".into(),
        xmpp_domain: "desk.example".into(),
        pubsub_domain: "pubsub.desk.example".into(),
        deployment_type: "UCCE".into(),
        auth_mode: "NON_SSO".into(),
        timezone_offset_minutes: |_| 540,
        ..SystemIdentity::default()
    }
}
