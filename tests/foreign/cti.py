"""A CTI client written from the protocol's description alone (GED-188, version 24): opens a session and asks for one
agent's state.

    cti.py HOST:PORT AGENT INSTRUMENT STATE [REASON]

STATE is a name below. Knows nothing of the server's own code, so that the two readings can disagree.
"""

import socket
import struct
import sys

FAILURE_CONF, FAILURE_EVENT, OPEN_REQ, OPEN_CONF = 1, 2, 3, 4
CLOSE_REQ = 7
CONTROL_FAILURE_CONF = 35
SET_AGENT_STATE_REQ, SET_AGENT_STATE_CONF = 38, 39

VERSION = 24
PERIPHERAL_ID = 5000
# Client control, all events.
SERVICES = 0x04 | 0x10
STATES = {"LOGIN": 0, "LOGOUT": 1, "NOT_READY": 2, "READY": 3, "TALKING": 4, "WORK": 5, "WORK_READY": 6}

TAG_CLIENT_ID, TAG_CLIENT_PASSWORD, TAG_SIGNATURE, TAG_AGENT_ID, TAG_INSTRUMENT = 1, 2, 3, 5, 6


def field(tag, text):
    """A floating field since version 20: two bytes of tag, two of length, the text with its NUL."""
    data = text.encode("ascii") + b"\0"
    return struct.pack(">HH", tag, len(data)) + data


class Session:
    """An open session."""

    def __init__(self, address):
        host, port = address.rsplit("/", 1)[-1].rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=10)
        self.invoke_id = 0
        fixed = struct.pack(">10I", VERSION, 120, PERIPHERAL_ID, SERVICES, 0xFFFFFFFF, 0x3FFF, 0, 0, 0, 0)
        empty_password = struct.pack(">HH", TAG_CLIENT_PASSWORD, 0)
        floating = field(TAG_CLIENT_ID, "scene") + empty_password + field(TAG_SIGNATURE, "scene")
        self.request(OPEN_REQ, fixed + floating, OPEN_CONF)

    def set_state(self, agent, instrument, state, reason=0):
        """Asks for a state and waits for the confirmation."""
        fixed = struct.pack(">I4HBI", PERIPHERAL_ID, STATES[state], 0, 0, reason, 0, 1)
        floating = field(TAG_INSTRUMENT, instrument) + field(TAG_AGENT_ID, agent)
        self.request(SET_AGENT_STATE_REQ, fixed + floating, SET_AGENT_STATE_CONF)

    def request(self, kind, body, confirmation):
        """Sends a request and reads until it is confirmed or refused."""
        self.invoke_id += 1
        body = struct.pack(">I", self.invoke_id) + body
        self.socket.sendall(struct.pack(">II", len(body), kind) + body)
        while True:
            got, answer = self.message()
            if got in (FAILURE_CONF, CONTROL_FAILURE_CONF) and answer[:4] == body[:4]:
                sys.exit(f"request {kind} refused by message {got}: {answer.hex()}")
            if got == FAILURE_EVENT:
                sys.exit(f"the session failed: {answer.hex()}")
            if got == confirmation and answer[:4] == body[:4]:
                return

    def message(self):
        """The next message: its type and body."""
        length, kind = struct.unpack(">II", self.exactly(8))
        return kind, self.exactly(length)

    def exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                sys.exit("the CTI server closed the connection")
            data += more
        return data

    def close(self):
        self.invoke_id += 1
        body = struct.pack(">II", self.invoke_id, 0)
        self.socket.sendall(struct.pack(">II", len(body), CLOSE_REQ) + body)
        self.socket.close()


def set_state(address, agent, instrument, state, reason=0):
    """One session for one request."""
    session = Session(address)
    session.set_state(agent, instrument, state, reason)
    session.close()


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    set_state(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int((sys.argv + ["0"])[5]))
