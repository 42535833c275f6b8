//! What the settings say of this site, as calls show it.

use configuration::SystemConfig;
use floor::EccDefinition;

/// What the settings say of this site, as calls show it.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Where the CTI server is, unless an administrator has said it.
    pub cti: SystemConfig,
    /// Whether the settings have what an encrypted link to it needs.
    pub cti_tls: bool,
    /// The ECC variables that the phone system has; empty where the settings do not say.
    pub ecc_variables: Vec<EccDefinition>,
    /// The devices of extensions.
    pub devices: Vec<Device>,
    /// What whoever signs in is told first; may be empty.
    pub security_banner: String,
}

/// A device of an extension: one of several phones that share a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The line.
    pub extension: String,
    /// Its name in the phone system.
    pub id: String,
    /// The number of its type in the phone system.
    pub kind: u32,
    /// The type as people call it.
    pub kind_name: String,
}
