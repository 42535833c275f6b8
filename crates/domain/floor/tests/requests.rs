//! What an agent asks for, and how the answer comes.

mod scene;

use aplomb_floor::*;
use scene::*;
use std::time::Duration;

#[test]
fn a_sign_in_ends_in_not_ready_and_carries_the_request_id() {
    let mut scene = Scene::open();
    scene.ask("11", sign_in(), "r1").unwrap();
    let order = scene.order();
    assert_eq!((order.state, order.extension.as_str(), order.forced), (State::Login, "901", false));
    scene.confirm(&order);
    scene.reports("11", State::Login, "901", None);
    assert!(scene.published().is_empty(), "LOGIN is a moment, not a state");
    scene.reports("11", State::NotReady, "901", None);
    assert_eq!(scene.published(), [(State::NotReady, some("r1"))]);
    let agent = scene.agent("11");
    assert_eq!(agent.extension, "901");
    assert_eq!(agent.changed_at, Some(scene.now().wall));
}

#[test]
fn the_extension_is_that_of_the_sign_in_when_the_event_names_none() {
    let mut scene = Scene::open();
    scene.ask("11", sign_in(), "").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    scene.reports("11", State::NotReady, "", None);
    assert_eq!(scene.agent("11").extension, "901");
}

#[test]
fn a_second_sign_in_still_asks_the_cti_server_and_is_answered_once() {
    let mut scene = Scene::with_agent(State::Ready);
    scene.ask("11", sign_in(), "again").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    scene.reports("11", State::Ready, "901", None);
    assert_eq!(scene.published(), [(State::Ready, some("again"))]);
}

#[test]
fn an_event_that_overtakes_its_confirmation_answers_too() {
    let mut scene = Scene::with_agent(State::NotReady);
    scene.ask("11", ready(), "r").unwrap();
    let order = scene.order();
    scene.reports("11", State::Ready, "901", None);
    scene.confirm(&order);
    assert_eq!(scene.published(), [(State::Ready, some("r"))]);
    assert_eq!(scene.noted("late_outcome"), 0);
}

#[test]
fn a_reason_is_sent_as_the_code_and_comes_back_as_the_listed_reason() {
    let mut scene = Scene::with_agent(State::Ready);
    scene.ask("11", not_ready(Some(LUNCH)), "r").unwrap();
    let order = scene.order();
    assert_eq!(order.reason, 11);
    scene.confirm(&order);
    scene.reports("11", State::NotReady, "901", Some(11));
    let reason = scene.agent("11").reason.clone().unwrap();
    assert_eq!((reason.code, reason.listed.unwrap().id), (11, LUNCH));
}

#[test]
fn somebody_elses_event_does_not_answer_a_request() {
    let mut scene = Scene::with_agent(State::Ready);
    scene.ask("11", not_ready(Some(LUNCH)), "mine").unwrap();
    let order = scene.order();
    scene.reports("11", State::NotReady, "901", Some(32767));
    assert_eq!(scene.published(), [(State::NotReady, None)], "ring no answer, by the system");
    scene.confirm(&order);
    scene.reports("11", State::NotReady, "901", Some(11));
    assert_eq!(scene.published(), [(State::NotReady, some("mine"))]);
}

#[test]
fn asking_for_what_already_is_gets_an_answer() {
    let mut scene = Scene::with_agent(State::Ready);
    let since = scene.agent("11").changed_at;
    scene.pass(Duration::from_secs(5));
    scene.ask("11", ready(), "r").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    assert_eq!(scene.published(), [(State::Ready, some("r"))]);
    assert_eq!(scene.agent("11").changed_at, since, "nothing changed");
}

