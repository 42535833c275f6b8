//! BOSH (XEP-0124, XEP-0206): wait 30, hold 1, one connection.

use crate::http::Connection;
use crate::link::attribute;
use crate::target::Target;
use anyhow::{Context, Result, ensure};
use tokio::net::TcpStream;

/// One BOSH session.
#[derive(Debug)]
pub(crate) struct Bosh {
    connection: Connection,
    domain: String,
    sid: String,
    rid: u64,
    /// Whether a request waits for its answer.
    asked: bool,
}

impl Bosh {
    pub(crate) async fn connect(target: &Target, number: u32) -> Result<Self> {
        let socket = TcpStream::connect(target.agents).await?;
        socket.set_nodelay(true)?;
        let connection = Connection::new(socket, &target.host, &target.path);
        let rid = 1_000_000 + u64::from(number);
        Ok(Self { connection, domain: target.domain.clone(), sid: String::new(), rid, asked: false })
    }

    pub(crate) async fn open(&mut self) -> Result<()> {
        let (rid, domain) = (self.rid, &self.domain);
        let body = format!(
            "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' rid='{rid}' \
             to='{domain}' wait='30' hold='1' ver='1.6' xmpp:version='1.0' xml:lang='en' \
             content='text/xml; charset=utf-8'/>"
        );
        self.connection.send(&body).await?;
        let answer = String::from_utf8_lossy(self.connection.receive().await?).into_owned();
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
        let body = self.connection.receive().await?;
        self.asked = false;
        let tag = &body[..body.len().min(200)];
        let ended = memchr::memmem::find(tag, b"terminate").is_some();
        ensure!(!ended, "the server ended the session: {}", String::from_utf8_lossy(body));
        Ok(body)
    }

    pub(crate) async fn close(&mut self) -> Result<()> {
        self.request(" type='terminate'/>").await
    }

    async fn request(&mut self, rest: &str) -> Result<()> {
        self.rid += 1;
        let (rid, sid) = (self.rid, &self.sid);
        let body = format!("<body xmlns='http://jabber.org/protocol/httpbind' rid='{rid}' sid='{sid}'{rest}");
        self.asked = true;
        self.connection.send(&body).await
    }
}
