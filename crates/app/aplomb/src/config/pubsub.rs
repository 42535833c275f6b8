//! What people may do with publish-subscribe.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Pubsub {
    /// Who may create nodes besides those of the product.
    pub(crate) create_nodes: CreateNodes,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CreateNodes {
    #[default]
    ServiceAccounts,
    ServiceAccountsAndSupervisors,
    Everyone,
}
