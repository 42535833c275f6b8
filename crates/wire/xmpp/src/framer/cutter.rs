//! Cutting what follows the stream header into stanzas, without reading them: whoever handles a stanza reads it once,
//! strictly. Where the tags of well-formed XML begin and end can be told from five characters; what is not well-formed
//! may be cut anywhere, and is refused by its reader.

use super::Frame;
use crate::StreamError;
use bytes::Bytes;
use memchr::{memchr, memchr3};
use std::ops::Range;

/// Behind `<!` where character data begins.
const CDATA: &[u8] = b"[CDATA[";

/// Where in the markup the next byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Between tags: between stanzas, or in text.
    Text,
    /// Behind a `<`.
    Markup,
    /// In a start tag, outside values.
    StartTag,
    /// In a value that this quote ends.
    Value(u8),
    EndTag,
    /// Behind `<!` and so many bytes of [`CDATA`].
    Declaration(usize),
    CharacterData,
}

/// A stream behind its header.
#[derive(Debug)]
pub(super) struct Cutter {
    /// Name of the stream element, prefix and all.
    root: String,
    /// The header's declarations: prefix, and the attribute as it is put into a stanza that does not make its own.
    inherited: Vec<(String, String)>,
    place: Place,
    /// The stanza under way, or the stream's end tag.
    stanza: Vec<u8>,
    /// Where in the stanza the names of open elements are: an end tag that does not match is told at once, since a
    /// stanza that never ends would swallow what follows.
    open: Vec<Range<usize>>,
    /// Where the tag under way begins.
    tag_at: usize,
    limits: xml::Limits,
}

