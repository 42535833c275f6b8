//! How many of something come from one address.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// A count for each address that has any, with a most. Clones count together.
#[derive(Clone)]
pub struct ByAddress(Arc<Shared>);

struct Shared {
    /// 0 for no limit, and nothing to count.
    max: usize,
    counts: Mutex<HashMap<IpAddr, usize>>,
}

/// One of them; it counts until this is dropped.
pub struct Counted {
    address: IpAddr,
    shared: Arc<Shared>,
}

impl ByAddress {
    /// At most `max` from each address (for IPv6, from each /64); 0 for no limit.
    pub fn new(max: usize) -> Self {
        Self(Arc::new(Shared { max, counts: Mutex::default() }))
    }

    /// Counts one more.
    ///
    /// # Errors
    /// When there are as many as may be: how many.
    pub fn take(&self, address: IpAddr) -> Result<Counted, usize> {
        let address = origin(address);
        if self.0.max > 0 {
            let mut counts = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry(address).or_default();
            if *count >= self.0.max {
                return Err(*count);
            }
            *count += 1;
        }
        Ok(Counted { address, shared: self.0.clone() })
    }
}

impl Counted {
    /// What counts as its address.
    pub fn address(&self) -> IpAddr {
        self.address
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if self.shared.max == 0 {
            return;
        }
        let mut counts = self.shared.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = counts.entry(self.address) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

impl fmt::Debug for ByAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ByAddress(max {})", self.0.max)
    }
}

impl fmt::Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Counted({})", self.address)
    }
}

/// What counts as one address: a host that has one IPv6 address has 2^64 of them.
pub fn origin(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(counts: &ByAddress, address: &str) -> Result<Counted, usize> {
        counts.take(address.parse().unwrap())
    }

    #[test]
    fn one_address_cannot_take_the_places_of_others() {
        let counts = ByAddress::new(2);
        let first = take(&counts, "192.0.2.1");
        let _second = take(&counts, "192.0.2.1").unwrap();
        assert_eq!(take(&counts, "192.0.2.1").err(), Some(2));
        let in_ipv6 = take(&counts, "::ffff:192.0.2.1");
        assert_eq!(in_ipv6.err(), Some(2), "the same address in IPv6 clothes");
        assert!(take(&counts, "192.0.2.2").is_ok());
        drop(first);
        assert!(take(&counts, "192.0.2.1").is_ok(), "a place that became free");
    }

    #[test]
    fn the_addresses_of_one_network_prefix_count_as_one() {
        let counts = ByAddress::new(1);
        let _first = take(&counts, "2001:db8::1").unwrap();
        assert_eq!(take(&counts, "2001:db8::2").err(), Some(1));
        assert!(take(&counts, "2001:db8:0:1::1").is_ok());
    }

    #[test]
    fn nothing_is_remembered_of_addresses_that_left() {
        let counts = ByAddress::new(2);
        drop(take(&counts, "192.0.2.1"));
        assert!(counts.0.counts.lock().unwrap().is_empty());
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let counts = ByAddress::new(0);
        let all: Vec<_> = (0..1_000).map(|_| take(&counts, "192.0.2.1").unwrap()).collect();
        assert!(counts.0.counts.lock().unwrap().is_empty() && all.len() == 1_000);
    }
}
