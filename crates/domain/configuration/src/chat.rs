//! Where the desktop's chat is: one for everybody.

use crate::limits::VALUE_BYTES_MAX;
use crate::{Configuration, Deployment, Fault, Object, Record, Shelf, text};
use serde::{Deserialize, Serialize};

/// Where the desktop's chat is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChatConfig {
    /// Address of the chat server's first node; empty without chat.
    pub primary_url: String,
    /// Of the second.
    pub secondary_url: String,
}

impl Record for ChatConfig {
    const KIND: &'static str = "ChatConfig";
    const COUNT_MAX: u32 = 1;

    fn keys(&self) -> Vec<String> {
        vec!["its kind".to_owned()]
    }
}

impl Object for ChatConfig {
    fn check(&self, _: Deployment) -> Result<(), Fault> {
        for (name, url) in [("primaryNode", &self.primary_url), ("secondaryNode", &self.secondary_url)] {
            text::at_most(name, url, VALUE_BYTES_MAX)?;
            if !url.is_empty() && !["https://", "http://"].iter().any(|scheme| url.starts_with(scheme)) {
                return Err(Fault::invalid(name, "is no http or https address"));
            }
        }
        Ok(())
    }

    fn shelf(all: &Configuration) -> &Shelf<Self> {
        &all.chat
    }

    fn shelf_mut(all: &mut Configuration) -> &mut Shelf<Self> {
        &mut all.chat
    }
}
