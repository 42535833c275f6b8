//! A skill group's statistics.

use super::Body;
use super::declare::messages;
use crate::field::Floating;
use crate::{Dialect, tag};
use bytes::Bytes;

messages! {
    /// Ask for a skill group's statistics. [`NULL_ID`](super::NULL_ID) for the number or id that is not known.
    114 "QUERY_SKILL_GROUP_STATISTICS_REQ" QuerySkillGroupStatisticsReq "D25, D24, D23, SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF;
            skill_group_id: u32 = "SkillGroupID" or 0xFFFF_FFFF;
        }
    }

    /// Ask for a contact service queue's statistics (UCCX; the layout of the answer is known in part only).
    223 "QUERY_QUEUE_STATISTICS_REQ" QueryQueueStatisticsReq "CCX for the layout; the number of one weak source; low" {
        fixed {
            invoke_id: u32 = "InvokeID";
        }
        floating {
            csq_id: Option<u32> = 62 "CSQID";
        }
    }

    /// Ask for the sum of all queues (UCCX; the layout of the answer is not known).
    225 "QUERY_SUMMARY_STATISTICS_REQ" QuerySummaryStatisticsReq "CCX for the layout; the number of one weak source; low" {
        fixed {
            invoke_id: u32 = "InvokeID";
        }
    }

    /// Ask for what an agent's contact service queues hold (UCCX).
    239 "QUERY_AGENT_QUEUE_STATISTICS_REQ" QueryAgentQueueStatisticsReq "CCX for the layout; the number by a word in a forum; medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
        }
        floating {
            agent_id_long: Option<String> = 194 "AgentIDLong" 129;
        }
    }

    /// What they hold (UCCX). On CCE this type is [`CallAttributeChangeEvent`](super::CallAttributeChangeEvent).
    240 "QUERY_AGENT_QUEUE_STATISTICS_CONF" QueryAgentQueueStatisticsConf "CCX for the layout; the number by a word in a forum; medium" {
        fixed {
            invoke_id: u32 = "InvokeID";
            calls_in_queue: u32 = "CallsInQueue";
            /// Seconds.
            oldest_call_in_queue_secs: u32 = "OldestCallInQueue";
        }
        floating {
            /// Always there: it tells this message from the event.
            agent_id_long: Option<String> = 194 "AgentIDLong" 129;
        }
    }

    /// A skill group's statistics now, in five minutes, in the half hour and since midnight; times are seconds.
    115 "QUERY_SKILL_GROUP_STATISTICS_CONF" QuerySkillGroupStatisticsConf "D25 D24 D23 SH-S; high" {
        fixed {
            invoke_id: u32 = "InvokeID";
            peripheral_id: u32 = "PeripheralID";
            /// [`NULL_ID`](super::NULL_ID) for none.
            skill_group_number: u32 = "SkillGroupNumber" or 0xFFFF_FFFF;
            skill_group_id: u32 = "SkillGroupID" or 0xFFFF_FFFF;
            agents_logged_on: u32 = "AgentsLoggedOn";
            agents_avail: u32 = "AgentsAvail";
            agents_not_ready: u32 = "AgentsNotReady";
            agents_ready: u32 = "AgentsReady";
            agents_talking_in: u32 = "AgentsTalkingIn";
            agents_talking_out: u32 = "AgentsTalkingOut";
            agents_talking_other: u32 = "AgentsTalkingOther";
            agents_work_not_ready: u32 = "AgentsWorkNotReady";
            agents_work_ready: u32 = "AgentsWorkReady";
            agents_busy_other: u32 = "AgentsBusyOther";
            agents_reserved: u32 = "AgentsReserved";
            agents_hold: u32 = "AgentsHold";
            agents_icm_available: u32 = "AgentsICMAvailable";
            agents_application_available: u32 = "AgentsApplicationAvailable";
            agents_talking_auto_out: u32 = "AgentsTalkingAutoOut";
            agents_talking_preview: u32 = "AgentsTalkingPreview";
            agents_talking_reservation: u32 = "AgentsTalkingReservation";
            router_calls_q_now: u32 = "RouterCallsQNow";
            longest_router_call_q_now: u32 = "LongestRouterCallQNow";
            calls_q_now: u32 = "CallsQNow";
            calls_q_time_now: u32 = "CallsQTimeNow";
            longest_call_q_now: u32 = "LongestCallQNow";
            avail_time_to5: u32 = "AvailTimeTo5";
            logged_on_time_to5: u32 = "LoggedOnTimeTo5";
            not_ready_time_to5: u32 = "NotReadyTimeTo5";
            agent_out_calls_to5: u32 = "AgentOutCallsTo5";
            agent_out_calls_talk_time_to5: u32 = "AgentOutCallsTalkTimeTo5";
            agent_out_calls_time_to5: u32 = "AgentOutCallsTimeTo5";
            agent_out_calls_held_to5: u32 = "AgentOutCallsHeldTo5";
            agent_out_calls_held_time_to5: u32 = "AgentOutCallsHeldTimeTo5";
            handled_calls_to5: u32 = "HandledCallsTo5";
            handled_calls_talk_time_to5: u32 = "HandledCallsTalkTimeTo5";
            handled_calls_after_call_time_to5: u32 = "HandledCallsAfterCallTimeTo5";
            handled_calls_time_to5: u32 = "HandledCallsTimeTo5";
            incoming_calls_held_to5: u32 = "IncomingCallsHeldTo5";
            incoming_calls_held_time_to5: u32 = "IncomingCallsHeldTimeTo5";
            internal_calls_rcvd_to5: u32 = "InternalCallsRcvdTo5";
            internal_calls_rcvd_time_to5: u32 = "InternalCallsRcvdTimeTo5";
            internal_calls_held_to5: u32 = "InternalCallsHeldTo5";
            internal_calls_held_time_to5: u32 = "InternalCallsHeldTimeTo5";
            auto_out_calls_to5: u32 = "AutoOutCallsTo5";
            auto_out_calls_talk_time_to5: u32 = "AutoOutCallsTalkTimeTo5";
            auto_out_calls_time_to5: u32 = "AutoOutCallsTimeTo5";
            auto_out_calls_held_to5: u32 = "AutoOutCallsHeldTo5";
            auto_out_calls_held_time_to5: u32 = "AutoOutCallsHeldTimeTo5";
            preview_calls_to5: u32 = "PreviewCallsTo5";
            preview_calls_talk_time_to5: u32 = "PreviewCallsTalkTimeTo5";
            preview_calls_time_to5: u32 = "PreviewCallsTimeTo5";
            preview_calls_held_to5: u32 = "PreviewCallsHeldTo5";
            preview_calls_held_time_to5: u32 = "PreviewCallsHeldTimeTo5";
            reservation_calls_to5: u32 = "ReservationCallsTo5";
            reservation_calls_talk_time_to5: u32 = "ReservationCallsTalkTimeTo5";
            reservation_calls_time_to5: u32 = "ReservationCallsTimeTo5";
            reservation_calls_held_to5: u32 = "ReservationCallsHeldTo5";
            reservation_calls_held_time_to5: u32 = "ReservationCallsHeldTimeTo5";
            barge_in_calls_to5: u32 = "BargeInCallsTo5";
            intercept_calls_to5: u32 = "InterceptCallsTo5";
            monitor_calls_to5: u32 = "MonitorCallsTo5";
            whisper_calls_to5: u32 = "WhisperCallsTo5";
            emergency_calls_to5: u32 = "EmergencyCallsTo5";
            calls_q5: u32 = "CallsQ5";
            calls_q_time5: u32 = "CallsQTime5";
            longest_call_q5: u32 = "LongestCallQ5";
            avail_time_to_half: u32 = "AvailTimeToHalf";
            logged_on_time_to_half: u32 = "LoggedOnTimeToHalf";
            not_ready_time_to_half: u32 = "NotReadyTimeToHalf";
            agent_out_calls_to_half: u32 = "AgentOutCallsToHalf";
            agent_out_calls_talk_time_to_half: u32 = "AgentOutCallsTalkTimeToHalf";
            agent_out_calls_time_to_half: u32 = "AgentOutCallsTimeToHalf";
            agent_out_calls_held_to_half: u32 = "AgentOutCallsHeldToHalf";
            agent_out_calls_held_time_to_half: u32 = "AgentOutCallsHeldTimeToHalf";
            handled_calls_to_half: u32 = "HandledCallsToHalf";
            handled_calls_talk_time_to_half: u32 = "HandledCallsTalkTimeToHalf";
            handled_calls_after_call_time_to_half: u32 = "HandledCallsAfterCallTimeToHalf";
            handled_calls_time_to_half: u32 = "HandledCallsTimeToHalf";
            incoming_calls_held_to_half: u32 = "IncomingCallsHeldToHalf";
            incoming_calls_held_time_to_half: u32 = "IncomingCallsHeldTimeToHalf";
            internal_calls_rcvd_to_half: u32 = "InternalCallsRcvdToHalf";
            internal_calls_rcvd_time_to_half: u32 = "InternalCallsRcvdTimeToHalf";
            internal_calls_held_to_half: u32 = "InternalCallsHeldToHalf";
            internal_calls_held_time_to_half: u32 = "InternalCallsHeldTimeToHalf";
            auto_out_calls_to_half: u32 = "AutoOutCallsToHalf";
            auto_out_calls_talk_time_to_half: u32 = "AutoOutCallsTalkTimeToHalf";
            auto_out_calls_time_to_half: u32 = "AutoOutCallsTimeToHalf";
            auto_out_calls_held_to_half: u32 = "AutoOutCallsHeldToHalf";
            auto_out_calls_held_time_to_half: u32 = "AutoOutCallsHeldTimeToHalf";
            preview_calls_to_half: u32 = "PreviewCallsToHalf";
            preview_calls_talk_time_to_half: u32 = "PreviewCallsTalkTimeToHalf";
            preview_calls_time_to_half: u32 = "PreviewCallsTimeToHalf";
            preview_calls_held_to_half: u32 = "PreviewCallsHeldToHalf";
            preview_calls_held_time_to_half: u32 = "PreviewCallsHeldTimeToHalf";
            reservation_calls_to_half: u32 = "ReservationCallsToHalf";
            reservation_calls_talk_time_to_half: u32 = "ReservationCallsTalkTimeToHalf";
            reservation_calls_time_to_half: u32 = "ReservationCallsTimeToHalf";
            reservation_calls_held_to_half: u32 = "ReservationCallsHeldToHalf";
            reservation_calls_held_time_to_half: u32 = "ReservationCallsHeldTimeToHalf";
            barge_in_calls_to_half: u32 = "BargeInCallsToHalf";
            intercept_calls_to_half: u32 = "InterceptCallsToHalf";
            monitor_calls_to_half: u32 = "MonitorCallsToHalf";
            whisper_calls_to_half: u32 = "WhisperCallsToHalf";
            emergency_calls_to_half: u32 = "EmergencyCallsToHalf";
            calls_q_half: u32 = "CallsQHalf";
            calls_q_time_half: u32 = "CallsQTimeHalf";
            longest_call_q_half: u32 = "LongestCallQHalf";
            avail_time_today: u32 = "AvailTimeToday";
            logged_on_time_today: u32 = "LoggedOnTimeToday";
            not_ready_time_today: u32 = "NotReadyTimeToday";
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
            calls_q_today: u32 = "CallsQToday";
            calls_q_time_today: u32 = "CallsQTimeToday";
            longest_call_q_today: u32 = "LongestCallQToday";
        }
    }
}

impl QueryAgentQueueStatisticsConf {
    /// Whether a body of this type is one of this message: it ends with the fixed part, or AgentID follows and fields fill
    /// the rest exactly.
    pub(super) fn is_in(body: &Bytes, dialect: Dialect) -> bool {
        let fixed_bytes = Self::LAYOUT.fixed_bytes(dialect);
        let fields = || Floating::new(body, fixed_bytes, dialect);
        let names_agent =
            || matches!(fields().next(), Ok(Some(found)) if found.field.tag == tag::AGENT_ID_LONG);
        body.len() == fixed_bytes || (body.len() > fixed_bytes && names_agent() && fields().fits())
    }
}
