//! Captures (pcap, pcapng): the TCP connections that speak GED-188.

use super::Reading;
use super::reassembly::{Connection, Direction, Segment, connections};
use super::stream::{Conversation, Way, conversation, is_plausible};
use anyhow::{bail, ensure};
use bytes::Bytes;
use etherparse::{LaxNetSlice, LaxSlicedPacket, TransportSlice};
use jiff::{SignedDuration, Timestamp};
use pcap_parser::traits::{PcapNGPacketBlock, PcapReaderIterator};
use pcap_parser::{Block, Linktype, PcapBlockOwned, PcapError, create_reader};
use std::net::{IpAddr, SocketAddr};

/// The longest block that is read: a packet of the largest size that captures know, with room for options.
const BLOCK_BYTES_MAX: usize = 1 << 20;

/// Type of OPEN_REQ, where it is in a message.
const OPEN_REQ_KIND: [u8; 4] = [0, 0, 0, 3];

/// An interface of a pcapng file, or the one of a pcap file.
#[derive(Clone, Copy)]
struct Interface {
    link: Linktype,
    ticks_per_sec: u64,
    offset_secs: i64,
}

/// The conversations of a capture. Connections that do not speak GED-188 are counted in a note.
pub(super) fn read(bytes: &[u8], port: Option<u16>, reading: Reading) -> anyhow::Result<Vec<Conversation>> {
    let mut unread = 0;
    let segments = segments(bytes, &mut unread)?;
    let has_segments = !segments.is_empty();
    let (chosen, others): (Vec<_>, Vec<_>) =
        connections(segments.into_iter()).into_iter().partition(|connection| speaks(connection, port));
    if chosen.is_empty() {
        ensure!(has_segments, "no TCP in this capture ({unread} packets of other kinds)");
        match port {
            Some(port) => bail!("none of the {} TCP connections has port {port}", others.len()),
            None => bail!(
                "none of the {} TCP connections begins with OPEN_REQ; choose by --port, or decrypt TLS first",
                others.len()
            ),
        }
    }
    let mut conversations: Vec<Conversation> =
        chosen.into_iter().map(|connection| of_connection(connection, reading)).collect();
    if !others.is_empty() && port.is_none() {
        let note = format!("{} other TCP connections are left out; choose by --port", others.len());
        conversations[0].notes.insert(0, note);
    }
    Ok(conversations)
}

/// Whether the connection is asked for, or begins with OPEN_REQ on one side.
fn speaks(connection: &Connection, port: Option<u16>) -> bool {
    match port {
        Some(port) => connection.parties.iter().any(|party| party.port() == port),
        None => connection.directions.iter().any(opens),
    }
}

fn opens(direction: &Direction) -> bool {
    let head = direction.head();
    is_plausible(head) && head[4..8] == OPEN_REQ_KIND
}

fn of_connection(connection: Connection, reading: Reading) -> Conversation {
    let Connection { mut parties, mut directions } = connection;
    let knows_client = directions.iter().any(opens);
    if opens(&directions[1]) {
        parties.reverse();
        directions.reverse();
    }
    let [client, server] = parties;
    let begins = directions.iter().all(|direction| direction.has_begin);
    let [to_server, to_client] = directions.map(Direction::pieces);
    let name = if knows_client { format!("{client} to {server}") } else { format!("{client} and {server}") };
    let ways = vec![(Way::ToServer, to_server), (Way::ToClient, to_client)];
    let mut conversation = conversation(name, ways, reading);
    if !begins {
        conversation.notes.push("the capture begins within this connection".to_owned());
    }
    conversation
}

/// All TCP segments; `unread` counts packets that are not TCP.
fn segments(bytes: &[u8], unread: &mut usize) -> anyhow::Result<Vec<Segment>> {
    let mut reader = match create_reader(BLOCK_BYTES_MAX, bytes) {
        Ok(reader) => reader,
        Err(error) => bail!("the capture cannot be read: {error}"),
    };
    let mut interfaces: Vec<Interface> = Vec::new();
    let mut segments = Vec::new();
    loop {
        match reader.next() {
            Ok((used, block)) => {
                match packet(&block, &mut interfaces).map(|(time, link, data)| segment(time, link, data)) {
                    Some(Some(segment)) => segments.push(segment),
                    Some(None) => *unread += 1,
                    None => {}
                }
                reader.consume(used);
            }
            Err(PcapError::Eof) => return Ok(segments),
            Err(PcapError::Incomplete(_)) => {
                if let Err(error) = refill(reader.as_mut()) {
                    bail!("the capture ends within a packet: {error}");
                }
            }
            Err(error) => bail!("the capture is broken after {} packets: {error}", segments.len() + *unread),
        }
    }
}