#[test]
fn the_next_request_waits_for_the_outcome_of_the_one_before() {
    let mut scene = Scene::with_agent(State::NotReady);
    scene.ask("11", ready(), "a").unwrap();
    scene.ask("11", not_ready(None), "b").unwrap();
    scene.ask("11", ready(), "c").unwrap();
    let first = scene.order();
    scene.confirm(&first);
    assert!(scene.orders().is_empty(), "confirmed, but not yet seen");
    scene.reports("11", State::Ready, "901", None);
    let second = scene.order();
    scene.refuse(&second, 22, "CF_INVALID_OBJECT_STATE");
    assert_eq!(scene.failures(), [(some("b"), "Invalid State", "CF_INVALID_OBJECT_STATE".into())]);
    assert_eq!(scene.order().state, State::Ready);
    scene.pass(Duration::from_secs(10));
    assert_eq!(scene.failures(), [(some("c"), "Generic Error", "CF_REQUEST_TIMEOUT_REJECTION".into())]);
}

#[test]
fn agents_do_not_wait_for_each_other() {
    let mut scene = Scene::with_agent(State::NotReady);
    scene.ask("11", ready(), "a").unwrap();
    scene.ask("12", sign_in(), "b").unwrap();
    assert_eq!(scene.orders().len(), 2);
}

#[test]
fn the_ninth_request_under_way_is_refused() {
    let mut scene = Scene::with_agent(State::NotReady);
    for _ in 0..limits::REQUESTS_PER_AGENT_MAX {
        scene.ask("11", ready(), "").unwrap();
    }
    let full = Refusal::QueueFull { max: limits::REQUESTS_PER_AGENT_MAX };
    assert_eq!(scene.ask("11", ready(), ""), Err(full));
    let order = scene.order();
    scene.refuse(&order, 22, "CF_INVALID_OBJECT_STATE");
    scene.ask("11", ready(), "").unwrap();
}

#[test]
fn an_outcome_after_the_time_out_is_noted_and_its_event_published_without_a_request() {
    let mut scene = Scene::with_agent(State::NotReady);
    scene.ask("11", ready(), "r").unwrap();
    let order = scene.order();
    scene.pass(Duration::from_secs(10));
    assert_eq!(scene.failures().len(), 1);
    scene.refuse(&order, 22, "CF_INVALID_OBJECT_STATE");
    assert_eq!(scene.noted("late_outcome"), 1);
    assert!(scene.failures().is_empty());
    scene.reports("11", State::Ready, "901", None);
    assert_eq!(scene.published(), [(State::Ready, None)]);
}

#[test]
fn not_ready_during_a_call_is_pending_until_the_call_ends() {
    let mut scene = Scene::with_agent(State::Talking);
    scene.ask("11", not_ready(Some(LUNCH)), "r").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    assert_eq!(scene.published(), [(State::Talking, some("r"))]);
    assert_eq!(scene.agent("11").pending, Some(State::NotReady));
    scene.reports("11", State::Hold, "901", None);
    assert_eq!(scene.agent("11").pending, Some(State::NotReady), "the call goes on");
    scene.reports("11", State::NotReady, "901", Some(11));
    assert_eq!(scene.agent("11").pending, None);
}

#[test]
fn a_sign_out_during_a_call_is_pending_until_the_call_ends() {
    let mut scene = Scene::with_agent(State::Talking);
    scene.ask("11", Action::SignOut { reason: None }, "r").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    assert_eq!(scene.published(), [(State::Talking, some("r"))]);
    assert_eq!(scene.agent("11").pending, Some(State::Logout));
    scene.reports("11", State::Logout, "", None);
    assert_eq!((scene.agent("11").state, scene.agent("11").pending), (State::Logout, None));
}

