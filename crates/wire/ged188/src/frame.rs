//! Cutting a byte stream into messages: `MessageLength UINT | MessageType UINT | body`. MessageLength counts the
//! body only.

use crate::FrameError;
use crate::cursor::HEADER_BYTES;
use bytes::{Bytes, BytesMut};
use std::fmt;

/// One message, its body not yet read.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// MessageType.
    pub kind: u32,
    /// Fixed part and floating part.
    pub body: Bytes,
}

impl fmt::Debug for Frame {
    /// The body may hold a password, so only its size is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame {{ kind: {}, body: {} bytes }}", self.kind, self.body.len())
    }
}

/// Turns byte slices, however they are cut, into frames. Push what came, then take frames until there is none:
/// the buffer then never holds more than one message and one push.
#[derive(Debug)]
pub struct Deframer {
    buffer: BytesMut,
    message_bytes_max: usize,
    failed: Option<FrameError>,
}

impl Deframer {
    /// `message_bytes_max` counts the header; usually [`crate::limits::MESSAGE_BYTES_MAX`].
    pub fn new(message_bytes_max: usize) -> Self {
        Self { buffer: BytesMut::new(), message_bytes_max, failed: None }
    }

    /// Takes what the peer sent. After an error the rest is of no meaning and is dropped.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The next whole frame; `None` when more bytes are needed. An error is final.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let Some(body_bytes) = self.buffer.first_chunk::<4>() else { return Ok(None) };
        let announced_bytes = u64::from(u32::from_be_bytes(*body_bytes)) + HEADER_BYTES as u64;
        let max_bytes = self.message_bytes_max;
        let Some(whole) = usize::try_from(announced_bytes).ok().filter(|bytes| *bytes <= max_bytes) else {
            let error = FrameError::TooLong { announced_bytes, max_bytes };
            self.failed = Some(error.clone());
            self.buffer = BytesMut::new();
            return Err(error);
        };
        if self.buffer.len() < whole {
            return Ok(None);
        }
        let mut frame = self.buffer.split_to(whole).freeze();
        let header = frame.split_to(HEADER_BYTES);
        let kind = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
        Ok(Some(Frame { kind, body: frame }))
    }

    /// Whether a message has begun and not ended: what a closed connection cuts off.
    pub fn is_inside_message(&self) -> bool {
        !self.buffer.is_empty()
    }
}
