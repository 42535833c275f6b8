//! The client's messages (RFC 5802 §5.1, §7).

use crate::Refusal;
use crate::limits::SCRAM_MESSAGE_BYTES_MAX;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What the client says of channel binding (`gs2-cbind-flag`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    /// `n`: cannot.
    CannotBind,
    /// `y`: could, and thinks that the server cannot.
    ServerCannot,
    /// `p=type`: binds to this.
    Binds(String),
}

/// `client-first-message`.
#[derive(Debug)]
pub(crate) struct ClientFirst {
    pub(crate) flag: Flag,
    pub(crate) authzid: String,
    pub(crate) name: String,
    pub(crate) nonce: String,
    /// `gs2-header`, as sent.
    pub(crate) header: String,
    /// `client-first-message-bare`, as sent.
    pub(crate) bare: String,
}

impl ClientFirst {
    pub(crate) fn parse(message: &[u8]) -> Result<Self, Refusal> {
        let text = text(message)?;
        let mut parts = text.splitn(3, ',');
        let (Some(flag), Some(authzid), Some(bare)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("no GS2 header"));
        };
        let header = &text[..text.len() - bare.len()];
        let flag = match flag {
            "n" => Flag::CannotBind,
            "y" => Flag::ServerCannot,
            other => match other.strip_prefix("p=") {
                Some(type_) if is_binding_type(type_) => Flag::Binds(type_.to_owned()),
                _ => return Err(malformed("no channel binding flag")),
            },
        };
        let authzid = match authzid {
            "" => String::new(),
            other => name(other.strip_prefix("a=").ok_or_else(|| malformed("no GS2 header"))?)?,
        };
        if bare.starts_with("m=") {
            return Err(malformed("an extension that we do not know is mandatory"));
        }
        // what follows the nonce are extensions, and optional
        let mut attributes = bare.split(',');
        let user = attributes.next().and_then(|attribute| attribute.strip_prefix("n="));
        let nonce = attributes.next().and_then(|attribute| attribute.strip_prefix("r="));
        let (Some(user), Some(nonce)) = (user, nonce) else {
            return Err(malformed("no user name and nonce"));
        };
        if nonce.is_empty() || !nonce.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(malformed("no printable nonce"));
        }
        Ok(Self {
            flag,
            authzid,
            name: name(user)?,
            nonce: nonce.to_owned(),
            header: header.to_owned(),
            bare: bare.to_owned(),
        })
    }
}

/// `client-final-message`.
#[derive(Debug)]
pub(crate) struct ClientFinal<'a> {
    /// The GS2 header again, and the channel binding's data.
    pub(crate) binding: Vec<u8>,
    pub(crate) nonce: &'a str,
    pub(crate) proof: Vec<u8>,
    /// `client-final-message-without-proof`, as sent.
    pub(crate) without_proof: &'a str,
}

impl<'a> ClientFinal<'a> {
    pub(crate) fn parse(message: &'a [u8]) -> Result<Self, Refusal> {
        let text = text(message)?;
        let (without_proof, proof) = text.rsplit_once(",p=").ok_or_else(|| malformed("no proof"))?;
        let mut attributes = without_proof.split(',');
        let binding = attributes.next().and_then(|attribute| attribute.strip_prefix("c="));
        let nonce = attributes.next().and_then(|attribute| attribute.strip_prefix("r="));
        let (Some(binding), Some(nonce)) = (binding, nonce) else {
            return Err(malformed("no channel binding and nonce"));
        };
        let decode = |text: &str| STANDARD.decode(text).map_err(|_| malformed("not base64"));
        Ok(Self { binding: decode(binding)?, nonce, proof: decode(proof)?, without_proof })
    }
}

fn malformed(what: &'static str) -> Refusal {
    Refusal::Malformed(what)
}

fn text(message: &[u8]) -> Result<&str, Refusal> {
    if message.len() > SCRAM_MESSAGE_BYTES_MAX {
        return Err(malformed("longer than a message of SCRAM"));
    }
    let text = std::str::from_utf8(message).map_err(|_| malformed("not UTF-8"))?;
    if text.contains('\0') { Err(malformed("a NUL")) } else { Ok(text) }
}

/// RFC 5056 §7.
fn is_binding_type(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

/// `saslname`: `=2C` is a comma, `=3D` an equals sign, and no other may stand alone.
fn name(text: &str) -> Result<String, Refusal> {
    let mut parts = text.split('=');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (char, rest) = match part.split_at_checked(2) {
            Some(("2C", rest)) => (',', rest),
            Some(("3D", rest)) => ('=', rest),
            _ => return Err(malformed("an equals sign in a name")),
        };
        name.push(char);
        name.push_str(rest);
    }
    if name.is_empty() { Err(malformed("an empty name")) } else { Ok(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unescaped() {
        assert_eq!(name("a=2Cb=3Dc").unwrap(), "a,b=c");
        for bad in ["", "a=", "a=2", "a=2c", "a=41", "="] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_first_message_is_read_with_what_must_be_repeated_as_it_was_sent() {
        let first = ClientFirst::parse(b"p=tls-exporter,a=u@d,n=u,r=abc,x=later").unwrap();
        assert_eq!(first.flag, Flag::Binds("tls-exporter".into()));
        assert_eq!((first.authzid.as_str(), first.name.as_str(), first.nonce.as_str()), ("u@d", "u", "abc"));
        assert_eq!(first.header, "p=tls-exporter,a=u@d,");
        assert_eq!(first.bare, "n=u,r=abc,x=later");
    }

    #[test]
    fn what_is_no_first_message_is_refused() {
        for bad in [
            "",
            "n",
            "n,",
            "n,,",
            "n,,n",
            "n,,,",
            "n,x,n=a,r=b",
            "n,a=,n=a,r=b",
            "q,,n=a,r=b",
            "p=,,n=a,r=b",
            "p=tls unique,,n=a,r=b",
            "n,,m=1,n=a,r=b",
            "n,,n=,r=b",
            "n,,n=a",
            "n,,n=a,r=",
            "n,,r=b,n=a",
            "n,,n=a,r=b\u{e9}",
            "n,,n=a,r=b c",
            "n,,n=a\0,r=b",
        ] {
            assert!(matches!(ClientFirst::parse(bad.as_bytes()), Err(Refusal::Malformed(_))), "{bad:?}");
        }
        assert!(ClientFirst::parse(b"n,,n=\xff,r=b").is_err());
        let long = format!("n,,n=a,r={}", "b".repeat(SCRAM_MESSAGE_BYTES_MAX));
        assert!(ClientFirst::parse(long.as_bytes()).is_err());
    }

    #[test]
    fn what_is_no_final_message_is_refused() {
        for bad in
            ["", "c=biws,r=b", "c=biws,p=AA==", "r=b,c=biws,p=AA==", "c=***,r=b,p=AA==", "c=biws,r=b,p=*"]
        {
            assert!(matches!(ClientFinal::parse(bad.as_bytes()), Err(Refusal::Malformed(_))), "{bad:?}");
        }
    }

    proptest::proptest! {
        /// Whatever comes, the two parts of a message that was taken are the message.
        #[test]
        fn no_bytes_are_a_trap(message in "[nyp=,a-zA-Z0-9+/\\-m]{0,60}", bytes: Vec<u8>) {
            for message in [message.as_bytes(), &bytes] {
                if let Ok(first) = ClientFirst::parse(message) {
                    assert_eq!((first.header + &first.bare).as_bytes(), message);
                }
                if let Ok(last) = ClientFinal::parse(message) {
                    assert!(message.starts_with(last.without_proof.as_bytes()));
                }
            }
        }
    }
}
