//! The CTI link comes and goes; its server is believed.

mod scene;

use aplomb_floor::*;
use scene::*;
use std::time::Duration;

fn queries(scene: &Scene) -> usize {
    scene.commands.iter().filter(|command| matches!(command, CtiCommand::QueryAgentState { .. })).count()
}

fn statuses(scene: &Scene) -> Vec<Status> {
    let status = |change: &Change| match change {
        Change::System { system, .. } => Some(system.status),
        _ => None,
    };
    scene.changes.iter().filter_map(status).collect()
}

#[test]
fn the_floor_is_out_of_service_until_every_agent_has_been_asked_for() {
    let mut scene = Scene::with(small_roster());
    assert_eq!(scene.floor.system().status, Status::OutOfService);
    assert_eq!(scene.ask("11", sign_in(), ""), Err(Refusal::OutOfService));
    scene.link_up();
    assert_eq!(queries(&scene), 4);
    assert_eq!(scene.ask("11", sign_in(), ""), Err(Refusal::OutOfService));
    scene.answer_queries(State::Logout);
    assert_eq!(statuses(&scene), [Status::InService]);
    assert!(scene.published().is_empty(), "all are signed out, as was thought");
    scene.ask("11", sign_in(), "").unwrap();
}

#[test]
fn at_most_64_questions_are_outstanding() {
    let mut scene = Scene::with(crowd(150));
    scene.link_up();
    assert_eq!(queries(&scene), limits::QUERIES_OUTSTANDING_MAX);
    scene.answer_queries(State::Ready);
    assert_eq!(scene.published().len(), 150);
    assert!(matches!(scene.notes.last(), Some(Note::CaughtUp { asked: 150, changed: 150 })));
}

#[test]
fn nobody_knows_since_when_an_agent_found_at_the_start_is_in_its_state() {
    let mut scene = Scene::with(small_roster());
    scene.link_up();
    scene.answer_queries_by(|agent| if agent.as_str() == "11" { State::Ready } else { State::Logout });
    assert_eq!(scene.published(), [(State::Ready, None)]);
    assert_eq!(scene.agent("11").changed_at, None);
    assert_eq!(scene.agent("11").extension, "901");
}

#[test]
fn after_a_lost_link_only_what_differs_is_published() {
    let mut scene = Scene::with_agent(State::Ready);
    scene.reports("12", State::Ready, "902", None);
    scene.link_down();
    assert_eq!(statuses(&scene), [Status::OutOfService]);
    assert_eq!(scene.floor.system().last_heartbeat, Heartbeat::Failure);
    scene.forget();
    scene.pass(Duration::from_secs(30));
    scene.link_up();
    scene.answer_queries_by(|agent| match agent.as_str() {
        "11" => State::Ready,
        "12" => State::NotReady,
        _ => State::Logout,
    });
    let expected = Some(scene.now().wall);
    assert_eq!(statuses(&scene), [Status::InService]);
    assert_eq!(scene.published(), [(State::NotReady, None)]);
    assert_eq!(scene.agent("12").changed_at, expected);
}

#[test]
fn when_the_standby_side_takes_over_clients_work_on() {
    let mut scene = Scene::with_agent(State::Ready);
    scene.link_up();
    assert_eq!(queries(&scene), 4, "everybody is asked for again");
    assert_eq!(statuses(&scene), []);
    scene.ask("12", sign_in(), "").unwrap();
    scene.answer_queries_by(|agent| if agent.as_str() == "11" { State::NotReady } else { State::Logout });
    assert_eq!(statuses(&scene), [Status::InService]);
    assert_eq!(scene.agent("11").state, State::NotReady, "what changed in between");
}

#[test]
fn a_reason_survives_a_lost_link_though_the_answer_does_not_name_it() {
    let mut scene = Scene::with_agent(State::Ready);
    scene.reports("11", State::NotReady, "901", Some(11));
    scene.link_down();
    scene.forget();
    scene.link_up();
    scene.answer_queries_by(|agent| if agent.as_str() == "11" { State::NotReady } else { State::Logout });
    assert!(scene.published().is_empty());
    assert_eq!(scene.agent("11").reason.as_ref().map(|reason| reason.code), Some(11));
}

