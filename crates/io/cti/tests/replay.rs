//! Sessions that are recorded, and recordings that are played again. `tests/recordings` holds those of defects.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "shared with the other tests of the link")]
mod peer;

use aplomb_cti::replay::{Piece, serve, sessions};
use aplomb_cti::{Recording, Tap, Way};
use floor::{CtiInput, State};
use ged188::message::{AgentStateEvent, QueryAgentStateConf};
use ged188::{AgentState, Message};
use peer::{Floor, Peer, config, query, ready, within};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// Keeps what is recorded.
struct Tape {
    began: Instant,
    pieces: Mutex<Vec<Piece>>,
}

impl Tape {
    fn new() -> Arc<Self> {
        Arc::new(Self { began: Instant::now(), pieces: Mutex::default() })
    }

    fn take(&self) -> Vec<Piece> {
        std::mem::take(&mut self.pieces.lock().unwrap())
    }
}

impl Tap for Tape {
    fn piece(&self, side: char, way: Way, bytes: &[u8]) {
        assert_eq!(side, 'A');
        let piece = Piece { at: self.began.elapsed(), way, bytes: bytes.to_vec() };
        self.pieces.lock().unwrap().push(piece);
    }
}

/// A recording as it stands in a file: `in` or `out`, milliseconds, hex digits.
fn recording(text: &str) -> Vec<Piece> {
    let piece = |line: &str| {
        let mut words = line.split_whitespace();
        let way = if words.next() == Some("in") { Way::In } else { Way::Out };
        let at = Duration::from_millis(words.next().unwrap().parse().unwrap());
        let digits: String = words.collect();
        let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
        Piece { at, way, bytes: (0..digits.len()).step_by(2).map(byte).collect() }
    };
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(piece).collect()
}

/// A floor whose link is connected to the recording.
async fn played(pieces: Vec<Piece>) -> Floor {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(serve(listener, sessions(pieces), 1_000.0));
    Floor::start(config(&[&address]))
}

#[tokio::test]
async fn a_recorded_session_played_again_is_the_same_to_the_floor() {
    for whole in [false, true] {
        let (peer, tape) = (Peer::new().await, Tape::new());
        let mut settings = config(&[&peer.address()]);
        settings.record = Some(Recording { tap: tape.clone(), whole });
        let mut floor = Floor::start(settings);
        let mut session = peer.accept_and_open().await;
        floor.expect_up().await;
        floor.order(query(1)).await;
        let Message::QueryAgentStateReq(request) = session.request().await else { panic!() };
        let invoke_id = request.invoke_id;
        let agent_state = AgentState::TALKING;
        session.send(QueryAgentStateConf { invoke_id, agent_state, ..Default::default() }).await;
        let answer = floor.input().await;
        let agent_id = Some("1001004".to_owned());
        session.send(AgentStateEvent { agent_state: AgentState::HOLD, agent_id, ..Default::default() }).await;
        let event = floor.input().await;
        drop((session, peer));
        floor.expect_down().await;

        let mut again = played(tape.take()).await;
        again.expect_up().await;
        again.order(query(1)).await;
        // the event keeps its time, the answer comes when it is asked for
        let mut inputs = [again.input().await, again.input().await];
        inputs.sort_by_key(|input| *input != answer);
        assert_eq!(inputs, [answer, event], "whole: {whole}");
        again.order(ready(2)).await;
        let refused = again.input().await;
        assert!(matches!(refused, CtiInput::Failed { .. }), "what nobody asked then is refused: {refused:?}");
    }
}

/// The recording of a defect. The server's first event came in one piece with OPEN_CONF, and was lost: what was read
/// with the opening was dropped before there was a floor to tell.
#[tokio::test]
async fn an_event_in_one_piece_with_the_opening_is_not_lost() {
    let mut floor = played(recording(include_str!("recordings/event_with_opening.txt"))).await;
    floor.expect_up().await;
    let input = within("the event", floor.input()).await;
    let CtiInput::AgentState(report) = input else { panic!("{input:?}") };
    assert_eq!((report.agent.as_str(), report.state), ("1001003", State::Ready));
}
