//! What is printed, for every form in which bytes can come. Captures are made here, packet by packet.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::input::content;
use super::stream::Conversation;
use super::{Look, Reading, hex, json, tree};
use etherparse::PacketBuilder;
use ged188::message::{
    CallConferencedEvent, CallDataUpdateEvent, CloseReq, ConnectedParty, HeartbeatConf, HeartbeatReq,
    NamedArray, NamedVariable, OpenConf, OpenReq,
};
use ged188::{Dialect, LocalConnectionState, Message, Secret, Services, Status};

const LOOK: Look = Look { colours: false, redact: false };

fn encoded(message: impl Into<Message>, version: u32) -> Vec<u8> {
    message.into().encode(Dialect::cce(version)).unwrap().to_vec()
}

fn open_req(version: u32) -> Vec<u8> {
    let open = OpenReq {
        invoke_id: 1,
        version,
        idle_timeout_secs: 20,
        peripheral_id: OpenReq::NULL_PERIPHERAL_ID,
        services: Services::ALL_EVENTS | Services::CLIENT_CONTROL,
        call_events: 0x0FFF_FFFF,
        client_id: Some("Finesse".into()),
        client_password: Some(Secret::from_text("opensesame")),
        ..OpenReq::default()
    };
    encoded(open, version)
}

fn open_conf(version: u32) -> Vec<u8> {
    let conf =
        OpenConf { invoke_id: 1, services: Services::ALL_EVENTS, session_type: 1, ..OpenConf::default() };
    encoded(conf, version)
}

fn conference() -> Vec<u8> {
    let party = |call_id, device: Option<&str>| ConnectedParty {
        call_id: Some(call_id),
        device_id: device.map(str::to_owned),
        ..ConnectedParty::default()
    };
    let mut event = CallConferencedEvent {
        primary_call_id: 301,
        secondary_call_id: 302,
        local_connection_state: LocalConnectionState::CONNECT,
        primary_device_id: Some("2003".into()),
        parties: vec![party(301, Some("2003")), party(302, None)],
        ..CallConferencedEvent::default()
    };
    event.other.push(999, "new\0");
    let mut bytes = encoded(event, 24);
    bytes[8 + 31] = 3; // NumParties says one more than there are
    bytes
}

fn call_data() -> Vec<u8> {
    let mut update = CallDataUpdateEvent {
        connection_call_id: 301,
        ani: Some("5550123".into()),
        named_variables: vec![NamedVariable { name: "user.tier".into(), value: "gold".into() }],
        named_arrays: vec![NamedArray { index: 2, name: "user.steps".into(), value: "menu".into() }],
        ..CallDataUpdateEvent::default()
    };
    update.call_variables.set(1, "a \"quoted\"\u{1b} value");
    encoded(update, 24)
}

fn read(bytes: impl Into<Vec<u8>>) -> Vec<Conversation> {
    content(bytes.into(), None, Reading::default()).unwrap()
}

fn page(bytes: impl Into<Vec<u8>>) -> String {
    tree::page(&read(bytes), LOOK)
}

fn faults(bytes: impl Into<Vec<u8>>) -> usize {
    read(bytes).iter().map(Conversation::faults).sum()
}

#[test]
fn messages_are_a_tree_with_offsets() {
    let bytes = [open_req(24), open_conf(24), conference(), call_data()].concat();
    assert_eq!(faults(bytes.clone()), 0);
    let page = page(bytes);
    assert!(!page.contains("sesame") && !page.contains('\u{1b}'), "{page}");
    insta::assert_snapshot!(page);
}

#[test]
fn what_is_broken_is_shown_up_to_where_it_breaks() {
    let mut overrun = encoded(HeartbeatReq::new(7), 24);
    overrun.extend([0, 5, 0xFF, 0xFF, b'1']);
    overrun[3] += 5;
    let mut left_over = encoded(HeartbeatReq::new(8), 24);
    left_over.extend([0, 5]);
    left_over[3] += 2;
    let unknown = [0, 0, 0, 2, 0, 0, 0, 199, 0xAB, 0xCD];
    let short = [0, 0, 0, 3, 0, 0, 0, 5, 0, 0, 1];
    let cut = &encoded(HeartbeatConf::new(9), 24)[..10];
    let bytes = [&overrun[..], &left_over, &unknown, &short, cut].concat();
    assert_eq!(faults(bytes.clone()), 4, "an unknown type is no fault");
    insta::assert_snapshot!(page(bytes));
}

