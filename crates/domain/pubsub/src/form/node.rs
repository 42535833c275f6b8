//! A node's configuration (XEP-0060 §16.4.4).

use super::{NODE_CONFIG, Wrong, flag, flag_word, single, text};
use crate::configuration::{AccessModel, Configuration, NotificationType, PublishModel, SendLast};
use crate::limits::{ITEMS_PER_NODE_MAX, PAYLOAD_BYTES_MAX, ROSTER_GROUPS_MAX};
use xmpp::payload::{Field, Form, Submitted};
use xmpp::{Condition, StanzaError};

/// A setting: its field, what a person reads beside it, how it is read and written.
struct Setting {
    var: &'static str,
    label: &'static str,
    kind: Kind,
}

enum Kind {
    Text(fn(&mut Configuration) -> &mut String),
    Flag(fn(&mut Configuration) -> &mut bool),
    /// One of several words.
    Word {
        words: fn() -> Vec<&'static str>,
        get: fn(&Configuration) -> &'static str,
        set: fn(&mut Configuration, &str) -> Option<()>,
    },
    /// A number, or `max`.
    Number {
        get: fn(&Configuration) -> String,
        set: fn(&mut Configuration, &str) -> Option<()>,
    },
    Groups,
    /// There is one value that we can promise.
    Only {
        value: &'static str,
        type_: &'static str,
    },
}

macro_rules! word {
    ($enum:ident, $field:ident) => {
        Kind::Word {
            words: || $enum::ALL.iter().map(|value| value.word()).collect(),
            get: |configuration| configuration.$field.word(),
            set: |configuration, word| {
                configuration.$field = $enum::from_word(word)?;
                Some(())
            },
        }
    };
}

const fn setting(var: &'static str, label: &'static str, kind: Kind) -> Setting {
    Setting { var, label, kind }
}

const SETTINGS: &[Setting] = &[
    setting("pubsub#title", "A short name", Kind::Text(|c| &mut c.title)),
    setting("pubsub#description", "A description", Kind::Text(|c| &mut c.description)),
    setting("pubsub#language", "The language of its items", Kind::Text(|c| &mut c.language)),
    setting("pubsub#type", "The namespace of payloads", Kind::Text(|c| &mut c.payload_type)),
    setting("pubsub#node_type", "Whether it is a leaf", Kind::Only { value: "leaf", type_: "list-single" }),
    setting("pubsub#access_model", "Who may subscribe", word!(AccessModel, access_model)),
    setting("pubsub#roster_groups_allowed", "Roster groups that may subscribe", Kind::Groups),
    setting("pubsub#publish_model", "Who may publish", word!(PublishModel, publish_model)),
    setting("pubsub#subscribe", "Whether anyone may subscribe", Kind::Flag(|c| &mut c.subscribe)),
    setting("pubsub#persist_items", "Whether items are kept", Kind::Flag(|c| &mut c.persist_items)),
    setting(
        "pubsub#max_items",
        "How many items are kept",
        Kind::Number { get: |c| c.max_items.to_string(), set: set_max_items },
    ),
    setting(
        "pubsub#item_expire",
        "Seconds for which an item is kept",
        Kind::Number {
            get: |c| c.item_expire_secs.map_or_else(|| "max".to_owned(), |secs| secs.to_string()),
            set: set_item_expire,
        },
    ),
    setting(
        "pubsub#max_payload_size",
        "The longest payload, in bytes",
        Kind::Number { get: |c| c.max_payload_bytes.to_string(), set: set_max_payload },
    ),
    setting(
        "pubsub#deliver_notifications",
        "Whether subscribers hear of events",
        Kind::Flag(|c| &mut c.deliver_notifications),
    ),
    setting(
        "pubsub#deliver_payloads",
        "Whether they get payloads with them",
        Kind::Flag(|c| &mut c.deliver_payloads),
    ),
    setting(
        "pubsub#presence_based_delivery",
        "Whether only available subscribers get them",
        Kind::Flag(|c| &mut c.presence_based_delivery),
    ),
    setting(
        "pubsub#notify_config",
        "Whether subscribers hear of a new configuration",
        Kind::Flag(|c| &mut c.notify_config),
    ),
    setting(
        "pubsub#notify_delete",
        "Whether subscribers hear of the node's end",
        Kind::Flag(|c| &mut c.notify_delete),
    ),
    setting(
        "pubsub#notify_retract",
        "Whether subscribers hear of items taken back",
        Kind::Flag(|c| &mut c.notify_retract),
    ),
    setting("pubsub#notify_sub", "Whether owners hear of subscriptions", Kind::Flag(|c| &mut c.notify_sub)),
    setting("pubsub#send_last_published_item", "When the last item is sent", word!(SendLast, send_last)),
    setting("pubsub#notification_type", "The type of messages", word!(NotificationType, notification_type)),
    setting(
        "pubsub#tempsub",
        "Whether subscriptions end with presence",
        Kind::Only { value: "0", type_: "boolean" },
    ),
    setting(
        "pubsub#purge_offline",
        "Whether items go when their publisher does",
        Kind::Only { value: "0", type_: "boolean" },
    ),
];

