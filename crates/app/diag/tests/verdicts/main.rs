//! Verdicts of cases made by hand.

#![allow(clippy::unwrap_used, reason = "tests")]

mod causes;
mod cohort;
mod hostile;
mod world;

use aplomb_diag::rules::{Finding, RULES, Role};
use aplomb_diag::{Case, Confidence, End, Failure, Sight, What, diagnose};
use world::{AGENT, EVERYWHERE, SERVER_ONLY, World, at};

#[test]
fn each_cause_of_the_table_is_named_when_everything_was_looked_at() {
    let cases = causes::all();
    assert_eq!(cases.len(), RULES.len(), "a case for each rule");
    for (id, World(case)) in &cases {
        let verdict = diagnose(case);
        let named = verdict.cause.as_ref().map(|cause| cause.rule.id);
        let left: Vec<_> = verdict.others.iter().map(|other| (other.rule.id, other.confidence)).collect();
        assert_eq!(named, Some(*id), "left: {left:?}, missing: {:?}", verdict.missing);
        assert_eq!(verdict.confidence(), Confidence::High, "{id}");
    }
}

#[test]
fn nothing_is_named_at_high_confidence_when_nobody_looked_where_it_could_be_refuted() {
    for (id, World(mut case)) in causes::all() {
        case.watches.clear();
        let verdict = diagnose(&case);
        let Some(cause) = &verdict.cause else { continue };
        let refutable = cause.clues.iter().any(|clue| matches!(clue.finding, Finding::NotLooked(_)));
        assert!(!refutable || cause.confidence < Confidence::High, "{id}: {}", cause.rule.id);
        assert_eq!(cause.rule.id, id, "what is named without looking elsewhere is right all the same");
    }
}

#[test]
fn a_silence_that_only_the_server_saw_is_not_known_and_asks_for_the_page() {
    let World(case) = World::watched(&SERVER_ONLY).ended(90, End::Idle, 90);
    let verdict = diagnose(&case);
    assert!(verdict.cause.is_none(), "{:?}", verdict.cause);
    let left: Vec<_> = verdict.others.iter().map(|other| other.rule.id).collect();
    for possible in ["C1", "C2", "C5"] {
        assert!(left.contains(&possible), "{left:?}");
    }
    for excluded in ["S1", "S2", "C14", "C18", "C20", "C16"] {
        assert!(!left.contains(&excluded), "{left:?}");
    }
    assert_eq!(verdict.missing[0].0, Sight::Page, "{:?}", verdict.missing);
}

#[test]
fn a_page_that_worked_all_the_while_refutes_sleep_even_if_a_clock_says_so() {
    let World(case) = World::watched(&EVERYWHERE)
        .ended(90, End::Idle, 90)
        .agent(100, What::Slept { ms: 3_000 })
        .agent(40, What::PageAlive)
        .agent(45, What::RequestFailed { how: Failure::TimedOut });
    let verdict = diagnose(&case);
    assert!(verdict.cause.as_ref().is_none_or(|cause| cause.rule.id != "C1"));
}

#[test]
fn a_network_is_not_blamed_for_a_server_that_took_no_connections() {
    let failed = |how| What::RequestFailed { how };
    let cut = || {
        let silence = World::watched(&EVERYWHERE).ended(90, End::Idle, 90);
        silence.agent(35, failed(Failure::TimedOut)).agent(70, failed(Failure::TimedOut)).back(160)
    };
    let named = |World(case): World| diagnose(&case).cause.map(|cause| cause.rule.id);
    assert_eq!(named(cut()), Some("C2"));
    let (listener, error) = ("listen.notification".into(), "Too many open files".into());
    assert_ne!(named(cut().server(40, What::NotAccepted { listener, error })), Some("C2"));
}

#[test]
fn one_poll_cut_long_before_the_end_does_not_make_it_a_crash_of_the_browser() {
    let World(case) = World::watched(&SERVER_ONLY)
        .ended(90, End::Idle, 90)
        .agent(-300, What::PollCut { held_ms: 3_000 })
        .agent(1, What::PollCut { held_ms: 4_000 });
    let verdict = diagnose(&case);
    assert!(verdict.cause.as_ref().is_none_or(|cause| cause.rule.id != "C17"), "{:?}", verdict.cause);
}

#[test]
fn a_page_that_takes_the_place_of_its_own_past_is_a_reload_and_no_second_sign_in() {
    let displaced = || World::watched(&EVERYWHERE).ended(20, End::Conflict, 1);
    let World(mut reload) = displaced().agent(19, What::PollCut { held_ms: 400 });
    let opened = reload.facts.iter().find(|fact| matches!(fact.what, What::SessionOpened { .. })).unwrap();
    let next = aplomb_diag::Fact { at: at(20), session: Some("the next".into()), ..opened.clone() };
    reload.facts.push(next.clone());
    reload.order();
    assert_eq!(diagnose(&reload).cause.unwrap().rule.id, "C16");

    let World(mut elsewhere) = displaced();
    elsewhere.facts.push(next);
    elsewhere.order();
    assert_eq!(diagnose(&elsewhere).cause.unwrap().rule.id, "C14", "its poll was there until the end");
}

