"""A desktop that speaks XMPP on a socket of its own: it opens the stream to an address, learns the domain from the answer,
cuts what it reads at `<message` and `</message>`, undoes three entities by replacing text, and sends at the start what
its library once sent, waiting for an answer to each."""

import base64
import re
import socket
import ssl

import requests
from finesse import CA_FILE, PASSWORD, READY, address, check

USER, EXTENSION = "1001010", "2010"
API = READY["rest"].rstrip("/") + "/finesse/api"


class Desk:
    def __init__(self):
        host, port = address("xmpp_tls")
        context = ssl.create_default_context(cafile=CA_FILE)
        self.socket = context.wrap_socket(socket.create_connection((host, port), 15), server_hostname="localhost")
        self.socket.settimeout(15)
        self.text = ""

    def send(self, text):
        self.socket.sendall(text.encode())

    def read_to(self, pattern):
        """What has come up to and with the first match; the rest is kept."""
        while not (found := re.search(pattern, self.text, re.S)):
            more = self.socket.recv(65_536)
            check_open(more)
            self.text += more.decode()
        self.text, seen = self.text[found.end() :], self.text[: found.end()]
        return seen, found

    def ask(self, number, to, payload):
        """An IQ of the start-up; whatever the answer is, there is one."""
        self.send(f"<iq id='{number}' to='{to}' type='get'>{payload}</iq>")
        self.read_to(rf"<iq [^>]*id=[\"']{number}[\"'][^>]*>.*?</iq>|<iq [^>]*id=[\"']{number}[\"'][^>]*/>")

    def event(self, *words):
        while True:
            _, found = self.read_to(r"<message .*?</message>")
            text = found[0].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            if all(word in text for word in words):
                return text


def check_open(more):
    if not more:
        check(False, "the server keeps the connection")


def sign_in(desk):
    stream = "<stream:stream to='127.0.0.1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
    desk.send(stream)
    _, found = desk.read_to(r"<stream:stream [^>]*from=\"([^\"]*)\"")
    check(found[1] == READY["domain"], f"the domain is learnt from the answer: {found[1]}")
    desk.read_to(r"<mechanism>PLAIN</mechanism>.*?</stream:features>")
    plain = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
    desk.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>")
    desk.read_to("<success")
    desk.send(stream)
    desk.read_to("</stream:features>")
    desk.send("<iq id='b' type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>isi</resource></bind></iq>")
    _, found = desk.read_to(r"<jid>([^<]*)</jid>.*?</iq>")
    check(found[1] == f"{USER}@{READY['domain']}/isi", "bound")
    desk.send("<iq id='s' type='set'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>")
    desk.read_to(r"<iq [^>]*id=[\"']s[\"']")


def chatter(desk):
    domain = READY["domain"]
    for number, (to, payload) in enumerate([
        (domain, "<query xmlns='http://jabber.org/protocol/disco#items'/>"),
        (domain, "<query xmlns='http://jabber.org/protocol/disco#info'/>"),
        (f"{USER}@{domain}", "<vCard xmlns='vcard-temp'/>"),
        (domain, "<query xmlns='jabber:iq:roster'/>"),
        (domain, "<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>"),
        (f"proxy.{domain}", "<query xmlns='http://jabber.org/protocol/bytestreams'/>"),
    ]):
        desk.ask(f"c{number}", to, payload)
    check(True, "everything asked at the start is answered")


desk = Desk()
sign_in(desk)
chatter(desk)
desk.send("<presence><priority>1</priority><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:desk' ver='x'/></presence>")
desk.read_to(rf"<presence [^>]*from=[\"']finesse@")
me = {"auth": (USER, PASSWORD), "verify": CA_FILE, "timeout": 10}


def put(body):
    answer = requests.put(f"{API}/User/{USER}", data=body, headers={"Content-Type": "application/xml"}, **me)
    check(answer.status_code == 202, f"202 for {body}")


put(f"<User><state>LOGIN</state><extension>{EXTENSION}</extension></User>")
signed_in = desk.event("<user>", "<state>NOT_READY</state>")
update = signed_in[signed_in.index("<Update>") : signed_in.index("</Update>")]
check("<?xml" not in update and "<![CDATA[" not in update, "the update is well-formed in its place")
put("<User><state>READY</state></User>")
check("<event>PUT</event>" in desk.event("<state>READY</state>"), "events are in capitals")
requests.post(f"http://{READY['cti_control'].removeprefix('http://')}/", data=f"ring {USER}", timeout=10)
check("<action>ANSWER</action>" in desk.event("<dialogs>", "<event>POST</event>"), "a call rings")
desk.send("</stream:stream>")
