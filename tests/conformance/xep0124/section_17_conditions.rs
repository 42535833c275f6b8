//! Errors and status codes.

use crate::case::{Case, Outcome, case, not_offered};
use crate::client::bosh::{FIRST_RID, OMIT, assert_ends, body, creation, end, post};
use crate::client::{Bosh, Element, ns, ping};
use crate::subject::Subject;
use std::thread::sleep;
use std::time::Duration;

pub(crate) const CASES: &[Case] = &[
    case!(
        a_legacy_client_is_told_404_for_a_rid_beyond_the_window,
        "17.1",
        "Without `ver`: 404 for item-not-found",
        "Deprecated, but a SHOULD: such clients know the codes only. Both tell all clients the conditions."
    ),
    case!(a_legacy_client_is_told_400_for_a_bad_request, "17.1", "Without `ver`: 400 for bad-request"),
    case!(
        a_legacy_client_is_told_403_for_a_violation,
        "17.1",
        "Without `ver`: 403 for policy-violation",
        "As for 404."
    ),
    case!(a_legacy_client_is_served, "17.1", "Clients without `ver` can use the session"),
    case!(an_unknown_sid_is_not_found, "17.2", "item-not-found: `sid` is not valid"),
    case!(a_condition_comes_with_status_200, "17.2", "Terminal conditions are bodies with status 200"),
    case!(
        a_missing_domain_is_improper_addressing,
        "17.2",
        "improper-addressing: no `to` where one is needed"
    ),
    case!(
        an_unknown_domain_is_host_unknown,
        "17.2",
        "host-unknown: `to` names a domain not served here, unless it is served all the same",
        "The table of conditions has one for exactly this. Prosody says improper-addressing, which is for a missing `to`; \
         ejabberd internal-server-error."
    ),
    case!(
        a_domain_that_is_refused_is_host_unknown,
        "17.2",
        "host-unknown: where other domains are not served"
    ),
    case!(
        a_domain_that_moved_is_host_gone,
        "17.2",
        "host-gone: `to` names a domain that is no longer served here"
    ),
    case!(
        what_is_no_domain_is_improper_addressing,
        "17.2",
        "improper-addressing: `to` holds no domain at all"
    ),
    case!(a_number_that_is_none_is_a_bad_request, "17.2", "bad-request: a binding element is unacceptable"),
    case!(
        an_error_of_the_stream_is_a_remote_stream_error,
        "17.2",
        "remote-stream-error holds the stream's error"
    ),
    case!(
        the_older_of_two_sessions_hears_of_the_conflict,
        "17.2",
        "remote-stream-error for a replaced session"
    ),
    case!(
        every_held_request_hears_of_the_end,
        "17.2",
        "A fatal error ends the session for every open request"
    ),
    case!(a_server_that_goes_down_says_so, "17.2", "system-shutdown: all sessions are being terminated"),
    case!(
        a_client_that_should_go_elsewhere_is_told_where,
        "17.2",
        "see-other-uri: the session is to be made at `<uri/>`, which is told"
    ),
    case!(
        a_route_to_elsewhere_is_ignored_or_fails,
        "17.2",
        "remote-connection-failed, or `route` is ignored: it names a server that is not there"
    ),
    case!(
        a_route_that_is_refused_is_a_remote_connection_failed,
        "17.2",
        "remote-connection-failed: the manager may not, or cannot, connect to where `route` leads"
    ),
    case!(
        a_server_without_room_is_an_internal_server_error,
        "17.2",
        "internal-server-error: the manager cannot serve the request"
    ),
    case!(
        an_end_that_no_condition_names_is_undefined_and_explained,
        "17.2",
        "undefined-condition: none of the others; the body says what it is"
    ),
    case!(
        a_request_that_overtook_a_lost_one_is_asked_for_again,
        "17.3",
        "Recoverable: `type='error'`; the client repeats it, and all before it that have no answer"
    ),
    case!(
        an_error_of_a_stanza_ends_no_session,
        "17.4",
        "Errors within payloads do not terminate the session"
    ),
];

fn legacy(subject: &Subject) -> Bosh<'_> {
    Bosh::create(subject, &[("ver", OMIT)])
}

fn a_legacy_client_is_told_404_for_a_rid_beyond_the_window(subject: &Subject) -> Outcome {
    let session = legacy(subject);
    assert_eq!(session.at(session.rid + 1_000, "", "").answer().status, 404);
    Ok(())
}

fn a_legacy_client_is_told_400_for_a_bad_request(subject: &Subject) -> Outcome {
    let session = legacy(subject);
    let request =
        session.request(session.rid, "", "").replace(&format!("rid='{}'", session.rid), "rid='one'");
    assert_eq!(post(subject, &request).answer().status, 400);
    Ok(())
}

