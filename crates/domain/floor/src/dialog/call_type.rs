//! What kind of call it is.

/// CallType of GED-188. Those without a use here are [`CallType::Other`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallType {
    /// Nobody told (NULL_CALLTYPE).
    #[default]
    Unknown,
    /// CALLTYPE_ACD_IN (1).
    AcdIn,
    /// CALLTYPE_PREROUTE_ACD_IN (2): routed to the agent.
    PrerouteAcdIn,
    /// CALLTYPE_PREROUTE_DIRECT_AGENT (3).
    PrerouteDirectAgent,
    /// CALLTYPE_TRANSFER_IN (4).
    TransferIn,
    /// CALLTYPE_OVERFLOW_IN (5).
    OverflowIn,
    /// CALLTYPE_OTHER_IN (6): came in without routing.
    OtherIn,
    /// CALLTYPE_AUTO_OUT (7).
    AutoOut,
    /// CALLTYPE_AGENT_OUT (8).
    AgentOut,
    /// CALLTYPE_OUT (9).
    Out,
    /// CALLTYPE_AGENT_INSIDE (10): from agent to agent.
    AgentInside,
    /// CALLTYPE_OFFERED (11).
    Offered,
    /// CALLTYPE_CONSULT (12).
    Consult,
    /// CALLTYPE_CONSULT_OFFERRED (13).
    ConsultOffered,
    /// CALLTYPE_CONSULT_CONFERENCE (14).
    ConsultConference,
    /// CALLTYPE_CONFERENCE (15).
    Conference,
    /// CALLTYPE_PREVIEW (17).
    Preview,
    /// CALLTYPE_RESERVATION (18).
    Reservation,
    /// CALLTYPE_ASSIST (19).
    Assist,
    /// CALLTYPE_EMERGENCY (20).
    Emergency,
    /// CALLTYPE_SUPERVISOR_MONITOR (21).
    SupervisorMonitor,
    /// CALLTYPE_SUPERVISOR_WHISPER (22).
    SupervisorWhisper,
    /// CALLTYPE_SUPERVISOR_BARGEIN (23).
    SupervisorBargeIn,
    /// CALLTYPE_SUPERVISOR_INTERCEPT (24).
    SupervisorIntercept,
    /// RESERVATION_PREVIEW (27): an outbound call is offered for preview.
    ReservationPreview,
    /// RESERVATION_PREVIEW_DIRECT (28).
    ReservationPreviewDirect,
    /// RESERVATION_PREDICTIVE (29).
    ReservationPredictive,
    /// RESERVATION_CALLBACK (30).
    ReservationCallback,
    /// RESERVATION_PERSONAL_CALLBACK (31).
    ReservationPersonalCallback,
    /// CUSTOMER_PREVIEW (32): the call to the customer after a preview.
    CustomerPreview,
    /// CUSTOMER_PREVIEW_DIRECT (33).
    CustomerPreviewDirect,
    /// CUSTOMER_PREDICTIVE (34).
    CustomerPredictive,
    /// CUSTOMER_CALLBACK (35).
    CustomerCallback,
    /// CUSTOMER_PERSONAL (36).
    CustomerPersonal,
    /// CALLTYPE_NON_ACD (38).
    NonAcd,
    /// Another number.
    Other(u16),
}
