//! Addresses in settings.

use serde::{Deserialize, Deserializer, Serialize, de};
use std::fmt;

/// `host:port`, or `off`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Address(String);

const OFF: &str = "off";

impl Address {
    pub(crate) fn on(address: &str) -> Self {
        Self(address.into())
    }

    pub(crate) fn off() -> Self {
        Self(OFF.into())
    }

    /// The address, if it is not off.
    pub(crate) fn get(&self) -> Option<&str> {
        (self.0 != OFF).then_some(&self.0)
    }

    /// The host, if it is not off.
    pub(crate) fn host(&self) -> Option<&str> {
        self.get()?.rsplit_once(':').map(|(host, _)| host.trim_start_matches('[').trim_end_matches(']'))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let has_port =
            text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
        if text != OFF && !has_port {
            return Err(de::Error::custom(format!("expected \"ADDRESS:PORT\" or \"off\", not {text:?}")));
        }
        Ok(Self(text))
    }
}

/// A list, or one text with commas.
pub(super) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(text) => {
            text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
        }
        OneOrMany::Many(many) => many,
    })
}
