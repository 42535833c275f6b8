"""A user of the notification service with slixmpp over TCP and STARTTLS, who keeps every event until it is waited for."""

import asyncio
import pathlib

import slixmpp
from finesse import CA_FILE, PASSWORD, READY, address
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

EVENT = "{jabber:client}message/{http://jabber.org/protocol/pubsub#event}event"


class Events(slixmpp.ClientXMPP):
    def __init__(self, user, resource):
        super().__init__(f"{user}@{READY['domain']}/{resource}", PASSWORD)
        self.enable_direct_tls = False
        self.ca_certs = pathlib.Path(CA_FILE)
        self.register_plugin("xep_0030")
        self.updates = asyncio.Queue()
        self.present = asyncio.Event()
        self.add_event_handler("presence_available", self.on_presence)
        hear = lambda message: self.updates.put_nowait("".join(message.xml.itertext()))
        self.register_handler(Callback("events", MatchXPath(EVENT), hear))

    def on_presence(self, presence):
        if presence["from"].user == "finesse":
            self.present.set()

    async def sign_in(self):
        started = self.wait_until("session_start", 15)
        self.connect(*address("xmpp_tcp"))
        await asyncio.wait_for(started, 20)
        self.send_presence()
        await asyncio.wait_for(self.present.wait(), 20)

    async def told(self, *words):
        """The next update, as text, that has all of them; those before it are dropped."""
        while True:
            text = await asyncio.wait_for(self.updates.get(), 20)
            if all(word in text for word in words):
                return text
