//! Mobile agents, and telephones that share an extension.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod scene;

use aplomb_floor::*;
use scene::calls::{CUSTOMER, LINE, office_with};
use scene::*;
use std::sync::Arc;

const NUMBER: &str = "+815550123";

fn terminal(id: &str) -> Terminal {
    Terminal { id: id.into(), kind: 30_018, kind_name: "Desk phone".into() }
}

/// Mobile agents are enabled; extension 901 is shared by two telephones.
fn policy() -> Policy {
    let terminals = Arc::from([terminal("SEP01"), terminal("SEP02")]);
    Policy { mobile_agents: true, terminals: [("901".to_owned(), terminals)].into(), ..Policy::default() }
}

fn scene() -> Scene {
    Scene::open_with(small_roster(), policy())
}

fn mobile(mode: MobileMode, number: &str) -> Place {
    Place { mobile: Some(MobileAgent { mode, dial_number: number.into() }), terminal: None }
}

fn at(place: Place) -> Action {
    Action::SignIn(SignIn { extension: "901".into(), password: None, place })
}

fn nailed() -> Action {
    at(mobile(MobileMode::NailedConnection, NUMBER))
}

fn terminal_of(scene: &Scene) -> Option<&str> {
    scene.agent("11").place.terminal.as_deref()
}

/// Agent 11 has signed in; the server confirmed first, as servers do.
fn signed_in(action: Action) -> Scene {
    let mut scene = scene();
    scene.ask("11", action, "r1").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    scene.reports("11", State::NotReady, "901", None);
    assert_eq!(scene.published(), [(State::NotReady, some("r1"))]);
    scene
}

/// An AGENT_STATE_EVENT that says where calls ring.
fn told(scene: &mut Scene, state: State, place: PlaceReport) {
    scene.cti(CtiInput::AgentState(AgentStateReport {
        agent: id("11"),
        extension: some("901"),
        place,
        state,
        reason: None,
        next: None,
        answers: None,
    }));
}

#[test]
fn a_mobile_agents_sign_in_carries_the_mode_and_the_number_and_the_agent_shows_them() {
    let mut scene = scene();
    scene.ask("11", nailed(), "").unwrap();
    let order = scene.order();
    assert_eq!(
        (order.extension.as_str(), &order.place),
        ("901", &mobile(MobileMode::NailedConnection, NUMBER))
    );
    assert_eq!(scene.agent("11").place, Place::default(), "not before the server has said so");
    scene.confirm(&order);
    scene.reports("11", State::NotReady, "901", None);
    assert_eq!(scene.agent("11").place, mobile(MobileMode::NailedConnection, NUMBER));
}

#[test]
fn a_refused_sign_in_makes_nobody_mobile() {
    let mut scene = scene();
    scene.ask("11", nailed(), "").unwrap();
    let order = scene.order();
    scene.refuse(&order, 265, "CF_INVALID_AGENT_WORKMODE");
    assert_eq!(scene.failures(), [(None, "Mode Not Allowed", "CF_INVALID_AGENT_WORKMODE".to_owned())]);
    scene.ask("11", sign_in(), "").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    scene.reports("11", State::NotReady, "901", None);
    assert_eq!(scene.agent("11").place, Place::default());
}

#[test]
fn it_stays_through_states_and_a_lost_link_and_goes_with_the_sign_out() {
    let mut scene = signed_in(nailed());
    scene.reports("11", State::Ready, "901", None);
    scene.link_down();
    scene.link_up();
    scene.answer_queries_by(|agent| if agent.as_str() == "11" { State::Talking } else { State::Logout });
    assert_eq!(scene.agent("11").state, State::Talking);
    assert_eq!(scene.agent("11").place, mobile(MobileMode::NailedConnection, NUMBER));
    scene.reports("11", State::Logout, "", None);
    assert_eq!(scene.agent("11").place, Place::default());
}

#[test]
fn who_was_signed_out_or_moved_to_another_extension_in_a_gap_is_mobile_no_more() {
    for (state, extension) in [(State::Logout, ""), (State::NotReady, "902")] {
        let mut scene = signed_in(nailed());
        scene.link_down();
        scene.link_up();
        while let Some(question) = scene.next_question() {
            let CtiCommand::QueryAgentState { token, agent } = question else {
                scene.cti(CtiInput::DeviceSnapshot { token: question.token(), calls: Vec::new() });
                continue;
            };
            let is_11 = agent.as_str() == "11";
            scene.cti(CtiInput::AgentState(AgentStateReport {
                agent,
                extension: some(extension).filter(|extension| is_11 && !extension.is_empty()),
                place: PlaceReport::default(),
                state: if is_11 { state } else { State::Logout },
                reason: None,
                next: None,
                answers: Some(token),
            }));
        }
        assert_eq!(scene.agent("11").place, Place::default());
    }
}

#[test]
fn signing_in_again_adds_what_it_says_and_takes_nothing_away() {
    let mut scene = signed_in(sign_in());
    scene.ask("11", nailed(), "").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    assert_eq!(scene.agent("11").place, mobile(MobileMode::NailedConnection, NUMBER), "the server agreed");
    scene.ask("11", sign_in(), "").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    assert_eq!(scene.agent("11").place, mobile(MobileMode::NailedConnection, NUMBER));
}

#[test]
fn the_server_has_the_last_word_on_the_number_but_a_number_alone_makes_nobody_mobile() {
    let report = || PlaceReport { dial_number: Some("5550124".into()), terminal: None };
    let mut scene = signed_in(nailed());
    told(&mut scene, State::Ready, report());
    assert_eq!(scene.agent("11").place, mobile(MobileMode::NailedConnection, "5550124"));
    let mut scene = signed_in(sign_in());
    told(&mut scene, State::Ready, report());
    assert_eq!(scene.agent("11").place, Place::default());
}

