//! How many connections there may be, in all and from one address.

use crate::given_up::{Metrics, Reason};
use crate::limits::Bounds;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places of one listener.
pub(crate) struct Places {
    all: Arc<Semaphore>,
    taken: Arc<Taken>,
}

/// What all connections of a listener share.
struct Taken {
    bounds: Bounds,
    metrics: Metrics,
    /// Connections from each address that has any; not counted without a limit.
    by_address: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection's place; it is free again when this is dropped.
pub(crate) struct Place {
    _permit: OwnedSemaphorePermit,
    address: IpAddr,
    taken: Arc<Taken>,
}

impl Places {
    pub(crate) fn new(bounds: Bounds, metrics: Metrics) -> Self {
        let taken = Taken { bounds, metrics, by_address: Mutex::default() };
        let places = bounds.connections_max.min(Semaphore::MAX_PERMITS);
        Self { all: Arc::new(Semaphore::new(places)), taken: Arc::new(taken) }
    }

    /// Waits until there is room for one more connection.
    pub(crate) async fn room(&self) -> Option<OwnedSemaphorePermit> {
        self.all.clone().acquire_owned().await.ok()
    }

    /// The place of a connection from this address; an error holds how many it has already. The first refusal
    /// after a connection was let in says so, for a log that is not flooded.
    pub(crate) fn take(&self, permit: OwnedSemaphorePermit, address: IpAddr) -> Result<Place, usize> {
        let address = origin(address);
        let taken = self.taken.clone();
        let max = taken.bounds.per_address_max;
        if max > 0 {
            let mut counts = taken.by_address.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry(address).or_default();
            if *count >= max {
                return Err(*count);
            }
            *count += 1;
        }
        Ok(Place { _permit: permit, address, taken })
    }
}

impl Place {
    pub(crate) fn bounds(&self) -> &Bounds {
        &self.taken.bounds
    }

    /// Counts a connection that is given up and told of by others.
    pub(crate) fn count(&self, reason: Reason) {
        self.taken.metrics.count(reason);
    }

    /// Whom to tell that the connection is given up, when the place is out of reach.
    pub(crate) fn ending(&self) -> Ending {
        Ending { address: self.address, taken: self.taken.clone() }
    }
}

/// Names why a connection was closed by us.
pub(crate) struct Ending {
    address: IpAddr,
    taken: Arc<Taken>,
}

impl Ending {
    /// Told as often as it happens, as a failed handshake is.
    pub(crate) fn given_up(&self, reason: Reason) {
        self.taken.metrics.count(reason);
        tracing::info!(peer = %self.address, reason = reason.name(), "a connection was given up");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.taken.bounds.per_address_max == 0 {
            return;
        }
        let mut counts = self.taken.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = counts.entry(self.address) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// What counts as one address: a host that has one IPv6 address has 2^64 of them.
fn origin(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(per_address_max: usize) -> Places {
        Places::new(Bounds { connections_max: 10, per_address_max, ..Bounds::default() }, Metrics::default())
    }

    async fn take(places: &Places, address: &str) -> Result<Place, usize> {
        let permit = places.room().await.unwrap();
        places.take(permit, address.parse().unwrap())
    }

    #[tokio::test]
    async fn one_address_cannot_take_the_places_of_others() {
        let places = places(2);
        let first = take(&places, "192.0.2.1").await;
        let _second = take(&places, "192.0.2.1").await.ok().unwrap();
        assert_eq!(take(&places, "192.0.2.1").await.err(), Some(2));
        assert_eq!(
            take(&places, "::ffff:192.0.2.1").await.err(),
            Some(2),
            "the same address in IPv6 clothes"
        );
        assert!(take(&places, "192.0.2.2").await.is_ok());
        drop(first);
        assert!(take(&places, "192.0.2.1").await.is_ok(), "a place that became free");
    }

    #[tokio::test]
    async fn the_addresses_of_one_network_prefix_count_as_one() {
        let places = places(1);
        let _first = take(&places, "2001:db8::1").await.ok().unwrap();
        assert_eq!(take(&places, "2001:db8::2").await.err(), Some(1));
        assert!(take(&places, "2001:db8:0:1::1").await.is_ok());
    }

    #[tokio::test]
    async fn nothing_is_remembered_of_addresses_that_left() {
        let places = places(2);
        drop(take(&places, "192.0.2.1").await);
        assert!(places.taken.by_address.lock().unwrap().is_empty());
    }
}
