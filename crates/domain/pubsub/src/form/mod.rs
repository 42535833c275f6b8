//! Forms: a node's configuration, a subscription's options, a decision about a subscriber (XEP-0060 §16.4).

mod authorization;
mod meta_data;
mod node;
mod options;

pub(crate) use authorization::{Decision, authorization};
pub(crate) use meta_data::meta_data;
pub(crate) use node::{apply, configuration};
pub(crate) use options::{apply_options, options};

use crate::limits::TEXT_BYTES_MAX;

pub(crate) const NODE_CONFIG: &str = "http://jabber.org/protocol/pubsub#node_config";
pub(crate) const PUBLISH_OPTIONS: &str = "http://jabber.org/protocol/pubsub#publish-options";
const SUBSCRIBE_OPTIONS: &str = "http://jabber.org/protocol/pubsub#subscribe_options";
const META_DATA: &str = "http://jabber.org/protocol/pubsub#meta-data";

/// A value is not what its field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrong;

/// The one value of a field.
fn single(values: &[String]) -> Result<&str, Wrong> {
    match values {
        [value] => Ok(value),
        _ => Err(Wrong),
    }
}

/// A text that people read, or nothing.
fn text(values: &[String]) -> Result<String, Wrong> {
    match values {
        [] => Ok(String::new()),
        [value] if value.len() <= TEXT_BYTES_MAX => Ok(value.clone()),
        _ => Err(Wrong),
    }
}

/// XEP-0004 §3.3: a boolean is one of four words.
fn flag(values: &[String]) -> Result<bool, Wrong> {
    match single(values)?.trim() {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(Wrong),
    }
}

fn flag_word(flag: bool) -> &'static str {
    if flag { "1" } else { "0" }
}
