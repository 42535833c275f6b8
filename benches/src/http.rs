//! The browser's side of one kept-alive connection, as plain as it can be: the time of a measurement must not be
//! spent in the client.

use crate::limits::RESPONSE_BYTES_MAX;
use anyhow::{Context, Result, bail, ensure};
use flate2::read::GzDecoder;
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// A request head of the length that browsers send.
const BROWSER_HEADERS: &str = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 \
Safari/537.36\r\nAccept: */*\r\nAccept-Language: en-US,en;q=0.9\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\
Content-Type: text/xml; charset=UTF-8\r\nOrigin: https://localhost:8445\r\nReferer: https://localhost:8445/\r\n\
Sec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-site\r\nConnection: keep-alive\r\n";

/// Where to connect, and how.
#[derive(Clone)]
pub struct Target {
    /// Address of http-bind.
    pub address: SocketAddr,
    tls: Option<TlsConnector>,
}

impl Target {
    /// HTTP.
    pub fn plain(address: SocketAddr) -> Self {
        Self { address, tls: None }
    }

    /// HTTPS with a server whose certificate `ca` has signed.
    pub fn encrypted(address: SocketAddr, ca: &Path) -> Result<Self> {
        let mut roots = rustls::RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(ca)? {
            roots.add(certificate?)?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { address, tls: Some(TlsConnector::from(Arc::new(config))) })
    }

    async fn connect(&self) -> Result<Box<dyn Socket>> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        Ok(match &self.tls {
            None => Box::new(stream),
            Some(tls) => Box::new(tls.connect(ServerName::try_from("localhost")?, stream).await?),
        })
    }
}

trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

/// One connection.
pub struct Connection {
    socket: Box<dyn Socket>,
    head: String,
}

/// An answer, and when it began.
#[derive(Debug)]
pub struct Response {
    /// When its first byte could be read.
    pub first_byte: Instant,
    /// Its body.
    pub body: String,
}

impl Connection {
    /// Connects.
    pub async fn open(target: &Target) -> Result<Self> {
        let head = format!("POST /http-bind/ HTTP/1.1\r\nHost: {}\r\n{BROWSER_HEADERS}", target.address);
        Ok(Self { socket: target.connect().await?, head })
    }

    /// Sends a body in one write and waits for the answer.
    pub async fn post(&mut self, body: &str) -> Result<Response> {
        let request = format!("{}Content-Length: {}\r\n\r\n{body}", self.head, body.len());
        self.exchange(&request).await
    }

    /// Sends a whole request in one write and waits for the answer.
    pub async fn exchange(&mut self, request: &str) -> Result<Response> {
        self.socket.write_all(request.as_bytes()).await?;
        let mut received = Vec::with_capacity(4 * 1024);
        let mut first_byte = None;
        loop {
            let read = self.socket.read_buf(&mut received).await?;
            first_byte.get_or_insert_with(Instant::now);
            ensure!(read > 0, "the server closed the connection");
            ensure!(received.len() <= RESPONSE_BYTES_MAX, "the answer is too long");
            if let Some(body) = whole_body(&received)? {
                let first_byte = first_byte.context("nothing was read")?;
                return Ok(Response { first_byte, body: text_of(body)? });
            }
        }
    }
}

/// Longer answers come compressed, and say so by how they begin.
fn text_of(body: &[u8]) -> Result<String> {
    let mut text = String::new();
    if body.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(body).take(RESPONSE_BYTES_MAX as u64).read_to_string(&mut text)?;
    } else {
        text.push_str(std::str::from_utf8(body)?);
    }
    Ok(text)
}

/// The body of a response with status 200 or 202, once all of it is there.
fn whole_body(received: &[u8]) -> Result<Option<&[u8]>> {
    let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&received[..end])?;
    let is_success = ["200", "202"].iter().any(|status| head.starts_with(&format!("HTTP/1.1 {status} ")));
    ensure!(is_success, "not a success: {head}");
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let Some(length) = length else { bail!("no content-length: {head}") };
    let body = &received[end + 4..];
    ensure!(body.len() <= length, "more than one answer");
    Ok((body.len() == length).then_some(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_its_length_is_there() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(whole_body(whole).unwrap(), Some(&b"hello"[..]));
        for cut in 0..whole.len() {
            assert_eq!(whole_body(&whole[..cut]).unwrap_or(None), None, "{cut}");
        }
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_an_error() {
        for bad in [
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nmore",
        ] {
            assert!(whole_body(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
