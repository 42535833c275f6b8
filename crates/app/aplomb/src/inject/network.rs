//! Faults of the way between client and server, over real sockets.

use super::Fault;
use super::client::{Client, ago};
use super::scene::{AWAY_LONGER, LOOK, Scene, ms_since};
use super::way::Way;
use anyhow::ensure;
use jiff::Timestamp;
use std::io::Read;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What is sent is late by so much where it only overtakes itself.
const OVERTAKES: Duration = Duration::from_millis(300);

/// Longer than a session may be silent.
const TOO_LATE: Duration = Duration::from_secs(2);

/// The server notes a cut poll once in three seconds; a proxy is never quicker than that.
const LIMIT_MIN: Duration = Duration::from_millis(3_200);

/// A client repeats a request three times, as the original's does.
const TRIES: u32 = 4;

impl Scene {
    /// Packets vanish: the poll is never answered, nobody says so, and the server hears nothing.
    pub(super) fn black_hole(&self) -> anyhow::Result<()> {
        let way = Way::to(self.url()?, false)?;
        let since = ago(2);
        let mut client = self.sign_in_by(&way.url())?;
        way.swallow();
        let (lost, cut) = (Timestamp::now(), Instant::now());
        let poll = client.begin("", "")?;
        self.say("packets vanish");
        self.ended(since)?;
        sleep(AWAY_LONGER);
        poll.set_nonblocking(true)?;
        ensure!((&poll).read(&mut [0]).is_err(), "the poll was answered through a black hole");
        self.back(&[(lost, "lost", 0, "unreachable"), (ago(100), "up", ms_since(cut), "bosh")])
    }

    /// The way is closed: the poll is cut, and every try after it is reset or refused.
    pub(super) fn refused(&self, fault: Fault) -> anyhow::Result<()> {
        let way = Way::to(self.url()?, false)?;
        let since = ago(2);
        let mut client = self.sign_in_by(&way.url())?;
        let mut poll = client.begin("", "")?;
        sleep(3 * LOOK);
        if fault == Fault::Reset {
            way.reset()
        } else {
            way.close()
        }
        let (lost, cut) = (Timestamp::now(), Instant::now());
        self.say("the way is closed");
        ensure!(poll.read(&mut [0]).map_or(0, |length| length) == 0, "the poll was answered");
        client.rid -= 1;
        ensure!(client.ask("", "").map_or(true, |answer| answer.is_empty()), "the way is open");
        self.ended(since)?;
        self.back(&[(lost, "lost", 0, "unreachable"), (ago(100), "up", ms_since(cut), "bosh")])
    }

    /// A request overtakes the one before it, which harms nothing; then all are later than a session may be silent.
    pub(super) fn delayed(&self) -> anyhow::Result<()> {
        let way = Way::to(self.url()?, false)?;
        let since = ago(2);
        let mut client = self.sign_in_by(&way.url())?;
        way.delay(OVERTAKES);
        let mut overtaken = client.begin("", "")?;
        let presence = "<presence xmlns='jabber:client'><show>away</show></presence>";
        let answer = client.ask("", presence)?;
        ensure!(is_well(&answer), "a request that overtook another one: {answer}");
        let mut answer = String::new();
        overtaken.read_to_string(&mut answer)?;
        ensure!(is_well(&answer), "a request that was overtaken: {answer}");
        self.say("a request overtook another one, and both were answered");
        let by = client.inactivity + TOO_LATE;
        // the first connection is late twice
        way.delay(by / 2);
        let (lost, slow) = (Timestamp::now(), Instant::now());
        let mut late = client.begin("", "")?;
        self.say(&format!("everything is late by {} s", by.as_secs()));
        self.ended(since)?;
        // it arrives after the end
        late.read_to_string(&mut answer)?;
        let rtt_ms = u64::try_from(ms_since(slow)).unwrap_or_default();
        self.back_by(&[(lost, "try", 0, "bosh"), (ago(100), "up", ms_since(slow), "bosh")], rtt_ms)
    }

    /// Each poll is cut at the same age; the client repeats it, and gives up in the end.
    pub(super) fn proxy_limit(&self) -> anyhow::Result<()> {
        let way = Way::to(self.url()?, false)?;
        let since = ago(2);
        let mut client = self.sign_in_by(&way.url())?;
        let limit = client.wait * 2 / 5;
        ensure!(limit >= LIMIT_MIN, "the demo holds polls for {} s: this takes 8 s", client.wait.as_secs());
        way.limit(limit);
        self.say(&format!("a proxy cuts what is older than {:.1} s", limit.as_secs_f32()));
        for number in 1..=TRIES {
            let answer = cut(&mut client)?;
            ensure!(answer.is_empty(), "try {number} was answered: {answer}");
            client.rid -= 1;
        }
        self.ended(since)?;
        self.back(&[(ago(100), "up", 0, "bosh")])
    }
}

/// Whether the session goes on.
fn is_well(answer: &str) -> bool {
    answer.contains("HTTP/1.1 200") && !answer.contains("terminate")
}

/// A poll, and what came of it before it was cut.
fn cut(client: &mut Client) -> anyhow::Result<String> {
    let mut poll = client.begin("", "")?;
    let mut answer = String::new();
    // a reset is an end as well
    let _ = poll.read_to_string(&mut answer);
    Ok(answer)
}
