//! Deliveries on their way out, so that a broadcast to everyone does not hold up what is for one.

use crate::limits::DELIVERIES_PER_SLICE;
use pubsub::{Delivery, Life};
use std::collections::{BTreeMap, VecDeque};

/// What waits to be sent, a queue for each node. Nodes take turns, a slice each; within a node the order is kept.
#[derive(Default)]
pub(crate) struct Waves {
    queues: BTreeMap<Life, VecDeque<Delivery>>,
    turns: VecDeque<Life>,
    waiting: usize,
}

impl Waves {
    pub(crate) fn push(&mut self, delivery: Delivery) {
        let queue = self.queues.entry(delivery.life).or_default();
        if queue.is_empty() {
            self.turns.push_back(delivery.life);
        }
        queue.push_back(delivery);
        self.waiting += 1;
    }

    /// How many nodes wait for their turn.
    pub(crate) fn nodes(&self) -> usize {
        self.turns.len()
    }

    /// How many deliveries wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    /// The slice of the node whose turn it is; the next one's turn comes then.
    pub(crate) fn next_slice(&mut self) -> Vec<Delivery> {
        let Some(life) = self.turns.pop_front() else { return Vec::new() };
        let Some(queue) = self.queues.get_mut(&life) else { return Vec::new() };
        let slice: Vec<Delivery> = queue.drain(..queue.len().min(DELIVERIES_PER_SLICE)).collect();
        if queue.is_empty() {
            self.queues.remove(&life);
        } else {
            self.turns.push_back(life);
        }
        self.waiting -= slice.len();
        slice
    }

    /// What is left of a slice waits on, before everything else of its node; its turn comes after the others'.
    pub(crate) fn put_back(&mut self, rest: impl DoubleEndedIterator<Item = Delivery>) {
        for delivery in rest.rev() {
            let queue = self.queues.entry(delivery.life).or_default();
            if queue.is_empty() {
                self.turns.push_back(delivery.life);
            }
            queue.push_front(delivery);
            self.waiting += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pubsub::{Ids, Policy, Service};

    /// `everyone` is the node of all users, `one` that of user 1.
    struct Rules;

    impl Policy for Rules {
        fn may_subscribe(&self, _: &str, _: &str) -> bool {
            true
        }
        fn default_nodes(&self, user: &str) -> Vec<String> {
            let own = (user == "1").then(|| "one".to_owned());
            own.into_iter().chain(["everyone".to_owned()]).collect()
        }
        fn visible_nodes(&self, _: &str) -> Vec<String> {
            Vec::new()
        }
    }

    /// A service with so many users who are there.
    fn service(users: usize) -> Service {
        let mut service = Service::new("pubsub.localhost", Box::new(Rules), Ids::new("run-", 1));
        for node in ["everyone", "one"] {
            service.create(node).unwrap();
        }
        for user in 1..=users {
            service.make_defaults(&xmpp::BareJid::new(&format!("{user}@localhost")).unwrap());
        }
        service
    }

    fn publish(waves: &mut Waves, service: &mut Service, node: &str, text: &str) {
        service.publish(jiff::Timestamp::UNIX_EPOCH, node, format!("<{text}/>").as_bytes()).unwrap();
        while let Some(delivery) = service.poll_delivery() {
            waves.push(delivery);
        }
    }

    fn says(delivery: &Delivery, text: &str) -> bool {
        String::from_utf8_lossy(&delivery.tail).contains(&format!("<{text}/>"))
    }

    #[test]
    fn what_is_for_one_waits_for_one_slice_of_a_broadcast_and_no_more() {
        let (mut waves, mut service) = (Waves::default(), service(15_000));
        publish(&mut waves, &mut service, "everyone", "a");
        assert_eq!(waves.next_slice().len(), DELIVERIES_PER_SLICE);
        publish(&mut waves, &mut service, "one", "b");
        assert!(waves.next_slice().iter().all(|delivery| says(delivery, "a")));
        let slice = waves.next_slice();
        assert!(slice.len() == 1 && says(&slice[0], "b"));
        assert_eq!(waves.len(), 15_000 - 2 * DELIVERIES_PER_SLICE);
    }

    #[test]
    fn the_order_of_a_node_is_kept_for_everyone_even_when_a_slice_is_cut_short() {
        let (mut waves, mut service) = (Waves::default(), service(2 * DELIVERIES_PER_SLICE + 7));
        publish(&mut waves, &mut service, "everyone", "a");
        publish(&mut waves, &mut service, "one", "c");
        publish(&mut waves, &mut service, "everyone", "b");
        let mut seen: Vec<Delivery> = Vec::new();
        for turn in 0.. {
            let mut slice = waves.next_slice().into_iter();
            if slice.len() == 0 {
                break;
            }
            let taken = if turn % 2 == 0 { slice.len() / 3 + 1 } else { slice.len() };
            seen.extend(slice.by_ref().take(taken));
            waves.put_back(slice);
        }
        assert_eq!(seen.len(), 2 * (2 * DELIVERIES_PER_SLICE + 7) + 1);
        let user_one: Vec<_> = seen.iter().filter(|d| d.to.as_str() == "1@localhost").collect();
        assert!(user_one.len() == 3);
        let first_b = seen.iter().position(|delivery| says(delivery, "b")).unwrap();
        assert!(seen[first_b..].iter().all(|delivery| !says(delivery, "a")));
        assert!(waves.is_empty() && waves.queues.is_empty() && waves.turns.is_empty());
    }
}