fn refill(reader: &mut dyn PcapReaderIterator) -> Result<(), String> {
    if reader.reader_exhausted() {
        return Err("no more bytes".to_owned());
    }
    reader.refill().map_err(|error| error.to_string())
}

/// A block's packet, if it has one, with its time and the kind of its link.
fn packet<'a>(
    block: &'a PcapBlockOwned<'_>,
    interfaces: &mut Vec<Interface>,
) -> Option<(Option<Timestamp>, Linktype, &'a [u8])> {
    match block {
        PcapBlockOwned::LegacyHeader(header) => {
            let ticks_per_sec = if header.is_nanosecond_precision() { 1_000_000_000 } else { 1_000_000 };
            interfaces.push(Interface { link: header.network, ticks_per_sec, offset_secs: 0 });
            None
        }
        PcapBlockOwned::Legacy(packet) => {
            let interface = interfaces.first()?;
            let ticks = u64::from(packet.ts_sec) * interface.ticks_per_sec + u64::from(packet.ts_usec);
            Some((time(interface, ticks), interface.link, packet.data))
        }
        PcapBlockOwned::NG(Block::SectionHeader(_)) => {
            interfaces.clear();
            None
        }
        PcapBlockOwned::NG(Block::InterfaceDescription(description)) => {
            let ticks_per_sec = description.ts_resolution().unwrap_or(1_000_000);
            let offset_secs = description.ts_offset();
            interfaces.push(Interface { link: description.linktype, ticks_per_sec, offset_secs });
            None
        }
        PcapBlockOwned::NG(Block::EnhancedPacket(packet)) => {
            let interface = interfaces.get(usize::try_from(packet.if_id).ok()?)?;
            let ticks = u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low);
            Some((time(interface, ticks), interface.link, packet.packet_data()))
        }
        PcapBlockOwned::NG(Block::SimplePacket(packet)) => {
            Some((None, interfaces.first()?.link, packet.packet_data()))
        }
        PcapBlockOwned::NG(_) => None,
    }
}

fn time(interface: &Interface, ticks: u64) -> Option<Timestamp> {
    let per_sec = interface.ticks_per_sec.max(1);
    let secs = i64::try_from(ticks / per_sec).ok()?.checked_add(interface.offset_secs)?;
    let nanos = u128::from(ticks % per_sec) * 1_000_000_000 / u128::from(per_sec);
    Timestamp::from_duration(SignedDuration::new(secs, i32::try_from(nanos).ok()?)).ok()
}

/// A packet's TCP segment.
fn segment(time: Option<Timestamp>, link: Linktype, data: &[u8]) -> Option<Segment> {
    let packet = sliced(link, data)?;
    let (from, to): (IpAddr, IpAddr) = match packet.net.as_ref()? {
        LaxNetSlice::Ipv4(ip) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
        LaxNetSlice::Ipv6(ip) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
        LaxNetSlice::Arp(_) => return None,
    };
    let TransportSlice::Tcp(tcp) = packet.transport.as_ref()? else { return None };
    Some(Segment {
        time,
        from: SocketAddr::new(from, tcp.source_port()),
        to: SocketAddr::new(to, tcp.destination_port()),
        sequence: tcp.sequence_number(),
        syn: tcp.syn(),
        payload: Bytes::copy_from_slice(tcp.payload()),
    })
}

/// The headers of a packet, by the kind of its link. "any" of tcpdump on Linux is SLL, loopback of BSD NULL.
fn sliced(link: Linktype, data: &[u8]) -> Option<LaxSlicedPacket<'_>> {
    const NULL: i32 = 0;
    const ETHERNET: i32 = 1;
    const RAW: [i32; 4] = [12, 101, 228, 229];
    const LOOP: i32 = 108;
    const LINUX_SLL: i32 = 113;
    const LINUX_SLL2: i32 = 276;
    match link.0 {
        ETHERNET => LaxSlicedPacket::from_ethernet(data).ok(),
        NULL | LOOP => LaxSlicedPacket::from_ip(data.get(4..)?).ok(),
        LINUX_SLL => LaxSlicedPacket::from_ip(data.get(16..)?).ok(),
        LINUX_SLL2 => LaxSlicedPacket::from_ip(data.get(20..)?).ok(),
        link if RAW.contains(&link) => LaxSlicedPacket::from_ip(data).ok(),
        _ => None,
    }
}