#[test]
fn bytes_that_are_no_ged188_end_at_the_first_length() {
    let page = page(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc".to_vec());
    assert!(page.contains("at 0: the peer announces a message of 369295626 bytes"), "{page}");
}

#[test]
fn the_document_holds_the_same_as_the_tree() {
    let text = json::document(&read([conference(), vec![0, 0]].concat()), LOOK).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let conversation = &document["conversations"][0];
    assert_eq!(conversation["faults"], 1);
    let fields = conversation["items"][0]["fields"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap();
    assert_eq!(field("NumParties")["notes"][0], "the message has 2");
    assert_eq!(field("LocalConnectionState")["means"], "LCS_CONNECT");
    assert_eq!(
        (&field("PrimaryDeviceID")["value"], &field("PrimaryDeviceID")["at"]),
        (&"2003".into(), &46.into())
    );
    assert_eq!(fields.iter().filter(|field| field["entry"] == 2).count(), 1);
    assert_eq!(conversation["items"][1]["fault"]["hex"], "00 00");
}

#[test]
fn callers_can_be_hidden() {
    let look = Look { redact: true, ..LOOK };
    let conversations = read(call_data());
    let shown = tree::page(&conversations, look) + &json::document(&conversations, look).unwrap();
    for personal in ["5550123", "gold", "menu", "quoted"] {
        assert!(!shown.contains(personal), "{shown}");
    }
    assert!(shown.contains("ConnectionCallID"));
}

#[test]
fn hex_comes_in_many_forms() {
    let bytes = open_conf(24);
    let plain = bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    let words: Vec<String> =
        bytes.chunks(4).map(|word| word.iter().map(|byte| format!("{byte:02x}")).collect()).collect();
    let rows = |colon: &str, gap: &str, end: &str| {
        let row = |(at, row): (usize, &[u8])| {
            let text: String =
                row.iter().map(|byte| if byte.is_ascii_graphic() { *byte as char } else { '.' }).collect();
            let (left, right) = row.split_at(row.len().min(8));
            let sides = [left, right].map(tree::hex);
            format!("{:08x}{colon} {}{gap}{}  {end}{text}{end}\n", at * 16, sides[0], sides[1])
        };
        bytes.chunks(16).enumerate().map(row).collect::<String>()
    };
    let forms = [
        plain.clone(),
        words.join(" "),
        words.join("\n"),
        format!("# a comment\n{plain}\n"),
        rows("", " ", "|"),
        rows("", "  ", "|"),
        rows("", " ", " "),
        rows(":", " ", ""),
        rows("", "  ", "|") + "00000028\n",
    ];
    for form in forms {
        assert_eq!(hex::dump(&form).unwrap(), bytes, "{form}");
        assert_eq!(read(form.clone())[0].items.len(), 1, "{form}");
    }
    assert_eq!(hex::digits("0x00, 0x0a:ff").unwrap(), [0, 10, 255]);
    assert!(hex::digits("0 0 0").unwrap_err().to_string().contains("odd number"));
    assert!(hex::dump("00\n0g").unwrap_err().to_string().contains("line 2: 'g' is no hex digit"));
    assert!(content(Vec::new(), None, Reading::default()).is_err());
}

#[test]
fn a_recording_is_told_by_its_lines() {
    let line = |time, dir, bytes: &[u8]| {
        let hex = tree::hex(bytes);
        format!(
            "{{\"t\":\"2026-11-22T13:00:0{time}Z\",\"side\":\"B\",\"dir\":\"{dir}\",\"hex\":\"{hex}\"}}\n"
        )
    };
    let conf = open_conf(16);
    let text = [
        line(1, "out", &open_req(16)),
        line(2, "in", &conf[..11]),
        line(3, "in", &conf[11..]),
        line(4, "out", &encoded(CloseReq::new(2, Status::NO_ERROR), 16)),
    ]
    .concat();
    let conversations = read(text.clone());
    assert_eq!(conversations[0].dialect, Dialect::cce(16), "the version that was asked for");
    let page = tree::page(&conversations, LOOK);
    assert!(page.contains("side B, version 16, tags and lengths of 1 and 1 bytes"), "{page}");
    assert!(page.contains("2026-11-22T13:00:03.000000Z <- at 0: OPEN_CONF (4)"), "{page}");
    let error = content(format!("{text}{{\n").into(), None, Reading::default()).unwrap_err();
    assert!(format!("{error:#}").contains("line 5"), "{error:#}");
}

// ---- captures

const CLIENT: ([u8; 4], u16) = ([192, 0, 2, 7], 52_293);
const SERVER: ([u8; 4], u16) = ([192, 0, 2, 1], 42_027);

/// An Ethernet frame with a TCP segment.
fn packet(from: ([u8; 4], u16), to: ([u8; 4], u16), sequence: u32, syn: bool, payload: &[u8]) -> Vec<u8> {
    let builder =
        PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from.0, to.0, 64).tcp(from.1, to.1, sequence, 4096);
    let mut bytes = Vec::new();
    let builder = if syn { builder.syn() } else { builder.ack(1) };
    builder.write(&mut bytes, payload).unwrap();
    bytes
}

fn pcap(packets: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0];
    bytes.extend([0_u32, 0, 65_535, 1].iter().flat_map(|word| word.to_le_bytes()));
    for (second, packet) in (0_u32..).zip(packets) {
        let length = u32::try_from(packet.len()).unwrap();
        bytes.extend(
            [1_795_000_000 + second, 250_000, length, length].iter().flat_map(|word| word.to_le_bytes()),
        );
        bytes.extend(packet);
    }
    bytes
}

