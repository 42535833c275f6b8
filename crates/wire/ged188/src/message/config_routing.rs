//! Records of the configuration about routing.

use super::Packed;
use super::declare::{groups, messages};

messages! {
    /// Services of the configuration.
    235 "CONFIG_SERVICE_EVENT" ConfigServiceEvent "D25, D24, D23; medium" {
        counts {
            "NumRecords" of records;
        }
        lists {
            records: ServiceRecord;
        }
    }

    /// Skill groups of the configuration.
    236 "CONFIG_SKILL_GROUP_EVENT" ConfigSkillGroupEvent "D25, D24, D23; medium" {
        counts {
            "NumRecords" of records;
        }
        lists {
            records: SkillGroupRecord;
        }
    }

    /// Devices of the configuration.
    238 "CONFIG_DEVICE_EVENT" ConfigDeviceEvent "D25, D24, D23; medium" {
        counts {
            "NumRecords" of records;
        }
        lists {
            records: DeviceRecord;
        }
    }

    /// Call types of the configuration.
    245 "CONFIG_CALL_TYPE_EVENT" ConfigCallTypeEvent "D25, D24, D23; medium" {
        counts {
            "NumRecords" of records;
        }
        lists {
            records: CallTypeRecord;
        }
    }

    /// Media routing domains of the configuration.
    254 "CONFIG_MRD_EVENT" ConfigMrdEvent "D25 D24 D23 (layout), D25 CTM (number); medium" {
        counts {
            "NumRecords" of records;
        }
        lists {
            records: MediaRoutingDomainRecord;
        }
    }

    /// Peripherals of the configuration.
    260 "CONFIG_PERIPHERAL_EVENT" ConfigPeripheralEvent "D25, D24, D23; medium" {
        counts {
            "NumRecords" of records;
        }
        lists {
            records: PeripheralRecord;
        }
    }
}

groups! {
    /// A service.
    ServiceRecord {
        /// 0 add, 1 change, 2 delete. Each record begins with it.
        record_type: Option<u16> = 183 "RecordType";
        peripheral_id: Option<u32> = 208 "FltPeripheralID";
        peripheral_number: Option<u32> = 184 "PeripheralNumber";
        old_peripheral_number: Option<u32> = 213 "OldPeripheralNumber";
        max_queued: Option<u32> = 129 "MaxQueued";
        extension: Option<String> = 173 "Extension" 16;
        service_skill_target_id: Option<u32> = 132 "ServiceSkillTargetID";
        peripheral_name: Option<String> = 133 "PeripheralName" 64;
        description: Option<String> = 134 "Description" 128;
        service_level_threshold: Option<u32> = 174 "ServiceLevelThreshold";
        service_level_type: Option<u32> = 175 "ServiceLevelType";
        config_param: Option<String> = 176 "ConfigParam" 255;
        mr_domain_id: Option<u32> = 216 "FltMRDomainID";
        num_service_members: Option<u16> = 186 "NumServiceMembers";
        service_members: Packed<u32> = 187 "ServiceMember";
        service_priorities: Packed<u16> = 188 "ServicePriority";
    }

    /// A skill group or precision queue.
    SkillGroupRecord {
        /// 0 add, 1 change, 2 delete. Each record begins with it.
        record_type: Option<u16> = 183 "RecordType";
        peripheral_id: Option<u32> = 208 "FltPeripheralID";
        peripheral_number: Option<u32> = 184 "PeripheralNumber";
        old_peripheral_number: Option<u32> = 213 "OldPeripheralNumber";
        skill_group_priorities: Packed<u16> = 64 "FltSkillGroupPriority";
        skill_group_skill_target_id: Option<u32> = 192 "SkillGroupSkillTargetID";
        auto_work: Option<bool> = 185 "AutoWork";
        extension: Option<String> = 173 "Extension" 16;
        peripheral_name: Option<String> = 133 "PeripheralName" 64;
        description: Option<String> = 134 "Description" 128;
        mr_domain_id: Option<u32> = 216 "FltMRDomainID";
        precision_queue_id: Option<u32> = 264 "FltPrecisionQueueID";
        precision_queue_name: Option<String> = 265 "FltPrecisionQueueName" 32;
        config_param: Option<String> = 176 "ConfigParam" 255;
    }

    /// A device.
    DeviceRecord {
        /// 0 add, 1 change, 2 delete. Each record begins with it.
        record_type: Option<u16> = 183 "RecordType";
        peripheral_id: Option<u32> = 208 "FltPeripheralID";
        peripheral_number: Option<u32> = 184 "PeripheralNumber";
        device_type: Option<u16> = 195 "DeviceType";
        max_queued: Option<u32> = 129 "MaxQueued";
        service_id: Option<u32> = 193 "FltServiceID";
        dialed_number: Option<String> = 11 "DialedNumber" 40;
        dnis: Option<String> = 10 "DNIS" 32;
        extension: Option<String> = 173 "Extension" 16;
        description: Option<String> = 134 "Description" 128;
    }

    /// A call type.
    CallTypeRecord {
        /// 0 add, 1 change, 2 delete. Each record begins with it.
        record_type: Option<u16> = 183 "RecordType";
        call_type_id: Option<u32> = 210 "FltCallTypeID";
        customer_definition_id: Option<u32> = 211 "CustomerDefinitionID";
        enterprise_name: Option<String> = 212 "EnterpriseName" 32;
        description: Option<String> = 134 "Description" 128;
        service_level_threshold: Option<u32> = 174 "ServiceLevelThreshold";
        service_level_type: Option<u32> = 175 "ServiceLevelType";
    }

    /// A media routing domain.
    MediaRoutingDomainRecord {
        /// 0 add, 1 change, 2 delete. Each record begins with it.
        record_type: Option<u16> = 183 "RecordType";
        mr_domain_id: Option<u32> = 216 "FltMRDomainID";
        enterprise_name: Option<String> = 212 "FltEnterpriseName" 32;
        description: Option<String> = 134 "FltDescription" 128;
        max_task_duration: Option<u32> = 250 "FltMaxTaskDuration";
        interruptible: Option<bool> = 251 "FltInterruptible";
    }

    /// A peripheral.
    PeripheralRecord {
        /// 0 add, 1 change, 2 delete. Each record begins with it.
        record_type: Option<u16> = 183 "RecordType";
        config_peripheral_id: Option<u32> = 271 "ConfigPeripheralID";
        default_agent_desk_settings_id: Option<u32> = 272 "DefaultAgentDeskSettingsID";
    }
}
