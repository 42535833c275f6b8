//! An element that owns what it holds.

use std::fmt;

/// Read by a namespace-aware parser; what it refuses, no server may send.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    pub(crate) ns: String,
    pub(crate) name: String,
    /// Namespace (empty for none), name, value.
    attributes: Vec<(String, String, String)>,
    pub(crate) children: Vec<Self>,
    /// The text directly inside.
    pub(crate) text: String,
    source: String,
}

impl Element {
    /// Reads a document.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let document = roxmltree::Document::parse(text).map_err(|e| format!("{e}: {text}"))?;
        Ok(Self::of(document.root_element()))
    }

    fn of(node: roxmltree::Node<'_, '_>) -> Self {
        let attributes = node.attributes().map(|attribute| {
            let ns = attribute.namespace().unwrap_or_default();
            (ns.to_owned(), attribute.name().to_owned(), attribute.value().to_owned())
        });
        let text: String =
            node.children().filter(roxmltree::Node::is_text).filter_map(|child| child.text()).collect();
        Self {
            ns: node.tag_name().namespace().unwrap_or_default().to_owned(),
            name: node.tag_name().name().to_owned(),
            attributes: attributes.collect(),
            children: node.children().filter(roxmltree::Node::is_element).map(Self::of).collect(),
            text,
            source: node.document().input_text()[node.range()].to_owned(),
        }
    }

    /// An attribute without namespace.
    pub(crate) fn attr(&self, name: &str) -> Option<&str> {
        self.attr_ns("", name)
    }

    pub(crate) fn attr_ns(&self, ns: &str, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(n, local, _)| n == ns && local == name);
        found.map(|(_, _, value)| value.as_str())
    }

    /// An attribute that holds a whole number.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.attr(name).map(|value| value.parse().unwrap_or_else(|_| panic!("{name}='{value}' in {self}")))
    }

    pub(crate) fn is(&self, ns: &str, name: &str) -> bool {
        self.ns == ns && self.name == name
    }

    pub(crate) fn child(&self, ns: &str, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(ns, name))
    }

    /// Itself or anything below by its name, whatever the namespace.
    pub(crate) fn find(&self, name: &str) -> Option<&Self> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }

    /// Whether a stanza has this `id`.
    pub(crate) fn has_id(&self, id: &str) -> bool {
        self.attr("id") == Some(id)
    }

    /// The condition of a stanza error, with its type: `("cancel", "service-unavailable")`.
    pub(crate) fn stanza_error(&self) -> Option<(&str, &str)> {
        let error = self.children.iter().find(|child| child.name == "error")?;
        let condition = error
            .children
            .iter()
            .find(|child| child.ns == super::ns::STANZA_ERRORS && child.name != "text")?;
        Some((error.attr("type").unwrap_or_default(), &condition.name))
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}