fn pcapng(packets: &[Vec<u8>]) -> Vec<u8> {
    let block = |kind: u32, body: Vec<u8>| {
        let length = u32::try_from(body.len() + 12).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), &body, &length.to_le_bytes()].concat()
    };
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let mut bytes = block(0x0A0D_0D0A, words(&[0x1A2B_3C4D, 1, u32::MAX, u32::MAX]));
    bytes.extend(block(1, words(&[1, 65_535])));
    for (second, packet) in (0_u64..).zip(packets) {
        let length = u32::try_from(packet.len()).unwrap();
        let ticks = (1_795_000_000 + second) * 1_000_000;
        let mut body = words(&[0, (ticks >> 32) as u32, ticks as u32, length, length]);
        body.extend(packet);
        body.resize(body.len().next_multiple_of(4), 0);
        bytes.extend(block(6, body));
    }
    bytes
}

/// A session in segments: SYN of both, OPEN_REQ, OPEN_CONF in two pieces, CLOSE_REQ.
fn session(client: ([u8; 4], u16)) -> Vec<Vec<u8>> {
    let (open, conf) = (open_req(24), open_conf(24));
    let close = encoded(CloseReq::new(2, Status::NO_ERROR), 24);
    let behind_open = 0xFFFF_FFF0_u32.wrapping_add(1).wrapping_add(u32::try_from(open.len()).unwrap());
    vec![
        packet(client, SERVER, 0xFFFF_FFF0, true, b""),
        packet(SERVER, client, 500, true, b""),
        packet(client, SERVER, 0xFFFF_FFF1, false, &open),
        packet(SERVER, client, 501, false, &conf[..20]),
        packet(SERVER, client, 521, false, &conf[20..]),
        packet(client, SERVER, behind_open, false, &close),
    ]
}

#[test]
fn a_capture_shows_both_directions_by_time() {
    let packets = session(CLIENT);
    let legacy = page(pcap(&packets));
    insta::assert_snapshot!(legacy);
    let without_fraction = |page: &str| page.replace(".250000Z", ".000000Z");
    assert_eq!(without_fraction(&legacy), page(pcapng(&packets)));
}

