//! Configuration of which there is one of each.

use crate::limits::{ECC_VARIABLES_MAX, HOST_BYTES_MAX, NAME_BYTES_MAX, VALUE_BYTES_MAX};
use crate::{Configuration, Deployment, Fault, Object, Record, Shelf, text};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! the_only_one {
    ($kind:ty, $name:literal, $shelf:ident, $check:expr) => {
        impl Record for $kind {
            const KIND: &'static str = $name;
            const COUNT_MAX: u32 = 1;

            fn keys(&self) -> Vec<String> {
                vec!["its kind".to_owned()]
            }
        }

        impl Object for $kind {
            fn check(&self, _: Deployment) -> Result<(), Fault> {
                let check: fn(&Self) -> Result<(), Fault> = $check;
                check(self)
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

/// Where the phone system is (`SystemConfig`). In force with the next start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CtiConfig {
    /// Side A.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Side B; empty without one.
    pub backup_host: String,
    /// Its port.
    pub backup_port: Option<u16>,
    /// The peripheral's number.
    pub peripheral_id: u32,
    /// Over TLS.
    pub secure: bool,
}

the_only_one!(CtiConfig, "SystemConfig", cti, |cti| {
    text::needed("host", &cti.host, HOST_BYTES_MAX)?;
    host("host", &cti.host)?;
    if cti.port == 0 {
        return Err(Fault::invalid("port", "is not from 1 to 65535"));
    }
    host("backupHost", &cti.backup_host)?;
    match (cti.backup_host.is_empty(), cti.backup_port) {
        (true, None) | (false, Some(1..)) => Ok(()),
        (true, Some(_)) => Err(Fault::Missing("backupHost")),
        (false, None) => Err(Fault::Missing("backupPort")),
        (false, Some(0)) => Err(Fault::invalid("backupPort", "is not from 1 to 65535")),
    }
});

/// The other server of the pair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClusterConfig {
    /// Its name; empty without one.
    pub secondary_host: String,
}

the_only_one!(ClusterConfig, "ClusterConfig", cluster, |cluster| host("host", &cluster.secondary_host));

/// Where the phone system's own database of people is. Prints without the password.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EnterpriseDatabaseConfig {
    /// The server.
    pub host: String,
    /// The other server; empty without one.
    pub backup_host: String,
    /// Its port.
    pub port: u16,
    /// The database.
    pub database_name: String,
    /// The domain of the user.
    pub domain: String,
    /// The user.
    pub username: String,
}

impl fmt::Debug for EnterpriseDatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnterpriseDatabaseConfig").field("host", &self.host).finish_non_exhaustive()
    }
}

the_only_one!(EnterpriseDatabaseConfig, "EnterpriseDatabaseConfig", enterprise_database, |database| {
    text::needed("host", &database.host, HOST_BYTES_MAX)?;
    host("host", &database.host)?;
    host("backupHost", &database.backup_host)?;
    if database.port == 0 {
        return Err(Fault::invalid("port", "is not from 1 to 65535"));
    }
    text::needed("databaseName", &database.database_name, NAME_BYTES_MAX)?;
    text::at_most("domain", &database.domain, HOST_BYTES_MAX)?;
    text::needed("username", &database.username, NAME_BYTES_MAX)
});

/// Where the desktop's chat is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChatConfig {
    /// Address of the chat server's first node; empty without chat.
    pub primary_url: String,
    /// Of the second.
    pub secondary_url: String,
}

the_only_one!(ChatConfig, "ChatConfig", chat, |chat| {
    for (name, url) in [("primaryNode", &chat.primary_url), ("secondaryNode", &chat.secondary_url)] {
        text::at_most(name, url, VALUE_BYTES_MAX)?;
        if !url.is_empty() && !["https://", "http://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(Fault::invalid(name, "is no http or https address"));
        }
    }
    Ok(())
});

/// A variable of expanded call context.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EccVariable {
    /// Its name, without `user.`.
    pub name: String,
    /// Bytes of its value.
    pub length_max: u32,
    /// How many values it has, when it is an array.
    pub array_size: Option<u32>,
}

/// The variables of expanded call context that the phone system knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EccVariables {
    /// Each.
    pub variables: Vec<EccVariable>,
}

the_only_one!(EccVariables, "ECCVariableConfig", ecc_variables, |ecc| {
    text::count("ECCVariable", ecc.variables.len(), ECC_VARIABLES_MAX)?;
    ecc.variables.iter().try_for_each(|variable| text::needed("name", &variable.name, NAME_BYTES_MAX))
});

/// A name or address, and nothing else; may be empty.
fn host(name: &'static str, host: &str) -> Result<(), Fault> {
    text::at_most(name, host, HOST_BYTES_MAX)?;
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    match host.chars().all(fits) {
        true => Ok(()),
        false => Err(Fault::invalid(name, "is no name or address of a host")),
    }
}
