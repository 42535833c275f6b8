//! As much of an HTTP/1.1 client as one connection to http-bind needs.

use crate::limits::{INPUT_BYTES_MAX, READ_BYTES};
use anyhow::{Context, Result, bail, ensure};
use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One keep-alive connection.
#[derive(Debug)]
pub(crate) struct Connection {
    socket: TcpStream,
    /// What every request begins with, up to the value of `Content-Length`.
    head: String,
    input: Vec<u8>,
    /// Length of the response that was handed out.
    consumed: usize,
}

impl Connection {
    pub(crate) fn new(socket: TcpStream, host: &str, path: &str) -> Self {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: "
        );
        Self { socket, head, input: Vec::new(), consumed: 0 }
    }

    /// Sends a request in one write.
    pub(crate) async fn send(&mut self, body: &str) -> Result<()> {
        let request = format!("{}{}\r\n\r\n{body}", self.head, body.len());
        Ok(self.socket.write_all(request.as_bytes()).await?)
    }

    /// The body of the next response. May be dropped while it waits: nothing is lost.
    pub(crate) async fn receive(&mut self) -> Result<&[u8]> {
        self.input.drain(..self.consumed);
        self.consumed = 0;
        loop {
            if let Some((status, start, end)) = whole(&self.input)? {
                self.consumed = end;
                let body = &self.input[start..end];
                ensure!(status == 200, "HTTP {status}: {}", String::from_utf8_lossy(body));
                return Ok(body);
            }
            self.input.reserve(READ_BYTES);
            let read = self.socket.read_buf(&mut self.input).await?;
            ensure!(read > 0, "the server closed the connection");
        }
    }
}

/// Status of a whole response, and where its body begins and ends.
fn whole(input: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let Some(head_end) = memmem::find(input, b"\r\n\r\n") else {
        ensure!(input.len() < INPUT_BYTES_MAX, "the head of the server's response has no end");
        return Ok(None);
    };
    let head = std::str::from_utf8(&input[..head_end])?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.with_context(|| format!("no HTTP response: {head}"))?;
    let mut length = None;
    for line in head.split("\r\n").skip(1) {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse::<usize>().ok().filter(|length| *length <= INPUT_BYTES_MAX);
        }
    }
    let Some(length) = length else { bail!("a response without a length that can be used: {head}") };
    let (start, end) = (head_end + 4, head_end + 4 + length);
    Ok((input.len() >= end).then_some((status, start, end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_whole_when_its_body_is() {
        let text = b"HTTP/1.1 200 OK\r\ncontent-LENGTH: 4\r\n\r\nbody and more";
        for end in 0..text.len() {
            let found = whole(&text[..end]).unwrap();
            assert_eq!(found, (end >= 42).then_some((200, 38, 42)), "{end}");
        }
    }

    #[test]
    fn a_response_without_length_is_an_error() {
        assert!(whole(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(whole(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n").is_err());
        assert!(whole(b"nonsense\r\n\r\n").is_err());
    }
}
