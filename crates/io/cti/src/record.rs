//! Recording what goes over the link, redacted or whole.

use ged188::view::{Value, view};
use ged188::{Deframer, Dialect, Frame, limits, tag};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Bytes of one recorded piece: as text they are twice as long, and fit a line of any journal.
const PIECE_BYTES_MAX: usize = 3 * 1024;

/// Numbers of so many digits are extensions of the house, not somebody's telephone.
const EXTENSION_DIGITS_MAX: usize = 6;

/// Which way a piece went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the server to us.
    In,
    /// From us to the server.
    Out,
}

/// Where a recording goes. It must not wait: the link does.
pub trait Tap: Send + Sync {
    /// Some bytes went over the connection to this side (`A`, `B`…).
    fn piece(&self, side: char, way: Way, bytes: &[u8]);
}

/// A recording of every session.
#[derive(Clone)]
pub struct Recording {
    /// Where it goes.
    pub tap: Arc<dyn Tap>,
    /// Record the bytes as they are. Otherwise passwords, telephone numbers and what callers said are replaced: each
    /// value by another of the same length and kind, the same one wherever it stands in this recording.
    pub whole: bool,
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording").field("whole", &self.whole).finish_non_exhaustive()
    }
}

/// The recording of one connection.
pub(crate) struct Tape {
    recording: Recording,
    side: char,
    dialect: Dialect,
    key: u64,
    received: Deframer,
}

impl Tape {
    /// `key` makes the replacements of one recording different from those of another.
    pub(crate) fn new(recording: Recording, side: char, dialect: Dialect, key: u64) -> Self {
        Self { recording, side, dialect, key, received: Deframer::new(limits::MESSAGE_BYTES_MAX) }
    }

    /// What came, however it is cut.
    pub(crate) fn received(&mut self, bytes: &[u8]) {
        if self.recording.whole {
            return self.put(Way::In, bytes);
        }
        self.received.push(bytes);
        // what is no message cannot be redacted, and is left out; the link ends there
        while let Ok(Some(frame)) = self.received.next_frame() {
            self.put(Way::In, &redacted(&frame, self.dialect, self.key));
        }
    }

    /// One whole message that goes.
    pub(crate) fn sent(&mut self, bytes: &[u8]) {
        if self.recording.whole {
            return self.put(Way::Out, bytes);
        }
        let mut sent = Deframer::new(limits::MESSAGE_BYTES_MAX);
        sent.push(bytes);
        while let Ok(Some(frame)) = sent.next_frame() {
            self.put(Way::Out, &redacted(&frame, self.dialect, self.key));
        }
    }

    fn put(&self, way: Way, bytes: &[u8]) {
        for piece in bytes.chunks(PIECE_BYTES_MAX) {
            self.recording.tap.piece(self.side, way, piece);
        }
    }
}

/// The message with replacements of the same length for what is personal: it decodes as the original does.
fn redacted(frame: &Frame, dialect: Dialect, key: u64) -> Vec<u8> {
    let mut message = u32::try_from(frame.body.len()).unwrap_or(u32::MAX).to_be_bytes().to_vec();
    message.extend_from_slice(&frame.kind.to_be_bytes());
    let head = message.len();
    message.extend_from_slice(&frame.body);
    let field_head = dialect.tag_width.bytes() + dialect.length_width.bytes();
    for part in view(frame, dialect).parts {
        let skip = if part.tag.is_some() { field_head } else { 0 };
        let place = head + part.bytes.start + skip..head + part.bytes.end;
        let Some(value) = message.get_mut(place) else { continue };
        match (part.tag, &part.value) {
            (_, Value::Secret(_)) => value.fill(b'x'),
            (Some(_), Value::Named(index, name, _)) => {
                // index, name and its NUL stay
                let name_ends = usize::from(index.is_some()) + name.len() + 1;
                if let Some(value) = value.get_mut(name_ends..) {
                    replace(value, key);
                }
            }
            (Some(tag::AGENT_INSTRUMENT), Value::Text(_)) => {
                let separator = value.iter().position(|byte| char::from(*byte) == tag::MOBILE_SEPARATOR);
                if let Some(number) = separator.and_then(|at| value.get_mut(at + 1..)) {
                    replace(number, key);
                }
            }
            (Some(tag), _) if tag::is_personal(tag) && !is_extension(tag, value) => replace(value, key),
            // nobody knows what it is
            (Some(tag), Value::Bytes(_)) if tag::name(tag).is_empty() => value.fill(0),
            (None, Value::Bytes(_)) => value.fill(0),
            _ => {}
        }
    }
    message
}

