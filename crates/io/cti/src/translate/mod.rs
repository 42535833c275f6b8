//! CTI vocabulary to floor vocabulary and back; the same file names as everywhere on the path.

pub(crate) mod agent;
pub(crate) mod system;
