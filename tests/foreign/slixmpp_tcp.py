"""slixmpp over TCP with STARTTLS, and once with TLS from the first byte; the certificate is verified.

Two resources of one agent both see a state change asked for through the web service and one made on the phone system;
a supervisor sees them on the team's node; an agent may not subscribe there.
"""

import asyncio
import pathlib
import xml.etree.ElementTree as ElementTree

import slixmpp
from slixmpp.exceptions import IqError
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

import cti
from finesse import CA_FILE, PASSWORD, READY, address, check, in_thread, put_user

EVENT = "{jabber:client}message/{http://jabber.org/protocol/pubsub#event}event"
NOTIFICATION = ".//{http://jabber.org/protocol/pubsub}notification"
TEAM = "/finesse/api/Team/5000/Users"


class Client(slixmpp.ClientXMPP):
    """One resource of one user, and the updates it was sent."""

    def __init__(self, user, resource, port="xmpp_tcp"):
        super().__init__(f"{user}@{READY['domain']}/{resource}", PASSWORD)
        self.listener = port
        self.enable_direct_tls = port == "xmpp_tls"
        self.enable_starttls = not self.enable_direct_tls
        self.register_plugin("xep_0060")
        self.ca_certs = pathlib.Path(CA_FILE)
        self.updates = asyncio.Queue()
        self.service_is_up = asyncio.Event()
        self.add_event_handler("presence_available", self.on_presence)
        self.register_handler(Callback("updates", MatchXPath(EVENT), self.on_event))

    async def sign_in(self):
        self.connect(*address(self.listener))
        await asyncio.wait_for(self.wait_until("session_start", 10), 15)
        self.send_presence()
        await asyncio.wait_for(self.service_is_up.wait(), 10)
        check(self.transport.get_extra_info("ssl_object"), f"{self.boundjid} is connected over TLS")

    def on_presence(self, presence):
        if presence["from"].bare == f"finesse@{READY['domain']}":
            self.service_is_up.set()

    def on_event(self, message):
        for notification in message.xml.iterfind(NOTIFICATION):
            self.updates.put_nowait(ElementTree.fromstring(notification.text))

    async def update(self, state, source, **expected):
        """The next update of that source with that state; what else it must say is in `expected`."""
        while True:
            update = await asyncio.wait_for(self.updates.get(), 15)
            if update.findtext("source") != source or update.findtext("data/user/state") != state:
                continue
            for name, value in expected.items():
                check(update.findtext(name) == value, f"{self.boundjid} reads {name} = {value}")
            return check(True, f"{self.boundjid} sees {state}")

    def subscribe_to(self, node):
        return self["xep_0060"].subscribe(READY["pubsub_domain"], node, subscribee=self.boundjid.full)


async def scene():
    agent, extension = "1001004", "2004"
    source = f"/finesse/api/User/{agent}"
    first, second = Client(agent, "pidgin"), Client(agent, "desk", "xmpp_tls")
    supervisor, stranger = Client("1900001", "watch"), Client("1001005", "curious")
    clients = [first, second, supervisor, stranger]
    for client in clients:
        await client.sign_in()

    await supervisor.subscribe_to(TEAM)
    check(True, "a supervisor may subscribe to the team")
    try:
        await stranger.subscribe_to(TEAM)
        check(False, "an agent is refused the team's node")
    except IqError as refused:
        condition = refused.iq["error"]["condition"]
        check(condition == "not-authorized", f"an agent is refused the team's node ({condition})")

    login = f"<User><state>LOGIN</state><extension>{extension}</extension></User>"
    check(await in_thread(put_user, agent, login, "from-rest") == 202, "the web service takes the sign-in")
    for client in (first, second, supervisor):
        await client.update("NOT_READY", source, requestId="from-rest")

    await in_thread(cti.set_state, READY["cti"], agent, extension, "READY")
    for client in (first, second, supervisor):
        await client.update("READY", source)

    await asyncio.gather(*(client.disconnect() for client in clients))
    check(stranger.updates.empty(), "a stranger saw none of it")


asyncio.run(scene())
