//! The way between a client and the server: a proxy on loopback that passes everything on until it is told otherwise.
//! What happens on it happens to real sockets, and nobody has to be root for it.

use anyhow::Context;
use socket2::{Domain, SockRef, Socket, Type};
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often a side that says nothing is looked at, and how often somebody who connects is.
const LOOK: Duration = Duration::from_millis(20);

/// Bytes taken at once.
const PIECE_BYTES: usize = 16 << 10;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 64;

/// More than a browser opens; those above are closed at once.
const CONNECTIONS_MAX: usize = 256;

/// What becomes of bytes and connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// They go on.
    Pass,
    /// They vanish; connections stay.
    Swallow,
    /// Connections end with a reset.
    Reset,
    /// Nobody listens.
    Closed,
    /// Connections whose request has had no answer for so long are cut.
    Limit(Duration),
    /// Every piece is late by so much, and every other connection by as much again: what comes later overtakes.
    Delay(Duration),
}

/// One connection on each side.
struct Pair {
    near: TcpStream,
    far: Option<TcpStream>,
    /// Since when an answer is due.
    asked: Mutex<Option<Instant>>,
    /// Twice as late as others.
    is_slow: bool,
}

struct Shared {
    mode: Mutex<Mode>,
    pairs: Mutex<Vec<Arc<Pair>>>,
    /// Connections since the mode was changed.
    count: AtomicUsize,
    far: SocketAddr,
    /// WebSockets are not let through.
    only_polls: bool,
}

/// A proxy. It ends with the program.
pub(super) struct Way {
    shared: Arc<Shared>,
    port: u16,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // whoever held it has died in the middle of nothing
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Way {
    /// A way to the server of a URL in the clear. `only_polls`: as proxies that let no WebSocket through.
    pub(super) fn to(url: &str, only_polls: bool) -> anyhow::Result<Self> {
        let address = url.strip_prefix("http://").context("the way is faulty in the clear only")?;
        let address = address.split('/').next().unwrap_or(address).replace("localhost", "127.0.0.1");
        let far = address.parse().with_context(|| format!("{address} is no address"))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot listen on loopback")?;
        let port = listener.local_addr()?.port();
        let (mode, pairs, count) = (Mutex::new(Mode::Pass), Mutex::default(), AtomicUsize::new(0));
        let shared = Arc::new(Shared { mode, pairs, count, far, only_polls });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || accept(&accepting, listener, port));
        Ok(Self { shared, port })
    }

    /// Its near end.
    pub(super) fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }

    /// Bytes go on; what was broken in between stays so: its connections are gone.
    pub(super) fn pass(&self) {
        self.turn(Mode::Pass, true);
    }

    /// Bytes vanish, and nobody is told.
    pub(super) fn swallow(&self) {
        self.turn(Mode::Swallow, false);
    }

    /// Connections are reset, those that come as well.
    pub(super) fn reset(&self) {
        self.turn(Mode::Reset, true);
    }

    /// Connections end, and those that come are refused.
    pub(super) fn close(&self) {
        self.turn(Mode::Closed, true);
    }

    /// Whoever waits for so long is cut.
    pub(super) fn limit(&self, age: Duration) {
        self.turn(Mode::Limit(age), false);
    }

    /// Everything is late; the next connection twice as much as the one after it.
    pub(super) fn delay(&self, by: Duration) {
        self.turn(Mode::Delay(by), false);
    }

    fn turn(&self, mode: Mode, ends_what_is_there: bool) {
        *lock(&self.shared.mode) = mode;
        self.shared.count.store(0, Ordering::Relaxed);
        if ends_what_is_there {
            for pair in lock(&self.shared.pairs).drain(..) {
                pair.end(mode);
            }
        }
        if mode == Mode::Closed {
            // the listener is gone with the next look
            sleep(3 * LOOK);
        }
    }
}

impl Pair {
    fn end(&self, mode: Mode) {
        for socket in [Some(&self.near), self.far.as_ref()].into_iter().flatten() {
            if mode == Mode::Reset {
                // a close is a reset then; a socket that is gone already needs none
                let _ = SockRef::from(socket).set_linger(Some(Duration::ZERO));
            }
            let how = if mode == Mode::Reset { Shutdown::Read } else { Shutdown::Both };
            let _ = socket.shutdown(how);
        }
    }
}

fn accept(shared: &Arc<Shared>, listener: TcpListener, port: u16) {
    let mut listener = Some(listener);
    // holds the port while nobody listens on it
    let mut closed: Option<Socket> = None;
    loop {
        let is_closed = *lock(&shared.mode) == Mode::Closed;
        if is_closed && listener.take().is_some() {
            closed = hold(port).ok();
        }
        if !is_closed && let Some(socket) = closed.take() {
            listener = socket.listen(BACKLOG).is_ok().then(|| socket.into());
        }
        let near = listener.as_ref().and_then(|listener| {
            listener.set_nonblocking(true).ok()?;
            Some(listener.accept().ok()?.0)
        });
        let Some(near) = near else {
            sleep(LOOK);
            continue;
        };
        let is_slow = shared.count.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        join(shared, near, is_slow);
    }
}

/// A socket that is bound and does not listen: who connects to it is refused.
fn hold(port: u16) -> std::io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())?;
    Ok(socket)
}

