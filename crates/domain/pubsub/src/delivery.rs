//! A publication on its way to subscribers.

use crate::configuration::NotificationType;
use crate::log::Life;
use crate::node::Shows;
use bytes::{BufMut, Bytes, BytesMut};
use jid::{BareJid, Jid};
use xml::escape_attribute;
use xmpp::ns;

/// Identifiers, from randomness given at the start.
#[derive(Debug)]
pub struct Ids {
    /// Fixed for the run of the server; item ids are this and a counter without separator
    /// (`COMPAT(finesse)`: so the original writes them).
    run: String,
    items: u64,
    state: u64,
}

impl Ids {
    /// `run` is a random UUID, `seed` a random number.
    pub fn new(run: impl Into<String>, seed: u64) -> Self {
        Self { run: run.into(), items: 0, state: seed }
    }

    /// Id of the next item.
    pub(crate) fn item(&mut self) -> String {
        self.items += 1;
        format!("{}{}", self.run, self.items)
    }

    /// The epoch of a node's life.
    pub(crate) fn epoch(&self, life: Life) -> String {
        format!("{}.{life}", self.run)
    }

    /// A word as the id of a subscription, a node or a command's execution.
    pub(crate) fn name(&mut self) -> String {
        String::from_utf8_lossy(&self.word::<10>()).into_owned()
    }

    /// A short random word of `N` characters, as the original puts at the end of message ids. Not a secret.
    pub(crate) fn word<const N: usize>(&mut self) -> [u8; N] {
        const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        // splitmix64
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        [(); N].map(|()| {
            let character = ALPHABET[(bits % 62) as usize];
            bits /= 62;
            character
        })
    }
}

/// One message to one subscriber.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// To whom: a bare JID means every available resource.
    pub to: Jid,
    /// The message's start tag, this subscriber's own.
    pub head: Bytes,
    /// Everything after it, shared by all subscribers.
    pub tail: Bytes,
    /// The same with the event's number, for resources that have asked for numbers.
    pub numbered: Option<Bytes>,
    /// Which of the resources get it that `to` names.
    pub reach: Reach,
    /// Of which node: deliveries of one node must stay in order, those of different nodes need not.
    pub life: Life,
}

/// Which resources a delivery reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Only those that have sent their presence; otherwise a full JID is reached as soon as it is bound.
    pub present_only: bool,
    /// Only at this availability.
    pub shows: Shows,
}

/// Writes heads of one publication.
pub(crate) struct Heads {
    before_to: String,
    before_id: String,
    end: &'static [u8],
}

impl Heads {
    /// `COMPAT(finesse)`: message ids are `{node}__{bare JID}__{5 random characters}`, and there is no `type`.
    pub(crate) fn new(service: &str, node: &str, type_: NotificationType) -> Self {
        let mut before_to = format!("<message xmlns=\"{}\" from=\"", ns::CLIENT);
        escape_attribute(&mut before_to, service);
        before_to.push_str("\" to=\"");
        let mut before_id = "\" id=\"".to_owned();
        escape_attribute(&mut before_id, node);
        before_id.push_str("__");
        let end: &[u8] = match type_ {
            NotificationType::Normal => b"\">",
            NotificationType::Headline => b"\" type=\"headline\">",
        };
        Self { before_to, before_id, end }
    }

    pub(crate) fn head(&self, ids: &mut Ids, to: &Jid, bare: &BareJid) -> Bytes {
        let word = ids.word::<5>();
        let (to, bare) = (to.as_str(), bare.as_str());
        let mut head = BytesMut::with_capacity(
            self.before_to.len() + self.before_id.len() + to.len() + bare.len() + self.end.len() + 8,
        );
        head.put_slice(self.before_to.as_bytes());
        put_jid(&mut head, to);
        head.put_slice(self.before_id.as_bytes());
        put_jid(&mut head, bare);
        head.put_slice(b"__");
        head.put_slice(&word);
        head.put_slice(self.end);
        head.freeze()
    }
}

/// A JID may hold `'` and, in its resource, nearly anything.
fn put_jid(out: &mut BytesMut, jid: &str) {
    if jid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"@./-_".contains(&byte)) {
        out.put_slice(jid.as_bytes());
        return;
    }
    let mut escaped = String::new();
    escape_attribute(&mut escaped, jid);
    out.put_slice(escaped.as_bytes());
}
