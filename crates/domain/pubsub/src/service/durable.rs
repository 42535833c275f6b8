//! Which requests change what survives a restart.

use super::Service;
use xmpp::payload::PubsubRequest;

impl Service {
    /// Whether the request, if it is granted, may give out a [`Change`](crate::Change). Whoever cannot keep changes at the
    /// moment refuses it before it is done.
    pub fn would_change(&self, request: &PubsubRequest) -> bool {
        match request {
            PubsubRequest::Options { .. }
            | PubsubRequest::DefaultOptions { .. }
            | PubsubRequest::Items { .. }
            | PubsubRequest::Subscriptions { .. }
            | PubsubRequest::Affiliations { .. }
            | PubsubRequest::Configuration { .. }
            | PubsubRequest::DefaultConfiguration
            | PubsubRequest::NodeSubscriptions { .. }
            | PubsubRequest::NodeAffiliations { .. } => false,
            // to a node that is not there may be made by it
            PubsubRequest::Publish { node, .. } => {
                self.find(node).map_or(true, |node| node.configuration().persist_items)
            }
            PubsubRequest::Subscribe { .. }
            | PubsubRequest::Unsubscribe { .. }
            | PubsubRequest::SetOptions { .. }
            | PubsubRequest::Retract { .. }
            | PubsubRequest::Create { .. }
            | PubsubRequest::Configure { .. }
            | PubsubRequest::Delete { .. }
            | PubsubRequest::Purge { .. }
            | PubsubRequest::SetSubscriptions { .. }
            | PubsubRequest::SetAffiliations { .. } => true,
        }
    }
}
