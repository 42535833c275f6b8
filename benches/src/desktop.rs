//! An agent's desktop: signs in over BOSH as a browser's page does, then holds one poll after the other.

use crate::http::{Connection, Response, Target};
use crate::limits::{PATIENCE, POLL_PATIENCE};
use crate::server::PASSWORD;
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::time::Duration;
use tokio::time::timeout;

/// The rid of a session's first request; any number below 2^53 would do.
const FIRST_RID: u64 = 2_779_414_700;

/// The longest a poll is to be held, in seconds: what the original's desktop asks for.
pub const WAIT_SECS: u64 = 30;

/// A signed-in session on one kept-alive connection.
pub struct Desktop {
    connection: Connection,
    sid: String,
    rid: u64,
}

impl Desktop {
    /// Creation, SASL PLAIN, restart, bind, presence.
    pub async fn sign_in(target: &Target, user: u32) -> Result<Self> {
        let connection = timeout(PATIENCE, Connection::open(target)).await.context("no connection")??;
        let mut desktop = Self { connection, sid: String::new(), rid: FIRST_RID };
        let creation = format!(
            r#"xmlns:xmpp="urn:xmpp:xbosh" to="localhost" hold="1" ver="1.6" wait="{WAIT_SECS}" xml:lang="en" xmpp:version="1.0""#
        );
        let created = desktop.step(&creation, "").await?;
        desktop.sid =
            attribute(&created, "sid").with_context(|| format!("no session: {created}"))?.to_owned();
        let plain = BASE64_STANDARD.encode(format!("\0{user}\0{PASSWORD}"));
        let auth =
            format!(r#"<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">{plain}</auth>"#);
        desktop.expect("", &auth, "<success").await?;
        let restart = r#"xmlns:xmpp="urn:xmpp:xbosh" to="localhost" xmpp:restart="true""#;
        desktop.expect(restart, "", "urn:ietf:params:xml:ns:xmpp-bind").await?;
        let bind = r#"<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>desktop</resource></bind></iq>"#;
        desktop.expect("", bind, "<jid>").await?;
        desktop.expect("", r#"<presence xmlns="jabber:client"/>"#, "<presence").await?;
        Ok(desktop)
    }

    /// Asks for numbers of events from now on, and for what was missed since `known` (`docs/manual/numbers.md`): everything
    /// up to the answer.
    pub async fn numbers(&mut self, known: &str) -> Result<String> {
        let request = format!(
            r#"<iq xmlns="jabber:client" type="set" id="numbers" to="pubsub.localhost"><numbers xmlns="urn:aplomb:pubsub:numbers:0">{known}</numbers></iq>"#
        );
        let mut seen = self.step("", &request).await?;
        while !seen.contains("</numbers></iq>") {
            seen.push_str(&self.step("", "").await?);
        }
        Ok(seen)
    }

    /// Holds a poll until it is answered.
    pub async fn poll(&mut self) -> Result<Response> {
        self.request("", "", POLL_PATIENCE).await
    }

    async fn expect(&mut self, attributes: &str, stanza: &str, word: &str) -> Result<()> {
        let answer = self.step(attributes, stanza).await?;
        ensure!(answer.contains(word), "{word} was expected, not {answer}");
        Ok(())
    }

    async fn step(&mut self, attributes: &str, stanza: &str) -> Result<String> {
        Ok(self.request(attributes, stanza, PATIENCE).await?.body)
    }

    async fn request(&mut self, attributes: &str, stanza: &str, patience: Duration) -> Result<Response> {
        let body = body(&self.sid, self.rid, attributes, stanza);
        self.rid += 1;
        let response =
            timeout(patience, self.connection.post(&body)).await.context("no answer in time")??;
        ensure!(!response.body.contains(r#"type="terminate""#), "the session ended: {}", response.body);
        Ok(response)
    }
}

fn body(sid: &str, rid: u64, attributes: &str, stanza: &str) -> String {
    let sid = if sid.is_empty() { String::new() } else { format!(r#" sid="{sid}""#) };
    let start = format!(r#"<body xmlns="http://jabber.org/protocol/httpbind"{sid} rid="{rid}" {attributes}"#);
    if stanza.is_empty() { format!("{start}/>") } else { format!("{start}>{stanza}</body>") }
}

/// An attribute of the root, as our server writes it.
fn attribute<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    xml.split_once(&format!(" {name}=\""))?.1.split('"').next()
}
