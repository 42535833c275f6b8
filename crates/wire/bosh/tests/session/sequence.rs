//! A client's keys (XEP-0124 §15).

use sha1::{Digest, Sha1};

/// The keys that are left of a client's sequence; the next is the last.
pub(crate) struct Keys {
    sequence: Vec<String>,
    sequences: usize,
}

impl Keys {
    /// Short, so that it is soon followed by another.
    const LENGTH: usize = 5;

    pub(crate) fn new() -> Self {
        let mut keys = Self { sequence: Vec::new(), sequences: 0 };
        keys.begin();
        keys
    }

    /// What the creation request has as `newkey`.
    pub(crate) fn first(&mut self) -> String {
        self.sequence.pop().unwrap()
    }

    fn begin(&mut self) {
        self.sequences += 1;
        let hash = |text: &String| {
            Some(Sha1::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
        };
        let seed = format!("seed {}", self.sequences);
        self.sequence = std::iter::successors(Some(seed), hash).skip(1).take(Self::LENGTH).collect();
    }

    pub(crate) fn next(&mut self) -> String {
        let key = self.sequence.pop().unwrap();
        if !self.sequence.is_empty() {
            return format!(r#"key="{key}""#);
        }
        self.begin();
        format!(r#"key="{key}" newkey="{}""#, self.sequence.pop().unwrap())
    }
}
