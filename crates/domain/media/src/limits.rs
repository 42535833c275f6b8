//! Bounds, with their reasons.

/// The most tasks of one domain at once that an agent may ask for at sign-in (Finesse guide, maxDialogLimit).
pub const DIALOGS_MAX: u8 = 10;

/// Tasks of one domain that may wait for an agent. An application that brings one more is told to come again: a longer
/// queue would only hide that nobody works it off.
pub const QUEUE_MAX: usize = 1_000;

/// Media routing domains. Each is looked at whenever an agent's call begins or ends.
pub const DOMAINS_MAX: usize = 100;

/// Bytes of a call variable's value (Finesse guide, as for calls).
pub const CALL_VARIABLE_BYTES_MAX: usize = 40;

/// Bytes of all other variables' values together (Finesse guide, as for calls).
pub const ECC_BYTES_MAX: usize = 2_000;

/// Variables of a task: ten call variables, and as many others as the floor keeps of a call.
pub const VARIABLES_MAX: usize = 10 + floor::limits::ECC_VARIABLES_MAX;

/// Bytes of a variable's name.
pub const NAME_BYTES_MAX: usize = 64;