#[test]
fn a_wish_of_another_cti_client_is_pending_until_it_is_taken_back_or_the_call_is_over() {
    use State::{Hold, Logout, NotReady, Ready, Talking, Work, WorkReady};
    let mut scene = Scene::with_agent(Talking);
    let mut before = None;
    for (state, told, pending) in [
        (Talking, None, None),
        (Talking, Some(NotReady), Some(NotReady)),
        (Hold, None, Some(NotReady)),
        (Talking, Some(Logout), Some(Logout)),
        (Talking, Some(Ready), None),
        (Talking, Some(NotReady), Some(NotReady)),
        (Hold, Some(WorkReady), None),
        (Talking, Some(NotReady), Some(NotReady)),
        (Work, Some(NotReady), None),
    ] {
        let shown = scene.agent("11").state != state || before != pending;
        scene.reports_next("11", state, told);
        assert_eq!(scene.agent("11").pending, pending, "{state:?}, then {told:?}");
        assert_eq!(scene.published().len(), usize::from(shown), "{state:?}, then {told:?}");
        before = pending;
    }
}

#[test]
fn ready_during_a_call_takes_the_pending_wish_back() {
    let mut scene = Scene::with_agent(State::Talking);
    for (action, pending) in [(not_ready(None), Some(State::NotReady)), (ready(), None)] {
        scene.ask("11", action, "").unwrap();
        let order = scene.order();
        scene.confirm(&order);
        assert_eq!(scene.agent("11").pending, pending);
    }
}

#[test]
fn a_supervisor_changes_an_agent_of_the_own_team() {
    let mut scene = Scene::with_agent(State::Ready);
    scene.ask_as("71", "11", not_ready(None), "r").unwrap();
    let order = scene.order();
    assert_eq!((order.state, order.reason, order.forced), (State::NotReady, 999, false));
    scene.refuse(&order, 22, "CF_INVALID_OBJECT_STATE");
    scene.ask_as("71", "11", Action::SignOut { reason: None }, "r").unwrap();
    let order = scene.order();
    assert_eq!((order.state, order.reason, order.forced), (State::Logout, 999, true));
    assert_eq!(order.extension, "901");
}

#[test]
fn a_forced_logout_of_somebody_who_is_signed_out_fails_at_once() {
    let mut scene = Scene::open();
    scene.ask_as("71", "11", Action::SignOut { reason: None }, "r").unwrap();
    assert!(scene.orders().is_empty(), "the CTI server would have nothing to tell");
    let invalid_state = |id| (some(id), "Invalid State", "CF_INVALID_OBJECT_STATE".to_owned());
    assert_eq!(scene.failures(), [invalid_state("r")]);

    // What waits behind another request is looked at when its turn comes.
    let mut scene = Scene::with_agent(State::Ready);
    for request in ["a", "b"] {
        scene.ask_as("71", "11", Action::SignOut { reason: None }, request).unwrap();
    }
    let order = scene.order();
    scene.confirm(&order);
    scene.reports("11", State::Logout, "", Some(999));
    assert!(scene.orders().is_empty());
    assert_eq!(scene.failures(), [invalid_state("b")]);
    scene.ask("11", sign_in(), "c").unwrap();
    assert_eq!(scene.order().state, State::Login, "nothing is in the way");
}

#[test]
fn a_forced_logout_of_a_talking_agent_waits_for_its_event() {
    let mut scene = Scene::with_agent(State::Talking);
    scene.ask_as("71", "11", Action::SignOut { reason: None }, "r").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    assert!(scene.published().is_empty());
    scene.reports("11", State::Logout, "", Some(999));
    assert_eq!(scene.published(), [(State::Logout, some("r"))]);
    assert_eq!(scene.agent("11").extension, "", "signed out means no extension");
}

#[test]
fn a_supervisor_signs_the_own_self_in_and_chooses_reasons_like_everybody() {
    let mut scene = Scene::open();
    scene.ask("71", sign_in(), "").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    scene.reports("71", State::NotReady, "901", None);
    scene.ask("71", not_ready(Some(LUNCH)), "").unwrap();
    assert_eq!(scene.order().reason, 11);
}

