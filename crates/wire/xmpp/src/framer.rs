//! Cutting a TCP stream into frames (RFC 6120 §4.2, §11).

use crate::limits::{DEPTH_MAX, HEADER_DECLARATIONS_MAX, STANZA_BYTES_MAX, TOKEN_BYTES_MAX};
use crate::{StreamError, ns};
use bytes::Bytes;
use rxml::error::EndOrError;
use rxml::parser::{RawEvent, RawParser, RawQName};
use rxml::{Options, Parse, WithOptions};

/// The client's stream header (RFC 6120 §4.7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The domain or address the client believes to talk to.
    pub to: Option<String>,
    /// The client's own idea of its JID.
    pub from: Option<String>,
    /// `version`.
    pub version: Option<String>,
    /// `xml:lang`.
    pub lang: Option<String>,
}

/// What a stream consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The opening tag of the stream.
    Header(Header),
    /// One child of the stream, as bytes that stand alone: with the declarations it inherits.
    Stanza(Bytes),
    /// The closing tag of the stream.
    Close,
}

/// Cuts bytes as they arrive into frames, without buffering more than one stanza.
pub struct Framer {
    parser: RawParser,
    /// Bytes the parser has eaten but not yet told us about.
    eaten: Vec<u8>,
    /// Length of the stream header so far; `None` once it is whole.
    header_bytes: Option<usize>,
    /// The stanza under way.
    stanza: Vec<u8>,
    /// Length of the stanza's start tag up to and with its name, where declarations go.
    name_end: usize,
    depth: usize,
    /// `xmlns` and `xmlns:p` attributes of the element being opened: (prefix, URI); the empty prefix is the default.
    declared: Vec<(String, String)>,
    inherited: Vec<(String, String)>,
    root: Option<RawQName>,
    header: Header,
}

impl Default for Framer {
    fn default() -> Self {
        Self::new()
    }
}

impl Framer {
    /// A framer before the header.
    pub fn new() -> Self {
        let options = Options { max_token_length: TOKEN_BYTES_MAX, ..Options::default() };
        Self {
            parser: RawParser::with_options(options),
            eaten: Vec::new(),
            header_bytes: Some(0),
            stanza: Vec::new(),
            name_end: 0,
            depth: 0,
            declared: Vec::new(),
            inherited: Vec::new(),
            root: None,
            header: Header::default(),
        }
    }

    /// Takes bytes from the front of `input` until a frame is whole. `None`: all bytes are taken, more are needed.
    pub fn read(&mut self, input: &mut &[u8]) -> Result<Option<Frame>, StreamError> {
        if self.begins_otherwise(input) {
            return Err(StreamError::NotWellFormed);
        }
        loop {
            let before = *input;
            let event = self.parser.parse(input, false);
            self.eaten.extend_from_slice(&before[..before.len() - input.len()]);
            match event {
                Ok(Some(event)) => {
                    if let Some(frame) = self.handle(event)? {
                        return Ok(Some(frame));
                    }
                }
                Ok(None) => return Ok(None),
                Err(EndOrError::NeedMoreData) => {
                    self.check_size()?;
                    return Ok(None);
                }
                Err(EndOrError::Error(error)) => return Err(self.stream_error(&error, input)),
            }
        }
    }

