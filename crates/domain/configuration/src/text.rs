//! Texts in objects. Lengths are in bytes, as databases and the phone system count them.

use crate::Fault;

/// A text that must be there.
pub(crate) fn needed(name: &'static str, text: &str, bytes_max: usize) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return Err(Fault::Missing(name));
    }
    at_most(name, text, bytes_max)
}

/// A text that may be empty.
pub(crate) fn at_most(name: &'static str, text: &str, bytes_max: usize) -> Result<(), Fault> {
    if text.len() > bytes_max {
        return Err(Fault::invalid(name, format!("is longer than {bytes_max} bytes")));
    }
    if text.chars().any(char::is_control) {
        return Err(Fault::invalid(name, "has a control character"));
    }
    Ok(())
}

/// One of some words.
pub(crate) fn one_of(name: &'static str, text: &str, words: &[&str]) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::Missing(name));
    }
    match words.contains(&text) {
        true => Ok(()),
        false => Err(Fault::invalid(name, format!("is none of {}", words.join(", ")))),
    }
}

/// At most so many.
pub(crate) fn count(name: &'static str, count: usize, count_max: usize) -> Result<(), Fault> {
    match count <= count_max {
        true => Ok(()),
        false => Err(Fault::invalid(name, format!("has more than {count_max}"))),
    }
}
