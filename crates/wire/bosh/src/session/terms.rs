//! What is agreed when a session is made.

use crate::answer::Creation;
use crate::{Body, Policy, Version};
use std::time::Duration;

/// What was agreed when the session was made.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    /// The lower of the two versions; `None` when the client named none.
    pub(super) version: Option<Version>,
    /// The client acknowledges responses, and leaving an acknowledgement out means that it has read all (§9.2).
    pub(super) has_client_acks: bool,
    pub(super) wait: Duration,
    /// Requests held at once. 0 in a polling session (§12).
    pub(super) hold: u32,
    pub(super) inactivity: Duration,
    pub(super) polling: Duration,
    pub(super) maxpause_secs: u32,
    pub(super) pending_stanzas_max: usize,
    pub(super) pending_bytes_max: usize,
}

impl Terms {
    /// Whether responses acknowledge requests (§9.1).
    pub(super) fn has_server_acks(&self) -> bool {
        self.version.is_some_and(|version| version >= Version::CONDITIONS)
    }
}

/// Cuts what the client asks for to what the policy grants (§7.1, §7.2).
pub(super) fn agree<'a>(
    body: &Body,
    to: &'a str,
    rid: u64,
    sid: &'a str,
    policy: &Policy,
    secure: bool,
) -> (Terms, Creation<'a>) {
    let version = body.version.map(|version| version.min(Version::CURRENT));
    let wait_secs = body.wait_secs.unwrap_or(policy.wait_secs_default).min(policy.wait_secs_max);
    let hold = body.hold.unwrap_or(1).min(policy.hold_max);
    let is_polling_session = wait_secs == 0 || hold == 0;
    // §12: a client that polls may stay away longer, by more than the polling interval.
    let extra_secs = if is_polling_session { 2 * policy.polling_secs + 1 } else { 0 };
    let inactivity_secs = policy.inactivity_secs + extra_secs;
    let terms = Terms {
        version,
        has_client_acks: body.ack.is_some(),
        wait: Duration::from_secs(wait_secs.into()),
        hold: if is_polling_session { 0 } else { hold },
        inactivity: Duration::from_secs(inactivity_secs.into()),
        polling: Duration::from_secs(policy.polling_secs.into()),
        maxpause_secs: policy.maxpause_secs,
        pending_stanzas_max: policy.pending_stanzas_max,
        pending_bytes_max: policy.pending_bytes_max,
    };
    let creation = Creation {
        from: to,
        sid,
        secure,
        requests: hold + 1,
        inactivity_secs,
        polling_secs: policy.polling_secs,
        wait_secs,
        hold,
        rid,
        maxpause_secs: policy.maxpause_secs,
        version,
        xmpp: body.xmpp_version.is_some(),
    };
    (terms, creation)
}
