//! One stanza, read (RFC 6120 §8).

use crate::limits::STANZA_BYTES_CEILING;
use crate::{StreamError, ns};
use xml::{Document, Limits, Node, ReadError};

/// The three kinds of stanza.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A question or its answer.
    Iq,
    /// A message.
    Message,
    /// Availability.
    Presence,
}

impl Kind {
    /// The element's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Iq => "iq",
            Self::Message => "message",
            Self::Presence => "presence",
        }
    }
}

/// The common attributes (RFC 6120 §8.1), as the sender wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which kind.
    pub kind: Kind,
    /// `id`, repeated in the answer.
    pub id: Option<String>,
    /// `to`.
    pub to: Option<String>,
    /// `from`.
    pub from: Option<String>,
    /// `type`.
    pub type_: Option<String>,
}

/// The name of an element as a label of what is counted, which clients cannot make up: `other` for names that are not
/// ours.
pub fn field(element: Option<&str>) -> &'static str {
    const FIELDS: [&str; 17] = [
        "body",
        "subject",
        "thread",
        "status",
        "show",
        "priority",
        "resource",
        "item",
        "notification",
        "value",
        "field",
        "header",
        "publish",
        "subscribe",
        "iq",
        "message",
        "presence",
    ];
    FIELDS.into_iter().find(|field| Some(*field) == element).unwrap_or("other")
}

/// One well-formed element of a stream: a stanza, or an element of the negotiation.
#[derive(Debug)]
pub struct Stanza<'a> {
    document: Document<'a>,
}

impl<'a> Stanza<'a> {
    /// Reads one element that stands alone.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, StreamError> {
        Self::parse_within(bytes, &Limits::CLIENT)
    }

    /// The same within other limits than the usual ones, but for its length: who carried it here has measured that.
    pub fn parse_within(bytes: &'a [u8], limits: &Limits) -> Result<Self, StreamError> {
        let limits = Limits { document_bytes_max: STANZA_BYTES_CEILING, ..*limits };
        let document = Document::parse(bytes, &limits).map_err(|error| match error {
            ReadError::TooLong { .. } => StreamError::PolicyViolation("stanza too long"),
            ReadError::TooManyAttributes { .. } => StreamError::PolicyViolation("too many attributes"),
            ReadError::TooDeep { .. } => StreamError::PolicyViolation("elements nested too deep"),
            ReadError::TooManyNodes { .. } => StreamError::PolicyViolation("too many elements"),
            ReadError::DocumentType | ReadError::Restricted => StreamError::RestrictedXml,
            ReadError::ForbiddenCharacter { element, .. } => {
                StreamError::ForbiddenCharacter(field(element.as_deref()))
            }
            ReadError::NotUtf8 { .. } | ReadError::NotWellFormed(_) => StreamError::NotWellFormed,
        })?;
        Ok(Self { document })
    }

    /// The element.
    pub fn root(&self) -> Node<'_, 'a> {
        self.document.root()
    }

    /// Namespace and name of the element.
    pub fn name(&self) -> (&str, &str) {
        let name = self.root().tag_name();
        (name.namespace().unwrap_or(""), self.root().tag_name().name())
    }

    /// The common attributes; `None` when the element is no stanza.
    pub fn head(&self) -> Option<Head> {
        let root = self.root();
        if root.tag_name().namespace() != Some(ns::CLIENT) {
            return None;
        }
        let kind = match root.tag_name().name() {
            "iq" => Kind::Iq,
            "message" => Kind::Message,
            "presence" => Kind::Presence,
            _ => return None,
        };
        let attribute = |name| root.attribute(name).map(str::to_owned);
        Some(Head {
            kind,
            id: attribute("id"),
            to: attribute("to"),
            from: attribute("from"),
            type_: attribute("type"),
        })
    }

    /// The child element, if there is one and no other: a request has exactly one (RFC 6120 §8.2.3).
    pub fn payload(&self) -> Option<Node<'_, 'a>> {
        let mut children = self.root().children().filter(Node::is_element);
        children.next().filter(|_| children.next().is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_with_two_children_has_no_payload() {
        let count = |children: &str| {
            let text = format!("<iq xmlns='jabber:client' type='get' id='1'>{children}</iq>");
            Stanza::parse(text.as_bytes()).unwrap().payload().is_some()
        };
        assert!(count("<ping xmlns='urn:xmpp:ping'/>"));
        assert!(!count("") && !count("words") && !count("<a/><b/>"));
    }
}
