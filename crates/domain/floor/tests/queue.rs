//! Queues and their statistics.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod scene;

use aplomb_floor::*;
use scene::{Scene, id};
use std::time::Duration;

const SALES: QueueId = QueueId(1004);

fn scene() -> Scene {
    let mut scene = Scene::open();
    let queue = |id, name: &str, teams: &[u32]| QueueProfile {
        id,
        name: name.into(),
        teams: teams.iter().copied().map(TeamId).collect(),
    };
    scene.floor.set_queues([queue(SALES, "Sales", &[]), queue(QueueId(7), "Eight only", &[8])]);
    scene
}

fn report(calls: u32, longest_wait_secs: u32) -> CtiInput {
    let counts = QueueCounts { calls: Some(calls), ready: Some(1), ..QueueCounts::default() };
    CtiInput::Queue(QueueReport { queue: SALES, counts, longest_wait_secs: Some(longest_wait_secs) })
}

fn published(scene: &mut Scene) -> usize {
    let queues = scene.changes.iter().filter(|change| matches!(change, Change::Queue { .. })).count();
    scene.changes.clear();
    queues
}

#[test]
fn statistics_are_published_when_they_change_and_only_then() {
    let mut scene = scene();
    scene.cti(report(0, 0));
    assert_eq!(published(&mut scene), 1);
    scene.cti(report(0, 0));
    assert_eq!(published(&mut scene), 0);
    scene.cti(report(1, 3));
    assert_eq!(published(&mut scene), 1);
    let statistics = scene.floor.queue(SALES).unwrap().statistics.clone().unwrap();
    assert_eq!((statistics.counts.calls, statistics.counts.logged_on), (Some(1), None));
}

#[test]
fn the_longest_wait_has_one_beginning_while_the_same_call_waits() {
    let mut scene = scene();
    scene.cti(report(1, 3));
    let since = |scene: &Scene| scene.floor.queue(SALES).unwrap().statistics.as_ref().unwrap().longest_since;
    let begun = since(&scene).unwrap();
    assert_eq!(scene.now().wall.duration_since(begun).as_secs(), 3);
    published(&mut scene);
    scene.sleep(Duration::from_secs(10));
    scene.cti(report(1, 14));
    assert_eq!((since(&scene), published(&mut scene)), (Some(begun), 0), "a second of rounding");
    scene.cti(report(1, 2));
    assert!(since(&scene).unwrap() > begun, "another call");
    scene.cti(report(0, 0));
    assert_eq!(since(&scene), None);
}

#[test]
fn a_queue_that_nobody_knows_changes_nothing() {
    let mut scene = scene();
    let counts = QueueCounts::default();
    scene.cti(CtiInput::Queue(QueueReport { queue: QueueId(99), counts, longest_wait_secs: None }));
    assert_eq!((published(&mut scene), scene.noted("unknown_queue")), (0, 1));
}

#[test]
fn without_a_link_nothing_is_known_of_the_queues() {
    let mut scene = scene();
    scene.cti(report(1, 3));
    scene.link_down();
    assert_eq!(scene.floor.queue(SALES).unwrap().statistics, None);
}

#[test]
fn agents_have_the_queues_of_their_teams() {
    let scene = scene();
    let queues = |agent: &str| -> Vec<u32> {
        scene.floor.queues_of(&id(agent)).map(|queue| queue.profile.id.0).collect()
    };
    assert_eq!((queues("11"), queues("21"), queues("71")), (vec![1004], vec![7, 1004], vec![1004]));
    assert!(queues("nobody").is_empty());
}

#[test]
fn who_moves_to_another_team_is_told_which_queues_come_and_which_go() {
    let mut scene = scene();
    let with_team = |scene: &mut Scene, team| {
        let mut roster = scene::small_roster();
        roster
            .agents
            .iter_mut()
            .filter(|agent| agent.id == id("11"))
            .for_each(|agent| agent.team = TeamId(team));
        scene.floor.handle_roster(roster);
        scene.wake();
        let lists = std::mem::take(&mut scene.changes).into_iter().filter_map(|change| match change {
            Change::QueueList { agent, added, queues } => {
                Some((agent, added, queues.into_iter().map(|queue| queue.profile.name).collect::<Vec<_>>()))
            }
            _ => None,
        });
        lists.collect::<Vec<_>>()
    };
    assert_eq!(with_team(&mut scene, 8), [(id("11"), true, vec!["Eight only".to_owned()])]);
    assert_eq!(with_team(&mut scene, 8), []);
    assert_eq!(with_team(&mut scene, 7), [(id("11"), false, vec!["Eight only".to_owned()])]);
}
