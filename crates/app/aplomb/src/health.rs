//! What ails the server itself and will be felt by agents: its certificate's end, its disk, connections that wait to be
//! accepted, clients that refuse its certificate.

use crate::journal::{Journal, What};
use crate::warnings::{Kind, Warnings};
use jiff::Timestamp;
use listen::{Distrust, Identity};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::mpsc;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(10);

/// Looks between two warnings of a thing that lasts.
const LOOKS_APART: u32 = 30;

/// A certificate that ends sooner is told: who renews it needs some weeks.
const ENDS_WITHIN_DAYS: i64 = 30;

/// A disk with less room is told: a journal of the default size would fill it.
const ROOM_MIB: u64 = 128;

/// A listener with more connections that wait is told: one that keeps up has none, or a few for a moment.
const WAITING: u64 = 64;

/// Refusals that wait to be written; more at once are one event.
pub(crate) const DISTRUSTS: usize = 64;

/// What is looked at.
pub(crate) struct Health {
    pub(crate) journal: Journal,
    pub(crate) warnings: Warnings,
    pub(crate) data_dir: PathBuf,
    /// The end of the operator's own certificate, or of the one for development.
    pub(crate) certificate_ends: Option<Timestamp>,
    /// The listeners, by their settings.
    pub(crate) listeners: Vec<(&'static str, SocketAddr)>,
    pub(crate) gauges: Gauges,
    pub(crate) distrusts: mpsc::Receiver<Distrust>,
}

/// What operators may watch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gauges {
    certificate_days: Gauge,
    disk_mib: Gauge,
    accept_queue: Gauge,
}

impl Gauges {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let gauges = Self::default();
        let help = "Days until the server's certificate ends";
        registry.register("aplomb_certificate_days_left", help, gauges.certificate_days.clone());
        let help = "Room on the disk of the data directory, in mebibytes";
        registry.register("aplomb_disk_mebibytes_left", help, gauges.disk_mib.clone());
        let help = "Connections that wait to be accepted, on the listener with the most";
        registry.register("aplomb_accept_queue", help, gauges.accept_queue.clone());
        gauges
    }
}

/// Writes down which certificate is in use, unless it is made anew at each start.
pub(crate) fn note_certificate(journal: &Journal, identity: &Identity, is_own: bool) {
    if let (true, Some(ends)) = (is_own, ends(identity)) {
        journal.note_now(What::Certificate { fingerprint: identity.fingerprint.clone(), ends });
    }
}

/// The end of the certificate.
pub(crate) fn ends(identity: &Identity) -> Option<Timestamp> {
    Timestamp::try_from(identity.ends?).ok()
}

impl Health {
    /// Watches until the server ends.
    pub(crate) async fn watch(mut self) {
        let mut looks = tokio::time::interval(EVERY);
        let mut number = 0_u32;
        loop {
            tokio::select! {
                _ = looks.tick() => {
                    let is_due = number.is_multiple_of(LOOKS_APART);
                    number = number.wrapping_add(1);
                    let now = Timestamp::now();
                    self.look_at_certificate(now, is_due);
                    self.look_at_disk(now, is_due);
                    self.look_at_listeners(now, &sockets());
                }
                Some(Distrust { listener, address, alert }) = self.distrusts.recv() => {
                    let (listener, address) = (listener.to_owned(), address.ip().to_string());
                    self.journal.note_distrust(listener, address, alert);
                }
            }
        }
    }

    fn look_at_certificate(&self, now: Timestamp, is_due: bool) {
        let Some(ends) = self.certificate_ends else { return };
        let days = ends.duration_since(now).as_hours().div_euclid(24);
        self.gauges.certificate_days.set(days);
        if is_due && days < ENDS_WITHIN_DAYS {
            self.warnings.of_many(now, Kind::Certificate, "", days);
        }
    }

    fn look_at_disk(&self, now: Timestamp, is_due: bool) {
        let Ok(disk) = rustix::fs::statvfs(&self.data_dir) else { return };
        let mib = disk.f_bavail.saturating_mul(disk.f_frsize) >> 20;
        self.gauges.disk_mib.set(i64::try_from(mib).unwrap_or(i64::MAX));
        if is_due && mib < ROOM_MIB {
            self.warnings.of_many(now, Kind::Disk, "", mib as i64);
            self.journal.note(now, What::DiskLow { mib });
        }
    }

    fn look_at_listeners(&self, now: Timestamp, sockets: &str) {
        let mut most = 0;
        for (listener, address) in &self.listeners {
            let waiting = accept_queue(sockets, address.port()).unwrap_or(0);
            most = most.max(waiting);
            if waiting >= WAITING {
                self.warnings.of_many(now, Kind::AcceptQueue, listener, waiting as i64);
                let listener = (*listener).to_owned();
                self.journal.note(now, What::AcceptQueue { listener, connections: waiting });
            }
        }
        self.gauges.accept_queue.set(most as i64);
    }
}

/// The system's table of sockets; empty where there is none (not Linux).
fn sockets() -> String {
    let table = |name| std::fs::read_to_string(name).unwrap_or_default();
    table("/proc/self/net/tcp") + &table("/proc/self/net/tcp6")
}

/// Connections that wait to be accepted on the listening socket of a port (proc(5): of one that listens, the receive
/// queue is the backlog).
fn accept_queue(sockets: &str, port: u16) -> Option<u64> {
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
        assert_eq!(accept_queue(&sockets(), address.port()), Some(0));
        let _clients: Vec<_> = (0..7).map(|_| std::net::TcpStream::connect(address).unwrap()).collect();
        assert_eq!(accept_queue(&sockets(), address.port()), Some(7));
        assert_eq!(accept_queue("nonsense\n 1: x y z", address.port()), None);
    }
}
