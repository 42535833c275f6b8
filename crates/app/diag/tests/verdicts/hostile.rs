//! Texts that somebody else chose: whatever they hold, nothing of it does anything where it is shown.

use super::world::{AGENT, EVERYWHERE, World, end_of};
use aplomb_diag::render::{Reader, document, html, page};
use aplomb_diag::{Case, End, Language, What, diagnose};
use jiff::tz::TimeZone;

/// Erases a terminal's screen in two ways, sets its title, turns the writing round, ends a line, an attribute and an
/// element.
const HOSTILE: &str =
    "x\u{1b}[2J\u{9b}2J\u{9d}0;owned\u{7}\r\n\u{202e}\u{2066}\"'><script>alert(1)</script><!--&#60;\u{0}";

/// Every text that a fact can have, in a story with all lanes; the agent, the others and the sources too.
fn story() -> Case {
    let text = || HOSTILE.to_owned();
    let opened = What::SessionOpened {
        transport: text(),
        address: text(),
        client: Some(text()),
        inactivity_ms: Some(60_000),
    };
    let world = World::watched(&EVERYWHERE)
        .agent(-60, opened.clone())
        .of(Some(HOSTILE), -60, opened)
        .agent(-20, What::ForbiddenCharacter { field: text() })
        .agent(-20, What::LongTask { ms: 9_000, gadget: Some(text()) })
        .agent(-20, What::ForeignIssuer { issuer: text() })
        .server(-20, What::CertificateRefused { address: text() })
        .server(-20, What::CtiLost { reason: text() })
        .server(-20, What::AdminAction { action: text() })
        .agent(90, end_of(End::Idle, 90))
        .of(Some(HOSTILE), 90, end_of(End::Idle, 90));
    let World(mut case) = world;
    for fact in &mut case.facts {
        fact.source = text();
        fact.session = fact.session.as_ref().map(|_| text());
    }
    case
}

/// Fit for a terminal.
fn is_harmless(text: &str) -> bool {
    let reverses = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().all(|c| c == '\n' || (!c.is_control() && !reverses(c)))
}

#[test]
fn no_lane_line_or_document_shows_a_text_raw_in_either_language_at_any_width() {
    let named = story();
    let mut not_known = story();
    not_known.facts.retain(|fact| !matches!(fact.what, What::LongTask { .. } | What::ForeignIssuer { .. }));
    let mut nobody = story();
    nobody.subject = HOSTILE.to_owned();
    let everything = |case: &Case| {
        let verdict = diagnose(case);
        for language in [Language::English, Language::Japanese] {
            for columns in [20, 80, 120] {
                let reader = Reader { language, zone: TimeZone::UTC, columns, emphasis: false };
                let text = page(&verdict, &reader);
                assert!(is_harmless(&text), "{text:?}");
                let html = html(&verdict, &reader, AGENT);
                assert!(is_harmless(&html) && !html.contains("<script"), "{html:?}");
                let document = document(&verdict, &reader).to_string();
                assert!(is_harmless(&document), "{document:?}");
            }
        }
    };
    [named, not_known, nobody].iter().for_each(everything);
}

#[test]
fn the_lanes_still_say_what_can_be_said_of_a_hostile_text() {
    let case = story();
    let reader = Reader { language: Language::English, zone: TimeZone::UTC, columns: 120, emphasis: false };
    let page = page(&diagnose(&case), &reader);
    for words in ["desktop", "network", "notification", "web service", "CTI", "the gadget x"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}
