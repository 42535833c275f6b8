//! Presence-driven logout.

mod scene;

use aplomb_floor::*;
use proptest::prelude::*;
use scene::*;
use std::time::Duration;

const GRACE: Duration = Duration::from_secs(60);

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// Agent 11, READY, was there and went away just now.
fn away() -> Scene {
    let mut scene = Scene::with_agent(State::Ready);
    scene.presence("11", true);
    scene.presence("11", false);
    scene
}

#[test]
fn silence_for_the_grace_is_a_forced_logout_with_reason_255() {
    let mut scene = away();
    assert_eq!(scene.noted("watch_started"), 1);
    scene.pass(GRACE - Duration::from_millis(1));
    assert!(scene.orders().is_empty());
    scene.pass(Duration::from_millis(1));
    let order = scene.order();
    assert_eq!((order.agent, order.state, order.reason, order.forced), (id("11"), State::Logout, 255, true));
    assert_eq!(order.extension, "901");
    scene.cti(CtiInput::Confirmed { token: order.token });
    scene.reports("11", State::Logout, "", Some(255));
    assert_eq!(scene.published(), [(State::Logout, None)]);
    scene.pass(secs(600));
    assert!(scene.orders().is_empty(), "once");
}

#[test]
fn repeated_unavailable_presence_does_not_move_the_deadline() {
    let mut scene = away();
    scene.pass(secs(30));
    scene.presence("11", false);
    scene.pass(secs(30));
    assert_eq!(scene.orders().len(), 1);
}

#[test]
fn an_agent_who_never_had_presence_is_never_under_watch() {
    let mut scene = Scene::with_agent(State::Ready);
    scene.presence("11", false);
    scene.pass(secs(600));
    assert!(scene.orders().is_empty() && scene.notes.is_empty());
}

#[test]
fn an_agent_who_is_signed_out_is_not_under_watch() {
    let mut scene = Scene::open();
    scene.presence("11", true);
    scene.presence("11", false);
    assert_eq!(scene.floor.poll_timeout(), None);
}

#[test]
fn a_sign_in_under_way_counts_as_signed_in() {
    let mut scene = Scene::open();
    scene.presence("11", true);
    scene.ask("11", sign_in(), "").unwrap();
    let order = scene.order();
    scene.presence("11", false);
    scene.confirm(&order);
    scene.reports("11", State::NotReady, "901", None);
    scene.pass(GRACE);
    assert_eq!(scene.order().reason, 255);
}

#[test]
fn a_sign_in_that_fails_leaves_nobody_to_log_out() {
    let mut scene = Scene::open();
    scene.presence("11", true);
    scene.ask("11", sign_in(), "").unwrap();
    let order = scene.order();
    scene.presence("11", false);
    scene.refuse(&order, 260, "CF_INVALID_LOGON_DEVICE_SPECIFIED");
    scene.pass(GRACE);
    assert!(scene.orders().is_empty());
    assert_eq!(scene.noted("watch_ended"), 1);
}

#[test]
fn signing_out_ends_the_watch() {
    let mut scene = away();
    scene.reports("11", State::Logout, "", None);
    assert_eq!(scene.noted("watch_ended"), 1);
    assert_eq!(scene.floor.poll_timeout(), None);
}

#[test]
fn names_that_are_no_agents_are_ignored() {
    let mut scene = Scene::open();
    scene.presence("finesse", true);
    scene.presence("finesse", false);
    assert!(scene.notes.is_empty());
}

#[test]
fn without_a_link_the_logout_waits_for_it() {
    let mut scene = away();
    scene.link_down();
    scene.pass(secs(90));
    assert!(scene.orders().is_empty());
    assert_eq!(scene.noted("forced_logout_deferred"), 1);
    scene.link_up();
    scene.answer_queries_by(|agent| if agent.as_str() == "11" { State::Ready } else { State::Logout });
    assert_eq!(scene.order().reason, 255);
}

#[test]
fn a_deferred_logout_is_dropped_when_the_agent_returned_or_is_signed_out() {
    let mut scene = away();
    scene.link_down();
    scene.pass(secs(90));
    scene.presence("11", true);
    scene.link_up();
    scene.answer_queries(State::Ready);
    assert!(scene.orders().is_empty(), "returned");

    let mut scene = away();
    scene.link_down();
    scene.pass(secs(90));
    scene.link_up();
    scene.answer_queries(State::Logout);
    assert!(scene.orders().is_empty(), "signed out");
}