fn a_legacy_client_is_told_403_for_a_violation(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with_polls(subject, &[("ver", OMIT), ("wait", "0"), ("hold", "0")]);
    sleep(Duration::from_secs(session.terms.number("polling").unwrap_or(5)));
    session.ask("", "");
    assert_eq!(session.next("", "").answer().status, 403);
    Ok(())
}

fn a_legacy_client_is_served(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("ver", OMIT)]);
    session.is_alive();
    Ok(())
}

fn an_unknown_sid_is_not_found(subject: &Subject) -> Outcome {
    let text = format!("<body xmlns='{}' rid='{FIRST_RID}' sid='no-such-session'/>", ns::HTTPBIND);
    assert_ends(post(subject, &text), "item-not-found");
    Ok(())
}

fn a_condition_comes_with_status_200(subject: &Subject) -> Outcome {
    let session = Bosh::sign_in(subject);
    let answer = session.at(session.rid + 1_000, "", "").answer();
    assert_eq!((answer.status, body(&answer).attr("type")), (200, Some("terminate")));
    Ok(())
}

fn a_missing_domain_is_improper_addressing(subject: &Subject) -> Outcome {
    let answer = post(subject, &creation(FIRST_RID, &[("to", OMIT)])).answer();
    if let Some(condition) = end(&answer) {
        assert_eq!(condition, "improper-addressing", "{}", answer.text());
    }
    Ok(())
}

fn an_unknown_domain_is_host_unknown(subject: &Subject) -> Outcome {
    let answer = post(subject, &creation(FIRST_RID, &[("to", "nowhere.example")])).answer();
    if let Some(condition) = end(&answer) {
        assert_eq!(condition, "host-unknown", "{}", answer.text());
    }
    Ok(())
}

fn a_domain_that_is_refused_is_host_unknown(subject: &Subject) -> Outcome {
    let Some(strict) = subject.with_setting("xmpp.refuse_other_domains=true") else {
        return not_offered("other domains are served always or never");
    };
    assert_ends(post(&strict, &creation(FIRST_RID, &[("to", "nowhere.example")])), "host-unknown");
    Bosh::create(&strict, &[("to", "192.0.2.1")]);
    Ok(())
}

fn a_domain_that_moved_is_host_gone(subject: &Subject) -> Outcome {
    let Some(moved) = subject.with_setting("xmpp.former_domains=old.example") else {
        return not_offered("no former domain can be named");
    };
    assert_ends(post(&moved, &creation(FIRST_RID, &[("to", "old.example")])), "host-gone");
    Bosh::open(&moved);
    Ok(())
}

fn what_is_no_domain_is_improper_addressing(subject: &Subject) -> Outcome {
    assert_ends(post(subject, &creation(FIRST_RID, &[("to", "someone@localhost")])), "improper-addressing");
    Ok(())
}

fn a_number_that_is_none_is_a_bad_request(subject: &Subject) -> Outcome {
    for name in ["wait", "hold"] {
        let answer = post(subject, &creation(FIRST_RID, &[(name, "soon")])).answer();
        if answer.status != 400 {
            assert_eq!(end(&answer).as_deref(), Some("bad-request"), "{name}: {}", answer.text());
        }
    }
    Ok(())
}

/// The error of a stream in a terminating answer.
fn stream_error(root: &Element) -> String {
    assert_eq!(root.attr("condition"), Some("remote-stream-error"), "{root}");
    let error = root.child(ns::STREAMS, "error").unwrap_or(root);
    let named = error.children.iter().find(|child| child.ns == ns::STREAM_ERRORS && child.name != "text");
    named.unwrap_or_else(|| panic!("no condition: {root}")).name.clone()
}

fn an_error_of_the_stream_is_a_remote_stream_error(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let mut answer = body(&session.ask("", "<note xmlns='jabber:client'/>"));
    if answer.attr("type").is_none() {
        answer = body(&session.ask("", ""));
    }
    // Which error it is, is the matter of RFC 6120.
    assert!(!stream_error(&answer).is_empty());
    Ok(())
}

fn the_older_of_two_sessions_hears_of_the_conflict(subject: &Subject) -> Outcome {
    let user = subject.user();
    let mut older = Bosh::sign_in_with(subject, &user, "same", &[("wait", "15")]);
    let mut held = older.next("", "");
    let mut newer = Bosh::sign_in_with(subject, &user, "same", &[]);
    assert_eq!(older.jid, newer.jid);
    assert_eq!(stream_error(&body(&held.answer())), "conflict");
    newer.is_alive();
    Ok(())
}

fn every_held_request_hears_of_the_end(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "15")]);
    let mut held = session.next("", "");
    assert!(held.answer_within(Duration::from_millis(500)).is_none());
    assert_ends(session.at(session.rid + 1_000, "", ""), "item-not-found");
    let answer = held.answer_within(Duration::from_secs(10)).expect("the held request is answered too");
    assert!(end(&answer).is_some(), "{}", answer.text());
    Ok(())
}

