//! Who else.

use super::world::{EVERYWHERE, World, end_of, minutes};
use aplomb_diag::{End, diagnose};

#[test]
fn agents_closed_in_the_same_second_after_unlike_silences_are_no_company() {
    // a server that sweeps every 30 s closes strangers together
    let world = (0..6).fold(World::watched(&EVERYWHERE).ended(90, End::Idle, 90), |world, n| {
        let user = format!("10020{n:02}");
        world.opened(&user, -3_600, "192.0.2.9").of(Some(&user), 90, end_of(End::Idle, 60 + 4 * n))
    });
    let verdict = diagnose(&world.0);
    assert_eq!(verdict.incident.cohort.count, 0);
    assert!(!verdict.incident.cohort.is_more_than_chance);
}

#[test]
fn agents_who_fell_silent_together_are_company_whenever_they_were_closed() {
    let world = (0..6).fold(World::watched(&EVERYWHERE).ended(90, End::Idle, 90), |world, n: i64| {
        let user = format!("10020{n:02}");
        let silent = 70 + 5 * n;
        world.opened(&user, -3_600, "192.0.2.9").of(Some(&user), silent, end_of(End::Idle, silent as u64))
    });
    let cohort = diagnose(&world.0).incident.cohort;
    assert_eq!(cohort.count, 6);
    assert!(cohort.is_more_than_chance, "{cohort:?}");
    assert!(cohort.probability < 1e-6, "{cohort:?}");
}

#[test]
fn on_a_day_when_agents_drop_all_the_time_one_more_proves_nothing() {
    let world = World::watched(&EVERYWHERE).ended(90, End::Idle, 90);
    let world = (1..400).fold(world, |world, n: i64| {
        let user = format!("2{n:06}");
        world.of(Some(&user), minutes(-55) + 9 * n, end_of(End::Idle, 60))
    });
    let world = world.of(Some("1002001"), 91, end_of(End::Idle, 90));
    let cohort = diagnose(&world.0).incident.cohort;
    assert!(cohort.count >= 1 && !cohort.is_more_than_chance, "{cohort:?}");
}

#[test]
fn ten_thousand_ends_in_one_second_are_one_event() {
    let mut world = World::watched(&EVERYWHERE).ended(90, End::Idle, 90);
    let facts = (0..10_000).map(|n| aplomb_diag::Fact {
        at: super::world::at(90),
        of: Some(format!("3{n:06}")),
        session: None,
        source: String::new(),
        what: end_of(End::Idle, 90),
    });
    world.0.facts.extend(facts);
    world.0.order();
    let cohort = diagnose(&world.0).incident.cohort;
    assert_eq!(cohort.count, 10_000);
    assert_eq!(cohort.others.len(), aplomb_diag::limits::OTHERS_MAX);
    assert!(cohort.is_more_than_chance);
}
