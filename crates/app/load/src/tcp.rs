//! XMPP over TCP (RFC 6120), without TLS.

use crate::limits::READ_BYTES;
use crate::splitter::Splitter;
use anyhow::{Result, ensure};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One stream.
#[derive(Debug)]
pub(crate) struct Tcp {
    socket: TcpStream,
    domain: String,
    splitter: Splitter,
    buffer: Vec<u8>,
    element: Vec<u8>,
}

impl Tcp {
    pub(crate) async fn connect(address: SocketAddr, domain: &str) -> Result<Self> {
        let socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        let (domain, splitter) = (domain.to_owned(), Splitter::default());
        Ok(Self { socket, domain, splitter, buffer: Vec::new(), element: Vec::new() })
    }

    /// Opens the stream, also anew.
    pub(crate) async fn open(&mut self) -> Result<()> {
        self.splitter = Splitter::default();
        let header = format!(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
             xmlns:stream='http://etherx.jabber.org/streams' to='{}' version='1.0' xml:lang='en'>",
            self.domain
        );
        self.send(&header).await
    }

    pub(crate) async fn send(&mut self, stanzas: &str) -> Result<()> {
        Ok(self.socket.write_all(stanzas.as_bytes()).await?)
    }

    /// The next element. May be dropped while it waits: nothing is lost.
    pub(crate) async fn receive(&mut self) -> Result<&[u8]> {
        loop {
            if let Some(element) = self.splitter.next() {
                self.element.clear();
                self.element.extend_from_slice(element);
                return Ok(&self.element);
            }
            self.buffer.reserve(READ_BYTES);
            let read = self.socket.read_buf(&mut self.buffer).await?;
            ensure!(read > 0, "the server closed the connection");
            self.splitter.push(&self.buffer)?;
            self.buffer.clear();
        }
    }

    pub(crate) async fn close(&mut self) -> Result<()> {
        self.send("</stream:stream>").await
    }
}
