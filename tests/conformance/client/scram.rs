//! SCRAM (RFC 5802) by hand, so that a case can also do it wrong.

use super::{Element, Tcp, ns};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// A hash and what SCRAM makes of it (RFC 5802 §2.2).
pub(crate) struct Hash {
    pub(crate) mechanism: &'static str,
    hmac: fn(&[u8], &[u8]) -> Vec<u8>,
    digest: fn(&[u8]) -> Vec<u8>,
}

pub(crate) const SHA_1: Hash = Hash {
    mechanism: "SCRAM-SHA-1",
    hmac: |key, text| {
        Hmac::<Sha1>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().to_vec()
    },
    digest: |text| Sha1::digest(text).to_vec(),
};

pub(crate) const SHA_256: Hash = Hash {
    mechanism: "SCRAM-SHA-256",
    hmac: |key, text| {
        Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().to_vec()
    },
    digest: |text| Sha256::digest(text).to_vec(),
};

impl Hash {
    fn salted(&self, password: &str, salt: &[u8], iterations: u32) -> Vec<u8> {
        let mut last = (self.hmac)(password.as_bytes(), &[salt, &1_u32.to_be_bytes()].concat());
        let mut sum = last.clone();
        for _ in 1..iterations {
            last = (self.hmac)(password.as_bytes(), &last);
            sum.iter_mut().zip(&last).for_each(|(sum, byte)| *sum ^= byte);
        }
        sum
    }

    /// Runs the exchange on a stream that offers `mechanism`. `binding` is the GS2 header and the data that it names
    /// (RFC 5802 §7). Returns the last answer, and the signature that it should hold.
    pub(crate) fn exchange(
        &self,
        tcp: &mut Tcp,
        mechanism: &str,
        user: &str,
        password: &str,
        binding: (&str, &[u8]),
    ) -> (Element, String) {
        let bare = format!("n={user},r=anonceoftheclient");
        let (gs2, data) = binding;
        tcp.send(&sasl("auth", &format!(" mechanism='{mechanism}'"), &format!("{gs2}{bare}")));
        let challenge = tcp.element();
        if !challenge.is(ns::SASL, "challenge") {
            return (challenge, String::new());
        }
        let first = decoded(&challenge);
        assert!(field(&first, 'r').starts_with("anonceoftheclient"), "{first}");
        let salt = BASE64_STANDARD.decode(field(&first, 's')).unwrap();
        let salted = self.salted(password, &salt, field(&first, 'i').parse().unwrap());
        let bound = BASE64_STANDARD.encode([gs2.as_bytes(), data].concat());
        let without = format!("c={bound},r={}", field(&first, 'r'));
        let signed = format!("{bare},{first},{without}");
        let client_key = (self.hmac)(&salted, b"Client Key");
        let signature = (self.hmac)(&(self.digest)(&client_key), signed.as_bytes());
        let proof: Vec<u8> = client_key.iter().zip(&signature).map(|(key, byte)| key ^ byte).collect();
        tcp.send(&sasl("response", "", &format!("{without},p={}", BASE64_STANDARD.encode(proof))));
        let server_key = (self.hmac)(&salted, b"Server Key");
        let expected = format!("v={}", BASE64_STANDARD.encode((self.hmac)(&server_key, signed.as_bytes())));
        (tcp.element(), expected)
    }
}

/// An element of SASL with data.
pub(crate) fn sasl(name: &str, attributes: &str, data: &str) -> String {
    format!("<{name} xmlns='{}'{attributes}>{}</{name}>", ns::SASL, BASE64_STANDARD.encode(data))
}

/// The data of an element.
pub(crate) fn decoded(element: &Element) -> String {
    String::from_utf8(BASE64_STANDARD.decode(element.text.trim()).unwrap()).unwrap()
}

fn field(message: &str, name: char) -> &str {
    let fields = message.split(',').filter(|field| field.starts_with(name));
    fields.filter_map(|field| field.get(2..)).next().unwrap_or_else(|| panic!("no {name} in {message}"))
}
