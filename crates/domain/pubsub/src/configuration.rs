//! How a node behaves (XEP-0060 §16.4.4), and how a subscription does (§16.4.2).

use serde::{Deserialize, Serialize};

/// The words of a `list-single` field: an enum whose values have one spelling on the wire and in the store.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$value_meta:meta])* $value:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$value_meta])* #[serde(rename = $word)] $value,)+
        }

        impl $name {
            /// Every value, in the order in which a form lists them.
            pub const ALL: &'static [Self] = &[$(Self::$value,)+];

            /// As XEP-0060 spells it.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }

            /// Reads the XEP's spelling.
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$value),)+
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// Who may subscribe to a node and fetch its items (XEP-0060 §4.5).
    AccessModel {
        /// Anyone.
        Open = "open",
        /// Those who see the owner's presence.
        Presence = "presence",
        /// Those in certain groups of the owner's roster.
        Roster = "roster",
        /// Those whom an owner has let in, one by one.
        Authorize = "authorize",
        /// Those on the list: members, publishers, owners.
        Whitelist = "whitelist",
    }
}

words! {
    /// Who may publish to a node (XEP-0060 §16.4.4, `pubsub#publish_model`).
    PublishModel {
        /// Publishers and owners.
        Publishers = "publishers",
        /// Subscribers too.
        Subscribers = "subscribers",
        /// Anyone.
        Open = "open",
    }
}

words! {
    /// When a subscriber is sent the item published last (XEP-0060 §6.1.7).
    SendLast {
        /// Never.
        Never = "never",
        /// At the subscription.
        OnSubscription = "on_sub",
        /// At the subscription, and when the subscriber becomes available.
        OnSubscriptionAndPresence = "on_sub_and_presence",
    }
}

words! {
    /// The `type` of the messages that carry events (`pubsub#notification_type`).
    NotificationType {
        /// None at all, which means `normal` (RFC 6121 §5.2.2).
        Normal = "normal",
        /// `headline`.
        Headline = "headline",
    }
}

words! {
    /// What someone is to a node (XEP-0060 §4.1). Without an affiliation: `None`.
    Affiliation {
        /// May do everything.
        Owner = "owner",
        /// May publish and subscribe.
        Publisher = "publisher",
        /// May publish and not subscribe.
        PublishOnly = "publish-only",
        /// May subscribe where there is a list.
        Member = "member",
        /// Nothing in particular.
        None = "none",
        /// May do nothing.
        Outcast = "outcast",
    }
}

words! {
    /// How far a subscription is (XEP-0060 §4.2).
    SubscriptionState {
        /// No subscription.
        None = "none",
        /// Asked for; an owner has not decided yet.
        Pending = "pending",
        /// Made; the subscriber has not set its options yet. We never ask for that.
        Unconfigured = "unconfigured",
        /// In force.
        Subscribed = "subscribed",
    }
}

words! {
    /// Availability at which a subscriber wants events (`pubsub#show-values`).
    Show {
        /// Available, no more said.
        Online = "online",
        /// Wants to chat.
        Chat = "chat",
        /// Away.
        Away = "away",
        /// Away for longer.
        ExtendedAway = "xa",
        /// Does not want to be disturbed.
        DoNotDisturb = "dnd",
    }
}

/// A node's configuration. What is stored by an older version lacks newer fields: they are then as here by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Configuration {
    /// A short name for people.
    pub title: String,
    /// A longer text for people.
    pub description: String,
    /// The default language of its items.
    pub language: String,
    /// The namespace of its items' payloads.
    pub payload_type: String,
    /// Who may subscribe.
    pub access_model: AccessModel,
    /// With the access model `roster`: the groups.
    pub roster_groups_allowed: Vec<String>,
    /// Who may publish.
    pub publish_model: PublishModel,
    /// Whether anyone may subscribe at all.
    pub subscribe: bool,
    /// Whether items are kept.
    pub persist_items: bool,
    /// How many items are kept: with one more the oldest goes.
    pub max_items: u32,
    /// How long an item is kept, in seconds.
    pub item_expire_secs: Option<u32>,
    /// The longest payload taken, in bytes.
    pub max_payload_bytes: u32,
    /// Whether subscribers hear of items at all.
    pub deliver_notifications: bool,
    /// Whether they get the payload with it.
    pub deliver_payloads: bool,
    /// Whether only those get events who have sent their presence.
    pub presence_based_delivery: bool,
    /// Whether subscribers hear of a new configuration.
    pub notify_config: bool,
    /// Whether subscribers hear that the node is deleted.
    pub notify_delete: bool,
    /// Whether subscribers hear of items taken back.
    pub notify_retract: bool,
    /// Whether owners hear of new and ended subscriptions.
    pub notify_sub: bool,
    /// When the last item is sent without a publication.
    pub send_last: SendLast,
    /// The type of messages.
    pub notification_type: NotificationType,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            title: String::new(),
            description: String::new(),
            language: String::new(),
            payload_type: String::new(),
            access_model: AccessModel::Open,
            roster_groups_allowed: Vec::new(),
            publish_model: PublishModel::Publishers,
            subscribe: true,
            persist_items: true,
            max_items: 20,
            item_expire_secs: None,
            max_payload_bytes: crate::limits::PAYLOAD_BYTES_MAX,
            deliver_notifications: true,
            deliver_payloads: true,
            presence_based_delivery: false,
            notify_config: false,
            notify_delete: true,
            notify_retract: true,
            notify_sub: false,
            send_last: SendLast::Never,
            notification_type: NotificationType::Normal,
        }
    }
}

impl Configuration {
    /// The nodes of the product: closed but for the policy, nothing kept, no one may publish but the server and
    /// service accounts.
    pub fn of_the_product() -> Self {
        Self {
            access_model: AccessModel::Whitelist,
            persist_items: false,
            max_items: 0,
            presence_based_delivery: true,
            ..Self::default()
        }
    }
}

/// What a subscriber may choose (XEP-0060 §6.3). When it ends is no part of it: see
/// [`SubscriptionRecord`](crate::SubscriptionRecord).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct SubscriptionOptions {
    /// Whether events are delivered at present.
    pub deliver: bool,
    /// At which availability; empty for any.
    pub show_values: Vec<Show>,
}

impl Default for SubscriptionOptions {
    fn default() -> Self {
        Self { deliver: true, show_values: Vec::new() }
    }
}
