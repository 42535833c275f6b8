//! A TCP stream, cut into frames.

use aplomb_xmpp::{Frame, Framer, Header, Stanza, StreamError, limits, ns};
use proptest::prelude::*;

const OPEN: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0' xml:lang='en'>";

/// Everything that comes of `text`, given in pieces of `size` bytes, each stanza read.
fn frames(text: &[u8], size: usize) -> Result<Vec<Frame>, StreamError> {
    let mut framer = Framer::new();
    let mut frames = Vec::new();
    for piece in text.chunks(size) {
        let mut rest = piece;
        while let Some(frame) = framer.read(&mut rest)? {
            if let Frame::Stanza(bytes) = &frame {
                Stanza::parse(bytes)?;
            }
            frames.push(frame);
        }
        assert!(rest.is_empty(), "a framer takes all it is given");
    }
    Ok(frames)
}

fn stanza(text: &str) -> Result<Vec<u8>, StreamError> {
    match frames(format!("{OPEN}{text}").as_bytes(), 4_096)?.pop() {
        Some(Frame::Stanza(bytes)) => Ok(bytes.to_vec()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_pieces_in_which_a_stream_arrives_do_not_matter() {
    let text = format!(
        "{OPEN} <presence/>\n<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'>a&lt;b</ping></iq></stream:stream>"
    );
    let whole = frames(text.as_bytes(), text.len()).unwrap();
    assert_eq!(whole.len(), 4);
    let header = Header {
        to: Some("localhost".into()),
        from: None,
        version: Some("1.0".into()),
        lang: Some("en".into()),
    };
    assert_eq!(whole[0], Frame::Header(header));
    assert_eq!(whole[3], Frame::Close);
    for size in [1, 2, 3, 7, 50] {
        assert_eq!(frames(text.as_bytes(), size).unwrap(), whole, "pieces of {size}");
    }
}

#[test]
fn a_stanza_stands_alone() {
    let bytes =
        stanza("<message to=\"a'b\"><stream:x/><body xmlns:stream='other'>&amp;</body></message>").unwrap();
    let stanza = Stanza::parse(&bytes).unwrap();
    assert_eq!(stanza.name(), (ns::CLIENT, "message"));
    let first = stanza.root().first_element_child().unwrap();
    assert_eq!(first.tag_name().namespace(), Some(ns::STREAM));
    assert_eq!(stanza.head().unwrap().to.as_deref(), Some("a'b"));
}

#[test]
fn a_stanza_keeps_its_own_namespace() {
    let bytes = stanza("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>").unwrap();
    assert_eq!(Stanza::parse(&bytes).unwrap().name(), (ns::SASL, "auth"));
}

#[test]
fn a_header_in_another_namespace_is_refused() {
    for header in [
        "<stream xmlns='jabber:client'>",
        "<stream:stream xmlns='jabber:client' xmlns:stream='urn:other'>",
        "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>",
        "<stream:features xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
    ] {
        assert_eq!(frames(header.as_bytes(), 4_096), Err(StreamError::InvalidNamespace), "{header}");
    }
}

#[test]
fn depth_and_length_of_stanzas_are_what_the_owner_says() {
    let limits = xml::Limits { depth_max: 3, document_bytes_max: 100, ..xml::Limits::CLIENT };
    let read = |text: &str| {
        let mut framer = Framer::with_limits(limits);
        framer.read(&mut OPEN.as_bytes()).unwrap_err();
        let mut framer = Framer::with_limits(xml::Limits { document_bytes_max: 1_000, ..limits });
        framer.read(&mut OPEN.as_bytes()).unwrap();
        framer.read(&mut text.as_bytes()).is_ok()
    };
    assert!(read("<a><b/></a>"));
    assert!(!read("<a><b><c/></b></a>"), "the stream itself is the first of three");
    assert!(!read(&format!("<a>{}</a>", "x".repeat(1_000))));
}

#[test]
fn hostile_input_ends_the_stream_with_its_condition() {
    let long = format!("<message><body>{}</body></message>", "x".repeat(limits::STANZA_BYTES_MAX));
    let deep = "<a>".repeat(xml::Limits::CLIENT.depth_max + 1);
    let endless_attribute = format!("<message to='{}", "x".repeat(limits::STANZA_BYTES_MAX * 2));
    for (text, condition) in [
        ("not xml", "bad-format"),
        ("<message>\u{1}</message>", "not-well-formed"),
        ("<message>&#1;</message>", "not-well-formed"),
        ("<a></b>", "not-well-formed"),
        ("<a>\n</b>", "not-well-formed"),
        ("<a><b></a>", "not-well-formed"),
        ("<!DOCTYPE a>", "restricted-xml"),
        ("<!-- c -->", "restricted-xml"),
        ("<?p i?>", "restricted-xml"),
        ("<message>&undefined;</message>", "not-well-formed"),
        (&long, "policy-violation"),
        (&deep, "policy-violation"),
        (&endless_attribute, "policy-violation"),
    ] {
        let got = frames(format!("{OPEN}{text}</stream:stream>").as_bytes(), 1_000);
        let got = got.expect_err(text).condition();
        assert_eq!(got, condition, "{}", &text[..text.len().min(60)]);
    }
    let not_utf8 = [OPEN.as_bytes(), b"<message>\xff\xfe</message>"].concat();
    assert_eq!(frames(&not_utf8, 10).unwrap_err().condition(), "not-well-formed");
}

#[test]
fn a_second_header_ends_the_stream_before_its_own_end_comes() {
    let second = OPEN.trim_start_matches("<?xml version='1.0'?>");
    for size in [1, 4_096] {
        let text = format!("{OPEN}<presence/>{second}");
        assert_eq!(frames(text.as_bytes(), size), Err(StreamError::UnsupportedStanzaType));
    }
}

#[test]
fn another_protocol_is_told_at_its_first_byte() {
    for text in ["GET / HTTP/1.1\r\n\r\n", " \n{}", "\u{16}\u{3}\u{1}"] {
        assert_eq!(frames(text.as_bytes(), 1), Err(StreamError::NotWellFormed), "{text:?}");
    }
    assert_eq!(frames(b" \n", 1), Ok(vec![]), "white space may come first");
}

#[test]
fn a_header_without_an_end_is_cut_off() {
    let endless: String = (0..20_000).map(|n| format!(" a{n}='1'")).collect();
    let text = OPEN.replace(" to=", &format!("{endless} to="));
    for size in [1, 4_096] {
        let ended = frames(text.as_bytes(), size);
        assert!(matches!(ended, Err(StreamError::PolicyViolation(_))), "{ended:?}");
    }
}

#[test]
fn a_stanza_with_a_cdata_section_is_whole_and_so_is_the_next() {
    let sent = "<message><body>a<![CDATA[<b&c>]]>d</body></message>";
    for size in [1, 3, 4_096] {
        let frames = frames(format!("{OPEN}{sent}<presence/>").as_bytes(), size).unwrap();
        let text = |frame: &Frame| match frame {
            Frame::Stanza(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            other => panic!("{other:?}"),
        };
        assert!(text(&frames[1]).ends_with("<body>a<![CDATA[<b&c>]]>d</body></message>"), "{frames:?}");
        assert!(text(&frames[2]).starts_with("<presence ") && text(&frames[2]).ends_with("/>"), "{frames:?}");
        assert!(Stanza::parse(text(&frames[1]).as_bytes()).is_ok());
    }
}

/// An element with everything that could mislead who looks for its end.
fn element() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["iq", "a", "stream:x", "\u{e9}l"]);
    let attribute = prop::sample::select(vec![
        "",
        " b='>'",
        " b=\"'/>\"",
        " c = 'xmlns='",
        " xmlns:p=\"urn:p\"",
        "\n\tb='&lt;/iq&gt;'",
    ]);
    let text = prop::sample::select(vec![
        "",
        "text",
        "/>",
        "a > b",
        "<![CDATA[</iq>>]]]]>",
        "<![CDATA[]]>",
        "&amp;'\"",
        "\u{1F600}",
    ]);
    let leaf = (name.clone(), attribute.clone(), text.clone()).prop_map(|(name, attribute, text)| {
        if text.is_empty() {
            format!("<{name}{attribute}/>")
        } else {
            format!("<{name}{attribute}>{text}</{name}>")
        }
    });
    leaf.prop_recursive(4, 16, 3, move |inner| {
        let inside = prop::collection::vec(inner, 0..3);
        (name.clone(), attribute.clone(), text.clone(), inside).prop_map(|(name, attribute, text, inside)| {
            format!("<{name}{attribute}>{text}{}</{name} >", inside.concat())
        })
    })
}

proptest! {
    #[test]
    fn every_element_is_cut_where_it_ends(elements in prop::collection::vec(element(), 1..6), size in 1_usize..200) {
        let sent = format!("{OPEN}{}</stream:stream>", elements.join("\n "));
        let mut got = frames(sent.as_bytes(), size).unwrap().into_iter();
        prop_assert!(matches!(got.next(), Some(Frame::Header(_))));
        for element in &elements {
            let Some(Frame::Stanza(bytes)) = got.next() else { panic!("a stanza is missing") };
            let text = std::str::from_utf8(&bytes).unwrap();
            let without = text.replacen(INHERITED, "", 1);
            prop_assert_eq!(&without, element);
        }
        prop_assert_eq!(got.next(), Some(Frame::Close));
    }
}

/// What a stanza without declarations of its own gets from the header.
const INHERITED: &str = " xmlns=\"jabber:client\" xmlns:stream=\"http://etherx.jabber.org/streams\"";

#[test]
fn a_stream_is_closed_by_its_own_name_only() {
    assert_eq!(frames(format!("{OPEN}</stream:stream \n>").as_bytes(), 5).unwrap().pop(), Some(Frame::Close));
    for wrong in ["</stream>", "</stream:strea>", "</ stream:stream>", "</a>"] {
        assert_eq!(
            frames(format!("{OPEN}{wrong}").as_bytes(), 5),
            Err(StreamError::NotWellFormed),
            "{wrong}"
        );
    }
}