impl Cutter {
    pub(super) fn new(root: String, inherited: Vec<(String, String)>, limits: xml::Limits) -> Self {
        let attribute = |(prefix, uri): (String, String)| {
            let mut text = String::from(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            text.push_str(&prefix);
            text.push_str("=\"");
            xml::escape_attribute(&mut text, &uri);
            text.push('"');
            (prefix, text)
        };
        let inherited = inherited.into_iter().map(attribute).collect();
        Self { root, inherited, place: Place::Text, stanza: Vec::new(), open: Vec::new(), tag_at: 0, limits }
    }

    pub(super) fn read(&mut self, input: &mut &[u8]) -> Result<Option<Frame>, StreamError> {
        if self.stanza.is_empty() {
            let blank = input.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            *input = &input[blank..];
            match input.first() {
                None => {
                    // an idle client keeps no room
                    self.stanza = Vec::new();
                    return Ok(None);
                }
                Some(b'<') => {}
                Some(_) => return Err(StreamError::BadFormat),
            }
        }
        while !input.is_empty() {
            let taken = self.take_to_turn(input);
            *input = &input[taken..];
            if self.stanza.len() > self.limits.document_bytes_max {
                return Err(StreamError::PolicyViolation("stanza too long"));
            }
            if let Some(frame) = self.turn()? {
                return Ok(Some(frame));
            }
        }
        Ok(None)
    }

    /// Copies up to the next byte that may change the place, and that byte. Returns how many.
    fn take_to_turn(&mut self, input: &[u8]) -> usize {
        let turn = match self.place {
            Place::Text => memchr(b'<', input),
            Place::Markup | Place::Declaration(_) => Some(0),
            Place::StartTag => memchr3(b'>', b'"', b'\'', input),
            Place::Value(quote) => memchr(quote, input),
            Place::EndTag | Place::CharacterData => memchr(b'>', input),
        };
        let taken = turn.map_or(input.len(), |at| at + 1);
        self.stanza.extend_from_slice(&input[..taken]);
        taken
    }

    /// What the byte that was taken last makes of the place.
    fn turn(&mut self) -> Result<Option<Frame>, StreamError> {
        let Some(byte) = self.stanza.last().copied() else { return Ok(None) };
        self.place = match (self.place, byte) {
            (Place::Text, b'<') => {
                self.tag_at = self.stanza.len() - 1;
                Place::Markup
            }
            (Place::Markup, b'/') => Place::EndTag,
            (Place::Markup, b'!') if !self.open.is_empty() => Place::Declaration(0),
            (Place::Markup, b'!' | b'?') => return Err(StreamError::RestrictedXml),
            (Place::Markup, _) => {
                // one for the stream, one for this
                if self.open.len() + 2 > self.limits.depth_max {
                    return Err(StreamError::PolicyViolation("elements nested too deep"));
                }
                Place::StartTag
            }
            (Place::StartTag, b'"' | b'\'') => Place::Value(byte),
            (Place::StartTag, b'>') => return self.end_start_tag(),
            (Place::Value(quote), _) if quote == byte => Place::StartTag,
            (Place::EndTag, b'>') => return self.end_end_tag(),
            (Place::Declaration(at), _) if byte != CDATA[at] => return Err(StreamError::RestrictedXml),
            (Place::Declaration(at), _) if at + 1 == CDATA.len() => Place::CharacterData,
            (Place::Declaration(at), _) => Place::Declaration(at + 1),
            (Place::CharacterData, b'>') if self.stanza.ends_with(b"]]>") => Place::Text,
            (place, _) => place,
        };
        Ok(None)
    }

    fn end_start_tag(&mut self) -> Result<Option<Frame>, StreamError> {
        self.place = Place::Text;
        let is_empty = self.stanza.ends_with(b"/>");
        let name = self.tag_at + 1..self.tag_at + 1 + name_length(&self.stanza[self.tag_at + 1..]);
        if self.open.is_empty() {
            self.begin_stanza(name.end)?;
        }
        if !is_empty {
            self.open.push(name);
            return Ok(None);
        }
        Ok(self.end_element())
    }

    fn end_end_tag(&mut self) -> Result<Option<Frame>, StreamError> {
        self.place = Place::Text;
        let tag = &self.stanza[self.tag_at + 2..self.stanza.len() - 1];
        let (name, is_stream) = match self.open.pop() {
            Some(name) => (&self.stanza[name], false),
            None => (self.root.as_bytes(), true),
        };
        if tag.trim_ascii_end() != name {
            return Err(StreamError::NotWellFormed);
        }
        Ok(if is_stream { Some(Frame::Close) } else { self.end_element() })
    }

    fn end_element(&mut self) -> Option<Frame> {
        self.open.is_empty().then(|| {
            // of its own length: a stanza may be kept
            let stanza = Bytes::copy_from_slice(&self.stanza);
            self.stanza.clear();
            Frame::Stanza(stanza)
        })
    }

    /// Puts the stream header's declarations into the stanza's start tag, but for those it makes itself.
    fn begin_stanza(&mut self, name_end: usize) -> Result<(), StreamError> {
        // Told at once: its end would be the end of the stream.
        if self.stanza[1..name_end] == *self.root.as_bytes() {
            return Err(StreamError::UnsupportedStanzaType);
        }
        let own: Vec<&[u8]> = declared_prefixes(&self.stanza[name_end..]).collect();
        let mut insertion = Vec::new();
        for (prefix, attribute) in &self.inherited {
            // all are copied: whether a prefix is used cannot be told without reading the stanza
            if !own.contains(&prefix.as_bytes()) {
                insertion.extend_from_slice(attribute.as_bytes());
            }
        }
        self.stanza.splice(name_end..name_end, insertion);
        Ok(())
    }
}

/// Length of the name that a start tag begins with, behind its `<`.
fn name_length(tag: &[u8]) -> usize {
    let end = tag.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
    end.unwrap_or(tag.len())
}

/// The prefixes that a start tag declares, the empty one for `xmlns`, from the tag behind its name.
fn declared_prefixes(mut tag: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        loop {
            let equals_at = memchr(b'=', tag)?;
            let name = tag[..equals_at].trim_ascii();
            let value = tag[equals_at + 1..].trim_ascii_start();
            let (quote, rest) = value.split_first()?;
            tag = &rest[memchr(*quote, rest)? + 1..];
            match name.strip_prefix(b"xmlns") {
                Some(b"") => return Some(&b""[..]),
                Some([b':', prefix @ ..]) => return Some(prefix),
                _ => {}
            }
        }
    })
}
