//! Who may do what.

/// The rules of a deployment, given to the service. `user` is the node part of a JID.
pub trait Policy: Send + Sync {
    /// Whether the user may subscribe to the node, which exists.
    fn may_subscribe(&self, user: &str, node: &str) -> bool;

    /// The nodes to which the user is subscribed by bare JID without asking, from the first presence until the
    /// user is gone.
    fn default_nodes(&self, user: &str) -> Vec<String>;

    /// Whether the user may create nodes, and publish to any node. Nobody may, unless told otherwise.
    fn may_publish(&self, _user: &str) -> bool {
        false
    }

    /// The nodes that the user finds by looking (XEP-0060 §5.2).
    fn visible_nodes(&self, user: &str) -> Vec<String>;
}
