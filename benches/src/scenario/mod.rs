//! The core's work, step by step, on data of ordinary size.

pub mod bosh_cycle;
mod floor_people;
mod steps;

pub use floor_people::{event, poll};
pub use steps::ALL;

/// One step of the core that can be repeated.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// What is done, for people.
    pub name: &'static str,
    /// For the command line.
    pub key: &'static str,
    /// Makes ready for up to this many steps; each call of the result is one step.
    pub prepare: fn(usize) -> Box<dyn FnMut()>,
}

/// The scenario with this key.
pub fn find(key: &str) -> Option<&'static Scenario> {
    ALL.iter().find(|scenario| scenario.key == key)
}
