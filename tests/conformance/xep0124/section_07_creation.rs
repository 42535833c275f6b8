//! The first request and its answer: the terms.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::bosh::{FIRST_RID, OMIT, body, creation, end, post};
use crate::client::{Bosh, Element};
use crate::subject::{DOMAIN, Subject};

pub(crate) const CASES: &[Case] = &[
    case!(an_unknown_language_is_no_obstacle, "7.1", "`xml:lang` may name any language"),
    case!(the_identity_of_the_client_may_be_told, "7.1", "`from` may name the client"),
    case!(a_route_to_itself_may_be_named, "7.1", "`route` may be ignored by the manager of one server"),
    case!(
        the_content_type_of_answers_may_be_chosen,
        "7.1",
        "`content` is the Content-Type of all answers",
        "A MUST of the document that both leave out."
    ),
    case!(
        the_content_type_of_answers_is_xml_if_none_is_chosen,
        "7.1",
        "Without `content`, the Content-Type is `text/xml; charset=utf-8`"
    ),
    case!(unknown_attributes_are_ignored, "7.1", "The schema allows any other attribute"),
    case!(the_session_has_an_identifier_and_a_wait, "7.2", "The first answer has `sid` and `wait`"),
    case!(identifiers_of_sessions_cannot_be_guessed, "7.2", "`sid` is unique and unpredictable"),
    case!(the_wait_is_not_longer_than_asked_for, "7.2", "`wait` is at most what was asked for"),
    case!(the_hold_is_not_more_than_asked_for, "7.2", "`hold` is told and at most what was asked for"),
    case!(
        a_hold_of_many_is_cut_or_granted,
        "7.2",
        "`requests` is 2 or one more than the `hold` of the client"
    ),
    case!(the_version_is_the_lower_of_the_two, "7.2", "`ver` is the lower of both sides' versions"),
    case!(minor_versions_are_numbers_of_their_own, "7.1", "The minor version is a separate integer"),
    case!(the_usual_terms_are_told, "7.2", "`polling`, `inactivity` and `requests` are told"),
    case!(
        the_terms_are_told_only_once,
        "7.2",
        "`sid`, `wait`, `ver`, `polling`, `inactivity`, `requests`, `hold` are in no other answer"
    ),
    case!(the_identity_of_the_server_may_be_told, "7.2", "`from` may name the server"),
    case!(the_longest_pause_is_told, "7.2", "`maxpause` is told where pauses are supported"),
    case!(encodings_that_can_be_read_may_be_told, "7.2", "`accept` may list content encodings"),
    case!(character_sets_that_can_be_read_may_be_told, "7.2", "`charsets` may list character sets"),
    case!(a_server_that_acknowledges_says_so, "7.2", "`ack` is the rid of the creation request"),
    case!(what_was_not_asked_for_has_a_default, "7.1", "`wait`, `hold` and `xml:lang` may be left out"),
];

fn opens(subject: &Subject, changes: &[(&str, &str)]) -> Element {
    body(&post(subject, &creation(FIRST_RID, changes)).answer())
}

fn an_unknown_language_is_no_obstacle(subject: &Subject) -> Outcome {
    assert!(opens(subject, &[("xml:lang", "tlh")]).attr("sid").is_some());
    Ok(())
}

fn the_identity_of_the_client_may_be_told(subject: &Subject) -> Outcome {
    let from = format!("{}@{DOMAIN}", subject.user());
    assert!(opens(subject, &[("from", &from)]).attr("sid").is_some());
    Ok(())
}

fn a_route_to_itself_may_be_named(subject: &Subject) -> Outcome {
    assert!(opens(subject, &[("route", "xmpp:localhost:5222")]).attr("sid").is_some());
    Ok(())
}

fn the_content_type_of_answers_may_be_chosen(subject: &Subject) -> Outcome {
    let mut session = Bosh::create(subject, &[("content", "text/html; charset=utf-8")]);
    assert_eq!(session.created.header("content-type"), Some("text/html; charset=utf-8"));
    let later = session.ask("type='terminate'", "");
    assert_eq!(later.header("content-type"), Some("text/html; charset=utf-8"), "all answers of the session");
    Ok(())
}

fn the_content_type_of_answers_is_xml_if_none_is_chosen(subject: &Subject) -> Outcome {
    let session = Bosh::open(subject);
    assert_eq!(session.created.header("content-type"), Some("text/xml; charset=utf-8"));
    Ok(())
}

fn unknown_attributes_are_ignored(subject: &Subject) -> Outcome {
    assert!(opens(subject, &[("colour", "green"), ("xml:space", "preserve")]).attr("sid").is_some());
    Ok(())
}

fn the_session_has_an_identifier_and_a_wait(subject: &Subject) -> Outcome {
    let terms = Bosh::open(subject).terms;
    assert!(terms.attr("sid").is_some_and(|sid| !sid.is_empty()));
    assert!(terms.number("wait").is_some());
    Ok(())
}

fn identifiers_of_sessions_cannot_be_guessed(subject: &Subject) -> Outcome {
    let mut sids: Vec<String> = (0..20).map(|_| Bosh::open(subject).sid).collect();
    assert!(sids.iter().all(|sid| sid.len() >= 16), "{sids:?}");
    sids.sort();
    sids.dedup();
    assert_eq!(sids.len(), 20, "each is different");
    let differing = sids[0].bytes().zip(sids[1].bytes()).filter(|(one, other)| one != other).count();
    assert!(differing >= 8, "neighbours differ in more than a counter: {} {}", sids[0], sids[1]);
    Ok(())
}

