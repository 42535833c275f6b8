//! Enumerations of the protocol. They are open: a number that this crate does not know is kept as it is.

mod agent_state;
mod call_control;
mod call_type;
mod connection_id_type;
mod control_failure;
mod device_type;
mod disposition;
mod event_cause;
mod line_type;
mod local_connection_state;
mod services;
mod status;
mod system_event;

pub use agent_state::AgentState;
pub use call_control::{ConsultType, SupervisoryAction};
pub use call_type::CallType;
pub use connection_id_type::ConnectionIdType;
pub use control_failure::ControlFailure;
pub use device_type::DeviceType;
pub use disposition::Disposition;
pub use event_cause::EventCause;
pub use line_type::LineType;
pub use local_connection_state::LocalConnectionState;
pub use services::Services;
pub use status::Status;
pub use system_event::SystemEventId;

/// A number with named values. `name()` is the name printed in the guide, or "" for a number without one.
macro_rules! numbers {
    ($(#[$doc:meta])* pub struct $type:ident(pub $width:ty) default $default:literal { $($constant:ident = $value:literal, $name:literal;)* }) => {
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

        impl Default for $type {
            fn default() -> Self {
                Self($default)
            }
        }

        impl crate::value::Fixed for $type {
            const KIND: crate::layout::Kind = <$width as crate::value::Fixed>::KIND;
            const NAMES: fn(u32) -> &'static str = |value| match <$width>::try_from(value) {
                Ok(value) => Self(value).name(),
                Err(_) => "",
            };

            fn read(from: &mut crate::cursor::Reader<'_>, name: &'static str) -> Result<Self, crate::DecodeError> {
                crate::value::Fixed::read(from, name).map(Self)
            }

            fn write(&self, out: &mut crate::cursor::Writer) {
                crate::value::Fixed::write(&self.0, out);
            }
        }

        impl crate::value::Value for $type {
            const KIND: crate::layout::Kind = <$width as crate::value::Value>::KIND;
            const NAMES: fn(u32) -> &'static str = <Self as crate::value::Fixed>::NAMES;

            fn read(found: crate::field::Found) -> Result<Self, crate::DecodeError> {
                crate::value::Value::read(found).map(Self)
            }

            fn write(&self, tag: u16, out: &mut crate::cursor::Writer) {
                crate::value::Value::write(&self.0, tag, out);
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