#[test]
fn requests_under_way_fail_with_the_link() {
    let mut scene = Scene::with_agent(State::NotReady);
    scene.ask("11", ready(), "a").unwrap();
    scene.ask("11", not_ready(None), "b").unwrap();
    let order = scene.order();
    scene.link_down();
    let failure = |id| (some(id), "Generic Error", "CF_RESOURCE_OUT_OF_SERVICE".to_owned());
    assert_eq!(scene.failures(), [failure("a"), failure("b")]);
    assert_eq!(scene.floor.poll_timeout(), None, "nothing is waited for");
    scene.cti(CtiInput::Failed { token: order.token, failure: CtiFailure::LinkDown });
    assert!(scene.failures().is_empty(), "told once");
    assert_eq!(scene.ask("11", ready(), ""), Err(Refusal::OutOfService));
}

#[test]
fn an_agent_the_server_does_not_know_is_signed_out() {
    let mut scene = Scene::with_agent(State::Ready);
    scene.link_down();
    scene.link_up();
    scene.forget_and_refuse_first_query();
    scene.answer_queries(State::Logout);
    assert_eq!(scene.agent("11").state, State::Logout);
    assert_eq!(scene.noted("state_not_told"), 1);
    assert_eq!(scene.floor.system().status, Status::InService);
}

#[test]
fn a_question_without_an_answer_does_not_keep_the_floor_out_of_service() {
    let mut scene = Scene::with_agent(State::Ready);
    scene.link_down();
    scene.link_up();
    // Ten seconds for what the agents do, ten more for the calls at the one device.
    scene.pass(Duration::from_secs(20));
    assert_eq!(scene.noted("state_not_told"), 4);
    assert_eq!(scene.floor.system().status, Status::InService);
    assert_eq!(scene.agent("11").state, State::Ready, "what was known stays");
}

#[test]
fn a_link_that_comes_up_twice_asks_again_from_the_start() {
    let mut scene = Scene::with(small_roster());
    scene.link_up();
    scene.commands.clear();
    scene.link_up();
    assert_eq!(queries(&scene), 4);
    scene.answer_queries(State::Logout);
    assert_eq!(statuses(&scene), [Status::InService]);
    assert_eq!(scene.floor.poll_timeout(), None);
}

#[test]
fn heartbeats_are_remembered_and_not_published() {
    let mut scene = Scene::open();
    scene.pass(Duration::from_secs(5));
    scene.cti(CtiInput::HeartbeatConfirmed);
    assert!(scene.changes.is_empty());
    let system = scene.floor.system();
    assert_eq!(
        (system.last_heartbeat, system.last_heartbeat_at),
        (Heartbeat::Success, Some(scene.now().wall))
    );
    assert_eq!(system.cti.as_ref().map(|cti| (cti.version, cti.peripheral_id)), Some((24, 77)));
}

#[test]
fn a_heartbeat_that_is_missed_shows_until_one_is_confirmed() {
    let mut scene = Scene::open();
    scene.cti(CtiInput::HeartbeatMissed);
    let system = scene.floor.system();
    assert_eq!((system.last_heartbeat, system.status), (Heartbeat::Failure, Status::InService));
    scene.cti(CtiInput::HeartbeatConfirmed);
    assert_eq!(scene.floor.system().last_heartbeat, Heartbeat::Success);
    assert!(scene.changes.is_empty());
}

#[test]
fn the_same_again_is_not_published() {
    let mut scene = Scene::with_agent(State::NotReady);
    scene.pass(Duration::from_secs(1));
    scene.reports("11", State::NotReady, "901", Some(0));
    scene.reports("11", State::NotReady, "", None);
    assert!(scene.changes.is_empty());
}

