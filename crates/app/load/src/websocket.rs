//! XMPP over WebSocket (RFC 7395).

use crate::limits::{INPUT_BYTES_MAX, READ_BYTES};
use crate::target::Target;
use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// One stream.
#[derive(Debug)]
pub(crate) struct WebSocket {
    socket: WebSocketStream<TcpStream>,
    domain: String,
    frame: Utf8Bytes,
}

impl WebSocket {
    pub(crate) async fn connect(target: &Target) -> Result<Self> {
        let socket = TcpStream::connect(target.agents).await?;
        socket.set_nodelay(true)?;
        let mut request = format!("ws://{}{}", target.host, target.path).into_client_request()?;
        request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("xmpp"));
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BYTES)
            .write_buffer_size(0)
            .max_message_size(Some(INPUT_BYTES_MAX));
        let (socket, _) = client_async_with_config(request, socket, Some(config)).await?;
        Ok(Self { socket, domain: target.domain.clone(), frame: Utf8Bytes::default() })
    }

    /// Opens the stream, also anew.
    pub(crate) async fn open(&mut self) -> Result<()> {
        let domain = &self.domain;
        let open = format!(
            "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{domain}' version='1.0' xml:lang='en'/>"
        );
        self.frame(open).await
    }

    /// Sends stanzas, each in a frame.
    pub(crate) async fn send(&mut self, stanzas: &[String]) -> Result<()> {
        for stanza in stanzas {
            self.frame(stanza.clone()).await?;
        }
        Ok(())
    }

    async fn frame(&mut self, text: String) -> Result<()> {
        Ok(self.socket.send(Message::text(text)).await?)
    }

    /// The next frame. May be dropped while it waits: nothing is lost.
    pub(crate) async fn receive(&mut self) -> Result<&[u8]> {
        loop {
            match self.socket.next().await.context("the server closed the connection")?? {
                Message::Text(text) => {
                    self.frame = text;
                    ensure!(
                        !self.frame.starts_with("<close"),
                        "the server closed the stream: {}",
                        self.frame
                    );
                    return Ok(self.frame.as_bytes());
                }
                Message::Close(reason) => bail!("the server closed the connection: {reason:?}"),
                _ => {}
            }
        }
    }

    pub(crate) async fn close(&mut self) -> Result<()> {
        self.frame("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>".to_owned()).await
    }
}