#[test]
fn the_chosen_telephone_is_shown_and_the_server_may_name_another() {
    let chosen = |id: &str| Place { mobile: None, terminal: some(id) };
    let mut scene = signed_in(at(chosen("SEP02")));
    assert_eq!(terminal_of(&scene), Some("SEP02"));
    assert_eq!(scene.agent("11").terminals.len(), 2);
    told(&mut scene, State::Ready, PlaceReport { dial_number: None, terminal: some("SEP01") });
    assert_eq!(terminal_of(&scene), Some("SEP01"));
    scene.reports("11", State::NotReady, "901", None);
    assert_eq!(terminal_of(&scene), Some("SEP01"), "an event that does not say it changes nothing");
    scene.reports("11", State::Logout, "", None);
    assert_eq!((terminal_of(&scene), scene.agent("11").terminals.len()), (None, 0));
}

#[test]
fn what_cannot_be_is_refused_before_the_cti_server_hears_of_it() {
    let mobile = |number: &str| at(mobile(MobileMode::CallByCall, number));
    let chosen = |extension: &str, id: &str| {
        let place = Place { mobile: None, terminal: some(id) };
        Action::SignIn(SignIn { extension: extension.into(), password: None, place })
    };
    let mut scene = scene();
    for (action, refusal) in [
        (mobile(""), Refusal::DialNumberMissing),
        (mobile("+"), Refusal::DialNumberNotDialable),
        (mobile("555-0123"), Refusal::DialNumberNotDialable),
        (mobile("5550123;5550124"), Refusal::DialNumberNotDialable),
        (mobile("55+0123"), Refusal::DialNumberNotDialable),
        (mobile("٥٥٥٠١٢٣"), Refusal::DialNumberNotDialable),
        (mobile(&"5".repeat(60)), Refusal::DialNumberTooLong { bytes: 60, max: 59 }),
        (chosen("901", "SEP03"), Refusal::UnknownTerminal),
        (chosen("902", &"S".repeat(64)), Refusal::UnknownTerminal),
    ] {
        assert_eq!(scene.ask("11", action, "r"), Err(refusal));
    }
    assert!(scene.orders().is_empty());
    assert_eq!(scene.ask("11", mobile(&"5".repeat(59)), "r"), Ok(()), "as long as fits");
    assert_eq!(
        scene.ask("12", chosen("902", "SEP77"), "r"),
        Ok(()),
        "what nobody configured, the server knows"
    );
}

#[test]
fn where_mobile_agents_are_not_enabled_or_unknown_they_are_refused() {
    for policy in [Policy::default(), Policy { deployment: Deployment::Uccx, ..policy() }] {
        let mut scene = Scene::open_with(small_roster(), policy);
        assert_eq!(scene.ask("11", nailed(), "r"), Err(Refusal::NoMobileAgents));
    }
}

#[test]
fn nothing_that_is_written_of_a_sign_in_shows_the_number() {
    let mut scene = signed_in(nailed());
    scene.ask("11", nailed(), "").unwrap();
    let order = scene.order();
    let refusal = scene.ask("11", at(mobile(MobileMode::CallByCall, "555 0123")), "").unwrap_err();
    for shown in [format!("{order:?}"), format!("{:?}", scene.agent("11")), format!("{refusal} {refusal:?}")]
    {
        assert!(!shown.contains("5550123") && !shown.contains("555 0123"), "{shown}");
    }
}

#[test]
fn who_is_called_for_each_call_answers_at_the_telephone_and_not_on_the_desktop() {
    for (mode, offered) in [(MobileMode::CallByCall, vec![]), (MobileMode::NailedConnection, vec!["ANSWER"])]
    {
        let mut scene = office_with(small_roster(), policy());
        scene.ask("11", at(mobile(mode, NUMBER)), "").unwrap();
        let order = scene.order();
        scene.confirm(&order);
        scene.begin(1, CallType::PrerouteAcdIn);
        scene.delivered(1, "901", CUSTOMER, LINE);
        assert_eq!(scene.actions(1, "901"), offered);
        scene.established(1, "901", CUSTOMER, LINE);
        assert!(scene.actions(1, "901").contains(&"HOLD"), "everything else is done on the desktop");
    }
}

#[test]
fn who_signs_in_again_as_mobile_while_a_call_rings_answers_it_at_the_telephone() {
    let mut scene = office_with(small_roster(), policy());
    scene.begin(1, CallType::PrerouteAcdIn);
    scene.delivered(1, "901", CUSTOMER, LINE);
    assert_eq!(scene.actions(1, "901"), ["ANSWER"]);
    scene.ask("11", at(mobile(MobileMode::CallByCall, NUMBER)), "").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    assert!(scene.actions(1, "901").is_empty(), "{:?}", scene.actions(1, "901"));
}

#[test]
fn an_event_that_comes_before_the_refusal_of_a_second_sign_in_is_not_its_outcome() {
    let mut scene = signed_in(sign_in());
    scene.ask("11", nailed(), "r2").unwrap();
    let order = scene.order();
    scene.reports("11", State::Reserved, "901", None);
    assert_eq!(scene.agent("11").place, Place::default(), "the server has not said so");
    scene.refuse(&order, 265, "CF_INVALID_AGENT_WORKMODE");
    assert_eq!(scene.agent("11").place, Place::default());
    let told = (some("r2"), "Mode Not Allowed", "CF_INVALID_AGENT_WORKMODE".to_owned());
    assert_eq!(scene.failures(), [told]);
}
