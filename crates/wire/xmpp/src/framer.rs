//! Cutting a TCP stream into frames (RFC 6120 §4.2, §11).

mod cutter;

use crate::limits::{HEADER_DECLARATIONS_MAX, TOKEN_BYTES_MAX};
use crate::{StreamError, ns};
use bytes::Bytes;
use cutter::Cutter;
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
    /// One child of the stream, as bytes that stand alone: with the declarations it inherits. They were cut, not read:
    /// [`crate::Stanza::parse`] tells whether they are well-formed.
    Stanza(Bytes),
    /// The closing tag of the stream.
    Close,
}

/// Cuts bytes as they arrive into frames, without buffering more than one stanza.
pub struct Framer {
    stage: Stage,
}

/// The header is read, what follows is cut.
enum Stage {
    Header(Box<Opening>),
    Stanzas(Cutter),
}

/// A stream before the end of its header.
struct Opening {
    parser: RawParser,
    /// Bytes the parser has eaten but not yet told us about.
    eaten: Vec<u8>,
    /// Length of the stream header so far.
    header_bytes: usize,
    /// `xmlns` and `xmlns:p` attributes: (prefix, URI); the empty prefix is the default.
    declared: Vec<(String, String)>,
    root: Option<RawQName>,
    header: Header,
    limits: xml::Limits,
}

impl Default for Framer {
    fn default() -> Self {
        Self::new()
    }
}

impl Framer {
    /// A framer before the header.
    pub fn new() -> Self {
        Self::with_limits(xml::Limits::CLIENT)
    }

    /// The same with other limits for the length of a stanza and for its depth, the stream element included.
    pub fn with_limits(limits: xml::Limits) -> Self {
        let options = Options { max_token_length: TOKEN_BYTES_MAX, ..Options::default() };
        let opening = Opening {
            parser: RawParser::with_options(options),
            eaten: Vec::new(),
            header_bytes: 0,
            declared: Vec::new(),
            root: None,
            header: Header::default(),
            limits,
        };
        Self { stage: Stage::Header(Box::new(opening)) }
    }

    /// Takes bytes from the front of `input` until a frame is whole. `None`: all bytes are taken, more are needed.
    pub fn read(&mut self, input: &mut &[u8]) -> Result<Option<Frame>, StreamError> {
        match &mut self.stage {
            Stage::Header(opening) => {
                if !opening.read(input)? {
                    return Ok(None);
                }
                let (header, cutter) = opening.finish()?;
                self.stage = Stage::Stanzas(cutter);
                Ok(Some(Frame::Header(header)))
            }
            Stage::Stanzas(cutter) => cutter.read(input),
        }
    }
}

impl Opening {
    /// Takes bytes until the header is whole, and says whether it is.
    fn read(&mut self, input: &mut &[u8]) -> Result<bool, StreamError> {
        if self.begins_otherwise(input) {
            return Err(StreamError::NotWellFormed);
        }
        loop {
            let before = *input;
            let event = self.parser.parse(input, false);
            self.eaten.extend_from_slice(&before[..before.len() - input.len()]);
            match event {
                Ok(Some(RawEvent::ElementHeadClose(_))) => return Ok(true),
                Ok(Some(event)) => self.handle(event)?,
                Ok(None) => return Ok(false),
                Err(EndOrError::NeedMoreData) => {
                    self.check_size()?;
                    return Ok(false);
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
        if self.header_bytes + self.eaten.len() > self.limits.document_bytes_max {
            return Err(StreamError::PolicyViolation("stream header too long"));
        }
        Ok(())
    }

    fn handle(&mut self, event: RawEvent) -> Result<(), StreamError> {
        self.check_size()?;
        let told = event.metrics().len().min(self.eaten.len());
        self.eaten.drain(..told);
        self.header_bytes += told;
        match event {
            RawEvent::ElementHeadOpen(_, name) => self.root = Some(name),
            RawEvent::Attribute(_, name, value) => self.attribute(&name, value)?,
            _ => {}
        }
        Ok(())
    }

    fn attribute(&mut self, (prefix, local): &RawQName, value: String) -> Result<(), StreamError> {
        let prefix = prefix.as_ref().map(|prefix| prefix.as_str());
        match (prefix, local.as_str()) {
            (None, "xmlns") => self.declared.push((String::new(), value)),
            (Some("xmlns"), prefix) => self.declared.push((prefix.to_owned(), value)),
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

    fn finish(&mut self) -> Result<(Header, Cutter), StreamError> {
        let inherited = std::mem::take(&mut self.declared);
        let uri_of = |prefix: &str| inherited.iter().find(|(p, _)| p == prefix).map(|(_, uri)| uri.as_str());
        let Some((prefix, local)) = &self.root else { return Err(StreamError::NotWellFormed) };
        let prefix = prefix.as_ref().map_or("", |prefix| prefix.as_str());
        if local.as_str() != "stream" || uri_of(prefix) != Some(ns::STREAM) || uri_of("") != Some(ns::CLIENT)
        {
            return Err(StreamError::InvalidNamespace);
        }
        let root = if prefix.is_empty() { local.to_string() } else { format!("{prefix}:{local}") };
        Ok((std::mem::take(&mut self.header), Cutter::new(root, inherited, self.limits)))
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
