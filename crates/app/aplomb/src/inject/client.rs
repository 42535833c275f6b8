//! The desktop's part of an injected fault: a BOSH client whose requests can be broken off, and its probe.

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Longer than any poll is held.
const ANSWER_WITHIN: Duration = Duration::from_secs(45);

/// An answer is a few kilobytes.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

/// Whoever works says something so often.
const WORKS_EVERY: Duration = Duration::from_millis(200);

/// One session.
pub(super) struct Client {
    /// `host:port`.
    address: String,
    sid: String,
    pub(super) rid: u64,
    /// How long it may be silent, and how long a poll is held: the server's words.
    pub(super) inactivity: Duration,
    pub(super) wait: Duration,
}

/// Something for the probe: what, how many milliseconds it took, why.
pub(super) type Note = (Timestamp, &'static str, i64, &'static str);

impl Client {
    /// A session with an address, its first presence sent and answered.
    pub(super) fn sign_in(url: &str, user: &str, password: &str) -> anyhow::Result<Self> {
        let mut client = Self::open(url)?;
        let answer = client.auth(user, password)?;
        ensure!(answer.contains("<success"), "{user} may not sign in");
        client.ask("xmpp:restart='true' to='localhost' xmlns:xmpp='urn:xmpp:xbosh'", "")?;
        let bind = "<iq xmlns='jabber:client' type='set' id='bind'>\
             <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desktop</resource></bind></iq>";
        ensure!(client.ask("", bind)?.contains("<jid>"), "{user} got no address");
        client.ask("", "<presence xmlns='jabber:client'/>")?;
        // what waits is fetched, so that the next poll is held
        client.ask("", "")?;
        Ok(client)
    }

    /// A session without anybody in it.
    pub(super) fn open(url: &str) -> anyhow::Result<Self> {
        let address =
            url.strip_prefix("http://").context("the fault injector speaks plain http-bind only")?;
        let address = address.split('/').next().unwrap_or(address).to_owned();
        let none = Duration::ZERO;
        let mut client = Self { address, sid: String::new(), rid: 1_000, inactivity: none, wait: none };
        let attributes = "to='localhost' wait='30' hold='1' ver='1.6' xml:lang='en' xmpp:version='1.0' \
             xmlns:xmpp='urn:xmpp:xbosh'";
        let answer = client.ask(attributes, "")?;
        let told = |name: &str| answer.split_once(&format!(" {name}=\""))?.1.split('"').next();
        let secs = |name: &str| told(name).and_then(|secs| secs.parse().ok()).map(Duration::from_secs);
        client.sid = told("sid").context("the server made no session")?.to_owned();
        client.inactivity =
            secs("inactivity").context("the server does not say how long one may be silent")?;
        client.wait = secs("wait").unwrap_or_default();
        Ok(client)
    }

    /// SASL PLAIN.
    pub(super) fn auth(&mut self, user: &str, password: &str) -> anyhow::Result<String> {
        let plain = STANDARD.encode(format!("\0{user}\0{password}"));
        self.ask(
            "",
            &format!("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>"),
        )
    }

    /// A request and its whole answer.
    pub(super) fn ask(&mut self, attributes: &str, inside: &str) -> anyhow::Result<String> {
        let stream = self.begin(attributes, inside)?;
        let mut answer = String::new();
        stream.take(ANSWER_BYTES_MAX).read_to_string(&mut answer).context("no answer")?;
        Ok(answer)
    }

    /// A request, whose answer nobody has read yet.
    pub(super) fn begin(&mut self, attributes: &str, inside: &str) -> anyhow::Result<TcpStream> {
        let sid = if self.sid.is_empty() { String::new() } else { format!("sid='{}' ", self.sid) };
        let body = format!(
            "<body xmlns='http://jabber.org/protocol/httpbind' {sid}rid='{}' {attributes}>{inside}</body>",
            self.rid
        );
        self.rid += 1;
        let mut stream = TcpStream::connect(&self.address).context("the server does not listen")?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        write!(
            stream,
            "POST /http-bind/ HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nUser-Agent: aplomb-inject\r\n\
             Content-Type: text/xml\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )?;
        Ok(stream)
    }

    /// In order: the presence first, then the session.
    pub(super) fn leave(&mut self) -> anyhow::Result<()> {
        self.ask("type='terminate'", "<presence xmlns='jabber:client' type='unavailable'/>").map(drop)
    }

    /// Something is asked and answered now and then.
    pub(super) fn work(&mut self, long: Duration) -> anyhow::Result<()> {
        let until = Instant::now() + long;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            let ping = "<iq xmlns='jabber:client' type='get' id='work'><ping xmlns='urn:xmpp:ping'/></iq>";
            let answer = self.ask("", ping)?;
            ensure!(!answer.contains("type=\"terminate\""), "the session was over before anything happened");
            sleep(WORKS_EVERY.min(left));
        }
        Ok(())
    }

    /// What the desktop would tell of itself (`docs/manual/probe.md`).
    pub(super) fn probe(
        &mut self,
        desk: &str,
        number: u32,
        notes: &[Note],
        rtt_ms: u64,
    ) -> anyhow::Result<()> {
        let notes: String = notes
            .iter()
            .map(|(at, what, ms, why)| {
                let why = if why.is_empty() { String::new() } else { format!(" why='{why}'") };
                format!("<note at='{at}' what='{what}' ms='{ms}'{why}/>")
            })
            .collect();
        let answer = self.ask(
            "",
            &format!(
                "<iq xmlns='jabber:client' type='set' to='localhost' id='probe-{number}'>\
                 <probe xmlns='urn:aplomb:probe:0' desk='{desk}' number='{number}' at='{}' drift='0' \
                 rtt='{rtt_ms}' transport='bosh'>{notes}</probe></iq>",
                Timestamp::now()
            ),
        )?;
        ensure!(answer.contains("HTTP/1.1 200"), "the server took no probe");
        Ok(())
    }
}

/// A while ago. Two milliseconds ago is "from now on" for a journal whose times are whole milliseconds.
pub(super) fn ago(ms: i64) -> Timestamp {
    Timestamp::now().checked_sub(SignedDuration::from_millis(ms)).unwrap_or_default()
}

/// Tells the simulator to do something; what it cannot do is left undone.
pub(super) fn order(control: &str, line: &str) -> anyhow::Result<()> {
    exchange(control, "POST", "/", line).map(drop)
}

/// A page of the server.
pub(super) fn get(address: &str, path: &str) -> anyhow::Result<String> {
    let address = address.strip_prefix("http://").unwrap_or(address);
    exchange(address.split('/').next().unwrap_or(address), "GET", path, "")
}

fn exchange(address: &str, method: &str, path: &str, body: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).with_context(|| format!("nobody listens at {address}"))?;
    stream.set_read_timeout(Some(ANSWER_WITHIN))?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.take(ANSWER_BYTES_MAX).read_to_string(&mut answer)?;
    Ok(answer)
}
