//! Values in documents.

use crate::answer::ApiError;
use std::str::FromStr;
use xml::{Node, child, child_text};

/// A text; as before where the document says nothing.
pub(super) fn text(root: Node<'_, '_>, name: &str, before: Option<&str>) -> String {
    child_text(root, name).unwrap_or_else(|| before.unwrap_or_default().to_owned())
}

/// `true` or `false`, in any case.
pub(super) fn flag(root: Node<'_, '_>, name: &'static str, before: bool) -> Result<bool, ApiError> {
    match child_text(root, name).map(|text| text.to_ascii_lowercase()).as_deref() {
        None | Some("") => Ok(before),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(ApiError::invalid_input(name, &format!("{name} is neither true nor false"))),
    }
}

/// A number in the bounds of its type. `None` where the document says nothing, or nothing but an empty element.
pub(super) fn number<N: FromStr>(root: Node<'_, '_>, name: &'static str) -> Result<Option<N>, ApiError> {
    match child_text(root, name).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|_| ApiError::invalid_input(name, &format!("{name} is no number that it can be"))),
    }
}

/// The elements of this name in an element that holds a list.
pub(super) fn all<'a, 'input: 'a>(
    root: Node<'a, 'input>,
    list: &str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    let list = child(root, list);
    list.into_iter().flat_map(move |list| named(list, name))
}

/// The elements of this name in an element.
pub(super) fn named<'a, 'input: 'a>(
    root: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    root.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// The number that a `uri` ends in.
pub(super) fn referred(element: Node<'_, '_>) -> Result<u32, ApiError> {
    let uri = child_text(element, "uri").filter(|uri| !uri.is_empty());
    let uri = uri.ok_or_else(|| ApiError::parameter_missing("uri"))?;
    let id = uri.trim_end_matches('/').rsplit('/').next().and_then(|id| id.parse().ok());
    id.ok_or_else(|| ApiError::invalid_input("uri", "uri does not end in a number"))
}

pub(super) fn yes_or_no(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}
