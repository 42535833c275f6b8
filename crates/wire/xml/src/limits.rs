//! How large a document may be before it is refused unread.

/// Bounds of one document. Each is checked before or while parsing, so a hostile document costs no more
/// than its bound.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Length in bytes.
    pub document_bytes_max: usize,
    /// Elements inside elements; the root is depth 1. Deep nesting has no use in any of our protocols and
    /// makes every recursive walk a hazard.
    pub depth_max: usize,
    /// Elements, texts and attributes together.
    pub nodes_max: u32,
    /// Equals signs. There is one for each attribute, and the parser's look for repeated attributes is
    /// quadratic (20,000 attributes cost 0.4 s), so they are counted before parsing.
    pub equals_signs_max: usize,
}

impl Limits {
    /// What a client may send in one go: a BOSH body, a stanza, a REST request.
    pub const CLIENT: Self =
        Self { document_bytes_max: 64 * 1024, depth_max: 64, nodes_max: 4_096, equals_signs_max: 2_048 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::CLIENT
    }
}
