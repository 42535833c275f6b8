//! The system's table of sockets (Linux, proc(5)).

use std::fs::File;
use std::io::{BufRead, BufReader, Seek};

/// What is asked of the system at a time.
const PAGE: usize = 4096;

/// Which of a row's columns tells the state of a socket.
const STATE: usize = 3;

/// The state of one that listens.
const LISTENS: &str = "0A";

/// The table, held open: a server that has run out of file descriptors must still see who waits for it. Empty where there
/// is none.
pub(super) struct Sockets(Vec<File>);

impl Sockets {
    pub(super) fn open() -> Self {
        let files = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];
        Self(files.into_iter().filter_map(|name| File::open(name).ok()).collect())
    }

    /// The sockets that listen, as they are now. They are the first of the table (Linux: networking/proc_net_tcp), and the
    /// others are not read: with thousands of connections that takes long, during which nothing else is done.
    pub(super) fn listening(&mut self) -> String {
        let mut table = String::new();
        for file in &mut self.0 {
            if file.rewind().is_ok() {
                let rows = BufReader::with_capacity(PAGE, file).lines().skip(1).map_while(Result::ok);
                for row in rows.take_while(|row| row.split_ascii_whitespace().nth(STATE) == Some(LISTENS)) {
                    table.push_str(&row);
                    table.push('\n');
                }
            }
        }
        table
    }
}

/// Connections that wait to be accepted on a port, by the rows of the sockets that listen: of such a one the receive queue
/// is the backlog (proc(5)).
pub(super) fn accept_queue(sockets: &str, port: u16) -> Option<u64> {
    let row = |line: &str| {
        let mut columns = line.split_ascii_whitespace().skip(1);
        let (local, _, _, queues) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
        let own = u16::from_str_radix(local.rsplit_once(':')?.1, 16).ok()?;
        let waiting = u64::from_str_radix(queues.split_once(':')?.1, 16).ok()?;
        (own == port).then_some(waiting)
    };
    sockets.lines().filter_map(row).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn connections_that_nobody_accepts_are_counted() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut sockets = Sockets::open();
        assert_eq!(accept_queue(&sockets.listening(), address.port()), Some(0));
        let _clients: Vec<_> = (0..7).map(|_| std::net::TcpStream::connect(address).unwrap()).collect();
        assert_eq!(accept_queue(&sockets.listening(), address.port()), Some(7));
        assert!(
            sockets.listening().lines().all(|row| row.split_ascii_whitespace().nth(STATE) == Some(LISTENS))
        );
        assert_eq!(accept_queue("nonsense\n 1: x y z", address.port()), None);
    }
}
