//! A recording played again: the server's side of it, for whoever connects.

use crate::record::Way;
use ged188::{Deframer, Frame, limits};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep_until};

const FAILURE_CONF: u32 = 1;
const OPEN_REQ: u32 = 3;
const HEARTBEAT_REQ: u32 = 5;
const CLOSE_REQ: u32 = 7;
const CONTROL_FAILURE_CONF: u32 = 35;
/// E_CTI_UNSPECIFIED_FAILURE.
const UNSPECIFIED_FAILURE: u32 = 17;

/// One piece of a recording.
#[derive(Clone, Debug)]
pub struct Piece {
    /// When, from any moment on.
    pub at: Duration,
    /// Which way it went.
    pub way: Way,
    /// What went.
    pub bytes: Vec<u8>,
}

/// The server's side of one recorded session.
#[derive(Debug, Default)]
pub struct Session {
    /// Answers to a request of this type and with this body (without its InvokeID), in their order.
    answers: BTreeMap<(u32, Vec<u8>), VecDeque<Frame>>,
    /// What the server said by itself, and how long after it answered OPEN_REQ.
    events: VecDeque<(Duration, Frame)>,
}

/// The sessions of one side's recording; each begins with an OPEN_REQ. What stands before the first is of no use.
pub fn sessions(pieces: impl IntoIterator<Item = Piece>) -> Vec<Session> {
    let deframer = || Deframer::new(limits::MESSAGE_BYTES_MAX);
    let (mut sent, mut received) = (deframer(), deframer());
    let mut sessions: Vec<Session> = Vec::new();
    let mut asked: BTreeMap<u32, (u32, Vec<u8>)> = BTreeMap::new();
    let mut opened = Duration::ZERO;
    for Piece { at, way, bytes } in pieces {
        let stream = if way == Way::Out { &mut sent } else { &mut received };
        stream.push(&bytes);
        loop {
            // a new session begins with new bytes
            let stream = if way == Way::Out { &mut sent } else { &mut received };
            let Ok(Some(frame)) = stream.next_frame() else { break };
            if way == Way::Out && frame.kind == OPEN_REQ {
                sessions.push(Session::default());
                asked.clear();
                received = deframer();
            }
            let Some(session) = sessions.last_mut() else { continue };
            let (invoke_id, rest) = split(&frame);
            match way {
                Way::Out => {
                    asked.insert(invoke_id, (frame.kind, rest));
                }
                Way::In if asked.get(&invoke_id).is_some_and(|(kind, _)| answers(*kind, frame.kind)) => {
                    if let Some(question) = asked.remove(&invoke_id) {
                        if question.0 == OPEN_REQ {
                            opened = at;
                        }
                        session.answers.entry(question).or_default().push_back(frame);
                    }
                }
                Way::In => session.events.push_back((at.saturating_sub(opened), frame)),
            }
        }
    }
    sessions
}

/// InvokeID, and the body without it.
fn split(frame: &Frame) -> (u32, Vec<u8>) {
    match frame.body.split_first_chunk::<4>() {
        Some((invoke_id, rest)) => (u32::from_be_bytes(*invoke_id), rest.to_vec()),
        None => (0, Vec::new()),
    }
}

const fn answers(request: u32, answer: u32) -> bool {
    answer == request + 1 || matches!(answer, FAILURE_CONF | CONTROL_FAILURE_CONF)
}

fn bytes(kind: u32, invoke_id: u32, rest: &[u8]) -> Vec<u8> {
    let length = u32::try_from(rest.len() + 4).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), &kind.to_be_bytes(), &invoke_id.to_be_bytes(), rest].concat()
}

fn whole(frame: &Frame) -> Vec<u8> {
    let length = u32::try_from(frame.body.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], &frame.kind.to_be_bytes(), &frame.body].concat()
}

impl Session {
    /// What the server answered to this: the recorded answer to the same question, else, of the session itself, its
    /// plain answer, else that it cannot be done.
    fn answer(&mut self, request: &Frame) -> Vec<u8> {
        let (invoke_id, rest) = split(request);
        let same = self.answers.get_mut(&(request.kind, rest)).and_then(VecDeque::pop_front);
        // a session is opened whatever the client calls itself now
        let mut open = || {
            let mut opens = self.answers.iter_mut().filter(|((kind, _), _)| *kind == OPEN_REQ);
            opens.find_map(|(_, answers)| answers.pop_front())
        };
        match same.or_else(|| if request.kind == OPEN_REQ { open() } else { None }) {
            Some(answer) => bytes(answer.kind, invoke_id, &split(&answer).1),
            None if matches!(request.kind, HEARTBEAT_REQ | CLOSE_REQ) => {
                bytes(request.kind + 1, invoke_id, &[])
            }
            None => bytes(FAILURE_CONF, invoke_id, &UNSPECIFIED_FAILURE.to_be_bytes()),
        }
    }
}

/// Plays each session to one connection after the other, `speed` times as fast as it was recorded, and ends with the
/// last.
///
/// # Errors
/// The listener fails. Connections that break are the client's business.
pub async fn serve(
    listener: TcpListener,
    sessions: impl IntoIterator<Item = Session>,
    speed: f64,
) -> io::Result<()> {
    for (number, session) in (1..).zip(sessions) {
        let (stream, client) = listener.accept().await?;
        tracing::info!(%client, session = number, events = session.events.len(), "a recorded session is played");
        let _ = play(stream, session, speed).await;
    }
    Ok(())
}

async fn play(mut stream: TcpStream, mut session: Session, speed: f64) -> io::Result<()> {
    // slower than a thousandth nobody waits for
    let speed = speed.max(0.001);
    let mut started = Instant::now();
    let mut deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
    let mut opened = false;
    let mut received = [0; 4_096];
    loop {
        let next = session.events.front().map(|(at, _)| started + at.div_f64(speed));
        tokio::select! {
            // what came first is answered first
            biased;
            read = stream.read(&mut received) => match read? {
                0 => return Ok(()),
                read => deframer.push(&received[..read]),
            },
            () = sleep_until(next.unwrap_or(started)), if opened && next.is_some() => {}
        }
        let mut unsent = Vec::new();
        while let Some(request) = deframer.next_frame().map_err(io::Error::other)? {
            if request.kind == OPEN_REQ {
                (opened, started) = (true, Instant::now());
            }
            unsent.extend_from_slice(&session.answer(&request));
        }
        // what came in one piece goes in one piece
        let is_due = |(at, _): &(Duration, Frame)| started + at.div_f64(speed) <= Instant::now();
        while opened && session.events.front().is_some_and(is_due) {
            unsent.extend(session.events.pop_front().iter().flat_map(|(_, event)| whole(event)));
        }
        stream.write_all(&unsent).await?;
    }
}
