//! Writing elements.

use crate::chars::{escape_attribute, escape_text};

/// White space between elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// None.
    Compact,
    /// Each element on a line of its own, two blanks for each level, `\n` between lines, nothing after the
    /// last; an element that holds only text stays on one line.
    Indented,
}

/// Writes one element tree into a string.
///
/// Names are `&'static str`, so that only the program's own words become markup. Values go through the
/// character rules of this crate.
#[derive(Debug)]
pub struct Writer {
    out: String,
    layout: Layout,
    open: Vec<&'static str>,
    /// The start tag of the last open element still lacks its `>`.
    in_tag: bool,
    /// Something was written since the last start tag, other than text.
    has_children: bool,
    replaced: Vec<(&'static str, usize)>,
}

impl Writer {
    /// An empty writer.
    pub fn new(layout: Layout) -> Self {
        Self {
            out: String::with_capacity(1024),
            layout,
            open: Vec::new(),
            in_tag: false,
            has_children: false,
            replaced: Vec::new(),
        }
    }

    /// Opens an element.
    pub fn open(&mut self, name: &'static str) -> &mut Self {
        self.finish_tag();
        self.new_line();
        self.out.push('<');
        self.out.push_str(name);
        self.open.push(name);
        self.in_tag = true;
        self.has_children = false;
        self
    }

    /// Adds an attribute to the element just opened.
    pub fn attribute(&mut self, name: &'static str, value: &str) -> &mut Self {
        debug_assert!(self.in_tag, "an attribute belongs to the element just opened");
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        let replaced = escape_attribute(&mut self.out, value);
        self.note(replaced);
        self.out.push('"');
        self
    }

    /// Adds text to the element just opened.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.finish_tag();
        let replaced = escape_text(&mut self.out, text);
        self.note(replaced);
        self
    }

    /// Adds one element, or none, as it is: written by this crate's rules before, or read by
    /// [`Document`](crate::Document).
    pub fn verbatim(&mut self, markup: &str) -> &mut Self {
        self.finish_tag();
        self.out.push_str(markup);
        self.has_children |= !markup.is_empty();
        self
    }

    /// Closes the element opened last, always with an end tag: `<a></a>`, never `<a/>`
    /// (`COMPAT(finesse)`: clients look for the literal end tag).
    pub fn close(&mut self) -> &mut Self {
        self.finish_tag();
        if let Some(name) = self.open.pop() {
            if self.has_children {
                self.new_line();
            }
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
            self.has_children = true;
        }
        self
    }

    /// An element that holds only text.
    pub fn leaf(&mut self, name: &'static str, text: &str) -> &mut Self {
        self.open(name).text(text).close()
    }

    /// Closes what is still open and returns the text, with the elements in which forbidden characters were
    /// replaced and how many.
    pub fn finish(mut self) -> (String, Vec<(&'static str, usize)>) {
        while !self.open.is_empty() {
            self.close();
        }
        (self.out, self.replaced)
    }

    fn finish_tag(&mut self) {
        if self.in_tag {
            self.out.push('>');
            self.in_tag = false;
        }
    }

    fn new_line(&mut self) {
        if self.layout == Layout::Indented && !self.out.is_empty() {
            self.out.push('\n');
            for _ in 0..self.open.len() {
                self.out.push_str("  ");
            }
        }
    }

    fn note(&mut self, replaced: usize) {
        if replaced > 0 {
            self.replaced.push((self.open.last().copied().unwrap_or(""), replaced));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(layout: Layout) -> String {
        let mut writer = Writer::new(layout);
        writer.open("Update").open("data").leaf("state", "READY").leaf("pendingState", "").close();
        writer.leaf("event", "PUT");
        writer.finish().0
    }

    #[test]
    fn compact_has_no_white_space() {
        assert_eq!(
            sample(Layout::Compact),
            "<Update><data><state>READY</state><pendingState></pendingState></data><event>PUT</event></Update>"
        );
    }

    #[test]
    fn indented_puts_leaves_on_one_line_and_nothing_after_the_end() {
        assert_eq!(
            sample(Layout::Indented),
            "<Update>\n  <data>\n    <state>READY</state>\n    <pendingState></pendingState>\n  </data>\n  <event>PUT</event>\n</Update>"
        );
    }

    #[test]
    fn a_forbidden_character_is_replaced_and_named() {
        let mut writer = Writer::new(Layout::Compact);
        writer.open("user").leaf("firstName", "A\u{1}B");
        assert_eq!(
            writer.finish(),
            ("<user><firstName>A\u{FFFD}B</firstName></user>".into(), vec![("firstName", 1)])
        );
    }
}
