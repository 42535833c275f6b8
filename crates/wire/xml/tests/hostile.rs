//! What must be refused, one row a case.

use aplomb_xml::{Document, Limits, ReadError};

fn read(text: impl AsRef<[u8]>) -> Result<(), ReadError> {
    Document::parse(text.as_ref(), &Limits::CLIENT).map(|_| ())
}

fn nested(depth: usize) -> String {
    "<a>".repeat(depth) + &"</a>".repeat(depth)
}

#[test]
fn a_document_within_the_limits_is_read() {
    assert_eq!(read("<?xml version=\"1.0\" encoding=\"UTF-8\"?><a b=\"c\">t<d/></a>"), Ok(()));
    assert_eq!(read(nested(64)), Ok(()));
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for text in [
        "",
        "not xml",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>text",
        "<a b=\"1\" b=\"2\"/>",
        "<a b='<'/>",
        "<1a/>",
        "<p:a/>",
        "<a p:b='c'/>",
        "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
        "<a>&undefined;</a>",
    ] {
        assert!(matches!(read(text), Err(ReadError::NotWellFormed(_))), "{text:?} gave {:?}", read(text));
    }
}

#[test]
fn forbidden_characters_are_refused_raw_and_as_references() {
    for text in
        ["<a>\u{1}</a>", "<a>&#x1;</a>", "<a>&#0;</a>", "<a>\u{FFFE}</a>", "<a b='\u{1}'/>", "<a>\u{0}</a>"]
    {
        let element = Some("a".to_owned());
        let named =
            matches!(read(text), Err(ReadError::ForbiddenCharacter { element: e, .. }) if e == element);
        assert!(named, "{text:?} gave {:?}", read(text));
    }
}

#[test]
fn a_forbidden_character_is_told_with_its_element() {
    let told = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(
        told("<User><state>READY\u{1}</state></User>"),
        "not well-formed XML: U+0001, which XML forbids, in <state>"
    );
    assert_eq!(
        told("<User><extension >&#x0B;</extension></User>"),
        "not well-formed XML: U+000B, which XML forbids, in <extension>"
    );
    assert_eq!(told("<User a='&#xD800;'/>"), "not well-formed XML: U+D800, which XML forbids, in <User>");
    assert_eq!(told("\u{1}<User/>"), "not well-formed XML: U+0001, which XML forbids");
}

#[test]
fn other_faults_are_not_blamed_on_characters() {
    for text in ["<User><state>READY</User>", "<User>&#65;", "<User>&#;</User>"] {
        assert!(matches!(read(text), Err(ReadError::NotWellFormed(_))), "{text:?} gave {:?}", read(text));
    }
}

#[test]
fn what_the_writer_replaces_is_what_the_reader_refuses() {
    let edges = "\u{2028}\u{D7FF}\u{E000}\u{FDD0}\u{FFFC}\u{FFFD}\u{FFFE}\u{FFFF}\u{10000}\u{1FFFE}\u{1FFFF}\u{10FFFF}";
    for c in ('\0'..='\u{2FF}').chain(edges.chars()).filter(|c| !"<&".contains(*c)) {
        let is_read = read(format!("<a>{c}</a>")).is_ok();
        assert_eq!(is_read, aplomb_xml::clean(&c.to_string()).replaced == 0, "{c:?}");
        let mut written = String::new();
        aplomb_xml::escape_text(&mut written, &c.to_string());
        assert_eq!(read(format!("<a>{written}</a>")), Ok(()), "{c:?}");
    }
}

#[test]
fn what_is_not_utf8_is_refused() {
    assert_eq!(read(b"<a>\xff</a>"), Err(ReadError::NotUtf8 { valid_up_to: 3 }));
}

#[test]
fn document_types_comments_and_instructions_are_refused() {
    assert_eq!(read("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"), Err(ReadError::DocumentType));
    assert_eq!(read("<a><!-- c --></a>"), Err(ReadError::Restricted));
    assert_eq!(read("<a><?p i?></a>"), Err(ReadError::Restricted));
    assert_eq!(read("<?p i?><a/>"), Err(ReadError::Restricted));
}

#[test]
fn each_limit_is_enforced() {
    assert_eq!(read(nested(65)), Err(ReadError::TooDeep { max: 64 }));
    assert_eq!(read(nested(5_000)), Err(ReadError::TooManyNodes { max: 4_096 }));
    assert_eq!(
        read("<a>".to_owned() + &"<b/>".repeat(5_000) + "</a>"),
        Err(ReadError::TooManyNodes { max: 4_096 })
    );
    let attributes: String = (0..3_000).map(|n| format!(" a{n}='{n}'")).collect();
    assert_eq!(
        read(format!("<a{attributes}/>")),
        Err(ReadError::TooManyAttributes { count: 3_000, max: 2_048 })
    );
    assert_eq!(read(vec![b' '; 70_000]), Err(ReadError::TooLong { bytes: 70_000, max: 65_536 }));
}
