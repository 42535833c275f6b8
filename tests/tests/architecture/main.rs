//! The architecture as ARCHITECTURE.md and deny.toml state it, held against what cargo says is built.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

mod arrows;
mod licences;
mod workspace;

use std::path::Path;

/// The repository's folder.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// One of the repository's text files.
fn text(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}
