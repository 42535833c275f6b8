//! The outbound dialer: what an agent is reserved for, and what follows.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod scene;

use aplomb_floor::*;
use scene::calls::{CUSTOMER, LINE, office};
use scene::{Scene, not_ready};

fn offered() -> Scene {
    let mut scene = office();
    scene.reports("11", State::Reserved, "901", None);
    scene.begin(1, CallType::ReservationPreview);
    scene.delivered(1, "901", CUSTOMER, LINE);
    scene
}

#[test]
fn a_preview_that_rings_tells_what_the_agent_is_reserved_for() {
    let mut scene = offered();
    assert_eq!(scene.agent("11").state, State::ReservedOutboundPreview);
    assert_eq!(
        scene.published(),
        [(State::Reserved, None), (State::ReservedOutboundPreview, None)],
        "the call came after the state"
    );
    scene.reports("11", State::Reserved, "901", None);
    assert!(scene.published().is_empty(), "the same again, by a server that leaves the direction out");
}

#[test]
fn the_call_may_come_before_the_state() {
    let mut scene = office();
    scene.begin(1, CallType::ReservationPredictive);
    scene.delivered(1, "901", CUSTOMER, LINE);
    scene.reports("11", State::Reserved, "901", None);
    assert_eq!(scene.published(), [(State::ReservedOutbound, None)]);
}

#[test]
fn after_a_lost_link_the_agent_is_reserved_for_the_same() {
    let mut scene = offered();
    scene.reports("11", State::ReservedOutboundPreview, "901", None);
    scene.link_down();
    scene.forget();
    scene.link_up();
    let state = |agent: &AgentId| if agent.as_str() == "11" { State::Reserved } else { State::NotReady };
    while let Some(question) = scene.next_question() {
        let answer = match question {
            CtiCommand::QueryAgentState { token, agent } => CtiInput::AgentState(AgentStateReport {
                extension: Some(format!("9{}", if agent.as_str() == "71" { "71" } else { "01" })),
                place: PlaceReport::default(),
                state: state(&agent),
                agent,
                reason: None,
                next: None,
                answers: Some(token),
            }),
            other => CtiInput::DeviceSnapshot { token: other.token(), calls: Vec::new() },
        };
        scene.cti(answer);
        if scene.floor.system().status == Status::InService {
            break;
        }
        assert_eq!(scene.agent("11").state, State::ReservedOutboundPreview);
    }
}

#[test]
fn not_ready_during_a_preview_waits_for_its_end() {
    let mut scene = offered();
    scene.forget();
    scene.ask("11", not_ready(None), "n").unwrap();
    let order = scene.order();
    scene.confirm(&order);
    assert_eq!(scene.agent("11").pending, Some(State::NotReady));
    assert_eq!(scene.published(), [(State::ReservedOutboundPreview, Some("n".to_owned()))]);
    scene.ended(1);
    scene.reports("11", State::NotReady, "901", None);
    assert_eq!((scene.agent("11").state, scene.agent("11").pending), (State::NotReady, None));
}

#[test]
fn what_is_offered_depends_on_the_kind_of_reservation() {
    let kinds = [
        (CallType::ReservationPreview, vec!["ACCEPT", "REJECT", "CLOSE"]),
        (CallType::ReservationPreviewDirect, vec!["ACCEPT", "REJECT", "CLOSE"]),
        (CallType::ReservationCallback, vec!["ACCEPT", "REJECT", "CLOSE"]),
        (CallType::ReservationPersonalCallback, vec!["ACCEPT", "REJECT"]),
    ];
    for (kind, expected) in kinds {
        let mut scene = office();
        scene.begin(1, kind);
        scene.delivered(1, "901", CUSTOMER, LINE);
        assert_eq!(scene.actions(1, "901"), expected, "{kind:?}");
    }
}

#[test]
fn the_answers_for_the_dialer_are_values_of_its_variable() {
    let cases = [
        (Act::Accept, CallType::ReservationPreview, "Accept"),
        (Act::Reject, CallType::ReservationPreview, "Reject"),
        (Act::Close, CallType::ReservationPreviewDirect, "Reject-Close"),
        (Act::Reclassify { classification: "BUSY".into() }, CallType::CustomerPreviewDirect, "BUSY"),
    ];
    for (act, kind, expected) in cases {
        let mut scene = office();
        scene.begin(1, kind);
        match kind {
            CallType::CustomerPreviewDirect => scene.established(1, CUSTOMER, "901", CUSTOMER),
            _ => scene.delivered(1, "901", CUSTOMER, LINE),
        }
        scene.act("11", 1, act.clone(), "a").unwrap();
        let order = scene.call_order();
        let CallRequest::SetData { data, .. } = &order.what else { panic!("{order:?}") };
        assert_eq!((data.ecc[0].name.as_str(), data.ecc[0].value.as_str()), ("BAResponse", expected));
        scene.confirm_call(&order);
        assert!(scene.told().last().unwrap().ends_with("11(a)"), "{act:?}");
    }
}
