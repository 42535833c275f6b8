//! The wrapper: what it may hold and what not.

use crate::case::{Case, Outcome, case};
use crate::client::bosh::{assert_bad_request, assert_refused, creation, end, post, post_bytes};
use crate::client::{Bosh, Element, ns, ping};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(an_answer_is_one_body_element, "6", "An answer is a single `<body/>` in the namespace of httpbind"),
    case!(a_partial_element_is_refused, "6", "No partial XML elements"),
    case!(a_comment_is_refused, "6", "No XML comments"),
    case!(a_processing_instruction_is_refused, "6", "No XML processing instructions"),
    case!(a_document_type_is_refused, "6", "No internal or external DTD subsets"),
    case!(an_entity_reference_is_refused, "6", "No entity references but the predefined ones"),
    case!(
        predefined_entities_and_character_references_are_understood,
        "6",
        "Predefined entities are allowed"
    ),
    case!(
        text_beside_the_payloads_is_refused,
        "6",
        "The wrapper must not contain character data",
        "What must not be there makes a request unacceptable (§17.2, bad-request). Both read over it in a creation request; \
         a client that puts words there has lost a stanza and had better know."
    ),
    case!(
        white_space_beside_the_payloads_is_harmless,
        "6",
        "The examples of the document may be sent as they stand"
    ),
    case!(
        a_body_in_another_namespace_is_refused,
        "6",
        "The namespace is `http://jabber.org/protocol/httpbind`"
    ),
    case!(another_root_is_refused, "6", "The root is `<body/>`"),
    case!(a_prefix_for_the_namespace_is_understood, "6", "Namespaces in XML: the prefix does not matter"),
    case!(an_xml_declaration_is_understood, "6", "The body conforms to XML 1.0, which allows a declaration"),
    case!(bytes_that_are_not_utf_8_are_refused, "6", "The body conforms to XML 1.0"),
    case!(a_character_that_xml_forbids_is_refused, "6", "The body conforms to XML 1.0"),
    case!(a_request_without_rid_is_refused, "6", "Every request has a `rid`"),
    case!(nothing_at_all_is_refused, "6", "A request contains a `<body/>`"),
];

fn an_answer_is_one_body_element(subject: &Subject) -> Outcome {
    let session = Bosh::open(subject);
    assert!(session.terms.is(ns::HTTPBIND, "body"));
    assert_eq!(session.terms.text.trim(), "", "no text beside the payloads");
    Ok(())
}

/// The same wrong inside is refused in a creation request and in a session.
fn inside_is_refused(subject: &Subject, inside: &str) {
    let open = creation(1_000, &[]).replace("/>", ">");
    assert_refused(post(subject, &format!("{open}{inside}</body>")));
    let mut session = Bosh::sign_in(subject);
    assert_refused(session.next("", inside));
}

fn a_partial_element_is_refused(subject: &Subject) -> Outcome {
    inside_is_refused(subject, "<presence xmlns='jabber:client'>");
    assert_bad_request(post(subject, creation(1_000, &[]).trim_end_matches("/>")));
    Ok(())
}

fn a_comment_is_refused(subject: &Subject) -> Outcome {
    inside_is_refused(subject, "<!-- words -->");
    Ok(())
}

fn a_processing_instruction_is_refused(subject: &Subject) -> Outcome {
    inside_is_refused(subject, "<?target words?>");
    Ok(())
}

fn a_document_type_is_refused(subject: &Subject) -> Outcome {
    let document = format!("<!DOCTYPE body [<!ELEMENT body ANY>]>{}", creation(1_000, &[]));
    assert_bad_request(post(subject, &document));
    Ok(())
}

fn an_entity_reference_is_refused(subject: &Subject) -> Outcome {
    inside_is_refused(subject, "<presence xmlns='jabber:client'><status>&copy;</status></presence>");
    Ok(())
}

fn predefined_entities_and_character_references_are_understood(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let sent = ping("A&amp;&lt;&#x42;&quot;");
    session.wait_for("the answer", &sent, |element| element.has_id("A&<B\""));
    Ok(())
}

fn text_beside_the_payloads_is_refused(subject: &Subject) -> Outcome {
    inside_is_refused(subject, "words");
    Ok(())
}

fn white_space_beside_the_payloads_is_harmless(subject: &Subject) -> Outcome {
    let mut session = Bosh::sign_in(subject);
    let sent = format!("\n  {}\n  {}\n", ping("one"), ping("two"));
    session.wait_for("the second answer", &sent, |element| element.has_id("two"));
    Ok(())
}

fn a_body_in_another_namespace_is_refused(subject: &Subject) -> Outcome {
    assert_bad_request(post(subject, &creation(1_000, &[]).replace(ns::HTTPBIND, "urn:example:other")));
    Ok(())
}

fn another_root_is_refused(subject: &Subject) -> Outcome {
    assert_bad_request(post(subject, &creation(1_000, &[]).replace("<body", "<head")));
    Ok(())
}

fn a_prefix_for_the_namespace_is_understood(subject: &Subject) -> Outcome {
    let prefixed = creation(1_000, &[]).replace("<body xmlns=", "<b:body xmlns:b=");
    let answer = post(subject, &prefixed).answer();
    assert!(Element::parse(&answer.text()).unwrap().attr("sid").is_some(), "{}", answer.text());
    Ok(())
}

fn an_xml_declaration_is_understood(subject: &Subject) -> Outcome {
    let declared = format!("<?xml version='1.0' encoding='UTF-8'?>{}", creation(1_000, &[]));
    let answer = post(subject, &declared).answer();
    assert_eq!(end(&answer), None, "{}", answer.text());
    Ok(())
}

fn bytes_that_are_not_utf_8_are_refused(subject: &Subject) -> Outcome {
    let session = Bosh::sign_in(subject);
    let text =
        session.request(session.rid, "", "<presence xmlns='jabber:client'><status>?</status></presence>");
    let mut bytes = text.into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'?').unwrap();
    bytes[at] = 0xff;
    assert_bad_request(post_bytes(subject, &bytes));
    Ok(())
}

fn a_character_that_xml_forbids_is_refused(subject: &Subject) -> Outcome {
    for forbidden in ["\u{1}", "&#1;", "&#0;", "&#xFFFE;"] {
        let mut session = Bosh::sign_in(subject);
        let stanza = format!("<presence xmlns='jabber:client'><status>{forbidden}</status></presence>");
        assert_refused(session.next("", &stanza));
    }
    Ok(())
}

fn a_request_without_rid_is_refused(subject: &Subject) -> Outcome {
    assert_bad_request(post(subject, &creation(1_000, &[]).replace("rid='1000'", "")));
    let session = Bosh::open(subject);
    let request = session.request(session.rid, "", "").replace(&format!("rid='{}'", session.rid), "");
    assert_bad_request(post(subject, &request));
    Ok(())
}

fn nothing_at_all_is_refused(subject: &Subject) -> Outcome {
    assert_bad_request(post(subject, ""));
    assert_bad_request(post(subject, "words"));
    Ok(())
}
