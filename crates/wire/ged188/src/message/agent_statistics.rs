//! An agent's statistics.

use super::declare::messages;

messages! {
    /// Ask for an agent's statistics.
    112 "QUERY_AGENT_STATISTICS_REQ" QueryAgentStatisticsReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
        }
        floating {
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }

    /// An agent's statistics since sign-in and since midnight; times are seconds.
    113 "QUERY_AGENT_STATISTICS_CONF" QueryAgentStatisticsConf "D25 D24 D23 SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            avail_time_session: u32 = "AvailTimeSession";
            logged_on_time_session: u32 = "LoggedOnTimeSession";
            not_ready_time_session: u32 = "NotReadyTimeSession";
            icm_available_time_session: u32 = "ICMAvailableTimeSession";
            routable_time_session: u32 = "RoutableTimeSession";
            agent_out_calls_session: u32 = "AgentOutCallsSession";
            agent_out_calls_talk_time_session: u32 = "AgentOutCallsTalkTimeSession";
            agent_out_calls_time_session: u32 = "AgentOutCallsTimeSession";
            agent_out_calls_held_session: u32 = "AgentOutCallsHeldSession";
            agent_out_calls_held_time_session: u32 = "AgentOutCallsHeldTimeSession";
            handled_calls_session: u32 = "HandledCallsSession";
            handled_calls_talk_time_session: u32 = "HandledCallsTalkTimeSession";
            handled_calls_after_call_time_session: u32 = "HandledCallsAfterCallTimeSession";
            handled_calls_time_session: u32 = "HandledCallsTimeSession";
            incoming_calls_held_session: u32 = "IncomingCallsHeldSession";
            incoming_calls_held_time_session: u32 = "IncomingCallsHeldTimeSession";
            internal_calls_session: u32 = "InternalCallsSession";
            internal_calls_time_session: u32 = "InternalCallsTimeSession";
            internal_calls_rcvd_session: u32 = "InternalCallsRcvdSession";
            internal_calls_rcvd_time_session: u32 = "InternalCallsRcvdTimeSession";
            internal_calls_held_session: u32 = "InternalCallsHeldSession";
            internal_calls_held_time_session: u32 = "InternalCallsHeldTimeSession";
            auto_out_calls_session: u32 = "AutoOutCallsSession";
            auto_out_calls_talk_time_session: u32 = "AutoOutCallsTalkTimeSession";
            auto_out_calls_time_session: u32 = "AutoOutCallsTimeSession";
            auto_out_calls_held_session: u32 = "AutoOutCallsHeldSession";
            auto_out_calls_held_time_session: u32 = "AutoOutCallsHeldTimeSession";
            preview_calls_session: u32 = "PreviewCallsSession";
            preview_calls_talk_time_session: u32 = "PreviewCallsTalkTimeSession";
            preview_calls_time_session: u32 = "PreviewCallsTimeSession";
            preview_calls_held_session: u32 = "PreviewCallsHeldSession";
            preview_calls_held_time_session: u32 = "PreviewCallsHeldTimeSession";
            reservation_calls_session: u32 = "ReservationCallsSession";
            reservation_calls_talk_time_session: u32 = "ReservationCallsTalkTimeSession";
            reservation_calls_time_session: u32 = "ReservationCallsTimeSession";
            reservation_calls_held_session: u32 = "ReservationCallsHeldSession";
            reservation_calls_held_time_session: u32 = "ReservationCallsHeldTimeSession";
            barge_in_calls_session: u32 = "BargeInCallsSession";
            intercept_calls_session: u32 = "InterceptCallsSession";
            monitor_calls_session: u32 = "MonitorCallsSession";
            whisper_calls_session: u32 = "WhisperCallsSession";
            emergency_calls_session: u32 = "EmergencyCallsSession";
            avail_time_today: u32 = "AvailTimeToday";
            logged_on_time_today: u32 = "LoggedOnTimeToday";
            not_ready_time_today: u32 = "NotReadyTimeToday";
            icm_available_time_today: u32 = "ICMAvailableTimeToday";
            routable_time_today: u32 = "RoutableTimeToday";
            agent_out_calls_today: u32 = "AgentOutCallsToday";
            agent_out_calls_talk_time_today: u32 = "AgentOutCallsTalkTimeToday";
            agent_out_calls_time_today: u32 = "AgentOutCallsTimeToday";
            agent_out_calls_held_today: u32 = "AgentOutCallsHeldToday";
            agent_out_calls_held_time_today: u32 = "AgentOutCallsHeldTimeToday";
            handled_calls_today: u32 = "HandledCallsToday";
            handled_calls_talk_time_today: u32 = "HandledCallsTalkTimeToday";
            handled_calls_after_call_time_today: u32 = "HandledCallsAfterCallTimeToday";
            handled_calls_time_today: u32 = "HandledCallsTimeToday";
            incoming_calls_held_today: u32 = "IncomingCallsHeldToday";
            incoming_calls_held_time_today: u32 = "IncomingCallsHeldTimeToday";
            internal_calls_today: u32 = "InternalCallsToday";
            internal_calls_time_today: u32 = "InternalCallsTimeToday";
            internal_calls_rcvd_today: u32 = "InternalCallsRcvdToday";
            internal_calls_rcvd_time_today: u32 = "InternalCallsRcvdTimeToday";
            internal_calls_held_today: u32 = "InternalCallsHeldToday";
            internal_calls_held_time_today: u32 = "InternalCallsHeldTimeToday";
            auto_out_calls_today: u32 = "AutoOutCallsToday";
            auto_out_calls_talk_time_today: u32 = "AutoOutCallsTalkTimeToday";
            auto_out_calls_time_today: u32 = "AutoOutCallsTimeToday";
            auto_out_calls_held_today: u32 = "AutoOutCallsHeldToday";
            auto_out_calls_held_time_today: u32 = "AutoOutCallsHeldTimeToday";
            preview_calls_today: u32 = "PreviewCallsToday";
            preview_calls_talk_time_today: u32 = "PreviewCallsTalkTimeToday";
            preview_calls_time_today: u32 = "PreviewCallsTimeToday";
            preview_calls_held_today: u32 = "PreviewCallsHeldToday";
            preview_calls_held_time_today: u32 = "PreviewCallsHeldTimeToday";
            reservation_calls_today: u32 = "ReservationCallsToday";
            reservation_calls_talk_time_today: u32 = "ReservationCallsTalkTimeToday";
            reservation_calls_time_today: u32 = "ReservationCallsTimeToday";
            reservation_calls_held_today: u32 = "ReservationCallsHeldToday";
            reservation_calls_held_time_today: u32 = "ReservationCallsHeldTimeToday";
            barge_in_calls_today: u32 = "BargeInCallsToday";
            intercept_calls_today: u32 = "InterceptCallsToday";
            monitor_calls_today: u32 = "MonitorCallsToday";
            whisper_calls_today: u32 = "WhisperCallsToday";
            emergency_calls_today: u32 = "EmergencyCallsToday";
        }
        floating {
            agent_extension: Option<String> = 4 "AgentExtension" 16;
            agent_id: Option<String> = 5 "AgentID" 12;
            agent_instrument: Option<String> = 6 "AgentInstrument" 64;
        }
    }
}
