//! Bytes in hexadecimal digits against messages.

#![allow(dead_code, reason = "each test uses its part")]

use bytes::Bytes;
use ged188::{Deframer, Dialect, Message, limits};

pub(crate) const V24: Dialect = Dialect::cce(24);

pub(crate) fn bytes(hex: &str) -> Bytes {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect::<Vec<_>>()
        .into()
}

pub(crate) fn read(hex: &str, dialect: Dialect) -> Message {
    let mut deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
    deframer.push(&bytes(hex));
    let frame = deframer.next_frame().unwrap().expect("the vector is a whole message");
    assert!(!deframer.is_inside_message(), "the vector is one message");
    Message::decode(&frame, dialect).unwrap()
}

/// The vector reads as the message, and the message writes as the vector.
pub(crate) fn check(message: impl Into<Message>, hex: &str) {
    let message = message.into();
    assert_eq!(read(hex, V24), message);
    assert_eq!(message.encode(V24).unwrap(), bytes(hex), "{message:?}");
}

pub(crate) fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}
