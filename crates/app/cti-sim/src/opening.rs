//! What OPEN_REQ must be like (GED-188, "Session Management").

use crate::{Config, limits};
use ged188::message::OpenReq;
use ged188::{Services, Status};

/// Versions whose layouts of the messages here are known.
pub(crate) const VERSIONS: std::ops::RangeInclusive<u32> = 9..=25;

/// Services that are simulated. What else is asked for is not granted.
const SERVICES: Services = Services(
    Services::CLIENT_EVENTS.0
        | Services::CALL_DATA_UPDATE.0
        | Services::CLIENT_CONTROL.0
        | Services::ALL_EVENTS.0
        | Services::SUPERVISOR.0
        | Services::ACTIVE_STANDBY.0,
);

/// Bits of AgentStateMask that mean something.
const AGENT_STATES: u32 = 0x3FFF;
/// Bits of ConfigMsgMask that mean something.
const CONFIG_EVENTS: u32 = 0x3FF;

/// Checks a request whose version is known to be one of [`VERSIONS`]. Returns what is granted.
pub(crate) fn check(open: &OpenReq, config: &Config) -> Result<Services, Status> {
    let about_one_agent = open.services.contains(Services::CLIENT_EVENTS);
    let names_agent =
        open.agent_id.is_some() || open.agent_extension.is_some() || open.agent_instrument.is_some();
    let peripheral_known = open.peripheral_id == config.peripheral_id
        || (open.peripheral_id == OpenReq::NULL_PERIPHERAL_ID && !about_one_agent);
    if open.client_id.is_none() || open.client_password.is_none() || (about_one_agent && !names_agent) {
        Err(Status::REQUIRED_DATA_MISSING)
    } else if open.reserved != [0; 3] {
        Err(Status::INVALID_RESERVED_FIELD)
    } else if open.idle_timeout_secs < limits::IDLE_TIMEOUT_SECS_MIN {
        Err(Status::INVALID_TIMEOUT)
    } else if open.agent_states & !AGENT_STATES != 0 {
        Err(Status::INVALID_AGENT_STATE_MASK)
    } else if open.config_events & !CONFIG_EVENTS != 0 {
        Err(Status::INVALID_CONFIG_MSG_MASK)
    } else if !peripheral_known {
        Err(Status::INVALID_PERIPHERAL_ID)
    } else {
        Ok(open.services.intersection(SERVICES))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ged188::Secret;

    fn open() -> OpenReq {
        OpenReq {
            version: 24,
            idle_timeout_secs: 20,
            peripheral_id: 5000,
            services: Services::ALL_EVENTS | Services::CLIENT_CONTROL,
            agent_states: 0x3FFF,
            client_id: Some("probe".into()),
            client_password: Some(Secret::default()),
            ..OpenReq::default()
        }
    }

    #[test]
    fn a_sensible_request_gets_what_is_simulated() {
        let config = Config::empty();
        let asked = OpenReq { services: Services(0x8000_0096), ..open() };
        assert_eq!(check(&asked, &config), Ok(Services(0x96)));
        let no_peripheral = OpenReq { peripheral_id: OpenReq::NULL_PERIPHERAL_ID, ..open() };
        assert!(check(&no_peripheral, &config).is_ok());
        let never_idle = OpenReq { idle_timeout_secs: OpenReq::NO_IDLE_TIMEOUT, ..open() };
        assert!(check(&never_idle, &config).is_ok());
    }

    #[test]
    fn each_mistake_has_its_status() {
        let about_one = Services::CLIENT_EVENTS;
        let agent_id = Some("1001001".to_owned());
        for (mistake, status) in [
            (OpenReq { client_id: None, ..open() }, 6),
            (OpenReq { client_password: None, ..open() }, 6),
            (OpenReq { services: about_one, ..open() }, 6),
            (OpenReq { idle_timeout_secs: 19, ..open() }, 18),
            (OpenReq { reserved: [0, 1, 0], ..open() }, 22),
            (OpenReq { agent_states: 0x4000, ..open() }, 21),
            (OpenReq { config_events: 0x400, ..open() }, 95),
            (OpenReq { peripheral_id: 5001, ..open() }, 7),
            (OpenReq { services: about_one, agent_id, peripheral_id: u32::MAX, ..open() }, 7),
        ] {
            assert_eq!(check(&mistake, &Config::empty()), Err(Status(status)), "{mistake:?}");
        }
    }
}
