//! What is written is what is read, for every message type, whatever the values and the version; and no bytes bring
//! the reader down.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod made;

use bytes::Bytes;
use ged188::view::view;
use ged188::{Deframer, Dialect, Frame, Message, message};
use made::{Choices, body};
use proptest::prelude::*;

fn dialects() -> impl Strategy<Value = Dialect> {
    (9_u32..=25, any::<bool>(), any::<bool>()).prop_map(|(version, uccx, requester_in_fixed_part)| {
        let dialect = if uccx { Dialect::uccx(version) } else { Dialect::cce(version) };
        Dialect { requester_in_fixed_part, ..dialect }
    })
}

fn bytes(max: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..max)
}

/// Every byte of a body is shown once, in order.
fn shown_whole(frame: &Frame, dialect: Dialect) -> Result<(), TestCaseError> {
    let mut end = 0;
    for part in view(frame, dialect).parts {
        prop_assert_eq!(part.bytes.start, end, "of {}", message::describe(frame.kind));
        end = part.bytes.end;
    }
    prop_assert_eq!(end, frame.body.len(), "of {}", message::describe(frame.kind));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_message_survives_the_wire_byte_by_byte_in_every_version(choices in bytes(400), dialect in dialects()) {
        let mut choices = Choices::new(&choices);
        for layout in message::LAYOUTS {
            let frame = Frame { kind: layout.kind, body: body(layout, dialect, &mut choices) };
            let message = Message::decode(&frame, dialect);
            prop_assert!(message.is_ok(), "{} of {:?}", message.unwrap_err(), frame);
            let message = message.unwrap();
            prop_assert_eq!(message.unknown_fields().len(), 1, "in {:?}", &message);
            let again = message.encode(dialect).unwrap();
            prop_assert_eq!(&again[8..], &frame.body[..], "of {:?}", message);
            shown_whole(&frame, dialect)?;
            let view = view(&frame, dialect);
            prop_assert!(view.fault.is_none() && view.fixed_as_in.is_none(), "{:?}", view);
            let strange = view.parts.iter().filter(|part| !part.notes.is_empty());
            prop_assert_eq!(strange.map(|part| part.tag).collect::<Vec<_>>(), [Some(98)], "in {}", layout.name);
        }
    }

    #[test]
    fn a_message_that_is_cut_is_refused_at_the_cut_or_is_a_shorter_message(choices in bytes(100), dialect in dialects(), cut in any::<proptest::sample::Index>()) {
        let mut choices = Choices::new(&choices);
        for layout in message::LAYOUTS {
            let mut body = body(layout, dialect, &mut choices);
            body.truncate(cut.index(body.len()));
            let frame = Frame { kind: layout.kind, body };
            match Message::decode(&frame, dialect) {
                Ok(message) => drop(message.encode(dialect).unwrap()),
                Err(error) => {
                    prop_assert_eq!(error.kind, layout.kind);
                    prop_assert!(error.at <= frame.body.len());
                }
            }
            shown_whole(&frame, dialect)?;
        }
    }

    #[test]
    fn any_body_is_read_or_refused_and_shown(body in bytes(300), version in 5_u32..30) {
        let dialect = Dialect::cce(version);
        for kind in 0..300 {
            let frame = Frame { kind, body: Bytes::copy_from_slice(&body) };
            if let Ok(message) = Message::decode(&frame, dialect) {
                let _ = message.encode(dialect);
            }
            shown_whole(&frame, dialect)?;
        }
    }

    #[test]
    fn any_stream_gives_frames_or_an_error(chunks in proptest::collection::vec(bytes(40), 0..20)) {
        let mut deframer = Deframer::new(64);
        for chunk in &chunks {
            deframer.push(chunk);
            while let Ok(Some(frame)) = deframer.next_frame() {
                prop_assert!(frame.body.len() <= 56);
            }
        }
    }
}
