//! How many connections there may be, in all and from one address.

use crate::by_address::{ByAddress, Counted};
use crate::given_up::{Metrics, Reason};
use crate::limits::Bounds;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places of one listener.
pub(crate) struct Places {
    all: Arc<Semaphore>,
    by_address: ByAddress,
    shared: Arc<Shared>,
}

/// What all connections of a listener share.
struct Shared {
    bounds: Bounds,
    metrics: Metrics,
}

/// A connection's place; it is free again when this is dropped.
pub(crate) struct Place {
    _permit: OwnedSemaphorePermit,
    counted: Counted,
    shared: Arc<Shared>,
}

impl Places {
    pub(crate) fn new(bounds: Bounds, metrics: Metrics) -> Self {
        let places = bounds.connections_max.min(Semaphore::MAX_PERMITS);
        Self {
            all: Arc::new(Semaphore::new(places)),
            by_address: ByAddress::new(bounds.per_address_max),
            shared: Arc::new(Shared { bounds, metrics }),
        }
    }

    /// Waits until there is room for one more connection.
    pub(crate) async fn room(&self) -> Option<OwnedSemaphorePermit> {
        self.all.clone().acquire_owned().await.ok()
    }

    /// The place of a connection from this address; an error holds how many it has already.
    pub(crate) fn take(&self, permit: OwnedSemaphorePermit, address: IpAddr) -> Result<Place, usize> {
        let counted = self.by_address.take(address)?;
        Ok(Place { _permit: permit, counted, shared: self.shared.clone() })
    }
}

impl Place {
    pub(crate) fn bounds(&self) -> &Bounds {
        &self.shared.bounds
    }

    /// Counts a connection that is given up and told of by others.
    pub(crate) fn count(&self, reason: Reason) {
        self.shared.metrics.count(reason);
    }

    /// Whom to tell that the connection is given up, when the place is out of reach.
    pub(crate) fn ending(&self) -> Ending {
        Ending { address: self.counted.address(), shared: self.shared.clone() }
    }
}

/// Names why a connection was closed by us.
pub(crate) struct Ending {
    address: IpAddr,
    shared: Arc<Shared>,
}

impl Ending {
    /// Told as often as it happens, as a failed handshake is.
    pub(crate) fn given_up(&self, reason: Reason) {
        self.shared.metrics.count(reason);
        tracing::info!(peer = %self.address, reason = reason.name(), "a connection was given up");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_address_cannot_take_the_places_of_others() {
        let bounds = Bounds { connections_max: 10, per_address_max: 1, ..Bounds::default() };
        let places = Places::new(bounds, Metrics::default());
        let take = async |address: &str| places.take(places.room().await.unwrap(), address.parse().unwrap());
        let first = take("192.0.2.1").await;
        assert_eq!(take("192.0.2.1").await.err(), Some(1));
        assert!(take("192.0.2.2").await.is_ok());
        drop(first);
        assert!(take("192.0.2.1").await.is_ok(), "a place that became free");
    }
}
