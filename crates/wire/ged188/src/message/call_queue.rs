//! Calls in queues.

use super::declare::{groups, messages};
use crate::{ConnectionIdType, DeviceType, EventCause, LocalConnectionState};

messages! {
    /// A call waits in a queue.
    21 "CALL_QUEUED_EVENT" CallQueuedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            /// [`NULL_ID`](super::NULL_ID) for none.
            service_number: u32 = "ServiceNumber" or 0xFFFF_FFFF;
            service_id: u32 = "ServiceID" or 0xFFFF_FFFF;
            queue_device_type: DeviceType = "QueueDeviceType";
            calling_device_type: DeviceType = "CallingDeviceType";
            called_device_type: DeviceType = "CalledDeviceType";
            last_redirect_device_type: DeviceType = "LastRedirectDeviceType";
            num_queued: u16 = "NumQueued" + "NumSkillGroups" of skill_groups;
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
            queue_device_id: Option<String> = 45 "QueueDeviceID" 64;
            calling_device_id: Option<String> = 27 "CallingDeviceID" 64;
            called_device_id: Option<String> = 28 "CalledDeviceID" 64;
            last_redirect_device_id: Option<String> = 29 "LastRedirectDeviceID" 64;
        }
        lists {
            skill_groups: QueueSkillGroup;
        }
    }

    /// A call has left a queue.
    86 "CALL_DEQUEUED_EVENT" CallDequeuedEvent "D25, D24, D23, SH-S; high" {
        fixed {
            monitor_id: u32 = "MonitorID";
            peripheral_id: u32 = "PeripheralID";
            peripheral_type: u16 = "PeripheralType";
            connection_device_id_type: ConnectionIdType = "ConnectionDeviceIDType";
            connection_call_id: u32 = "ConnectionCallID";
            queue_device_type: DeviceType = "QueueDeviceType";
            /// [`NULL_ID`](super::NULL_ID) for none.
            service_number: u32 = "ServiceNumber" or 0xFFFF_FFFF;
            service_id: u32 = "ServiceID" or 0xFFFF_FFFF;
            num_queued: u16 = "NumQueued" + "NumSkillGroups" of skill_groups;
            local_connection_state: LocalConnectionState = "LocalConnectionState";
            event_cause: EventCause = "EventCause";
        }
        floating {
            connection_device_id: Option<String> = 25 "ConnectionDeviceID" 64;
        }
        lists {
            skill_groups: QueueSkillGroup;
        }
    }
}

groups! {
    /// A skill group in whose queue a call waits.
    QueueSkillGroup {
        number: Option<u32> = 62 "SkillGroupNumber";
        id: Option<u32> = 63 "SkillGroupID";
        priority: Option<u16> = 64 "SkillGroupPriority";
    }
}
