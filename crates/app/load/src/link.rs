//! A client's way to the server, whatever its transport, and signing in over it.

use crate::args::Transport;
use crate::bosh::Bosh;
use crate::limits::SIGN_IN_STEP;
use crate::target::Target;
use crate::tcp::Tcp;
use crate::websocket::WebSocket;
use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tokio::time::timeout;

/// One client's stream.
#[derive(Debug)]
pub(crate) enum Link {
    Bosh(Bosh),
    /// The largest by far.
    WebSocket(Box<WebSocket>),
    Tcp(Tcp),
}

impl Link {
    /// Connects an agent.
    pub(crate) async fn connect(target: &Target, number: u32) -> Result<Self> {
        Ok(match target.transport {
            Transport::Bosh => Self::Bosh(Bosh::connect(target, number).await?),
            Transport::Websocket => Self::WebSocket(Box::new(WebSocket::connect(target).await?)),
            Transport::Tcp => Self::Tcp(Tcp::connect(target.tcp, &target.domain).await?),
        })
    }

    pub(crate) async fn send(&mut self, stanzas: &[String]) -> Result<()> {
        match self {
            Self::Bosh(bosh) => bosh.send(&stanzas.concat()).await,
            Self::WebSocket(socket) => socket.send(stanzas).await,
            Self::Tcp(tcp) => tcp.send(&stanzas.concat()).await,
        }
    }

    /// One or several elements, or none.
    pub(crate) async fn receive(&mut self) -> Result<&[u8]> {
        match self {
            Self::Bosh(bosh) => bosh.receive().await,
            Self::WebSocket(socket) => socket.receive().await,
            Self::Tcp(tcp) => tcp.receive().await,
        }
    }

    pub(crate) async fn close(&mut self) -> Result<()> {
        match self {
            Self::Bosh(bosh) => bosh.close().await,
            Self::WebSocket(socket) => socket.close().await,
            Self::Tcp(tcp) => tcp.close().await,
        }
    }

    /// Opens the stream, signs in with PLAIN, and binds a resource.
    pub(crate) async fn sign_in(&mut self, user: &str, password: &str, resource: &str) -> Result<()> {
        match self {
            Self::Bosh(bosh) => timeout(SIGN_IN_STEP, bosh.open()).await??,
            Self::WebSocket(socket) => socket.open().await?,
            Self::Tcp(tcp) => tcp.open().await?,
        }
        if !matches!(self, Self::Bosh(_)) {
            let features = self.wait_for(|text| text.contains("features>")).await?;
            if !features.contains(">PLAIN<") {
                bail!(
                    "the server does not offer PLAIN here without TLS (for this server: xmpp.allow_plain_tcp): {features}"
                );
            }
        }
        let proof = BASE64_STANDARD.encode(format!("\0{user}\0{password}"));
        let auth = format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{proof}</auth>");
        self.send(&[auth]).await?;
        self.wait_for(|text| text.contains("<success"))
            .await
            .with_context(|| format!("{user} cannot sign in"))?;
        match self {
            Self::Bosh(bosh) => bosh.restart().await?,
            Self::WebSocket(socket) => socket.open().await?,
            Self::Tcp(tcp) => tcp.open().await?,
        }
        self.wait_for(|text| text.contains("xmpp-bind")).await?;
        let bind =
            format!("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>{resource}</resource></bind>");
        self.ask(&[iq("bind", "set", "", &bind)], &["bind"]).await?;
        let session = "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>";
        self.ask(&[iq("session", "set", "", session)], &["session"]).await
    }

    /// Sends requests and waits until all their ids are answered.
    pub(crate) async fn ask(&mut self, requests: &[String], ids: &[&str]) -> Result<()> {
        self.send(requests).await?;
        let mut seen = String::new();
        let all = |text: &str| {
            seen.push_str(text);
            ids.iter()
                .all(|id| seen.contains(&format!("id='{id}'")) || seen.contains(&format!("id=\"{id}\"")))
        };
        self.wait_for(all).await.map(drop)
    }

    /// What came when `is_it` was satisfied.
    async fn wait_for(&mut self, mut is_it: impl FnMut(&str) -> bool) -> Result<String> {
        let wait = async {
            loop {
                let text = String::from_utf8_lossy(self.receive().await?).into_owned();
                if is_failure(&text) {
                    bail!("the server refuses: {text}");
                }
                if is_it(&text) {
                    return Ok(text);
                }
            }
        };
        timeout(SIGN_IN_STEP, wait).await.context("the server does not answer")?
    }
}

fn is_failure(text: &str) -> bool {
    ["<failure", "<stream:error", "type='error'", "type=\"error\""].iter().any(|sign| text.contains(sign))
}

/// An IQ that stands alone; without `to` it is for the server.
pub(crate) fn iq(id: &str, type_: &str, to: &str, payload: &str) -> String {
    let to = if to.is_empty() { String::new() } else { format!(" to='{to}'") };
    format!("<iq xmlns='jabber:client' type='{type_}' id='{id}'{to}>{payload}</iq>")
}

/// The value of the first attribute of this name.
pub(crate) fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    ['\'', '"'].into_iter().find_map(|quote| {
        let (_, rest) = text.split_once(&format!(" {name}={quote}"))?;
        Some(rest.split_once(quote)?.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_in_both_kinds_of_quotes() {
        assert_eq!(attribute("<body authsid='1' sid='2'/>", "sid"), Some("2"));
        assert_eq!(attribute("<body sid=\"a'b\"/>", "sid"), Some("a'b"));
        assert_eq!(attribute("<body/>", "sid"), None);
    }
}