#[test]
fn segments_may_come_twice_late_and_overlapping() {
    let clean = session(CLIENT);
    let conf = open_conf(24);
    let [syn, syn_ack, open, first, second, close] = clean.clone().try_into().unwrap();
    let overlapping = packet(SERVER, CLIENT, 511, false, &conf[10..]);
    for packets in [
        vec![syn.clone(), syn_ack.clone(), open.clone(), second.clone(), first.clone(), close.clone()],
        vec![
            syn.clone(),
            syn_ack.clone(),
            open.clone(),
            open.clone(),
            first.clone(),
            first.clone(),
            second,
            close.clone(),
        ],
        vec![syn, syn_ack, open, first, overlapping, close],
    ] {
        let conversations = read(pcap(&packets));
        assert_eq!(conversations[0].items.len(), 3);
        assert_eq!(conversations[0].faults(), 0);
    }
}

#[test]
fn a_lost_segment_is_said_and_reading_goes_on_at_the_next_message() {
    let mut packets = session(CLIENT);
    packets.remove(3);
    packets.push(packet(SERVER, CLIENT, 501 + 60, false, &encoded(HeartbeatConf::new(5), 24)));
    let conversations = read(pcap(&packets));
    let page = tree::page(&conversations, LOOK);
    assert!(page.contains("<- at 0: 20 bytes are not captured"), "{page}");
    assert!(page.contains("no message begins here"), "{page}");
    assert!(page.contains("HEARTBEAT_CONF (6)"), "{page}");
    assert!(conversations[0].faults() >= 2);
}

#[test]
fn several_connections_are_told_apart() {
    let other = ([192, 0, 2, 8], 40_000);
    let web = ([192, 0, 2, 8], 443);
    let mut packets: Vec<Vec<u8>> =
        session(CLIENT).into_iter().zip(session(other)).flat_map(|(a, b)| [a, b]).collect();
    packets.push(packet(CLIENT, web, 1, false, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"));
    // the same ports again, with another SYN
    packets.push(packet(CLIENT, SERVER, 7_000, true, b""));
    packets.push(packet(CLIENT, SERVER, 7_001, false, &open_req(13)));
    let conversations = read(pcap(&packets));
    let names: Vec<_> = conversations.iter().map(|each| (each.name.as_str(), each.items.len())).collect();
    let first = "192.0.2.7:52293 to 192.0.2.1:42027";
    assert_eq!(names, [(first, 3), ("192.0.2.8:40000 to 192.0.2.1:42027", 3), (first, 1)]);
    assert_eq!(conversations[0].notes, ["1 other TCP connections are left out; choose by --port"]);
    assert_eq!(conversations[2].dialect.version, 13);
}

#[test]
fn a_capture_may_begin_within_a_connection_when_the_port_is_named() {
    let packets = session(CLIENT).split_off(3);
    let error = content(pcap(&packets), None, Reading::default()).unwrap_err().to_string();
    assert_eq!(
        error,
        "none of the 1 TCP connections begins with OPEN_REQ; choose by --port, or decrypt TLS first"
    );
    let conversations = content(pcap(&packets), Some(42_027), Reading::default()).unwrap();
    assert_eq!(conversations[0].notes, ["the capture begins within this connection"]);
    assert_eq!((conversations[0].items.len(), conversations[0].faults()), (2, 0));
    assert!(content(pcap(&packets), Some(1), Reading::default()).is_err());
}

#[test]
fn broken_captures_say_so() {
    let whole = pcap(&session(CLIENT));
    for bytes in (4..whole.len()).step_by(29) {
        // cut anywhere: an error, or what could be read
        let _ = content(whole[..bytes].to_vec(), None, Reading::default());
    }
    let error = content(whole[..whole.len() - 3].to_vec(), None, Reading::default()).unwrap_err().to_string();
    assert!(error.contains("the capture"), "{error}");
    let no_tcp = content(pcap(&[vec![0; 40]]), None, Reading::default()).unwrap_err().to_string();
    assert_eq!(no_tcp, "no TCP in this capture (1 packets of other kinds)");
}

#[test]
fn the_command_line_is_well_formed() {
    use clap::CommandFactory;
    crate::cli::Cli::command().debug_assert();
}
