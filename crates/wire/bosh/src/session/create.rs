//! How a session begins, and what is agreed.

use super::streams::{self, Streams};
use super::{Phase, Session};
use crate::answer::Creation;
use crate::key::Lock;
use crate::window::{Nature, Slot, State, Window};
use crate::{Body, Condition, Kind, Output, Policy, Refusal, RequestId, StreamId, Version, content};
use std::time::{Duration, Instant};

impl Session {
    /// Answers a session creation request (XEP-0124 §7).
    ///
    /// `sid` is random and unguessable, and comes from the owner. `secure` is what the response says about
    /// the connection; JabberWerx sends no password when it is false. `COMPAT(finesse)`: the original says
    /// true on its plain port as well.
    ///
    /// The response leaves with the first drain. What is sent before that drain (the stream features) leaves
    /// in it. Whether the domain in [`Body::to`] is served here is for the owner to know: refuse with
    /// [`crate::Answer::refusal`] and [`crate::Condition::HostUnknown`].
    ///
    /// # Errors
    /// The request has no readable rid, no `to`, or asks to terminate; or what it says of keys or of the content
    /// type cannot be.
    pub fn create(
        now: Instant,
        body: Body,
        sid: String,
        policy: &Policy,
        secure: bool,
        request: RequestId,
    ) -> Result<Self, Refusal> {
        let refuse = |condition, why| Refusal { condition, why, version: body.version };
        let Some(rid) = body.rid else {
            return Err(refuse(Condition::BadRequest, "the session creation request has no readable rid"));
        };
        if body.kind != Kind::Ordinary {
            return Err(refuse(Condition::BadRequest, "the session creation request has a type"));
        }
        let Some(to) = body.to.as_deref().filter(|to| !to.is_empty()) else {
            return Err(refuse(
                Condition::ImproperAddressing,
                "the session creation request names no domain",
            ));
        };
        let lock = body.newkey.as_deref().map(Lock::parse);
        if lock == Some(None) {
            return Err(refuse(Condition::BadRequest, "the newkey is not a SHA-1 hash in hexadecimal"));
        }
        let content_type = match body.content.as_deref().map(content::read) {
            None => None,
            Some(Some(own)) => Some(own).filter(|own| !own.eq_ignore_ascii_case(content::CONTENT_TYPE)),
            Some(None) => {
                return Err(refuse(Condition::BadRequest, "no response can have this content type"));
            }
        };
        let policy = policy.bounded();
        let (terms, creation) = agree(&body, to, rid, &sid, &policy, secure);
        let name = streams::name(&sid, StreamId::FIRST);
        let stream = (terms.streams_max > 1).then_some(name.as_str());
        let creation = Creation { stream, accept: policy.accept, ..creation };
        let requests = creation.requests;
        let streams = Streams::new(creation.tag());
        let first = Slot {
            rid,
            fingerprint: body.fingerprint,
            arrived: now,
            nature: Nature::Other,
            due: true,
            is_spent: false,
            state: State::Parked(request),
        };
        let deliver = |stanza| Output::Deliver { stream: StreamId::FIRST, stanza };
        let deliveries = body.payload.into_iter().map(deliver).collect();
        let mut window = Window::new(requests, first);
        if terms.has_client_acks {
            window.acknowledged = 0;
        }
        Ok(Self {
            sid: sid.into_boxed_str(),
            terms,
            phase: Phase::Open,
            window,
            streams,
            pending: Vec::new(),
            pending_bytes: 0,
            content_type,
            deliveries,
            lock: lock.flatten(),
            report: None,
            created: now,
            now,
            last_seen: now,
            idle_since: now,
            longest_gap: Duration::ZERO,
            pause: None,
            rapid_polls: 0,
            drained: false,
        })
    }
}

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
    pub(super) streams_max: u32,
    /// What responses say about the connection.
    pub(super) secure: bool,
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
    let has_conditions = version.is_some_and(|version| version >= Version::CONDITIONS);
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
        // An old client is not told of other streams, so it shall not open any.
        streams_max: if has_conditions { policy.streams_max } else { 1 },
        secure,
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
        stream: None,
        accept: None,
        version,
        xmpp: body.xmpp_version.is_some(),
    };
    (terms, creation)
}