/// Whether a field that may hold a telephone number holds an extension of the house.
fn is_extension(tag: u16, value: &[u8]) -> bool {
    // not digits that a caller typed, nor a variable
    let is_address = matches!(
        tag,
        8 | 10 | 11 | 25..=45 | 47 | 48 | 50 | 52 | 53 | 58 | 60 | 79 | 90 | 91 | 206 | 219 | 231
    );
    let digits = value.strip_suffix(&[0]).unwrap_or(value);
    is_address && digits.len() <= EXTENSION_DIGITS_MAX && digits.iter().all(u8::is_ascii_digit)
}

/// Digits by digits, everything else but NUL by `x`; the same value always by the same.
fn replace(value: &mut [u8], key: u64) {
    let mut hasher = DefaultHasher::new();
    (key, value.strip_suffix(&[0]).unwrap_or(value)).hash(&mut hasher);
    let mut random = hasher.finish();
    for byte in value {
        if byte.is_ascii_digit() {
            // the low bits of a multiplicative generator are poor
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = b'0' + u8::try_from((random >> 33) % 10).unwrap_or_default();
        } else if *byte != 0 {
            *byte = b'x';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ged188::Message;
    use ged188::message::{BeginCallEvent, CallVariables, NamedVariable, OpenReq, SetAgentStateReq, Unknown};

    const V24: Dialect = Dialect::cce(24);

    fn frame(message: &Message) -> Frame {
        let mut deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
        deframer.push(&message.encode(V24).unwrap());
        deframer.next_frame().unwrap().unwrap()
    }

    fn after(message: impl Into<Message>) -> Message {
        let message = message.into();
        let redacted = redacted(&frame(&message), V24, 7);
        let mut deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
        deframer.push(&redacted);
        Message::decode(&deframer.next_frame().unwrap().unwrap(), V24).unwrap()
    }

    #[test]
    fn what_is_personal_is_replaced_and_the_rest_stays() {
        let mut call_variables = CallVariables::default();
        call_variables.set(1, "Mr X, 4711");
        let call = || BeginCallEvent {
            connection_call_id: 99,
            connection_device_id: Some("2004".into()),
            ani: Some("5551234567".into()),
            dnis: Some("8005551234".into()),
            caller_entered_digits: Some("1234".into()),
            call_variables: call_variables.clone(),
            named_variables: vec![NamedVariable { name: "user.account".into(), value: "A-12".into() }],
            ..BeginCallEvent::default()
        };
        let Message::BeginCallEvent(event) = after(call()) else { panic!() };
        let ani = event.ani.clone().unwrap();
        assert!(
            ani != "5551234567" && ani.len() == 10 && ani.bytes().all(|byte| byte.is_ascii_digit()),
            "{ani}"
        );
        assert_ne!(event.caller_entered_digits.as_deref(), Some("1234"));
        assert!(event.call_variables.get(1).unwrap().starts_with("xxxxxx"));
        assert_eq!(event.named_variables[0].name, "user.account");
        assert!(event.named_variables[0].value.starts_with("xx"));
        assert_eq!((event.connection_call_id, event.connection_device_id.as_deref()), (99, Some("2004")));
        let Message::BeginCallEvent(again) =
            after(BeginCallEvent { dnis: Some("5551234567".into()), ..call() })
        else {
            panic!()
        };
        assert_eq!(again.dnis, Some(ani), "one number is one number wherever it stands");
    }

    #[test]
    fn a_mobile_agents_number_is_replaced_and_the_device_before_it_stays() {
        let sign_in = |instrument: &str| SetAgentStateReq {
            agent_instrument: Some(instrument.into()),
            ..SetAgentStateReq::default()
        };
        let Message::SetAgentStateReq(mobile) = after(sign_in("2004;+815550123")) else { panic!() };
        let instrument = mobile.agent_instrument.as_deref().unwrap();
        assert!(instrument.starts_with("2004;x") && instrument.len() == 15, "{instrument}");
        assert_ne!(instrument, "2004;x815550123");
        assert!(!format!("{:?}", sign_in("2004;5550123")).contains("5550123"));
        let Message::SetAgentStateReq(desk) = after(sign_in("2004")) else { panic!() };
        assert_eq!(desk.agent_instrument.as_deref(), Some("2004"));
        assert!(format!("{desk:?}").contains("2004"));
    }

    #[test]
    fn passwords_and_what_nobody_knows_are_blotted_out() {
        let client_password = Some(ged188::Secret::from_text("geheim"));
        let open = OpenReq { client_id: Some("Finesse".into()), client_password, ..OpenReq::default() };
        let Message::OpenReq(open) = after(open) else { panic!() };
        assert_eq!(open.client_password.unwrap().reveal(), b"xxxxxxx");
        assert_eq!(open.client_id.as_deref(), Some("Finesse"));
        let unknown = Message::Unknown(Unknown { kind: 4_000, body: b"5551234567".to_vec().into() });
        let Message::Unknown(unknown) = after(unknown) else { panic!() };
        assert!(unknown.body.iter().all(|byte| *byte == 0));
    }
}
