//! Configuration objects: what administrators make and desktops read. Their rules, and what a team has of them.
//!
//! [`Configuration`] holds all of them. Whoever changes something asks it first ([`Configuration::check_new`] and
//! its like), makes the change durable, and tells it ([`Configuration::put`] and its like): so nothing is shown that
//! a crash could take back. Reading goes past no disk.

mod chat;
mod configuration;
pub mod contacts_csv;
mod fault;
mod layout;
pub mod limits;
mod object;
mod phone_book;
mod reason;
mod shelf;
mod system;
mod team;
mod text;
mod workflow;

pub use chat::ChatConfig;
pub use configuration::Configuration;
pub use fault::Fault;
pub use layout::{DesktopLayout, LayoutEntry, LayoutType, MediaPropertiesLayout};
pub use object::{Deployment, Group, Object, Record, Stored};
pub use phone_book::{Contact, PhoneBook, PhoneBookType};
pub use reason::{ReasonCategory, ReasonCode, SystemReasonLabel, WrapUpReason};
pub use shelf::Shelf;
pub use system::{ClusterConfig, EnterpriseDatabaseConfig, SystemConfig};
pub use team::Assignable;
pub use workflow::{Condition, Param, Variable, Workflow, WorkflowAction};

/// The kinds that are part of objects of this kind.
pub fn parts_of(kind: &str) -> &'static [&'static str] {
    if kind == PhoneBook::KIND { &[Contact::KIND] } else { &[] }
}
