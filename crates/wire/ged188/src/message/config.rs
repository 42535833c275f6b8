//! The configuration: request, keys, begin and end.

use super::declare::messages;
use bytes::Bytes;

messages! {
    /// Ask for the keys of the configuration.
    230 "CONFIG_REQUEST_KEY_EVENT" ConfigRequestKeyEvent "D25, D24, D23; medium" {
        fixed {
            peripheral_id: u32 = "PeripheralID";
        }
        floating {
            customer_id: Option<u32> = 131 "CustomerID";
        }
    }

    /// Keys of the configuration; a key of zeros asks for an upload.
    231 "CONFIG_KEY_EVENT" ConfigKeyEvent "D25, D24, D23; medium" {
        fixed {
            /// 0 success, 1 a service provider (no data), 2 no keys, 3 unknown customer.
            config_key_status: u32 = "ConfigKeyStatus";
        }
        floating {
            service_config_key: Option<Bytes> = 177 "ServiceConfigKey" 8;
            skill_group_config_key: Option<Bytes> = 178 "SkillGroupConfigKey" 8;
            agent_config_key: Option<Bytes> = 179 "AgentConfigKey" 8;
            device_config_key: Option<Bytes> = 180 "DeviceConfigKey" 8;
            call_type_config_key: Option<Bytes> = 209 "CallTypeConfigKey" 8;
            peripheral_config_key: Option<Bytes> = 269 "PeripheralConfigKey" 8;
            agent_desk_settings_config_key: Option<Bytes> = 270 "AgentDeskSettingsConfigKey" 8;
        }
    }

    /// Ask for the configuration; `config_information` 0 asks for updates only.
    232 "CONFIG_REQUEST_EVENT" ConfigRequestEvent "D25, D24; D23 differs; low" {
        fixed {
            /// Bits: 1 services, 2 skill groups, 4 agents, 8 devices, 16 call types, 32 media, 64 peripherals, 128 desk settings, 256 terminals, 512 agent services.
            config_information: u32 = "ConfigInformation";
            config_msg_mask: u32 = "ConfigMsgMask" since 24;
            peripheral_id: u32 = "PeripheralID";
        }
        floating {
            customer_id: Option<u32> = 131 "CustomerID";
        }
    }

    /// The configuration begins.
    233 "CONFIG_BEGIN_EVENT" ConfigBeginEvent "D25, D24, D23; medium" {
        fixed {
            /// 1 asked for, 2 an update.
            config_type: u16 = "ConfigType";
            /// Bits: 1 services, 2 skill groups, 4 agents, 8 devices, 16 call types, 32 media, 64 peripherals, 128 desk settings, 256 terminals, 512 agent services.
            config_information: u32 = "ConfigInformation";
        }
        floating {
            service_config_key: Option<Bytes> = 177 "ServiceConfigKey" 8;
            skill_group_config_key: Option<Bytes> = 178 "SkillGroupConfigKey" 8;
            agent_config_key: Option<Bytes> = 179 "AgentConfigKey" 8;
            device_config_key: Option<Bytes> = 180 "DeviceConfigKey" 8;
            call_type_config_key: Option<Bytes> = 209 "CallTypeConfigKey" 8;
            peripheral_config_key: Option<Bytes> = 269 "PeripheralConfigKey" 8;
            agent_desk_settings_config_key: Option<Bytes> = 270 "AgentDeskSettingsConfigKey" 8;
        }
    }

    /// The configuration is complete.
    234 "CONFIG_END_EVENT" ConfigEndEvent "D25, D24, D23; medium" {
        fixed {
            /// 0 success, 1 a service provider (no data), 2 unknown customer, 3 invalid, 4 empty, 5 partial.
            config_end_status: u32 = "ConfigEndStatus";
        }
        floating {
            text: Option<String> = 7 "Text" 255;
        }
    }
}