fn join(shared: &Arc<Shared>, near: TcpStream, is_slow: bool) {
    let mode = *lock(&shared.mode);
    let far = if mode == Mode::Swallow { None } else { TcpStream::connect(shared.far).ok() };
    let pair = Arc::new(Pair { near, far, asked: Mutex::default(), is_slow });
    let is_full = lock(&shared.pairs).len() >= CONNECTIONS_MAX;
    if matches!(mode, Mode::Reset | Mode::Closed) || is_full || (pair.far.is_none() && mode != Mode::Swallow)
    {
        return pair.end(mode);
    }
    let is_ready = [Some(&pair.near), pair.far.as_ref()]
        .into_iter()
        .flatten()
        .all(|socket| socket.set_nonblocking(false).is_ok() && socket.set_read_timeout(Some(LOOK)).is_ok());
    if !is_ready {
        return pair.end(mode);
    }
    lock(&shared.pairs).push(Arc::clone(&pair));
    // a black hole has no other side
    let directions = if pair.far.is_some() { &[true, false][..] } else { &[true] };
    for from_client in directions.iter().copied() {
        let (shared, pair) = (Arc::clone(shared), Arc::clone(&pair));
        std::thread::spawn(move || {
            let end = carry(&shared, &pair, from_client);
            pair.end(end);
            lock(&shared.pairs).retain(|other| !Arc::ptr_eq(other, &pair));
        });
    }
}

/// One direction of one connection, to its end. Says how it ends.
fn carry(shared: &Shared, pair: &Pair, from_client: bool) -> Mode {
    let ends = (Some(&pair.near), pair.far.as_ref());
    let (from, to) = if from_client { ends } else { (ends.1, ends.0) };
    let Some(mut from) = from else { return Mode::Pass };
    let mut piece = [0; PIECE_BYTES];
    let mut is_first = true;
    loop {
        let read = from.read(&mut piece);
        let mode = *lock(&shared.mode);
        match (read, mode) {
            // a black hole passes no farewell on either
            (Ok(0), Mode::Swallow) => sleep(LOOK),
            (Ok(0), mode) => return mode,
            (Ok(_), Mode::Swallow) => {}
            (Ok(length), mode) => {
                if from_client && is_first && shared.only_polls && is_websocket(&piece[..length]) {
                    return Mode::Pass;
                }
                is_first = false;
                if let Mode::Delay(by) = mode {
                    sleep(if pair.is_slow { 2 * by } else { by });
                }
                *lock(&pair.asked) = from_client.then(Instant::now);
                if to.is_none_or(|mut to| to.write_all(&piece[..length]).is_err()) {
                    return mode;
                }
            }
            (Err(error), mode) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                let waited = lock(&pair.asked).map(|asked| asked.elapsed());
                if matches!((mode, waited), (Mode::Limit(age), Some(waited)) if waited >= age) {
                    return mode;
                }
            }
            (Err(_), mode) => return mode,
        }
    }
}

/// Whether a request asks for a WebSocket here.
fn is_websocket(request: &[u8]) -> bool {
    request.starts_with(b"GET /ws")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers each line with itself.
    fn server() -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || std::io::copy(&mut &stream, &mut &stream));
            }
        });
        url
    }

    fn connect(way: &Way) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, way.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(stream)
    }

    fn echo(stream: &mut TcpStream) -> std::io::Result<[u8; 5]> {
        let mut answer = [0; 5];
        stream.write_all(b"hello")?;
        stream.read_exact(&mut answer)?;
        Ok(answer)
    }

    #[test]
    fn bytes_pass_are_reset_refused_and_pass_again() {
        let way = Way::to(&server(), false).expect("a way");
        let mut before = connect(&way).expect("a connection");
        assert_eq!(&echo(&mut before).expect("an answer"), b"hello");
        way.reset();
        assert_eq!(before.read(&mut [0; 5]).expect_err("no end in order").kind(), ErrorKind::ConnectionReset);
        way.close();
        assert_eq!(connect(&way).expect_err("nobody listens").kind(), ErrorKind::ConnectionRefused);
        way.pass();
        let until = Instant::now() + Duration::from_secs(20);
        let mut after = loop {
            match connect(&way) {
                Ok(stream) => break stream,
                Err(error) => assert!(Instant::now() < until, "{error}"),
            }
            sleep(LOOK);
        };
        assert_eq!(&echo(&mut after).expect("an answer"), b"hello");
    }

    #[test]
    fn a_black_hole_answers_nothing_and_ends_nothing() {
        let way = Way::to(&server(), false).expect("a way");
        let mut stream = connect(&way).expect("a connection");
        echo(&mut stream).expect("an answer");
        way.swallow();
        stream.set_read_timeout(Some(Duration::from_millis(300))).expect("a limit");
        let kind = echo(&mut stream).expect_err("no answer").kind();
        assert!(matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{kind}");
        way.pass();
        assert_eq!(stream.read(&mut [0; 5]).unwrap_or(0), 0, "what vanished does not come back");
    }

    #[test]
    fn whoever_waits_too_long_is_cut_and_a_websocket_is_not_let_through() {
        let quiet = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let url = format!("http://{}/", quiet.local_addr().expect("an address"));
        let way = Way::to(&url, true).expect("a way");
        way.limit(Duration::from_millis(200));
        for request in ["POST /http-bind/ HTTP/1.1\r\n", "GET /ws/ HTTP/1.1\r\n"] {
            let mut stream = connect(&way).expect("a connection");
            stream.write_all(request.as_bytes()).expect("a request");
            assert_eq!(stream.read(&mut [0; 5]).unwrap_or(0), 0, "{request}");
        }
    }
}
