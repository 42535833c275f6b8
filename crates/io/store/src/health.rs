//! How the store is.

use std::sync::atomic::{AtomicU8, Ordering};

/// How the store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Health {
    /// What is given to it becomes durable.
    Well = 0,
    /// The database refuses or is gone. It is tried again and again; what comes meanwhile is refused, or kept in
    /// memory where nobody is told about it.
    Failing = 1,
    /// It failed for so long that changes were lost. Nothing is written any more: half of them would be worse than
    /// the state of before. A restart begins with what is in the database.
    GivenUp = 2,
}

/// Shared between the writer, who knows, and those who ask.
#[derive(Debug, Default)]
pub(crate) struct Sign(AtomicU8);

impl Sign {
    pub(crate) fn get(&self) -> Health {
        match self.0.load(Ordering::Acquire) {
            0 => Health::Well,
            1 => Health::Failing,
            _ => Health::GivenUp,
        }
    }

    pub(crate) fn set(&self, health: Health) {
        self.0.store(health as u8, Ordering::Release);
    }
}
