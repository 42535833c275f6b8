//! Who may do what.

/// The rules of a deployment, given to the service. `user` is the node part of a JID.
pub trait Policy: Send + Sync {
    /// Whether the user may subscribe to the product's node, which exists.
    fn may_subscribe(&self, user: &str, node: &str) -> bool;

    /// The nodes to which the user is subscribed by bare JID without asking, from the first presence until the
    /// user is gone.
    fn default_nodes(&self, user: &str) -> Vec<String>;

    /// Whether the user is a service account, which may publish to any node and create as many as there may be.
    /// Nobody is, unless told otherwise.
    fn may_publish(&self, _user: &str) -> bool {
        false
    }

    /// Whether the user may create a node of this name. Service accounts may, unless told otherwise.
    fn may_create(&self, user: &str, _node: &str) -> bool {
        self.may_publish(user)
    }

    /// If the user sees the presence of the node's owner (XEP-0060 §4.5, access models `presence` and `roster`): the
    /// groups of the owner's roster that it is in. Nobody does, unless told otherwise.
    fn roster_groups(&self, _owner: &str, _user: &str) -> Option<Vec<String>> {
        None
    }

    /// The product's nodes that tell of the user, whether they exist or not: who may subscribe to them may be others
    /// when the user's rights are others. None, unless told otherwise.
    fn nodes_about(&self, _user: &str) -> Vec<String> {
        Vec::new()
    }

    /// The product's nodes that the user finds by looking (XEP-0060 §5.2).
    fn visible_nodes(&self, user: &str) -> Vec<String>;
}
