//! What the fuzzers run, one function for each place where strangers' bytes are read. A function panics when what it
//! reads breaks a promise; refusing is fine.
//!
//! `cargo fuzz run NAME` (with a nightly toolchain, or `RUSTC_BOOTSTRAP=1`) looks for such inputs; what it finds goes
//! into `fuzz/corpus/NAME`, over which `cargo test` runs the same functions.

mod pubsub_requests;

pub use pubsub_requests::pubsub_requests;

use bytes::Bytes;
use std::io::{self, Read, Write};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Message, WebSocket};
use xml::{Document, Limits};
use xmpp::limits::STANZA_BYTES_MAX;
use xmpp::sasl::{Condition, Offer, Step};
use xmpp::{Features, Frame, Framer, FullJid, Output, Stanza, Stream};

/// A name and what is run under it.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 7] = [
    ("bosh_body", bosh_body),
    ("websocket_frames", websocket_frames),
    ("xmpp_stream", xmpp_stream),
    ("xmpp_negotiation", xmpp_negotiation),
    ("ged188_frames", ged188_frames),
    ("pubsub_requests", pubsub_requests),
    ("xml_document", xml_document),
];

/// An http-bind request: every child of a body that is read stands alone.
pub fn bosh_body(data: &[u8]) {
    let Ok(body) = bosh::Body::parse(&Bytes::copy_from_slice(data), &Limits::CLIENT) else { return };
    for child in &body.payload {
        assert!(
            Document::parse(child, &grown(Limits::CLIENT)).is_ok(),
            "a child of a body does not stand alone"
        );
    }
}

/// Declarations are added to what is handed on.
fn grown(limits: Limits) -> Limits {
    Limits {
        document_bytes_max: limits.document_bytes_max * 2,
        equals_signs_max: limits.equals_signs_max * 2,
        nodes_max: limits.nodes_max * 2,
        ..limits
    }
}

/// What a WebSocket client sends behind its handshake (RFC 6455 §5): no message is longer than its limit, one that is
/// XMPP's framing (RFC 7395 §3.3) is an element that stands alone, and every other is handed on as it came.
pub fn websocket_frames(data: &[u8]) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(STANZA_BYTES_MAX))
        .max_frame_size(Some(STANZA_BYTES_MAX));
    let mut socket = WebSocket::from_raw_socket(Sent(data), Role::Server, Some(config));
    while let Ok(message) = socket.read() {
        let Message::Text(text) = message else { continue };
        assert!(text.len() <= STANZA_BYTES_MAX, "a message is longer than may be");
        match xmpp::websocket::read(text.clone().into(), &Limits::CLIENT) {
            Ok(Frame::Stanza(bytes)) => assert_eq!(bytes, text.as_bytes(), "a stanza was changed"),
            Ok(Frame::Header(_) | Frame::Close) => {
                assert!(Document::parse(text.as_bytes(), &Limits::CLIENT).is_ok(), "framing that is not XML");
            }
            Err(_) => return,
        }
    }
}

/// A client's bytes; what is answered goes nowhere.
struct Sent<'a>(&'a [u8]);

impl Read for Sent<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Sent<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A TCP stream: the pieces in which it arrives make no difference, up to the first error.
pub fn xmpp_stream(data: &[u8]) {
    let Some((size, data)) = data.split_first() else { return };
    let whole = frames(data, data.len().max(1));
    let pieces = frames(data, usize::from(*size).max(1));
    let (frames_of_both, ends) = (whole.0.iter().zip(&pieces.0), (whole.1, pieces.1));
    for (whole, piece) in frames_of_both {
        assert_eq!(whole, piece, "the pieces of a stream made a difference");
    }
    // a limit may be noticed earlier or later, what is whole may not
    if ends == (false, false) {
        assert_eq!(whole.0.len(), pieces.0.len(), "a frame was lost between the pieces of a stream");
    }
}

/// The frames, and whether an error ended them.
fn frames(data: &[u8], size: usize) -> (Vec<Frame>, bool) {
    let (mut framer, mut frames) = (Framer::new(), Vec::new());
    for piece in data.chunks(size) {
        let mut rest = piece;
        loop {
            match framer.read(&mut rest) {
                Ok(Some(Frame::Close)) => {
                    frames.push(Frame::Close);
                    return (frames, false);
                }
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(_) => return (frames, true),
            }
        }
    }
    (frames, false)
}

