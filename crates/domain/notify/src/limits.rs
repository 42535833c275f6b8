//! Bounds, with their reasons.

/// Agents or dialogs in one state: the floor's owner renders it, and does nothing else meanwhile; some clients refuse
/// stanzas longer than a megabyte. Of a larger team the web service tells.
pub const STATE_OBJECTS_MAX: usize = 256;
