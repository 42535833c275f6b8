//! Bounds that clients reach: each refusal is counted, and the operator is told once in a while.

use super::Router;
use crate::limits::OBSTACLE_TOLD_EVERY;
use std::collections::BTreeMap;
use std::time::Instant;
use xmpp::StanzaError;

/// When the operator was told of each.
#[derive(Default)]
pub(super) struct Obstacles(BTreeMap<&'static str, Instant>);

impl Obstacles {
    /// Whether it is time to tell the operator.
    fn is_due(&mut self, now: Instant, name: &'static str) -> bool {
        if self.0.get(name).is_some_and(|told| now.duration_since(*told) < OBSTACLE_TOLD_EVERY) {
            return false;
        }
        self.0.insert(name, now);
        true
    }
}

impl Router {
    /// A request is refused: if it was for a bound of ours, the operator hears of it.
    pub(super) fn note_obstacle(&mut self, error: &StanzaError) {
        let Some(obstacle) = error.obstacle else { return };
        self.context.metrics.refused(obstacle.name());
        if self.obstacles.is_due(Instant::now(), obstacle.name()) {
            let condition = error.condition.name();
            tracing::warn!(
                condition,
                "requests are refused: {obstacle}; further ones are only counted for a while"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_is_told_of_once_in_a_while() {
        let (mut obstacles, now) = (Obstacles::default(), Instant::now());
        assert!(obstacles.is_due(now, "a") && obstacles.is_due(now, "b"));
        assert!(!obstacles.is_due(now, "a") && !obstacles.is_due(now + OBSTACLE_TOLD_EVERY / 2, "a"));
        assert!(obstacles.is_due(now + OBSTACLE_TOLD_EVERY, "a"));
    }
}
