"""slixmpp over TCP with STARTTLS and XEP-0198: its connection is cut, something happens, and it goes on where it was.

It sees what happened meanwhile, once and in order; another client of the same agent never sees it leave.
"""

import asyncio
import pathlib
import xml.etree.ElementTree as ElementTree

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

from finesse import CA_FILE, PASSWORD, READY, address, check, in_thread, put_user

EVENT = "{jabber:client}message/{http://jabber.org/protocol/pubsub#event}event"
NOTIFICATION = ".//{http://jabber.org/protocol/pubsub}notification"
AGENT, EXTENSION = "1001008", "2008"


class Client(slixmpp.ClientXMPP):
    """One resource of the agent, the states it was told, and what it heard of the other."""

    def __init__(self, resource):
        super().__init__(f"{AGENT}@{READY['domain']}/{resource}", PASSWORD)
        self.enable_direct_tls = False
        self.register_plugin("xep_0198")
        self.end_session_on_disconnect = False
        self.ca_certs = pathlib.Path(CA_FILE)
        self.states = asyncio.Queue()
        self.gone = []
        self.add_event_handler("presence_unavailable", lambda presence: self.gone.append(presence["from"]))
        self.register_handler(Callback("updates", MatchXPath(EVENT), self.on_event))

    def on_event(self, message):
        for notification in message.xml.iterfind(NOTIFICATION):
            state = ElementTree.fromstring(notification.text).findtext("data/user/state")
            if state:
                self.states.put_nowait(state)

    async def sign_in(self):
        enabled = self.wait_until("sm_enabled", 10)
        self.connect(*address("xmpp_tcp"))
        await asyncio.wait_for(enabled, 15)
        self.send_presence()

    async def next_state(self):
        return await asyncio.wait_for(self.states.get(), 15)


async def change(state, then, *clients):
    check(await in_thread(put_user, AGENT, f"<User><state>{state}</state></User>", state) == 202, f"{state} is taken")
    for client in clients:
        seen = await client.next_state()
        check(seen == then, f"{client.boundjid} sees {seen}")


async def scene():
    cut, watcher = Client("cut"), Client("watcher")
    for client in (watcher, cut):
        await client.sign_in()
    login = f"<User><state>LOGIN</state><extension>{EXTENSION}</extension></User>"
    check(await in_thread(put_user, AGENT, login, "login") == 202, "the agent signs in")
    for client in (cut, watcher):
        check(await client.next_state() == "NOT_READY", f"{client.boundjid} sees the sign-in")

    lost = cut.wait_until("disconnected", 10)
    cut.transport.abort()
    await lost
    check(True, "the connection is cut")
    await change("READY", "READY", watcher)
    await change("NOT_READY", "NOT_READY", watcher)

    resumed = cut.wait_until("session_resumed", 10)
    cut.connect(*address("xmpp_tcp"))
    await asyncio.wait_for(resumed, 15)
    check(True, "the session goes on")
    missed = [await cut.next_state(), await cut.next_state()]
    check(missed == ["READY", "NOT_READY"], f"what happened meanwhile comes in order: {missed}")
    await change("READY", "READY", cut, watcher)
    check(cut.states.empty() and watcher.states.empty(), "nothing came twice")
    check(not watcher.gone, "nobody saw it leave")
    await asyncio.gather(cut.disconnect(), watcher.disconnect())


asyncio.run(scene())