fn set_max_items(configuration: &mut Configuration, value: &str) -> Option<()> {
    configuration.max_items = if value == "max" { ITEMS_PER_NODE_MAX } else { value.parse().ok()? };
    Some(())
}

fn set_item_expire(configuration: &mut Configuration, value: &str) -> Option<()> {
    configuration.item_expire_secs = match value {
        "max" | "" => None,
        // nothing is kept for no time at all: that is what persist_items is for
        number => Some(number.parse().ok().filter(|secs| *secs > 0)?),
    };
    Some(())
}

fn set_max_payload(configuration: &mut Configuration, value: &str) -> Option<()> {
    configuration.max_payload_bytes = value.parse().ok().filter(|bytes| *bytes <= PAYLOAD_BYTES_MAX)?;
    Some(())
}

/// The form with which a node is configured.
pub(crate) fn configuration(configuration: &Configuration) -> Form {
    // fields are read through the same accessors by which they are written
    let mut configuration = configuration.clone();
    let fields = SETTINGS.iter().map(|setting| setting.field(&mut configuration)).collect();
    Form { type_: "form", form_type: NODE_CONFIG, title: None, fields }
}

/// Changes what the form says; the rest stays as it is.
///
/// # Errors
/// `not-acceptable` for a field that there is not and for a value that its field does not take, with the condition
/// that XEP-0060 §8.1.3 and §8.2.5 have for it. Nothing is changed then.
pub(crate) fn apply(configuration: &Configuration, form: &Submitted) -> Result<Configuration, StanzaError> {
    let mut changed = configuration.clone();
    for (var, values) in &form.fields {
        let found = SETTINGS.iter().find(|setting| setting.var == var);
        let setting = found.ok_or(Condition::NotAcceptable)?;
        setting.set(&mut changed, values).map_err(|Wrong| setting.refusal())?;
    }
    if changed.max_items > ITEMS_PER_NODE_MAX {
        return Err(StanzaError::pubsub(Condition::NotAcceptable, "max-items-exceeded"));
    }
    Ok(changed)
}

impl Setting {
    fn field(&self, configuration: &mut Configuration) -> Field {
        let one = |type_, value: String| Field::new(self.var, type_, self.label, value);
        match &self.kind {
            Kind::Text(of) => one("text-single", of(configuration).clone()),
            Kind::Flag(of) => one("boolean", flag_word(*of(configuration)).to_owned()),
            Kind::Word { words, get, .. } => {
                let options = words().into_iter().map(str::to_owned).collect();
                Field { options, ..one("list-single", get(configuration).to_owned()) }
            }
            Kind::Number { get, .. } => one("text-single", get(configuration)),
            Kind::Groups => {
                let values = configuration.roster_groups_allowed.clone();
                Field { values, ..one("text-multi", String::new()) }
            }
            Kind::Only { value, type_ } => {
                let options = if *type_ == "list-single" { vec![(*value).to_owned()] } else { Vec::new() };
                Field { options, ..one(type_, (*value).to_owned()) }
            }
        }
    }

    fn set(&self, configuration: &mut Configuration, values: &[String]) -> Result<(), Wrong> {
        match &self.kind {
            Kind::Text(of) => *of(configuration) = text(values)?,
            Kind::Flag(of) => *of(configuration) = flag(values)?,
            Kind::Word { set, .. } | Kind::Number { set, .. } => {
                set(configuration, single(values)?.trim()).ok_or(Wrong)?;
            }
            Kind::Groups => {
                let groups = values.iter().map(|group| text(std::slice::from_ref(group)));
                configuration.roster_groups_allowed = groups.collect::<Result<_, _>>()?;
                if values.len() > ROSTER_GROUPS_MAX {
                    return Err(Wrong);
                }
            }
            Kind::Only { value: "0", .. } => {
                if flag(values)? {
                    return Err(Wrong);
                }
            }
            Kind::Only { value, .. } => {
                if single(values)? != *value {
                    return Err(Wrong);
                }
            }
        }
        Ok(())
    }

    /// What is said of a value that is not taken.
    fn refusal(&self) -> StanzaError {
        match self.var {
            "pubsub#access_model" => {
                StanzaError::pubsub(Condition::NotAcceptable, "unsupported-access-model")
            }
            "pubsub#node_type" => StanzaError::unsupported("collections"),
            _ => Condition::NotAcceptable.into(),
        }
    }
}
