//! What ails the server itself and will be felt by agents: its certificate's end, its disk, its store, connections that
//! wait to be accepted or cannot be, clients that refuse its certificate.

mod sockets;

use crate::journal::{Journal, What};
use crate::warnings::{Kind, Warnings};
use ::store::Health as StoreHealth;
use jiff::Timestamp;
use listen::{Identity, Trouble};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use sockets::Sockets;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(10);

/// Looks between two warnings of a thing that lasts.
const LOOKS_APART: u32 = 30;

/// A certificate that ends sooner is told: who renews it needs some weeks.
const ENDS_WITHIN_DAYS: i64 = 30;

/// A listener with more connections that wait is told: one that keeps up has none, or a few for a moment.
const WAITING: u64 = 64;

/// Troubles of listeners that wait to be written; more at once are one event.
pub(crate) const TROUBLES: usize = 64;

/// What is looked at.
pub(crate) struct Health {
    pub(crate) journal: Journal,
    pub(crate) warnings: Warnings,
    pub(crate) data_dir: PathBuf,
    /// A disk with less room, in mebibytes, is told.
    pub(crate) room_mib: u64,
    /// How what must survive a restart is kept; without a store nothing is.
    pub(crate) store: Option<watch::Receiver<StoreHealth>>,
    /// The end of the operator's own certificate, or of the one for development.
    pub(crate) certificate_ends: Option<Timestamp>,
    /// The listeners, by their settings.
    pub(crate) listeners: Vec<(&'static str, SocketAddr)>,
    pub(crate) gauges: Gauges,
    pub(crate) troubles: mpsc::Receiver<Trouble>,
    /// Listeners that got no connection since the last look: how often, besides the time that was told, and why.
    pub(crate) not_accepted: BTreeMap<&'static str, (u64, String)>,
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
        let mut sockets = Sockets::open();
        loop {
            tokio::select! {
                _ = looks.tick() => {
                    let is_due = number.is_multiple_of(LOOKS_APART);
                    number = number.wrapping_add(1);
                    let now = Timestamp::now();
                    self.look_at_certificate(now, is_due);
                    self.look_at_disk(now, is_due);
                    self.look_at_store(now, is_due);
                    self.look_at_listeners(now, &sockets.listening());
                    self.tell_not_accepted(now);
                }
                Some(trouble) = self.troubles.recv() => self.take_trouble(trouble),
                Some(health) = next(&mut self.store) => self.take_store(health),
            }
        }
    }

    fn take_trouble(&mut self, trouble: Trouble) {
        match trouble {
            Trouble::Distrust { listener, address, alert } => {
                self.journal.note_distrust(listener.to_owned(), address.ip().to_string(), alert);
            }
            Trouble::NotAccepted { listener, error } => {
                let now = Timestamp::now();
                self.warnings.of_many(now, Kind::AcceptFailed, listener, 1);
                match self.not_accepted.get_mut(listener) {
                    Some((times, _)) => *times = times.saturating_add(1),
                    None => {
                        self.note_not_accepted(now, listener, &error, 1);
                        self.not_accepted.insert(listener, (0, error));
                    }
                }
            }
        }
    }

    /// A record a look for each listener, while it lasts.
    fn tell_not_accepted(&mut self, now: Timestamp) {
        for (listener, (times, error)) in std::mem::take(&mut self.not_accepted) {
            if times > 0 {
                self.note_not_accepted(now, listener, &error, times);
                self.not_accepted.insert(listener, (0, error));
            }
        }
    }

    fn note_not_accepted(&self, at: Timestamp, listener: &str, error: &str, times: u64) {
        let (listener, error) = (listener.to_owned(), error.to_owned());
        self.journal.note(at, What::NotAccepted { listener, error, times });
    }

    fn take_store(&self, health: StoreHealth) {
        let now = Timestamp::now();
        let state = match health {
            StoreHealth::Well => "well",
            StoreHealth::Failing => "failing",
            StoreHealth::GivenUp => "given-up",
        };
        self.journal.note(now, What::StoreState { state: state.to_owned() });
        self.warn_of_store(now, health);
    }

    /// A warning is shown for an hour, and a store may fail for longer, or since before it was watched.
    fn look_at_store(&self, now: Timestamp, is_due: bool) {
        if let (true, Some(store)) = (is_due, &self.store) {
            self.warn_of_store(now, *store.borrow());
        }
    }

    fn warn_of_store(&self, now: Timestamp, health: StoreHealth) {
        let amount = match health {
            StoreHealth::Well => return,
            StoreHealth::Failing => 1,
            StoreHealth::GivenUp => 2,
        };
        self.warnings.of_many(now, Kind::Store, "", amount);
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
        if is_due && mib < self.room_mib {
            self.warnings.of_many(now, Kind::Disk, "", mib as i64);
            self.journal.note(now, What::DiskLow { mib });
        }
    }

    fn look_at_listeners(&self, now: Timestamp, sockets: &str) {
        let mut most = 0;
        for (listener, address) in &self.listeners {
            let waiting = sockets::accept_queue(sockets, address.port()).unwrap_or(0);
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

/// The next state of the store; never, where there is none.
async fn next(store: &mut Option<watch::Receiver<StoreHealth>>) -> Option<StoreHealth> {
    let Some(health) = store else { return std::future::pending().await };
    if health.changed().await.is_err() {
        *store = None;
        return None;
    }
    Some(*health.borrow_and_update())
}
