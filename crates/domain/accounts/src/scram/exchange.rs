//! The two steps of the server.

use super::message::{ClientFinal, Flag};
use super::{ClientFirst, Hash, Verifier};
use crate::{Account, ChannelBindings, Refusal};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

/// The terms of one exchange: which mechanism over which connection.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The hash function.
    pub hash: Hash,
    /// Whether the mechanism is the `-PLUS` one.
    pub plus: bool,
    /// What the connection can be bound to; when there is anything, `-PLUS` was offered.
    pub bindings: ChannelBindings,
}

impl Exchange {
    /// The data that the client has to repeat after its header, by its flag and the mechanism (RFC 5802 §6).
    pub(crate) fn bound_data(&self, flag: &Flag) -> Result<&[u8], Refusal> {
        match flag {
            Flag::Binds(type_) if self.plus => self.bindings.data(type_).ok_or(Refusal::UnknownBinding),
            Flag::Binds(_) => Err(Refusal::Malformed("channel binding without -PLUS")),
            _ if self.plus => Err(Refusal::Malformed("-PLUS without channel binding")),
            // whoever removed -PLUS from our offer sits between us
            Flag::ServerCannot if !self.bindings.is_empty() => Err(Refusal::Downgraded),
            Flag::ServerCannot | Flag::CannotBind => Ok(&[]),
        }
    }
}

/// An exchange whose client was sent salt and iterations.
#[derive(Debug)]
pub(crate) struct Challenged {
    /// `None` for a user that there is not; what then follows takes the same steps.
    pub(crate) account: Option<Arc<Account>>,
    pub(crate) name: String,
    verifier: Arc<Verifier>,
    /// The client's nonce and ours.
    nonce: String,
    /// What `c=` must say.
    binding: Vec<u8>,
    /// The first two parts of AuthMessage.
    said: String,
}

impl Challenged {
    /// The state and `server-first-message`. `nonce` is our part.
    pub(crate) fn new(
        account: Option<Arc<Account>>,
        verifier: Arc<Verifier>,
        first: ClientFirst,
        bound: &[u8],
        nonce: &str,
    ) -> (Self, String) {
        let nonce = first.nonce + nonce;
        let salt = STANDARD.encode(verifier.salt());
        let server_first = format!("r={nonce},s={salt},i={}", verifier.iterations());
        let said = format!("{},{server_first}", first.bare);
        let binding = [first.header.as_bytes(), bound].concat();
        (Self { account, name: first.name, verifier, nonce, binding, said }, server_first)
    }

    /// Checks `client-final-message`: `server-final-message` if the proof is right, `None` if it is wrong.
    pub(crate) fn prove(&self, message: &[u8]) -> Result<Option<String>, Refusal> {
        let last = ClientFinal::parse(message)?;
        if last.nonce != self.nonce {
            return Err(Refusal::Malformed("another nonce"));
        }
        if last.binding != self.binding {
            return Err(Refusal::OtherBinding);
        }
        let auth_message = format!("{},{}", self.said, last.without_proof);
        let accepted = self.verifier.accepts(&last.proof, auth_message.as_bytes());
        let signature = STANDARD.encode(&*self.verifier.signature(auth_message.as_bytes()));
        Ok((accepted && self.account.is_some()).then(|| format!("v={signature}")))
    }
}