    /// Whether what comes before the header is no markup: another protocol on this port. The parser would wait for a
    /// `<` that never comes.
    fn begins_otherwise(&self, input: &[u8]) -> bool {
        let mut bytes = self.eaten.iter().chain(input);
        self.root.is_none()
            && bytes.find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| *byte != b'<')
    }

    fn check_size(&self) -> Result<(), StreamError> {
        let under_way = self.header_bytes.unwrap_or(self.stanza.len());
        if under_way + self.eaten.len() > STANZA_BYTES_MAX {
            return Err(StreamError::PolicyViolation("stanza or stream header too long"));
        }
        Ok(())
    }

    fn handle(&mut self, event: RawEvent) -> Result<Option<Frame>, StreamError> {
        self.check_size()?;
        let bytes: Vec<u8> = self.eaten.drain(..event.metrics().len().min(self.eaten.len())).collect();
        if let Some(header_bytes) = &mut self.header_bytes {
            *header_bytes += bytes.len();
        }
        let in_stanza = self.depth > 1 || (self.depth == 1 && matches!(event, RawEvent::ElementHeadOpen(..)));
        if in_stanza {
            self.stanza.extend_from_slice(&bytes);
        }
        match event {
            RawEvent::XmlDeclaration(..) => {}
            RawEvent::ElementHeadOpen(_, name) => self.open(name)?,
            RawEvent::Attribute(_, name, value) => self.attribute(&name, value)?,
            RawEvent::ElementHeadClose(_) if self.depth == 1 => return self.finish_header().map(Some),
            RawEvent::ElementHeadClose(_) if self.depth == 2 => self.insert_declarations(),
            RawEvent::ElementHeadClose(_) => {}
            RawEvent::Text(_, text) if self.depth == 1 && !text.trim().is_empty() => {
                return Err(StreamError::BadFormat);
            }
            RawEvent::Text(..) => {}
            RawEvent::ElementFoot(_) => {
                self.depth -= 1;
                match self.depth {
                    0 => return Ok(Some(Frame::Close)),
                    1 => return Ok(Some(Frame::Stanza(std::mem::take(&mut self.stanza).into()))),
                    _ => {}
                }
            }
        }
        Ok(None)
    }

    fn open(&mut self, name: RawQName) -> Result<(), StreamError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(StreamError::PolicyViolation("elements nested too deep"));
        }
        match self.depth {
            1 => self.root = Some(name),
            // Told at once: its end would be the end of the stream.
            2 if self.root.as_ref() == Some(&name) => return Err(StreamError::UnsupportedStanzaType),
            2 => {
                self.name_end = self.stanza.len();
                self.declared.clear();
            }
            _ => {}
        }
        Ok(())
    }

    fn attribute(&mut self, (prefix, local): &RawQName, value: String) -> Result<(), StreamError> {
        if self.depth > 2 {
            return Ok(());
        }
        let prefix = prefix.as_ref().map(|prefix| prefix.as_str());
        match (prefix, local.as_str()) {
            (None, "xmlns") => self.declared.push((String::new(), value)),
            (Some("xmlns"), prefix) => self.declared.push((prefix.to_owned(), value)),
            _ if self.depth == 2 => {}
            (None, "to") => self.header.to = Some(value),
            (None, "from") => self.header.from = Some(value),
            (None, "version") => self.header.version = Some(value),
            (Some("xml"), "lang") => self.header.lang = Some(value),
            _ => {}
        }
        if self.declared.len() > HEADER_DECLARATIONS_MAX {
            return Err(StreamError::PolicyViolation("too many namespace declarations"));
        }
        Ok(())
    }

    fn finish_header(&mut self) -> Result<Frame, StreamError> {
        self.inherited = std::mem::take(&mut self.declared);
        let uri_of =
            |prefix: &str| self.inherited.iter().find(|(p, _)| p == prefix).map(|(_, uri)| uri.as_str());
        let Some((prefix, local)) = &self.root else { return Err(StreamError::NotWellFormed) };
        let prefix = prefix.as_ref().map_or("", |prefix| prefix.as_str());
        if local.as_str() != "stream" || uri_of(prefix) != Some(ns::STREAM) || uri_of("") != Some(ns::CLIENT)
        {
            return Err(StreamError::InvalidNamespace);
        }
        self.header_bytes = None;
        Ok(Frame::Header(std::mem::take(&mut self.header)))
    }

    /// Puts the stream header's declarations into the stanza's start tag, but for those it makes itself.
    fn insert_declarations(&mut self) {
        let mut insertion = String::new();
        for (prefix, uri) in &self.inherited {
            // all are copied: whether a prefix is used cannot be told without reading the stanza
            if self.declared.iter().any(|(declared, _)| declared == prefix) {
                continue;
            }
            insertion.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            insertion.push_str(prefix);
            insertion.push_str("=\"");
            xml::escape_attribute(&mut insertion, uri);
            insertion.push('"');
        }
        self.stanza.splice(self.name_end..self.name_end, insertion.into_bytes());
    }

    /// The parser tells a forbidden construct from a malformed one only in part: `<!` and `<?` are the rest.
    fn stream_error(&self, error: &rxml::Error, rest: &[u8]) -> StreamError {
        let tag =
            self.eaten.iter().rposition(|byte| *byte == b'<').map_or(&[][..], |at| &self.eaten[at + 1..]);
        let restricted = matches!(tag.first().or_else(|| rest.first()), Some(b'!' | b'?'));
        match error {
            rxml::Error::RestrictedXml(_) => StreamError::RestrictedXml,
            _ if restricted && !tag.starts_with(b"![") => StreamError::RestrictedXml,
            _ => StreamError::NotWellFormed,
        }
    }
}
