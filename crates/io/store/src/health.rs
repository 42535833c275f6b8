//! How the store is.

use tokio::sync::watch;

/// How the store is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// What is given to it becomes durable.
    #[default]
    Well,
    /// The database refuses or is gone. It is tried again and again; what comes meanwhile is refused, or kept in
    /// memory where nobody is told about it.
    Failing,
    /// It failed for so long that changes were lost. Nothing is written any more: half of them would be worse than
    /// the state of before. A restart begins with what is in the database.
    GivenUp,
}

/// Shared between the writer, who knows, and those who ask or wait for news.
#[derive(Debug, Default)]
pub(crate) struct Sign(watch::Sender<Health>);

impl Sign {
    pub(crate) fn get(&self) -> Health {
        *self.0.borrow()
    }

    pub(crate) fn set(&self, health: Health) {
        self.0.send_replace(health);
    }

    pub(crate) fn follow(&self) -> watch::Receiver<Health> {
        self.0.subscribe()
    }
}
