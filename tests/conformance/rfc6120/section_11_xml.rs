//! What of XML may be on a stream.

use crate::case::{Case, Outcome, case};
use crate::client::tcp::Heard;
use crate::client::{Tcp, message};
use crate::subject::Subject;

pub(crate) const CASES: &[Case] = &[
    case!(
        a_comment_is_restricted_xml,
        "11.1",
        "No comments: restricted-xml",
        "The stream MUST be closed, with restricted-xml or, as older servers do, bad-format. Prosody says not-well-formed, \
         which it is not; ejabberd reads over it."
    ),
    case!(
        a_processing_instruction_is_restricted_xml,
        "11.1",
        "No processing instructions: restricted-xml",
        "As with comments."
    ),
    case!(a_document_type_is_restricted_xml, "11.1", "No DTD subsets: restricted-xml"),
    case!(
        an_entity_that_is_not_predefined_is_refused,
        "11.1",
        "No entity references: restricted-xml or not-well-formed"
    ),
    case!(predefined_entities_are_understood, "11.1", "The predefined entities are allowed"),
    case!(cdata_is_understood, "11.1", "CDATA sections are ordinary XML"),
    case!(an_undeclared_prefix_is_refused, "11.2", "Namespace-well-formedness: not-well-formed"),
    case!(
        bytes_that_are_not_utf_8_end_the_stream,
        "11.6",
        "UTF-8 only: bad-format, unsupported-encoding or not-well-formed"
    ),
    case!(a_character_that_xml_forbids_ends_the_stream, "11.3", "not-well-formed"),
    case!(another_encoding_is_refused_or_ignored, "11.6", "unsupported-encoding, or UTF-8 all the same"),
    case!(
        a_stanza_that_is_too_long_is_a_policy_violation,
        "13.12",
        "A limit on stanzas is at least 10,000 bytes; beyond it: policy-violation"
    ),
];

fn ends(subject: &Subject, sent: &[u8], conditions: &[&str]) {
    let mut tcp = Tcp::sign_in(subject);
    tcp.send_bytes(sent);
    tcp.ends_with(conditions);
}

const RESTRICTED: &[&str] = &["restricted-xml", "not-well-formed", "bad-format"];

fn a_comment_is_restricted_xml(subject: &Subject) -> Outcome {
    ends(subject, b"<!-- words --><presence/>", &["restricted-xml", "bad-format"]);
    ends(subject, b"<presence><!-- words --></presence>", &["restricted-xml", "bad-format"]);
    Ok(())
}

fn a_processing_instruction_is_restricted_xml(subject: &Subject) -> Outcome {
    ends(subject, b"<presence><?target words?></presence>", &["restricted-xml", "bad-format"]);
    Ok(())
}

fn a_document_type_is_restricted_xml(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::connect(subject);
    let header = crate::client::tcp::header();
    tcp.send(&header.replace("<stream:stream", "<!DOCTYPE x [<!ENTITY a 'b'>]><stream:stream"));
    tcp.ends_with(RESTRICTED);
    Ok(())
}

fn an_entity_that_is_not_predefined_is_refused(subject: &Subject) -> Outcome {
    ends(subject, b"<presence><status>&copy;</status></presence>", RESTRICTED);
    Ok(())
}

fn body_arrives(subject: &Subject, written: &str, read: &str) {
    let mut other = Tcp::sign_in(subject).present();
    let mut tcp = Tcp::sign_in(subject);
    tcp.send(&message(&other.jid, "m").replace("words of m", written));
    let message = other.wait_for("the message", |element| element.has_id("m"));
    assert_eq!(message.find("body").map(|body| body.text.as_str()), Some(read), "{message}");
}

fn predefined_entities_are_understood(subject: &Subject) -> Outcome {
    body_arrives(subject, "&lt;&gt;&amp;&quot;&apos;&#x20AC;", "<>&\"'\u{20ac}");
    Ok(())
}

fn cdata_is_understood(subject: &Subject) -> Outcome {
    body_arrives(subject, "<![CDATA[<a&b>]]>", "<a&b>");
    Ok(())
}

fn an_undeclared_prefix_is_refused(subject: &Subject) -> Outcome {
    ends(subject, b"<presence><x:y/></presence>", &["not-well-formed", "bad-namespace-prefix", "bad-format"]);
    Ok(())
}

fn bytes_that_are_not_utf_8_end_the_stream(subject: &Subject) -> Outcome {
    let conditions = ["bad-format", "unsupported-encoding", "not-well-formed"];
    ends(subject, b"<presence><status>\xff\xfe</status></presence>", &conditions);
    Ok(())
}

fn a_character_that_xml_forbids_ends_the_stream(subject: &Subject) -> Outcome {
    for forbidden in [&b"<presence><status>\x01</status></presence>"[..], b"<presence>&#0;</presence>"] {
        ends(subject, forbidden, &["not-well-formed", "bad-format"]);
    }
    Ok(())
}

fn another_encoding_is_refused_or_ignored(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::connect(subject);
    let header = crate::client::tcp::header();
    tcp.send(&header.replace("version='1.0'?>", "version='1.0' encoding='ISO-8859-1'?>"));
    let mut features = false;
    loop {
        match tcp.hear() {
            Heard::Element(element) if element.name == "features" => features = true,
            Heard::Element(element) => {
                let named = ["unsupported-encoding", "restricted-xml", "not-well-formed", "bad-format"];
                assert!(named.iter().any(|name| element.find(name).is_some()), "{element}");
                return Ok(());
            }
            Heard::Header(_) => {}
            other => panic!("neither served nor refused: {other:?}"),
        }
        if features {
            return Ok(());
        }
    }
}

fn a_stanza_that_is_too_long_is_a_policy_violation(subject: &Subject) -> Outcome {
    let mut tcp = Tcp::sign_in(subject);
    let long = |length: usize| format!("<presence><status>{}</status></presence>", "x".repeat(length));
    tcp.send(&long(10_000));
    tcp.is_alive();
    tcp.send(&long(1_000_000));
    tcp.send(&crate::client::ping("after"));
    match tcp.ending_or("after") {
        None => Ok(()),
        Some(condition) => {
            assert_eq!(condition, "policy-violation");
            Ok(())
        }
    }
}
