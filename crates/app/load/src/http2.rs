//! Many BOSH sessions over few HTTP/2 connections, each request a stream (RFC 9113), without TLS by prior knowledge (§3.3).

use crate::limits::INPUT_BYTES_MAX;
use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use h2::RecvStream;
use h2::client::{ResponseFuture, SendRequest};
use http::{Method, Request};
use std::net::SocketAddr;
use std::rc::Rc;
use tokio::net::TcpStream;
use tokio::sync::OnceCell;

/// The connections, opened when the first session needs them.
#[derive(Debug)]
pub(crate) struct Connections {
    server: SocketAddr,
    /// What every request is sent to.
    uri: String,
    sessions_each: u32,
    open: Vec<OnceCell<SendRequest<Bytes>>>,
}

impl Connections {
    /// As many as `sessions` need when `sessions_each` share one.
    pub(crate) fn new(server: SocketAddr, uri: String, sessions: u32, sessions_each: u32) -> Self {
        let open = (0..sessions.div_ceil(sessions_each)).map(|_| OnceCell::new()).collect();
        Self { server, uri, sessions_each, open }
    }

    /// How many there are: open files.
    pub(crate) fn count(&self) -> usize {
        self.open.len()
    }

    /// The one that session `number` uses.
    async fn of(&self, number: u32) -> Result<SendRequest<Bytes>> {
        let place = &self.open[(number / self.sessions_each) as usize];
        place.get_or_try_init(|| open(self.server)).await.cloned()
    }
}

async fn open(server: SocketAddr) -> Result<SendRequest<Bytes>> {
    let socket = TcpStream::connect(server).await?;
    socket.set_nodelay(true)?;
    let (sender, connection) =
        h2::client::handshake(socket).await.context("the server does not speak HTTP/2 here")?;
    // Its end shows in the requests.
    tokio::task::spawn_local(connection);
    Ok(sender)
}

/// One session's requests: one at a time.
#[derive(Debug)]
pub(crate) struct Streams {
    sender: SendRequest<Bytes>,
    uri: Rc<str>,
    answer: Answer,
    /// The poll that a last request overtakes: to forget it would reset its stream.
    overtaken: Answer,
    body: Vec<u8>,
}

/// How far the answer to the latest request is.
#[derive(Debug)]
enum Answer {
    None,
    Head(ResponseFuture),
    Body(u16, RecvStream),
}

impl Streams {
    /// Of session `number`, counted from 0.
    pub(crate) async fn new(connections: &Connections, number: u32) -> Result<Self> {
        let sender = connections.of(number).await?;
        let uri = connections.uri.as_str().into();
        Ok(Self { sender, uri, answer: Answer::None, overtaken: Answer::None, body: Vec::new() })
    }

    /// Sends a request, when the server allows one more stream.
    pub(crate) async fn send(&mut self, body: String) -> Result<()> {
        let mut sender = self.sender.clone().ready().await?;
        let request = Request::builder()
            .method(Method::POST)
            .uri(&*self.uri)
            .header("content-type", "text/xml; charset=utf-8")
            .body(())?;
        let (answer, mut stream) = sender.send_request(request, false)?;
        stream.send_data(body.into(), true)?;
        self.overtaken = std::mem::replace(&mut self.answer, Answer::Head(answer));
        Ok(())
    }

    /// The body of the answer. May be dropped while it waits: nothing is lost.
    pub(crate) async fn receive(&mut self) -> Result<&[u8]> {
        loop {
            match &mut self.answer {
                Answer::None => {
                    let () = std::future::pending().await;
                }
                Answer::Head(head) => {
                    let (head, stream) = head.await?.into_parts();
                    self.body.clear();
                    self.answer = Answer::Body(head.status.as_u16(), stream);
                }
                Answer::Body(status, stream) => {
                    let Some(piece) = stream.data().await.transpose()? else {
                        let status = *status;
                        self.answer = Answer::None;
                        ensure!(status == 200, "HTTP {status}: {}", String::from_utf8_lossy(&self.body));
                        return Ok(&self.body);
                    };
                    stream.flow_control().release_capacity(piece.len())?;
                    ensure!(self.body.len() + piece.len() <= INPUT_BYTES_MAX, "the answer has no end");
                    self.body.extend_from_slice(&piece);
                }
            }
        }
    }
}
