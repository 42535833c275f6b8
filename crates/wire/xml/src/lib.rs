//! Strict XML.
//!
//! Reading: [`Document`] takes whole documents (BOSH bodies, REST bodies, stanzas) and refuses what
//! RFC 6120 §11.1 forbids on a stream: document types, processing instructions, comments.
//! Writing: [`Writer`] cannot emit a character that XML 1.0 §2.2 forbids; it puts U+FFFD in its place
//! and says in which element it did so.

mod chars;
mod document;
pub mod limits;
mod printable;
mod writer;

pub use chars::{Cleaned, clean, escape_attribute, escape_text, is_allowed};
pub use document::{Document, ReadError, child, child_text};
pub use limits::Limits;
pub use printable::printable;
pub use roxmltree::Node;
pub use writer::{Layout, Writer};