fn the_wait_is_not_longer_than_asked_for(subject: &Subject) -> Outcome {
    for asked in [0, 1, 30, 60, 100_000] {
        let granted = opens(subject, &[("wait", &asked.to_string())]).number("wait");
        assert!(granted.is_some_and(|granted| granted <= asked), "{asked} asked for, {granted:?} granted");
    }
    Ok(())
}

fn the_hold_is_not_more_than_asked_for(subject: &Subject) -> Outcome {
    for asked in [0, 1, 2, 200] {
        let granted = opens(subject, &[("hold", &asked.to_string())]).number("hold");
        assert!(granted.is_some_and(|granted| granted <= asked), "{asked} asked for, {granted:?} granted");
    }
    Ok(())
}

fn a_hold_of_many_is_cut_or_granted(subject: &Subject) -> Outcome {
    for asked in ["1", "2", "5"] {
        let terms = opens(subject, &[("hold", asked)]);
        let requests = terms.number("requests").expect("requests");
        let hold = terms.number("hold").expect("hold");
        assert!(requests == 2 || requests == hold + 1, "hold {hold}, requests {requests}");
    }
    Ok(())
}

fn version(text: &str) -> (u32, u32) {
    let (major, minor) = text.split_once('.').unwrap_or_else(|| panic!("ver='{text}'"));
    (major.parse().unwrap(), minor.parse().unwrap())
}

fn the_version_is_the_lower_of_the_two(subject: &Subject) -> Outcome {
    let highest = opens(subject, &[("ver", "1.999")]);
    let highest = version(highest.attr("ver").expect("ver"));
    for asked in ["1.6", "1.8", "1.11"] {
        let terms = opens(subject, &[("ver", asked)]);
        let granted = version(terms.attr("ver").expect("ver"));
        assert_eq!(
            granted,
            highest.min(version(asked)),
            "{asked} asked for, {highest:?} is the server's highest"
        );
    }
    Ok(())
}

fn minor_versions_are_numbers_of_their_own(subject: &Subject) -> Outcome {
    let terms = opens(subject, &[("ver", "1.10")]);
    let granted =
        version(terms.attr("ver").expect("a client of 1.10 is newer than 1.6, not a legacy client"));
    assert!(granted <= (1, 10), "{granted:?}");
    Ok(())
}

fn the_usual_terms_are_told(subject: &Subject) -> Outcome {
    let terms = Bosh::open(subject).terms;
    for name in ["polling", "inactivity", "requests"] {
        assert!(terms.number(name).is_some_and(|value| value > 0), "{name}: {terms}");
    }
    Ok(())
}

fn the_terms_are_told_only_once(subject: &Subject) -> Outcome {
    let mut session = Bosh::open(subject);
    let answer =
        body(&session.ask("", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='NONE-SUCH'/>"));
    for name in ["sid", "wait", "ver", "polling", "inactivity", "requests", "hold"] {
        assert_eq!(answer.attr(name), None, "{name}: {answer}");
    }
    Ok(())
}

fn the_identity_of_the_server_may_be_told(subject: &Subject) -> Outcome {
    match Bosh::open(subject).terms.attr("from") {
        None => not_offered("no `from`"),
        Some(from) => {
            assert_eq!(from, DOMAIN);
            Ok(())
        }
    }
}

fn the_longest_pause_is_told(subject: &Subject) -> Outcome {
    match Bosh::open(subject).terms.number("maxpause") {
        None => not_offered("no `maxpause`: sessions cannot pause"),
        Some(seconds) => {
            assert!(seconds > 0);
            Ok(())
        }
    }
}

fn encodings_that_can_be_read_may_be_told(subject: &Subject) -> Outcome {
    match Bosh::open(subject).terms.attr("accept") {
        None => not_offered("no `accept`"),
        Some(accept) => {
            let known = ["gzip", "deflate", "br", "zstd", "identity"];
            assert!(
                accept.split([' ', ',']).filter(|e| !e.is_empty()).all(|e| known.contains(&e)),
                "{accept}"
            );
            Ok(())
        }
    }
}

fn character_sets_that_can_be_read_may_be_told(subject: &Subject) -> Outcome {
    match Bosh::open(subject).terms.attr("charsets") {
        None => not_offered("no `charsets`"),
        Some(charsets) => {
            assert!(charsets.split(' ').all(|name| !name.is_empty() && name.is_ascii()), "{charsets}");
            Ok(())
        }
    }
}

fn a_server_that_acknowledges_says_so(subject: &Subject) -> Outcome {
    match Bosh::open(subject).terms.number("ack") {
        None => not_offered("no `ack` in the first answer"),
        Some(ack) => {
            assert_eq!(ack, FIRST_RID);
            Ok(())
        }
    }
}

fn what_was_not_asked_for_has_a_default(subject: &Subject) -> Outcome {
    let text = creation(FIRST_RID, &[("wait", OMIT), ("hold", OMIT), ("xml:lang", OMIT)]);
    let answer = post(subject, &text).answer();
    assert_eq!(end(&answer), None, "{}", answer.text());
    assert!(body(&answer).attr("sid").is_some());
    Ok(())
}
