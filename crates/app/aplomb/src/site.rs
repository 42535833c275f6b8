//! What the settings, and administrators, say of the site: the CTI server, ECC variables, devices.

use crate::config::{Config, EccVariable};
use anyhow::{Context, ensure};
use configuration::SystemConfig;
use floor::{Deployment, EccDefinition, Terminal};
use rest::Site;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes of an ECC variable's name: `VariableName` of GED-188 holds 33 with its terminator.
const ECC_NAME_BYTES_MAX: usize = 32;

/// Bytes of an ECC variable's value, as the phone system lets one be configured.
const ECC_VALUE_BYTES_MAX: u8 = 210;

/// Bytes of all ECC variables of a call together.
const ECC_BYTES_MAX: usize = 2_000;

/// What calls show of the settings. `sides` are those of the CTI server that the link is given.
pub(crate) fn site(config: &Config, sides: &[String]) -> anyhow::Result<Site> {
    Ok(Site {
        cti: system_config(config, sides),
        cti_tls: config.cti.tls || config.cti.tls_ca.is_some() || config.cti.tls_insecure,
        ecc_variables: ecc_variables(config)?,
        security_banner: config.desktop.security_banner.clone(),
    })
}

/// The telephones of extensions that several share, by extension.
pub(crate) fn terminals(config: &Config) -> BTreeMap<String, Arc<[Terminal]>> {
    let mut all: BTreeMap<String, Vec<Terminal>> = BTreeMap::new();
    for device in &config.devices {
        all.entry(device.extension.clone()).or_default().push(Terminal {
            id: device.id.clone(),
            kind: device.kind,
            kind_name: device.type_name.clone(),
        });
    }
    all.into_iter().map(|(extension, terminals)| (extension, terminals.into())).collect()
}

/// The link's settings in the words of SystemConfig, which knows two sides.
fn system_config(config: &Config, sides: &[String]) -> SystemConfig {
    let side = |number: usize| -> (String, u16) {
        let Some((host, port)) = sides.get(number).and_then(|side| side.rsplit_once(':')) else {
            return (String::new(), 0);
        };
        (host.trim_matches(['[', ']']).to_owned(), port.parse().unwrap_or(0))
    };
    let ((host, port), (backup_host, backup_port)) = (side(0), side(1));
    let (peripheral_id, secure) = (config.cti.peripheral_id, config.cti.tls);
    SystemConfig { host, port, backup_host, backup_port, peripheral_id, secure }
}

/// Takes over what an administrator has said of the CTI server instead of the settings.
pub(crate) fn take_over(stored: &SystemConfig, config: &mut Config) {
    if config.deployment() == Deployment::Uccx {
        return;
    }
    let sides = stored.sides();
    if config.cti.sides != sides {
        tracing::info!(?sides, "the CTI server is where SystemConfig says, not where the settings do");
    }
    config.cti.sides = sides;
    config.cti.peripheral_id = stored.peripheral_id;
    config.cti.tls = stored.secure;
}

/// The ECC variables, if they can be configured so in a phone system.
pub(crate) fn ecc_variables(config: &Config) -> anyhow::Result<Vec<EccDefinition>> {
    let mut all: Vec<EccDefinition> = Vec::with_capacity(config.ecc_variables.len());
    for variable in &config.ecc_variables {
        check(variable).with_context(|| format!("ecc_variables: {:?}", variable.name))?;
        ensure!(
            all.iter().all(|other| other.name != variable.name),
            "ecc_variables: {:?} is there twice",
            variable.name
        );
        all.push(EccDefinition {
            name: variable.name.clone(),
            value_bytes_max: variable.max_length,
            array_size: variable.array_size,
        });
    }
    Ok(all)
}

fn check(variable: &EccVariable) -> anyhow::Result<()> {
    let name = &variable.name;
    ensure!(name.starts_with("user.") && name.len() > "user.".len(), "the name does not begin with user.");
    ensure!(name.len() <= ECC_NAME_BYTES_MAX, "the name is longer than {ECC_NAME_BYTES_MAX} bytes");
    let length = variable.max_length;
    ensure!((1..=ECC_VALUE_BYTES_MAX).contains(&length), "max_length is not from 1 to {ECC_VALUE_BYTES_MAX}");
    let Some(size) = variable.array_size else { return Ok(()) };
    ensure!(size > 0, "array_size is 0");
    // a terminator for each element, and five bytes for the whole
    let bytes = 5 + usize::from(size) * (usize::from(length) + 1);
    ensure!(
        bytes <= ECC_BYTES_MAX,
        "the array takes {bytes} bytes of the {ECC_BYTES_MAX} that a call may have"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, u8, Option<u8>)]) -> Result<usize, String> {
        let variable = |&(name, max_length, array_size): &(&str, u8, Option<u8>)| EccVariable {
            name: name.to_owned(),
            max_length,
            array_size,
        };
        let ecc_variables = variables.iter().map(variable).collect();
        let config = Config { ecc_variables, ..Config::default() };
        ecc_variables_count(&config)
    }

    fn ecc_variables_count(config: &Config) -> Result<usize, String> {
        super::ecc_variables(config).map(|all| all.len()).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn ecc_variables_are_what_a_phone_system_can_have() {
        assert_eq!(read(&[("user.level", 210, None), ("user.lines", 10, Some(100))]), Ok(2));
        let long = format!("user.{}", "x".repeat(28));
        for (variables, why) in [
            (&[("level", 1, None)][..], "does not begin with user."),
            (&[("user.", 1, None)], "does not begin with user."),
            (&[(long.as_str(), 1, None)], "longer than 32 bytes"),
            (&[("user.a", 0, None)], "not from 1 to 210"),
            (&[("user.a", 211, None)], "not from 1 to 210"),
            (&[("user.a", 1, Some(0))], "array_size is 0"),
            (&[("user.a", 199, Some(10))], "takes 2005 bytes"),
            (&[("user.a", 1, None), ("user.a", 2, None)], "is there twice"),
        ] {
            let error = read(variables).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn the_sides_of_the_settings_are_shown_as_two_hosts() {
        let sides = ["cti-a.example:42027".to_owned(), "[2001:db8::1]:43027".to_owned()];
        let shown = system_config(&Config::default(), &sides);
        assert_eq!((shown.host.as_str(), shown.port), ("cti-a.example", 42027));
        assert_eq!((shown.backup_host.as_str(), shown.backup_port), ("2001:db8::1", 43027));
        assert_eq!(shown.sides(), sides, "and back");
        assert_eq!(system_config(&Config::default(), &sides[..1]).backup_port, 0);
    }
}
