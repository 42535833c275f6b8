//! What must survive a restart, and who keeps it. The service knows no database.

use pubsub::{Change, Record};
use std::pin::Pin;
use std::sync::Arc;

/// Says later whether something was kept.
pub type Kept = Pin<Box<dyn Future<Output = bool> + Send>>;

/// Keeps what must survive a restart.
pub trait Keeper: Send + Sync {
    /// Whether a change that is made now will be kept. While not, requests that would change something are refused, and
    /// events of nodes that keep nothing go on.
    fn is_ready(&self) -> bool;

    /// Takes changes, in the order of the calls. Never waits; what it gives back says whether they are durable, as soon
    /// as that is known.
    fn keep(&self, changes: Vec<Change>) -> Kept;
}

/// What an earlier run has left, and who keeps what this one leaves. By default nothing and nobody.
#[derive(Default)]
pub struct Memory {
    /// Nodes first, items by their numbers.
    pub records: Vec<Record>,
    /// Without one, what is made on request ends with the service.
    pub keeper: Option<Arc<dyn Keeper>>,
}
