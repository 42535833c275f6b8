//! Agent states (Finesse guide, User states) and the transitions a CCE floor knows.

/// An agent's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Signing in; never stays.
    Login,
    /// Signed out.
    Logout,
    /// Signed in, takes no calls.
    NotReady,
    /// Waits for a call.
    Ready,
    /// A call is being delivered.
    Reserved,
    /// Reserved by the outbound dialer.
    ReservedOutbound,
    /// Previews an outbound call.
    ReservedOutboundPreview,
    /// On a call.
    Talking,
    /// On a call that is held.
    Hold,
    /// Wraps up, then not ready.
    Work,
    /// Wraps up, then ready.
    WorkReady,
    /// The CTI server does not know.
    Unknown,
}

impl State {
    /// The name in REST bodies and notifications.
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "LOGIN",
            Self::Logout => "LOGOUT",
            Self::NotReady => "NOT_READY",
            Self::Ready => "READY",
            Self::Reserved => "RESERVED",
            Self::ReservedOutbound => "RESERVED_OUTBOUND",
            Self::ReservedOutboundPreview => "RESERVED_OUTBOUND_PREVIEW",
            Self::Talking => "TALKING",
            Self::Hold => "HOLD",
            Self::Work => "WORK",
            Self::WorkReady => "WORK_READY",
            Self::Unknown => "UNKNOWN",
        }
    }
}

impl State {
    /// Whether an agent in this state is signed in.
    pub fn is_signed_in(self) -> bool {
        !matches!(self, Self::Login | Self::Logout | Self::Unknown)
    }

    /// Whether a wish for NOT_READY or LOGOUT waits for the end of the call (`pendingState`).
    pub fn defers_requests(self) -> bool {
        matches!(self, Self::Talking | Self::Hold | Self::ReservedOutboundPreview)
    }

    /// Whether CCE is known to go from this state to `next` (Finesse guide, User—Change agent state).
    /// Everybody can be signed out, by a supervisor or the system; from UNKNOWN anything may come.
    pub fn may_become(self, next: Self) -> bool {
        use State::{
            Hold, Login, Logout, NotReady, Ready, Reserved, ReservedOutbound, ReservedOutboundPreview,
            Talking, Unknown, Work, WorkReady,
        };
        match (self, next) {
            (Unknown, _) | (_, Logout | Unknown) => true,
            (Logout, Login | NotReady) => true,
            (Login, NotReady) => true,
            (NotReady, NotReady | Ready | Talking) => true,
            (Ready, NotReady | Reserved | ReservedOutbound | ReservedOutboundPreview) => true,
            // Not in the guide's table, but the reason 32767 (call not answered) is its own.
            (Reserved, Ready | NotReady | Talking) => true,
            (ReservedOutbound | ReservedOutboundPreview, Ready | NotReady | Talking) => true,
            (Talking, Ready | NotReady | Work | WorkReady | Hold) => true,
            (Hold, Talking | Ready | NotReady | Work | WorkReady) => true,
            (Work | WorkReady, Ready | NotReady) => true,
            (from, to) => from == to,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::State::*;

    #[test]
    fn the_guides_transitions_are_known_and_others_are_not() {
        for (from, to) in [(Logout, NotReady), (NotReady, Ready), (Ready, Reserved), (Reserved, Talking)] {
            assert!(from.may_become(to), "{from:?} to {to:?}");
        }
        for (from, to) in [(Talking, Hold), (Hold, Work), (WorkReady, Ready), (Talking, Logout)] {
            assert!(from.may_become(to), "{from:?} to {to:?}");
        }
        for (from, to) in [(Logout, Ready), (NotReady, Reserved), (Ready, Talking), (Work, Talking)] {
            assert!(!from.may_become(to), "{from:?} to {to:?}");
        }
    }
}