#[test]
fn a_logout_lost_with_the_link_is_sent_again() {
    let mut scene = away();
    scene.pass(GRACE);
    assert_eq!(scene.orders().len(), 1);
    scene.link_down();
    scene.link_up();
    scene.answer_queries(State::Ready);
    assert_eq!(scene.orders().len(), 1);
}

#[test]
fn a_logout_that_was_refused_or_had_no_effect_is_tried_again_after_another_grace() {
    let mut scene = away();
    scene.pass(GRACE);
    let order = scene.order();
    scene.refuse(&order, 22, "CF_INVALID_OBJECT_STATE");
    scene.pass(GRACE);
    let order = scene.order();
    scene.confirm(&order);
    scene.pass(secs(10) + GRACE);
    assert_eq!(scene.orders().len(), 1);
    assert_eq!(scene.noted("forced_logout_failed"), 2);
}

#[test]
fn a_return_after_the_logout_was_sent_is_noted_as_too_late() {
    let mut scene = away();
    scene.pass(GRACE);
    let order = scene.order();
    scene.presence("11", true);
    assert!(scene.notes.contains(&Note::Returned { agent: id("11"), too_late: true }));
    scene.refuse(&order, 22, "CF_INVALID_OBJECT_STATE");
    scene.pass(secs(600));
    assert!(scene.orders().is_empty(), "back means back");
}

#[test]
fn a_request_under_way_does_not_delay_the_logout_nor_take_its_event() {
    let mut scene = away();
    scene.pass(secs(55));
    scene.ask("11", Action::SignOut { reason: Some(DONE) }, "mine").unwrap();
    let mine = scene.order();
    scene.pass(secs(5));
    assert_eq!(scene.order().reason, 255);
    scene.reports("11", State::Logout, "", Some(255));
    assert_eq!(scene.published(), [(State::Logout, None)]);
    scene.refuse(&mine, 22, "CF_INVALID_OBJECT_STATE");
    assert_eq!(scene.failures().len(), 1);
}

proptest! {
    /// The return at every point of the interval, the floor woken late or early.
    #[test]
    fn a_return_before_the_deadline_is_never_logged_out(
        away_ms in 0u64..60_000, late_ms in 0u64..120_000, wake_before_return in any::<bool>(),
    ) {
        let mut scene = away();
        scene.sleep(Duration::from_millis(away_ms));
        if wake_before_return {
            scene.wake();
        }
        scene.presence("11", true);
        scene.sleep(Duration::from_millis(late_ms));
        scene.wake();
        scene.pass(secs(600));
        prop_assert!(scene.orders().is_empty());
        prop_assert_eq!(&scene.agent("11").state, &State::Ready);
    }

    #[test]
    fn no_return_before_the_deadline_is_exactly_one_forced_logout(
        late_ms in 0u64..100_000, return_after_ms in 0u64..100_000,
    ) {
        let mut scene = away();
        scene.sleep(GRACE + Duration::from_millis(late_ms));
        scene.wake();
        let order = scene.order();
        prop_assert_eq!((order.reason, order.forced), (255, true));
        scene.confirm(&order);
        scene.reports("11", State::Logout, "", Some(255));
        scene.pass(Duration::from_millis(return_after_ms));
        scene.presence("11", true);
        scene.pass(secs(600));
        prop_assert!(scene.orders().is_empty());
    }

    /// Coming and going at random against a plain model: the time of the last going, if away.
    #[test]
    fn flapping_presence_logs_out_exactly_when_one_absence_lasts_the_grace(
        steps in proptest::collection::vec((0u64..70_000, any::<bool>()), 1..40),
    ) {
        let mut scene = Scene::with_agent(State::Ready);
        scene.presence("11", true);
        let mut away_for_ms: Option<u64> = None;
        let mut logged_out = false;
        for (ms, available) in steps {
            scene.pass(Duration::from_millis(ms));
            away_for_ms = away_for_ms.map(|before| before + ms);
            if let Some(order) = scene.orders().pop() {
                prop_assert!(!logged_out && away_for_ms.is_some_and(|ms| ms >= 60_000));
                logged_out = true;
                scene.confirm(&order);
                scene.reports("11", State::Logout, "", Some(255));
            }
            prop_assert_eq!(logged_out, logged_out || away_for_ms.is_some_and(|ms| ms >= 60_000));
            if logged_out {
                break;
            }
            scene.presence("11", available);
            away_for_ms = if available { None } else { away_for_ms.or(Some(0)) };
        }
        scene.pass(secs(600));
        let still_to_come = usize::from(!logged_out && away_for_ms.is_some());
        let orders = scene.orders();
        // Later ones are repetitions after the first stayed without effect.
        prop_assert_eq!(orders.len().min(1), still_to_come);
    }
}
