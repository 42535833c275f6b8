//! Over a network that loses, cuts, reorders and repeats no stanza is lost, none comes twice, and order is kept both
//! ways, on every stream and across pauses: XEP-0124 §9, §10, §14, §15, §16, §17.3. And the checks can fail.

use crate::world::{Event, Fault, Habits, World};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn event() -> impl Strategy<Value = Event> {
    let any = 0..8_usize;
    prop_oneof![
        4 => any.clone().prop_map(Event::Up),
        4 => any.clone().prop_map(Event::Down),
        1 => Just(Event::Pause),
        8 => any.clone().prop_map(Event::Arrive),
        8 => any.clone().prop_map(Event::Return),
        1 => any.clone().prop_map(Event::LoseRequest),
        2 => any.clone().prop_map(Event::LoseResponse),
        2 => any.clone().prop_map(Event::Cut),
        1 => any.clone().prop_map(Event::Abandon),
        3 => any.clone().prop_map(Event::Repeat),
        2 => any.prop_map(Event::Double),
        2 => (0..40_u8).prop_map(Event::Pass),
    ]
}

fn habits() -> impl Strategy<Value = Habits> {
    (1..=3_u32, 1..=3_usize, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(hold, streams, acks, keys, heeds_errors)| Habits { hold, streams, acks, keys, heeds_errors },
    )
}

fn run(habits: Habits, echo: bool, fault: Fault, events: Vec<Event>) {
    let mut world = World::new(habits, echo, fault);
    for event in events {
        world.step(event);
    }
    world.settle();
}

proptest! {
    #![proptest_config(Config { cases: 1_000, ..Config::default() })]

    #[test]
    fn no_stanza_is_lost_none_comes_twice_and_order_is_kept(
        habits in habits(),
        echo: bool,
        events in prop::collection::vec(event(), 1..120),
    ) {
        run(habits, echo, Fault::None, events);
    }
}

#[test]
fn what_is_made_wrong_on_purpose_is_found() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    for fault in Fault::ALL {
        let config =
            Config { cases: 1_000, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
        let events = prop::collection::vec(event(), 1..120);
        let found = TestRunner::new_with_rng(config, rng.clone()).run(
            &(habits(), any::<bool>(), events),
            |(habits, echo, events)| {
                let outcome = std::panic::catch_unwind(|| run(habits, echo, fault, events));
                outcome.map_err(|_| TestCaseError::fail("found"))
            },
        );
        assert!(found.is_err(), "{fault:?} goes unnoticed");
    }
}
