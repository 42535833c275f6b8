//! What the simulator says: messages made of what is true.

use crate::exchange::Told;
use crate::sessions::Newcomer;
use ged188::message::{OpenConf, OpenReq, SystemEvent};
use ged188::{DeviceType, Fields, SystemEventId};
use std::time::{SystemTime, UNIX_EPOCH};

/// PeripheralType of Unified CCE's agents.
pub(crate) const PERIPHERAL_TYPE: u16 = 17;
/// MRDID of Cisco_Voice.
pub(crate) const VOICE: u32 = 1;
/// SessionType.
const ACTIVE: u16 = 1;
const STANDBY: u16 = 2;
/// The first version with NumPeripherals in OPEN_CONF.
const PERIPHERALS_LISTED_SINCE: u32 = 14;

/// OPEN_CONF. The peripheral is listed only if the request named none; `about` is the agent of a session about
/// one agent.
pub(crate) fn open_conf(
    newcomer: &Newcomer,
    peripheral_id: u32,
    active: bool,
    about: Option<Told>,
) -> OpenConf {
    let (open, version, services) = (&newcomer.open, newcomer.dialect.version, newcomer.granted);
    let listed = open.peripheral_id == OpenReq::NULL_PERIPHERAL_ID;
    let known = version >= PERIPHERALS_LISTED_SINCE;
    let mut conf = OpenConf {
        invoke_id: open.invoke_id,
        services,
        central_controller_time_secs: wall_clock_secs(),
        peripheral_online: true,
        peripheral_type: PERIPHERAL_TYPE,
        session_type: if active { ACTIVE } else { STANDBY },
        num_peripherals: known.then_some(listed.into()),
        peripheral_id: (known && listed).then_some(peripheral_id),
        multiline_agent_control: (known && listed).then_some(0),
        ..OpenConf::default()
    };
    if let Some(told) = about {
        conf.agent_state = told.state;
        conf.agent_id = Some(told.agent_id);
        conf.agent_extension = told.device.clone();
        conf.agent_instrument = told.device;
    }
    conf
}

/// SYSTEM_EVENT: the peripheral is on-line. It follows OPEN_CONF of a session with ALL_EVENTS.
pub(crate) fn peripheral_online(peripheral_id: u32) -> SystemEvent {
    SystemEvent {
        pg_status: 0,
        central_controller_time_secs: wall_clock_secs(),
        event: SystemEventId::PERIPHERAL_ONLINE,
        arguments: [peripheral_id, 0, 0],
        device_type: DeviceType::NONE,
        text: None,
        device_id: None,
        other: Fields::NONE,
    }
}

fn wall_clock_secs() -> u32 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u32::try_from(since_1970.as_secs()).unwrap_or(u32::MAX)
}
