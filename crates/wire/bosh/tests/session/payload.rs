//! Children of `<body/>` as documents of their own: XEP-0206 §2.

use aplomb_bosh::Body;
use bytes::Bytes;

fn payload(xml: &str) -> Vec<String> {
    let body = Body::parse(&Bytes::copy_from_slice(xml.as_bytes()), &xml::Limits::CLIENT).unwrap();
    body.payload.iter().map(|child| String::from_utf8(child.to_vec()).unwrap()).collect()
}

/// The child, and a proof that it stands alone.
fn only_child(xml: &str) -> String {
    let [child] = payload(xml).try_into().unwrap();
    xml::Document::parse(child.as_bytes(), &xml::Limits::CLIENT).unwrap();
    child
}

#[test]
fn a_child_with_its_own_namespace_is_a_slice_of_the_request() {
    let xml = Bytes::from_static(
        b"<body xmlns='http://jabber.org/protocol/httpbind'><iq xmlns='jabber:client' id='1'><q/></iq></body>",
    );
    let body = Body::parse(&xml, &xml::Limits::CLIENT).unwrap();
    assert_eq!(body.payload[0], "<iq xmlns='jabber:client' id='1'><q/></iq>");
    assert_eq!(body.payload[0].as_ptr(), xml[50..].as_ptr());
}

#[test]
fn a_child_without_a_namespace_is_taken_for_a_stanza() {
    for child in ["<presence/>", "<presence id='1'/>", "<presence></presence>", "<presence\n/>"] {
        let xml = format!("<body xmlns='http://jabber.org/protocol/httpbind'>{child}</body>");
        let expected = child.replacen("presence", "presence xmlns=\"jabber:client\"", 1);
        assert_eq!(only_child(&xml), expected);
    }
}

#[test]
fn a_child_under_a_prefixed_body_keeps_the_namespace_it_is_in() {
    let other =
        "<b:body xmlns:b='http://jabber.org/protocol/httpbind' xmlns='urn:example:a&amp;b'><x/></b:body>";
    assert_eq!(only_child(other), r#"<x xmlns="urn:example:a&amp;b"/>"#);
    let none = "<b:body xmlns:b='http://jabber.org/protocol/httpbind'><message/></b:body>";
    assert_eq!(only_child(none), r#"<message xmlns="jabber:client"/>"#);
}

#[test]
fn prefixes_of_the_body_are_declared_where_they_are_used() {
    let xml = "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:s='urn:example:s' xmlns:t='urn:example:t'>\
               <iq xmlns='jabber:client'><s:q/></iq></body>";
    assert_eq!(only_child(xml), r#"<iq xmlns:s="urn:example:s" xmlns='jabber:client'><s:q/></iq>"#);
}

#[test]
fn a_prefix_that_is_only_used_by_an_attribute_is_declared() {
    let xml = "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:s='urn:example:s'>\
               <iq xmlns='jabber:client'><q s:a='1'/></iq></body>";
    assert!(only_child(xml).contains(r#"xmlns:s="urn:example:s""#));
}

#[test]
fn a_prefixed_child_keeps_its_namespace() {
    let xml = "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:sasl='urn:ietf:params:xml:ns:xmpp-sasl'>\
               <sasl:abort/></body>";
    let child = only_child(xml);
    let document = xml::Document::parse(child.as_bytes(), &xml::Limits::CLIENT).unwrap();
    assert!(document.root().has_tag_name(("urn:ietf:params:xml:ns:xmpp-sasl", "abort")));
}

#[test]
fn a_prefix_that_the_child_declares_itself_is_not_declared_again() {
    let xml = "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:s='urn:example:outer'>\
               <s:q xmlns:s = \"urn:example:'inner'\" xmlns='' a='>'/></body>";
    assert_eq!(only_child(xml), "<s:q xmlns:s = \"urn:example:'inner'\" xmlns='' a='>'/>");
}

#[test]
fn an_attribute_value_that_looks_like_a_declaration_is_none() {
    let xml = "<body xmlns='http://jabber.org/protocol/httpbind'><iq a=\" xmlns='x'\" id = '1'/></body>";
    assert_eq!(only_child(xml), "<iq xmlns=\"jabber:client\" a=\" xmlns='x'\" id = '1'/>");
}

#[test]
fn names_and_text_outside_ascii_stay_as_they_are() {
    let xml = "<body xmlns='http://jabber.org/protocol/httpbind'>\n<größe>🙂&#x1F642;</größe>\n</body>";
    assert_eq!(only_child(xml), "<größe xmlns=\"jabber:client\">🙂&#x1F642;</größe>");
}

#[test]
fn the_language_of_the_body_is_not_forced_upon_its_children() {
    let xml = "<body xmlns='http://jabber.org/protocol/httpbind' xml:lang='de'><iq xml:lang='fr' xmlns='jabber:client'/></body>";
    assert_eq!(only_child(xml), "<iq xml:lang='fr' xmlns='jabber:client'/>");
}