#[test]
fn a_server_that_stood_still_for_a_moment_did_not_make_a_long_silence() {
    let paused =
        |ms| World::watched(&EVERYWHERE).ended(90, End::Idle, 90).server(40, What::ServerPaused { ms });
    let World(short) = paused(3_000);
    assert!(diagnose(&short).cause.is_none());
    let World(long) = paused(60_000);
    assert_eq!(diagnose(&long).cause.unwrap().rule.id, "S7");
}

#[test]
fn a_way_that_takes_seconds_is_the_networks_fault() {
    let World(case) = World::watched(&EVERYWHERE)
        .ended(90, End::Idle, 90)
        .agent(93, What::RoundTrip { ms: 62_000 })
        .back(91);
    assert_eq!(diagnose(&case).cause.unwrap().rule.id, "C2");
    let World(starved) = World(case).agent(92, What::LongTask { ms: 80_000, gadget: None });
    assert_eq!(diagnose(&starved).cause.unwrap().rule.id, "C6", "what computes answers late");
}

#[test]
fn the_end_nearest_to_the_time_asked_for_is_meant() {
    let World(mut case) = World::watched(&EVERYWHERE)
        .ended(0, End::Overactivity, 0)
        .back(10)
        .agent(1_800, world::end_of(End::Conflict, 0));
    assert_eq!(diagnose(&case).cause.unwrap().rule.id, "C14", "the latest without a time");
    case.at = Some(at(60));
    assert_eq!(diagnose(&case).cause.unwrap().rule.id, "C20");
}

#[test]
fn an_agent_of_whom_nothing_is_known_has_no_cause_and_nothing_panics() {
    for case in [
        Case::new("", None),
        Case::new(AGENT, Some(jiff::Timestamp::MAX)),
        Case::new(AGENT, Some(jiff::Timestamp::MIN)),
    ] {
        let verdict = diagnose(&case);
        assert!(verdict.cause.is_none());
        assert!(!verdict.missing.is_empty());
    }
}

#[test]
fn a_clock_set_back_between_two_facts_changes_no_verdict() {
    // an hour back five minutes after the session began; it ends ten seconds later, before it began
    let set_back =
        |world: World| world.opened(AGENT, 0, "192.0.2.7").server(-3_300, What::ClockStep { ms: -3_600_000 });
    let World(case) = set_back(World::watched(&EVERYWHERE))
        .agent(-3_290, world::end_of(End::Stopped, 1))
        .server(-3_290, What::ServiceStopped);
    let verdict = diagnose(&case);
    assert_eq!(verdict.cause.as_ref().map(|cause| cause.rule.id), Some("S1"));
    assert_eq!(verdict.confidence(), Confidence::High);

    // a silence measured by a clock that does not jump: the step explains nothing
    let steady = What::SessionEnded { end: End::Idle, silent_ms: 90_000, longest_gap_ms: None, steady: true };
    let World(case) = set_back(World::watched(&SERVER_ONLY)).agent(-3_200, steady);
    let verdict = diagnose(&case);
    assert!(verdict.cause.is_none(), "{:?}", verdict.cause);
    assert!(verdict.others.iter().any(|other| other.rule.id == "C1"), "what may have been is left");
}

#[test]
fn every_rule_has_a_mark_and_says_where_it_is_known_from() {
    let World(case) = World::watched(&EVERYWHERE).ended(90, End::Idle, 90);
    let incident = aplomb_diag::Incident::find(&case);
    for rule in RULES {
        let clues = (rule.clues)(&incident);
        assert!(clues.iter().any(|clue| clue.role == Role::Mark), "{}", rule.id);
        assert!(!rule.source.is_empty() && !rule.name.ja.is_empty(), "{}", rule.id);
        assert!(rule.rather_than.iter().all(|id| aplomb_diag::rules::rule(id).is_some()), "{}", rule.id);
    }
}

#[test]
fn a_case_is_read_as_it_was_written_and_others_are_refused_with_a_word() {
    let World(case) =
        World::watched(&EVERYWHERE).ended(90, End::Idle, 90).agent(3, What::PollCut { held_ms: 7 });
    let text = serde_json::to_vec(&case).unwrap();
    assert_eq!(Case::parse(&text).unwrap(), case);
    let later = br#"{"version":2,"form":"new"}"#;
    assert!(Case::parse(later).unwrap_err().to_string().contains("version 2"));
    for broken in [&b""[..], b"{", b"[]", b"\xff", br#"{"version":1}"#] {
        assert!(Case::parse(broken).is_err());
    }
    let unknown =
        br#"{"version":1,"subject":"1","facts":[{"at":"2026-11-22T00:00:00Z","what":"new-kind","x":1}]}"#;
    assert!(Case::parse(unknown).unwrap().facts.is_empty(), "kinds of later versions are passed over");
}
