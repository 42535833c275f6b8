//! The alternative script syntax of BOSH. Ours has it switched on for this suite.

use crate::case::{Case, Document, NotOffered, Outcome, case};
use crate::client::bosh::{FIRST_RID, creation};
use crate::client::http::{self, Response};
use crate::client::{Element, auth, bind, ns, ping};
use crate::subject::{DOMAIN, Subject};
use serde_json::Value;

pub(crate) const DOCUMENT: Document =
    Document { name: "XEP-0252", title: "BOSH Script Syntax", sections: &[CASES] };

const CASES: &[Case] = &[
    case!(
        an_answer_is_a_call_of_a_function,
        "2.3",
        "A response is `_BOSH_(\"…\")` with the body as a string"
    ),
    case!(an_answer_is_javascript, "2.3", "The Content-Type is that of scripts, and nothing is cached"),
    case!(a_session_is_served, "2.2", "Requests are the query of a GET, percent-encoded"),
    case!(a_query_that_cannot_be_read_is_a_bad_request, "2.2", "A body that is none: bad-request"),
];

const WHY: NotOffered = NotOffered("a GET is answered by a page");

fn get(subject: &Subject, body: &str) -> Response {
    let encoded: String = body.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let path = format!("{}?{encoded}", subject.at.bosh_path);
    http::send(&subject.at.http, "GET", &path, &[], b"").answer()
}

/// The text that the script hands to the page. A string of JSON is one of JavaScript.
fn handed(response: &Response) -> Result<String, NotOffered> {
    let text = response.text();
    let Some(argument) = text.trim().strip_prefix("_BOSH_(").and_then(|rest| rest.strip_suffix(')')) else {
        return Err(WHY);
    };
    let value: Value = serde_json::from_str(argument).unwrap_or_else(|e| panic!("{e}: {argument}"));
    Ok(value.as_str().unwrap_or_else(|| panic!("no string: {argument}")).to_owned())
}

fn ask(subject: &Subject, body: &str) -> Result<Element, NotOffered> {
    Ok(Element::parse(&handed(&get(subject, body))?).unwrap_or_else(|e| panic!("{e}")))
}

fn an_answer_is_a_call_of_a_function(subject: &Subject) -> Outcome {
    let body = ask(subject, &creation(FIRST_RID, &[]))?;
    assert!(body.is(ns::HTTPBIND, "body") && body.attr("sid").is_some(), "{body}");
    Ok(())
}

fn an_answer_is_javascript(subject: &Subject) -> Outcome {
    let answer = get(subject, &creation(FIRST_RID, &[]));
    handed(&answer)?;
    let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
    assert!(header("content-type").starts_with("text/javascript"), "{}", header("content-type"));
    assert!(header("cache-control").contains("no-store"), "{}", header("cache-control"));
    Ok(())
}

fn a_session_is_served(subject: &Subject) -> Outcome {
    let terms = ask(subject, &creation(FIRST_RID, &[("wait", "2")]))?;
    let sid = terms.attr("sid").unwrap_or_else(|| panic!("{terms}"));
    let restart = format!("xmpp:restart='true' to='{DOMAIN}' xmlns:xmpp='{}'", ns::XBOSH);
    let (auth, bind, ping) = (auth(&subject.user()), bind("script"), ping("p"));
    let steps =
        [("", auth.as_str(), "success"), (&restart, "", "features"), ("", &bind, "jid"), ("", &ping, "iq")];
    let mut rid = FIRST_RID;
    for (attributes, inside, wanted) in steps {
        rid += 1;
        let body =
            format!("<body xmlns='{}' sid='{sid}' rid='{rid}' {attributes}>{inside}</body>", ns::HTTPBIND);
        let mut answer = ask(subject, &body)?;
        // it may take its time
        while answer.find(wanted).is_none() && rid < FIRST_RID + 20 {
            rid += 1;
            answer = ask(subject, &format!("<body xmlns='{}' sid='{sid}' rid='{rid}'/>", ns::HTTPBIND))?;
        }
        assert!(answer.find(wanted).is_some(), "no {wanted}: {answer}");
    }
    Ok(())
}

fn a_query_that_cannot_be_read_is_a_bad_request(subject: &Subject) -> Outcome {
    let body = ask(subject, "<body")?;
    assert_eq!(
        (body.attr("type"), body.attr("condition")),
        (Some("terminate"), Some("bad-request")),
        "{body}"
    );
    Ok(())
}
