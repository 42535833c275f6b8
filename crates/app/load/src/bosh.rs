//! BOSH (XEP-0124, XEP-0206): wait 30, hold 1, one connection or one stream of HTTP/2 at a time.

use crate::http::Connection;
use crate::http2::Streams;
use crate::link::attribute;
use crate::target::Target;
use anyhow::{Context, Result, ensure};
use tokio::net::TcpStream;

/// One BOSH session.
#[derive(Debug)]
pub(crate) struct Bosh {
    way: Way,
    domain: String,
    sid: String,
    rid: u64,
    /// Whether a request waits for its answer.
    asked: bool,
}

/// What carries the requests.
#[derive(Debug)]
enum Way {
    Http1(Connection),
    Http2(Streams),
}

impl Way {
    async fn connect(target: &Target, number: u32) -> Result<Self> {
        if let Some(connections) = &target.http2 {
            return Ok(Self::Http2(Streams::new(connections, number).await?));
        }
        let socket = TcpStream::connect(target.agents).await?;
        socket.set_nodelay(true)?;
        Ok(Self::Http1(Connection::new(socket, &target.host, &target.path)))
    }

    async fn send(&mut self, body: String) -> Result<()> {
        match self {
            Self::Http1(connection) => connection.send(&body).await,
            Self::Http2(streams) => streams.send(body).await,
        }
    }

    async fn receive(&mut self) -> Result<&[u8]> {
        match self {
            Self::Http1(connection) => connection.receive().await,
            Self::Http2(streams) => streams.receive().await,
        }
    }
}

impl Bosh {
    pub(crate) async fn connect(target: &Target, number: u32) -> Result<Self> {
        let way = Way::connect(target, number).await?;
        let rid = 1_000_000 + u64::from(number);
        Ok(Self { way, domain: target.domain.clone(), sid: String::new(), rid, asked: false })
    }

    pub(crate) async fn open(&mut self) -> Result<()> {
        let (rid, domain) = (self.rid, &self.domain);
        let body = format!(
            "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' rid='{rid}' \
             to='{domain}' wait='30' hold='1' ver='1.6' xmpp:version='1.0' xml:lang='en' \
             content='text/xml; charset=utf-8'/>"
        );
        self.way.send(body).await?;
        let answer = String::from_utf8_lossy(self.way.receive().await?).into_owned();
        self.sid = attribute(&answer, "sid").with_context(|| format!("no session: {answer}"))?.to_owned();
        Ok(())
    }

    pub(crate) async fn restart(&mut self) -> Result<()> {
        let domain = self.domain.clone();
        self.request(&format!(
            " to='{domain}' xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh' xml:lang='en'/>"
        ))
        .await
    }

    /// Sends stanzas; their request is then the poll.
    pub(crate) async fn send(&mut self, stanzas: &str) -> Result<()> {
        self.request(&format!(">{stanzas}</body>")).await
    }

    /// What comes next; there is a poll meanwhile.
    pub(crate) async fn receive(&mut self) -> Result<&[u8]> {
        if !self.asked {
            self.request("/>").await?;
        }
        let body = self.way.receive().await?;
        self.asked = false;
        let tag = &body[..body.len().min(200)];
        let ended = memchr::memmem::find(tag, b"terminate").is_some();
        ensure!(!ended, "the server ended the session: {}", String::from_utf8_lossy(body));
        Ok(body)
    }

    pub(crate) async fn close(&mut self) -> Result<()> {
        self.request(" type='terminate'/>").await?;
        if let Way::Http2(streams) = &mut self.way {
            // the connection stays for others: leave nothing open on it
            streams.receive().await?;
        }
        Ok(())
    }

    async fn request(&mut self, rest: &str) -> Result<()> {
        self.rid += 1;
        let (rid, sid) = (self.rid, &self.sid);
        let body = format!("<body xmlns='http://jabber.org/protocol/httpbind' rid='{rid}' sid='{sid}'{rest}");
        self.asked = true;
        self.way.send(body).await
    }
}
