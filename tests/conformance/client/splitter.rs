//! Cuts a stream of XML into its header, its first-level elements and its end.

/// A piece of a stream, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// The start tag of the stream.
    Header(String),
    /// A whole first-level element.
    Element(String),
    /// `</stream:stream>`.
    Close,
}

/// Takes the first piece from `text` if it is complete.
pub(crate) fn take(text: &mut String) -> Option<Piece> {
    loop {
        let trimmed = text.trim_start().len();
        text.drain(..text.len() - trimmed);
        if !text.starts_with("<?") {
            break;
        }
        let end = text.find("?>")?;
        text.drain(..end + 2);
    }
    let piece = if text.starts_with("</") {
        let end = text.find('>')?;
        text.drain(..=end);
        Piece::Close
    } else if text.starts_with("<stream:stream") {
        let end = tag_end(text, 0)?;
        Piece::Header(text.drain(..=end).collect())
    } else {
        let end = element_end(text)?;
        Piece::Element(text.drain(..end).collect())
    };
    Some(piece)
}

/// Where a tag that starts at `from` has its `>`.
fn tag_end(text: &str, from: usize) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text[from..].char_indices() {
        match (quote, c) {
            (None, '>') => return Some(from + at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

/// Behind the end of the element that `text` starts with.
fn element_end(text: &str) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        at += text[at..].find('<')?;
        if text[at..].starts_with("<![CDATA[") {
            at += text[at..].find("]]>")? + 3;
            continue;
        }
        let end = tag_end(text, at)?;
        let tag = &text[at..=end];
        if tag.starts_with("</") {
            depth = depth.checked_sub(1)?;
        } else if !tag.ends_with("/>") {
            depth += 1;
        }
        at = end + 1;
        if depth == 0 {
            return Some(at);
        }
    }
}