/// Elements of a client, one a line, through the whole negotiation: whatever comes, the stream ends once at most and
/// what it sends is well-formed.
pub fn xmpp_negotiation(data: &[u8]) {
    let mut stream = Stream::new("localhost", Features::Sasl);
    stream.set_offer(Offer { mechanisms: vec!["SCRAM-SHA-256", "PLAIN"], bindings: vec!["tls-exporter"] });
    let mut ended = false;
    stream.handle_open();
    drain(&mut stream, &mut ended);
    for line in data.split(|byte| *byte == b'\n').take(64) {
        if line == b"open" {
            stream.handle_open();
        } else {
            stream.handle_element(Bytes::copy_from_slice(line));
        }
        drain(&mut stream, &mut ended);
    }
}

fn drain(stream: &mut Stream, ended: &mut bool) {
    while let Some(output) = stream.poll_output() {
        assert!(!*ended, "something came after the end: {output:?}");
        match output {
            Output::Send(bytes) => {
                let declared = String::from_utf8_lossy(&bytes).replace("<stream:", "<");
                let declared = declared.replace("</stream:", "</");
                assert!(Stanza::parse(declared.as_bytes()).is_ok(), "not well-formed: {declared}");
            }
            Output::Authenticate { initial: None, .. } => stream.handle_step(Step::Challenge(Vec::new())),
            Output::Authenticate { initial: Some(message), .. } | Output::Respond(message) => {
                stream.handle_step(match message.len() % 4 {
                    0 => Step::Success { user: "1001001".into(), data: None },
                    1 => Step::Success { user: "1001001".into(), data: Some(message.to_vec()) },
                    2 => Step::Challenge(message.to_vec()),
                    _ => Step::Failure(Condition::NotAuthorized.into()),
                });
            }
            Output::Bind { .. } => {
                if let Ok(jid) = FullJid::new("1001001@localhost/desktop") {
                    stream.handle_bound(Ok(jid));
                }
            }
            Output::Resume { .. } => stream.handle_not_resumed(None),
            Output::End(_) => *ended = true,
            Output::StartTls | Output::Restart | Output::Stanza(_) => {}
        }
    }
}

/// A CTI connection: frames come out whole whatever the pieces; every byte of a body is shown once; a message that is
/// read can be written and read again, as the same where its size is the version's and it has no list (an entry
/// without its first member may be joined to the one before).
pub fn ged188_frames(data: &[u8]) {
    let Some((size, data)) = data.split_first() else { return };
    let mut deframer = ged188::Deframer::new(12_500);
    let dialect = match size & 3 {
        0 => ged188::Dialect::cce(24),
        1 => ged188::Dialect::cce(16),
        2 => ged188::Dialect::cce(9),
        _ => ged188::Dialect::uccx(18),
    };
    for piece in data.chunks(usize::from(*size).max(1)) {
        deframer.push(piece);
        while let Ok(Some(frame)) = deframer.next_frame() {
            ged188_frame(&frame, dialect);
        }
    }
}

fn ged188_frame(frame: &ged188::Frame, dialect: ged188::Dialect) {
    let view = ged188::view::view(frame, dialect);
    let ends: Vec<usize> = view.parts.iter().map(|part| part.bytes.end).collect();
    let starts = view.parts.iter().map(|part| part.bytes.start).skip(1);
    assert!(starts.eq(ends.iter().copied().take(ends.len().saturating_sub(1))), "a gap in {view:?}");
    assert_eq!(ends.last().copied().unwrap_or(0), frame.body.len(), "bytes are missing in {view:?}");
    let Ok(message) = ged188::Message::decode(frame, dialect) else { return };
    let Ok(bytes) = message.encode(dialect) else { return };
    let mut again = ged188::Deframer::new(12_500);
    again.push(&bytes);
    let again = again.next_frame().ok().flatten().map(|frame| ged188::Message::decode(&frame, dialect));
    let Some(Ok(again)) = again else { panic!("not to be read again: {message:?}") };
    let has_lists = ged188::message::layout(frame.kind).is_some_and(|layout| !layout.lists.is_empty());
    if !has_lists && view.fixed_as_in.is_none() {
        assert_eq!(again, message, "a message changed on its way");
    }
}

/// A whole document: what is read holds no character that XML forbids, and its text survives being written.
pub fn xml_document(data: &[u8]) {
    let Ok(document) = Document::parse(data, &Limits::CLIENT) else { return };
    for text in document.root().descendants().filter_map(|node| node.text()) {
        assert_eq!(xml::clean(text).replaced, 0, "a forbidden character was read");
        let mut written = String::from("<a>");
        xml::escape_text(&mut written, text);
        written.push_str("</a>");
        let again = Document::parse(
            written.as_bytes(),
            &grown(Limits { document_bytes_max: 1 << 20, ..Limits::CLIENT }),
        );
        assert_eq!(
            again.ok().and_then(|again| again.root().text().map(str::to_owned)).as_deref(),
            Some(text).filter(|text| !text.is_empty())
        );
    }
}
