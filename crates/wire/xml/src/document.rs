//! Whole documents, read strictly.

use crate::Limits;
use crate::chars::forbidden_character;
use roxmltree::{Document as Tree, Node, NodeType, ParsingOptions};
use thiserror::Error;

/// Why a document was refused. The sender is at fault in every case.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// The bytes are not UTF-8.
    #[error("not UTF-8: byte {valid_up_to} begins no character")]
    NotUtf8 {
        /// Offset of the first offending byte.
        valid_up_to: usize,
    },
    /// The document is longer than the limit.
    #[error("{bytes} bytes, at most {max} are read")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// There are more attributes (counted by their equals signs) than the limit.
    #[error("{count} equals signs, at most {max} are read")]
    TooManyAttributes {
        /// Equals signs found.
        count: usize,
        /// The limit.
        max: usize,
    },
    /// Elements are nested deeper than the limit.
    #[error("elements nested more than {max} deep")]
    TooDeep {
        /// The limit.
        max: usize,
    },
    /// More elements, texts and attributes than the limit.
    #[error("more than {max} elements, texts and attributes")]
    TooManyNodes {
        /// The limit.
        max: u32,
    },
    /// A document type declaration, which could define entities.
    #[error("a document type declaration is not accepted")]
    DocumentType,
    /// A processing instruction or a comment (RFC 6120 §11.1).
    #[error("a comment or processing instruction is not accepted")]
    Restricted,
    /// A character that XML 1.0 §2.2 forbids, by itself or as a reference.
    #[error("not well-formed XML: U+{:04X}, which XML forbids{}", *.character, place(.element))]
    ForbiddenCharacter {
        /// Its number, which need not be that of a character.
        character: u32,
        /// The element whose text or tag it stands in, if one is open.
        element: Option<String>,
    },
    /// Not well-formed (XML 1.0) or not namespace-well-formed.
    #[error("not well-formed XML: {0}")]
    NotWellFormed(String),
}

/// A well-formed document within its limits.
#[derive(Debug)]
pub struct Document<'a> {
    tree: Tree<'a>,
}

impl<'a> Document<'a> {
    /// Reads one whole document.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, ReadError> {
        if bytes.len() > limits.document_bytes_max {
            return Err(ReadError::TooLong { bytes: bytes.len(), max: limits.document_bytes_max });
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| ReadError::NotUtf8 { valid_up_to: error.valid_up_to() })?;
        let equals_signs = bytes.iter().filter(|byte| **byte == b'=').count();
        if equals_signs > limits.equals_signs_max {
            return Err(ReadError::TooManyAttributes { count: equals_signs, max: limits.equals_signs_max });
        }
        let options =
            ParsingOptions { allow_dtd: false, nodes_limit: limits.nodes_max, ..Default::default() };
        let tree = Tree::parse_with_options(text, options).map_err(|error| match error {
            roxmltree::Error::DtdDetected => ReadError::DocumentType,
            roxmltree::Error::NodesLimitReached => ReadError::TooManyNodes { max: limits.nodes_max },
            other => match forbidden_character(text) {
                Some((character, at)) => ReadError::ForbiddenCharacter {
                    character,
                    element: element_at(text, at).map(str::to_owned),
                },
                None => ReadError::NotWellFormed(other.to_string()),
            },
        })?;
        // the parser takes a reference to no character at all, such as a surrogate, for U+FFFD
        if text.contains("&#")
            && !text.contains("<![CDATA[")
            && let Some(error) = forbidden(text)
        {
            return Err(error);
        }
        check_nodes(&tree, limits)?;
        Ok(Self { tree })
    }

    /// The root element.
    pub fn root(&self) -> Node<'_, 'a> {
        self.tree.root_element()
    }

    /// The text the document was read from; byte ranges of nodes index it.
    pub fn source(&self) -> &'a str {
        self.tree.input_text()
    }
}

fn forbidden(text: &str) -> Option<ReadError> {
    let (character, at) = forbidden_character(text)?;
    Some(ReadError::ForbiddenCharacter { character, element: element_at(text, at).map(str::to_owned) })
}

fn place(element: &Option<String>) -> String {
    element.as_ref().map_or_else(String::new, |name| format!(", in <{name}>"))
}

/// The name of the tag that begins last before a place, if that is a start tag: the field, as people call it.
fn element_at(text: &str, at: usize) -> Option<&str> {
    let (_, tag) = text[..at].rsplit_once('<')?;
    let end = tag.find(|c: char| !c.is_alphanumeric() && !"-._:".contains(c)).unwrap_or(tag.len());
    Some(&tag[..end]).filter(|name| !name.is_empty())
}

/// Walks the tree without recursion: depth, comments, processing instructions.
fn check_nodes(tree: &Tree<'_>, limits: &Limits) -> Result<(), ReadError> {
    let mut node = tree.root();
    let mut depth = 0;
    loop {
        if matches!(node.node_type(), NodeType::Comment | NodeType::PI) {
            return Err(ReadError::Restricted);
        }
        if let Some(first) = node.first_child() {
            depth += 1;
            if first.is_element() && depth > limits.depth_max {
                return Err(ReadError::TooDeep { max: limits.depth_max });
            }
            node = first;
            continue;
        }
        loop {
            if let Some(next) = node.next_sibling() {
                if next.is_element() && depth > limits.depth_max {
                    return Err(ReadError::TooDeep { max: limits.depth_max });
                }
                node = next;
                break;
            }
            match node.parent() {
                Some(parent) => {
                    node = parent;
                    depth -= 1;
                }
                None => return Ok(()),
            }
        }
    }
}

/// The first child element with this local name, whatever its namespace.
pub fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

/// The text of the first child element with this local name, without the white space around it.
/// `None` when there is no such element; an empty string when it is there and empty.
pub fn child_text(node: Node<'_, '_>, name: &str) -> Option<String> {
    let element = child(node, name)?;
    let text: String =
        element.descendants().filter(|part| part.is_text()).filter_map(|part| part.text()).collect();
    Some(text.trim().to_owned())
}
