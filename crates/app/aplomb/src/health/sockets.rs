//! The system's table of sockets (Linux, proc(5)).

use std::fs::File;
use std::io::{Read, Seek};

/// The table, held open: a server that has run out of file descriptors must still see who waits for it. Empty where there
/// is none.
pub(super) struct Sockets(Vec<File>);

impl Sockets {
    pub(super) fn open() -> Self {
        let files = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];
        Self(files.into_iter().filter_map(|name| File::open(name).ok()).collect())
    }

    /// As it is now.
    pub(super) fn read(&mut self) -> String {
        let mut table = String::new();
        for file in &mut self.0 {
            if file.rewind().is_ok() {
                // half a table is better than none
                let _ = file.read_to_string(&mut table);
            }
        }
        table
    }
}

/// Connections that wait to be accepted on the listening socket of a port (proc(5): of one that listens, the receive
/// queue is the backlog).
pub(super) fn accept_queue(sockets: &str, port: u16) -> Option<u64> {
    const LISTENS: &str = "0A";
    let row = |line: &str| {
        let mut columns = line.split_ascii_whitespace().skip(1);
        let (local, _, state, queues) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
        let own = u16::from_str_radix(local.rsplit_once(':')?.1, 16).ok()?;
        let waiting = u64::from_str_radix(queues.split_once(':')?.1, 16).ok()?;
        (own == port && state == LISTENS).then_some(waiting)
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
        assert_eq!(accept_queue(&sockets.read(), address.port()), Some(0));
        let _clients: Vec<_> = (0..7).map(|_| std::net::TcpStream::connect(address).unwrap()).collect();
        assert_eq!(accept_queue(&sockets.read(), address.port()), Some(7));
        assert_eq!(accept_queue("nonsense\n 1: x y z", address.port()), None);
    }
}