#[test]
fn every_refusal_names_its_cause_and_nothing_reaches_the_cti_server() {
    let mut scene = Scene::with_agent(State::NotReady);
    let not_own = |actor: &str, agent: &str| Refusal::NotOwn { actor: id(actor), agent: id(agent) };
    let at = |extension: &str| Action::SignIn(SignIn { extension: extension.into(), ..SignIn::default() });
    let set = |state| Action::SetState { state, reason: None };
    let cases = [
        ("11", "99", ready(), Refusal::UnknownAgent(id("99"))),
        ("11", "12", ready(), not_own("11", "12")),
        ("nobody", "11", ready(), not_own("nobody", "11")),
        ("71", "11", sign_in(), not_own("71", "11")),
        ("71", "21", ready(), Refusal::NotSupervised { actor: id("71"), agent: id("21") }),
        ("71", "11", not_ready(Some(LUNCH)), Refusal::ReasonNotAllowed),
        ("71", "11", Action::SignOut { reason: Some(DONE) }, Refusal::ReasonNotAllowed),
        ("11", "11", at(""), Refusal::ExtensionMissing),
        ("11", "11", at(&"9".repeat(64)), Refusal::ExtensionTooLong { bytes: 64, max: 63 }),
        ("11", "11", at("901;5550123"), Refusal::ExtensionNotOne),
        ("11", "11", set(State::Work), Refusal::NotSettable(State::Work)),
        ("11", "11", set(State::Talking), Refusal::NotSettable(State::Talking)),
        ("11", "11", set(State::Logout), Refusal::NotSettable(State::Logout)),
        (
            "11",
            "11",
            Action::SetState { state: State::Ready, reason: Some(LUNCH) },
            Refusal::ReasonNotAllowed,
        ),
        ("11", "11", not_ready(Some(ReasonCodeId(4))), Refusal::UnknownReason(ReasonCodeId(4))),
        ("11", "11", not_ready(Some(DONE)), Refusal::UnknownReason(DONE)),
        ("11", "11", not_ready(Some(OTHER_TEAM_ONLY)), Refusal::UnknownReason(OTHER_TEAM_ONLY)),
        ("11", "11", Action::SignOut { reason: Some(SYSTEM_FIRST) }, Refusal::UnknownReason(SYSTEM_FIRST)),
    ];
    for (actor, agent, action, refusal) in cases {
        assert_eq!(scene.ask_as(actor, agent, action, "r"), Err(refusal));
    }
    assert!(scene.orders().is_empty());
    assert!(scene.changes.is_empty());
}

#[test]
fn an_agent_is_found_by_both_names() {
    let scene = Scene::open();
    assert_eq!(scene.floor.find("11").unwrap().id(), &id("11"));
    assert_eq!(scene.floor.find("name11").unwrap().id(), &id("11"));
    assert_eq!(scene.floor.find("NAME11").unwrap().id(), &id("11"));
    assert!(scene.floor.find("Name").is_none());
}

#[test]
fn a_team_has_its_members_and_its_supervisors() {
    let scene = Scene::open();
    let members: Vec<_> = scene.floor.members(TeamId(7)).map(|agent| agent.id().as_str()).collect();
    assert_eq!(members, ["11", "12", "71"]);
    assert!(scene.floor.supervises(&id("71"), TeamId(7)));
    assert!(!scene.floor.supervises(&id("71"), TeamId(8)));
    assert!(!scene.floor.supervises(&id("11"), TeamId(7)));
}

#[test]
fn the_password_goes_with_the_sign_in_only_and_is_shown_nowhere() {
    let mut scene = Scene::open();
    scene.ask("11", sign_in(), "").unwrap();
    let order = scene.order();
    assert_eq!(order.password.as_ref().map(AgentPassword::reveal), Some("open sesame"));
    assert!(!format!("{order:?} {:?}", scene.floor).contains("sesame"));
    scene.confirm(&order);
    scene.reports("11", State::NotReady, "901", None);
    scene.ask("11", ready(), "").unwrap();
    assert_eq!(scene.order().password, None);
}
