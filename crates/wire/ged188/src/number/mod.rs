//! Enumerations of the protocol. They are open: a number that this crate does not know is kept as it is.

mod agent_state;
mod control_failure;
mod services;
mod status;
mod system_event;

pub use agent_state::AgentState;
pub use control_failure::ControlFailure;
pub use services::Services;
pub use status::Status;
pub use system_event::SystemEventId;

/// A number with named values. `name()` is the name printed in the guide, or "" for a number without one.
macro_rules! numbers {
    ($(#[$doc:meta])* pub struct $type:ident(pub $width:ty) { $($constant:ident = $value:literal, $name:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(pub $width);

        impl $type {
            $(#[doc = $name] pub const $constant: Self = Self($value);)*

            /// The name printed in the guide; empty when the number has none.
            pub const fn name(self) -> &'static str {
                match self.0 {
                    $($value => $name,)*
                    _ => "",
                }
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.name() {
                    "" => write!(f, "{}", self.0),
                    name => write!(f, "{} ({name})", self.0),
                }
            }
        }
    };
}
use numbers;