fn a_server_that_goes_down_says_so(subject: &Subject) -> Outcome {
    let another = subject.another();
    let mut session = Bosh::sign_in_with(&another, &another.user(), "r", &[("wait", "15")]);
    let mut held = session.next("", "");
    assert!(held.answer_within(Duration::from_millis(500)).is_none());
    another.shut_down();
    let root = body(&held.answer());
    assert_eq!(root.attr("type"), Some("terminate"), "{root}");
    if root.attr("condition") != Some("system-shutdown") {
        // The XMPP server behind the connection manager says it in its own words.
        assert_eq!(stream_error(&root), "system-shutdown", "{root}");
    }
    Ok(())
}

fn a_client_that_should_go_elsewhere_is_told_where(subject: &Subject) -> Outcome {
    let uri = "https://cc.example:7443/http-bind/";
    let Some(another) = subject.with_setting(&format!("bosh.see_other_uri={uri}")) else {
        return not_offered("no client is sent elsewhere");
    };
    let answer = post(&another, &creation(FIRST_RID, &[])).answer();
    assert_eq!(end(&answer).as_deref(), Some("see-other-uri"), "{}", answer.text());
    let root = body(&answer);
    assert_eq!(root.child(ns::HTTPBIND, "uri").map(|uri| uri.text.as_str()), Some(uri), "{root}");
    Ok(())
}

fn a_route_to_elsewhere_is_ignored_or_fails(subject: &Subject) -> Outcome {
    let answer = post(subject, &creation(FIRST_RID, &[("route", "xmpp:nowhere.example:9999")])).answer();
    if let Some(condition) = end(&answer) {
        assert_eq!(condition, "remote-connection-failed", "{}", answer.text());
    }
    Ok(())
}

fn a_route_that_is_refused_is_a_remote_connection_failed(subject: &Subject) -> Outcome {
    let Some(strict) = subject.with_setting("bosh.refuse_routes=true") else {
        return not_offered("no route can be refused");
    };
    let routed = |route| post(&strict, &creation(FIRST_RID, &[("route", route)]));
    assert_ends(routed("xmpp:nowhere.example:9999"), "remote-connection-failed");
    assert_eq!(end(&routed("xmpp:localhost:5222").answer()), None);
    Ok(())
}

fn a_server_without_room_is_an_internal_server_error(subject: &Subject) -> Outcome {
    let Some(small) = subject.with_setting("limits.bosh_sessions_max=1") else {
        return not_offered("the number of sessions has no bound");
    };
    // each of its shards has room for one, and there are as many shards as cores
    let created = (0..512).map(|_| post(&small, &creation(FIRST_RID, &[])).answer());
    let refused = created.map(|answer| end(&answer)).find(Option::is_some).flatten();
    assert_eq!(refused.as_deref(), Some("internal-server-error"));
    Ok(())
}

fn an_end_that_no_condition_names_is_undefined_and_explained(subject: &Subject) -> Outcome {
    let Some(hasty) = subject.with_setting("limits.sign_in_secs=1") else {
        return not_offered("nothing is known that ends a session so");
    };
    // nobody signs in
    let session = Bosh::open(&hasty);
    let root = body(&session.at(session.rid, "", "").answer());
    assert_eq!(root.attr("condition"), Some("undefined-condition"), "{root}");
    assert!(!root.children.is_empty(), "{root}");
    Ok(())
}

fn a_request_that_overtook_a_lost_one_is_asked_for_again(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in_with(subject, &subject.user(), "r", &[("wait", "2")]);
    let (lost, early) = (session.rid, session.rid + 1);
    session.rid += 2;
    let answer = session.at(early, "", &ping("early")).answer_within(Duration::from_secs(8));
    if answer.as_ref().is_none_or(|answer| answer.status != 200 || body(answer).attr("type") != Some("error"))
    {
        return not_offered("such a request waits, or ends the session");
    }
    let mut first = session.at(lost, "", &ping("lost"));
    let mut second = session.at(early, "", &ping("early"));
    let answers = first.answer().text() + &second.answer().text();
    assert_eq!(answers.matches("'lost'").count() + answers.matches("\"lost\"").count(), 1, "{answers}");
    assert_eq!(answers.matches("'early'").count() + answers.matches("\"early\"").count(), 1, "{answers}");
    session.is_alive();
    Ok(())
}

fn an_error_of_a_stanza_ends_no_session(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let unknown =
        "<iq xmlns='jabber:client' type='get' id='u' to='localhost'><q xmlns='urn:example:unknown'/></iq>";
    let answer = session.wait_for("an error", unknown, |element| element.has_id("u"));
    assert_eq!(answer.attr("type"), Some("error"), "{answer}");
    session.wait_for("the answer to a ping", &ping("p"), |element| element.has_id("p"));
    Ok(())
}
