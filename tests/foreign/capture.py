"""Captures of a CTI session as scapy writes them: `session.pcap` and `session.pcapng` in the folder that is named.

The session is written from the protocol's description (cti.py): OPEN_REQ, OPEN_CONF, an agent's new state, and a call that
rings. The server's messages come as networks bring them: cut where a segment ends, one segment before the one it follows,
one twice.
"""

import struct
import sys
from pathlib import Path

from cti import PERIPHERAL_ID, TAG_AGENT_ID, TAG_CLIENT_ID, TAG_CLIENT_PASSWORD, VERSION, field
from scapy.all import IP, TCP, Ether, PcapNgWriter, Raw, wrpcap

CLIENT, SERVER = ("192.0.2.10", 50123), ("192.0.2.20", 42027)
NONE = 0xFFFFFFFF
TAG_EXTENSION, TAG_CONNECTION, TAG_ALERTING = 4, 25, 26


def frame(kind, body):
    return struct.pack(">II", len(body), kind) + body


def messages():
    """What the client says, and what the server does."""
    fixed = struct.pack(">11I", 1, VERSION, 120, PERIPHERAL_ID, 0x16, NONE, 0x3FFF, 0, 0, 0, 0)
    opening = frame(3, fixed + field(TAG_CLIENT_ID, "capture") + struct.pack(">HH", TAG_CLIENT_PASSWORD, 0))
    opened = frame(4, struct.pack(">IIIIIHHHIH", 1, 0x16, 0, 0, 1_800_000_000, 1, 17, 2, 0, 1))
    state = struct.pack(
        ">IIIHHIIIHHHIIHIIIHI", 0, PERIPHERAL_ID, 0, 17, 8, 0, NONE, NONE, 0, 8, 0, 1, 0, 1, 0, 0, 1, 0, 0
    )
    state = frame(30, state + field(TAG_AGENT_ID, "1001003") + field(TAG_EXTENSION, "2003"))
    ringing = struct.pack(
        ">IIHHIHHIIIIH6H",
        0, PERIPHERAL_ID, 17, 0, 4711, 0xFFFF, 3, NONE, NONE, NONE, NONE, 0, 76, 71, 72, 0xFFFF, 2, 22,
    ) + struct.pack(">HH", 0, 0)
    ringing = frame(9, ringing + field(TAG_CONNECTION, "2003") + field(TAG_ALERTING, "2003"))
    return opening, opened + state + ringing


def packet(sender, receiver, seq, ack, data, at):
    tcp = TCP(sport=sender[1], dport=receiver[1], seq=seq, ack=ack, flags="PA")
    made = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src=sender[0], dst=receiver[0]) / tcp / Raw(data)
    made.time = at
    return made


def main(folder):
    said, answered = messages()
    at, first, step = 1_800_000_000.0, 1_000, 37
    packets = [packet(CLIENT, SERVER, 500, first, said, at)]
    pieces = [(start, answered[start : start + step]) for start in range(0, len(answered), step)]
    pieces[1], pieces[2] = pieces[2], pieces[1]
    pieces.insert(4, pieces[3])
    for number, (start, data) in enumerate(pieces, 1):
        packets.append(packet(SERVER, CLIENT, first + start, 500 + len(said), data, at + number / 100))
    wrpcap(str(folder / "session.pcap"), packets)
    with PcapNgWriter(str(folder / "session.pcapng")) as writer:
        for one in packets:
            writer.write(one)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