#[test]
fn another_reason_or_extension_is_published() {
    let mut scene = Scene::with_agent(State::NotReady);
    let since = scene.agent("11").changed_at;
    scene.pass(Duration::from_secs(1));
    scene.reports("11", State::NotReady, "902", None);
    assert_eq!(scene.published(), [(State::NotReady, None)]);
    assert_eq!(scene.agent("11").changed_at, since, "the state is as old as before");
    scene.reports("11", State::NotReady, "902", Some(11));
    assert_eq!(scene.published(), [(State::NotReady, None)]);
    assert_eq!(scene.agent("11").changed_at, Some(scene.now().wall));
}

#[test]
fn an_unknown_agent_is_noted_and_harms_nobody() {
    let mut scene = Scene::with_agent(State::NotReady);
    scene.reports("4711", State::Ready, "1", None);
    assert_eq!(scene.noted("unknown_agent"), 1);
    assert!(scene.changes.is_empty());
}

#[test]
fn an_unexpected_transition_is_noted_and_believed() {
    let mut scene = Scene::with_agent(State::NotReady);
    scene.reports("11", State::WorkReady, "901", None);
    assert_eq!(scene.noted("unexpected_transition"), 1);
    assert_eq!(scene.published(), [(State::WorkReady, None)]);
    scene.reports("11", State::Ready, "901", None);
    assert_eq!(scene.noted("unexpected_transition"), 1);
}

#[test]
fn a_reason_that_nobody_listed_keeps_its_number() {
    let mut scene = Scene::with_agent(State::Ready);
    scene.reports("11", State::NotReady, "901", Some(4711));
    let reason = scene.agent("11").reason.clone().unwrap();
    assert_eq!((reason.code, reason.listed), (4711, None));
    assert_eq!(scene.noted("unknown_reason"), 1);
}

impl Scene {
    fn forget_and_refuse_first_query(&mut self) {
        self.forget_but_commands();
        let CtiCommand::QueryAgentState { token, agent } = self.commands.remove(0) else {
            panic!("a question")
        };
        assert_eq!(agent, id("11"));
        let name = "CF_INVALID_AGENT_ID_SPECIFIED";
        self.cti(CtiInput::Failed {
            token,
            failure: CtiFailure::Refused { code: 256, name, peripheral_error: 0 },
        });
    }

    fn forget_but_commands(&mut self) {
        self.changes.clear();
        self.notes.clear();
    }
}

/// Answers what is asked after the link came up: agent 11 is in this state on 901.
fn back(scene: &mut Scene, state: State) {
    scene.link_up();
    scene.answer_queries_by(|agent| if agent.as_str() == "11" { state } else { State::Logout });
}

#[test]
fn what_follows_a_call_is_not_believed_past_a_gap() {
    let mut scene = Scene::with_agent(State::Talking);
    scene.reports_next("11", State::Talking, Some(State::NotReady));
    assert_eq!(scene.agent("11").pending, Some(State::NotReady));
    scene.link_down();
    assert_eq!(scene.agent("11").pending, Some(State::NotReady), "nothing is told while nothing is known");
    scene.forget();
    back(&mut scene, State::Talking);
    assert_eq!(scene.agent("11").pending, None, "the call may be another one by now");
    assert_eq!(scene.published(), [(State::Talking, None)]);
    scene.reports_next("11", State::Hold, Some(State::NotReady));
    assert_eq!(scene.agent("11").pending, Some(State::NotReady), "told again");
    back(&mut scene, State::Hold);
    assert_eq!(scene.agent("11").pending, None, "also when the other side took over");
}

#[test]
fn what_follows_a_call_is_believed_when_told_before_the_answer() {
    let mut scene = Scene::with_agent(State::Talking);
    scene.reports_next("11", State::Talking, Some(State::NotReady));
    scene.link_down();
    scene.link_up();
    scene.reports_next("11", State::Talking, Some(State::Logout));
    scene.answer_queries_by(|agent| if agent.as_str() == "11" { State::Talking } else { State::Logout });
    assert_eq!(scene.agent("11").pending, Some(State::Logout));
}
