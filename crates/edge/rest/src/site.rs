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
    /// What whoever signs in is told first; may be empty.
    pub security_banner: String,
}
