//! Who may subscribe, read, publish (XEP-0060 §4.1, §4.5).

use crate::configuration::{AccessModel, Affiliation, PublishModel};
use crate::node::{Made, Node};
use crate::{Policy, service};
use jid::BareJid;
use xmpp::{Condition, StanzaError};

/// The answer to who wants to subscribe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Granted,
    /// An owner decides.
    Ask,
}

/// Whether a user may subscribe.
pub(crate) fn to_subscribe(
    policy: &dyn Policy,
    name: &str,
    node: &Node,
    user: &BareJid,
) -> Result<Access, StanzaError> {
    let Some(made) = &node.made else {
        let may = policy.may_subscribe(service::name(user), name);
        return if may { Ok(Access::Granted) } else { Err(Condition::NotAuthorized.into()) };
    };
    match node.affiliation(user) {
        Affiliation::Outcast | Affiliation::PublishOnly => Err(Condition::Forbidden.into()),
        Affiliation::Owner | Affiliation::Publisher | Affiliation::Member => Ok(Access::Granted),
        Affiliation::None => by_model(policy, node, made, user),
    }
}

/// Whether the policy has a say in who may subscribe. Elsewhere the owners alone decide, who may have subscribed
/// somebody that is not on their whitelist: a change of the policy is no reason to look again.
pub(crate) fn is_by_policy(node: &Node) -> bool {
    let model = node.made.as_ref().map(|made| made.configuration.access_model);
    model.is_none_or(|model| matches!(model, AccessModel::Presence | AccessModel::Roster))
}

fn by_model(policy: &dyn Policy, node: &Node, made: &Made, user: &BareJid) -> Result<Access, StanzaError> {
    let not_authorized = |condition| Err(StanzaError::pubsub(Condition::NotAuthorized, condition));
    let groups = |owner: &BareJid| policy.roster_groups(service::name(owner), service::name(user));
    match made.configuration.access_model {
        AccessModel::Open => Ok(Access::Granted),
        AccessModel::Presence if node.owners().any(|owner| groups(owner).is_some()) => Ok(Access::Granted),
        AccessModel::Presence => not_authorized("presence-subscription-required"),
        AccessModel::Roster => {
            let allowed = &made.configuration.roster_groups_allowed;
            let in_group =
                |owner| groups(owner).is_some_and(|of| of.iter().any(|group| allowed.contains(group)));
            if node.owners().any(in_group) {
                Ok(Access::Granted)
            } else {
                not_authorized("not-in-roster-group")
            }
        }
        AccessModel::Authorize => Ok(Access::Ask),
        AccessModel::Whitelist => Err(StanzaError::pubsub(Condition::NotAllowed, "closed-node")),
    }
}

/// Whether a user may fetch items (§6.5.9).
pub(crate) fn to_read(
    policy: &dyn Policy,
    name: &str,
    node: &Node,
    user: &BareJid,
) -> Result<(), StanzaError> {
    match to_subscribe(policy, name, node, user)? {
        Access::Ask if !node.is_subscribed(user) => {
            Err(StanzaError::pubsub(Condition::NotAuthorized, "not-subscribed"))
        }
        Access::Granted | Access::Ask => Ok(()),
    }
}

/// Whether a user may publish (§7.1.3.1).
pub(crate) fn to_publish(policy: &dyn Policy, node: &Node, user: &BareJid) -> Result<(), StanzaError> {
    let by_model = || match node.configuration().publish_model {
        _ if node.made.is_none() => false,
        PublishModel::Publishers => false,
        PublishModel::Subscribers => node.is_subscribed(user),
        PublishModel::Open => true,
    };
    let may = match node.affiliation(user) {
        Affiliation::Outcast => false,
        Affiliation::Owner | Affiliation::Publisher | Affiliation::PublishOnly => true,
        Affiliation::Member | Affiliation::None => policy.may_publish(service::name(user)) || by_model(),
    };
    if may { Ok(()) } else { Err(Condition::Forbidden.into()) }
}

/// The part of a node that its owners command.
///
/// # Errors
/// `forbidden` for everybody else, and for the product's nodes, which nobody owns.
pub(crate) fn owned<'a>(node: &'a Node, user: &BareJid) -> Result<&'a Made, StanzaError> {
    let made = node.made.as_deref().filter(|_| node.affiliation(user) == Affiliation::Owner);
    made.ok_or_else(|| Condition::Forbidden.into())
}
