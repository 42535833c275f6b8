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
