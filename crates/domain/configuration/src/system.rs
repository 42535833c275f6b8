//! The system: where the phone system, the other node and the enterprise database are. One of each.

use crate::limits::{DATABASE_TEXT_BYTES_MAX, HOST_BYTES_MAX};
use crate::{Configuration, Deployment, Fault, Object, Record, Shelf, text};
use serde::{Deserialize, Serialize};

/// How the CTI server is reached. In force from the next start on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SystemConfig {
    /// Side A.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Side B; empty without one.
    pub backup_host: String,
    /// Its port; 0 without one.
    pub backup_port: u16,
    /// The peripheral that the agents belong to.
    pub peripheral_id: u32,
    /// Whether the link is encrypted.
    pub secure: bool,
}

impl SystemConfig {
    /// `host:port` of each side.
    pub fn sides(&self) -> Vec<String> {
        let sides = [(&self.host, self.port), (&self.backup_host, self.backup_port)];
        let named = sides.into_iter().filter(|(host, _)| !host.is_empty());
        // an IPv6 address has colons of its own
        let address = |(host, port): (&String, u16)| match host.contains(':') {
            true => format!("[{host}]:{port}"),
            false => format!("{host}:{port}"),
        };
        named.map(address).collect()
    }
}

/// The other node of a pair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClusterConfig {
    /// Its host name; empty for a single node.
    pub secondary_host: String,
}

/// The database that the original reads users from. Kept for the tools that ask for it; without the password, which
/// nobody here needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EnterpriseDatabaseConfig {
    /// Its host.
    pub host: String,
    /// The host of its copy; empty without one.
    pub backup_host: String,
    /// The port of both.
    pub port: u16,
    /// Its name.
    pub database_name: String,
    /// The domain that the user is of; may be empty.
    pub domain: String,
    /// Who signs in.
    pub username: String,
}

macro_rules! only_one {
    ($kind:ident $name:literal $shelf:ident) => {
        impl Record for $kind {
            const KIND: &'static str = $name;
            const COUNT_MAX: u32 = 1;

            fn keys(&self) -> Vec<String> {
                vec!["its kind".to_owned()]
            }
        }

        impl Object for $kind {
            fn check(&self, _: Deployment) -> Result<(), Fault> {
                self.check_values()
            }

            fn shelf(all: &Configuration) -> &Shelf<Self> {
                &all.$shelf
            }

            fn shelf_mut(all: &mut Configuration) -> &mut Shelf<Self> {
                &mut all.$shelf
            }
        }
    };
}

only_one!(SystemConfig "SystemConfig" system);
only_one!(ClusterConfig "ClusterConfig" cluster);
only_one!(EnterpriseDatabaseConfig "EnterpriseDatabaseConfig" enterprise_database);

impl SystemConfig {
    fn check_values(&self) -> Result<(), Fault> {
        needed_host("host", &self.host)?;
        port("port", self.port)?;
        if self.backup_host.is_empty() {
            return match self.backup_port {
                0 => Ok(()),
                _ => Err(Fault::Missing("backupHost")),
            };
        }
        host("backupHost", &self.backup_host)?;
        port("backupPort", self.backup_port)?;
        match (&self.host, self.port) == (&self.backup_host, self.backup_port) {
            true => Err(Fault::invalid("backupHost", "is the host, on the same port")),
            false => Ok(()),
        }
    }
}

impl ClusterConfig {
    fn check_values(&self) -> Result<(), Fault> {
        host("host", &self.secondary_host)
    }
}

impl EnterpriseDatabaseConfig {
    fn check_values(&self) -> Result<(), Fault> {
        needed_host("host", &self.host)?;
        host("backupHost", &self.backup_host)?;
        port("port", self.port)?;
        text::needed("databaseName", &self.database_name, DATABASE_TEXT_BYTES_MAX)?;
        text::at_most("domain", &self.domain, DATABASE_TEXT_BYTES_MAX)?;
        text::needed("username", &self.username, DATABASE_TEXT_BYTES_MAX)
    }
}

fn needed_host(name: &'static str, text: &str) -> Result<(), Fault> {
    if text.is_empty() { Err(Fault::Missing(name)) } else { host(name, text) }
}

/// A host name or an IP address; may be empty.
fn host(name: &'static str, host: &str) -> Result<(), Fault> {
    text::at_most(name, host, HOST_BYTES_MAX)?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    match host.chars().all(is_part) {
        true => Ok(()),
        false => Err(Fault::invalid(name, "is no host name and no IP address")),
    }
}

fn port(name: &'static str, port: u16) -> Result<(), Fault> {
    if port == 0 { Err(Fault::Missing(name)) } else { Ok(()) }
}
