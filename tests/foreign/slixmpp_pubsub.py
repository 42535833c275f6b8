"""slixmpp's plug-in for XEP-0060: the service account owns a node, agents subscribe to it, and everybody sees what they may."""

import asyncio
import pathlib
import xml.etree.ElementTree as ElementTree

import slixmpp
from slixmpp.exceptions import IqError

from finesse import CA_FILE, PASSWORD, READY, address, check

SERVICE = READY["pubsub_domain"]
NODE = "/stock/prices in Zürich"


class Client(slixmpp.ClientXMPP):
    """A user, and the events that reached it in order: kind and what it is about."""

    def __init__(self, user, resource):
        super().__init__(f"{user}@{READY['domain']}/{resource}", PASSWORD)
        self.enable_direct_tls = False
        self.ca_certs = pathlib.Path(CA_FILE)
        for plugin in ("xep_0030", "xep_0004", "xep_0060", "xep_0059", "xep_0115"):
            self.register_plugin(plugin)
        self.pubsub = self.plugin["xep_0060"]
        self.events = asyncio.Queue()
        self.add_event_handler("pubsub_publish", lambda message: self.heard("item", message))
        self.add_event_handler("pubsub_retract", lambda message: self.heard("retract", message))
        for kind in ("purge", "delete"):
            self.add_event_handler(f"pubsub_{kind}", lambda message, kind=kind: self.about(kind, message))
        self.add_event_handler("pubsub_config", lambda message: self.about("configuration", message))

    def heard(self, kind, message):
        # iterating would begin anew what the plug-in iterates over when it calls us
        for item in message["pubsub_event"]["items"]["substanzas"]:
            self.events.put_nowait((kind, item["id"]))

    def about(self, kind, message):
        self.events.put_nowait((kind, message["pubsub_event"][kind]["node"]))

    async def sign_in(self):
        started = self.wait_until("session_start", 15)
        self.connect(*address("xmpp_tcp"))
        await asyncio.wait_for(started, 20)
        self.send_presence()

    async def sees(self, kind, what):
        seen = await asyncio.wait_for(self.events.get(), 15)
        check(seen == (kind, what), f"{self.boundjid.user} sees {seen[0]} {seen[1]}")


async def refused(request, condition, what):
    try:
        await request
    except IqError as error:
        check(error.condition == condition, f"{what}: {error.condition}")
        return
    check(False, f"{what}: {condition}")


def price(text):
    payload = ElementTree.Element("{urn:example:stock}price")
    payload.text = text
    return payload


def configuration(owner, **fields):
    form = owner.plugin["xep_0004"].make_form("submit")
    form.add_field(var="FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/pubsub#node_config")
    for name, value in fields.items():
        form.add_field(var=f"pubsub#{name}", value=value)
    return form


def ids(answer):
    return [item["id"] for item in answer["pubsub"]["items"]["substanzas"]]


async def scene():
    owner, reader, other = Client("finesse", "stock"), Client("1001001", "desk"), Client("1001002", "desk")
    for client in (owner, reader, other):
        await client.sign_in()

    info = await reader.plugin["xep_0030"].get_info(jid=SERVICE)
    check("http://jabber.org/protocol/pubsub#publish-options" in info["disco_info"]["features"], "features are announced")

    config = configuration(owner, title="Prices", access_model="whitelist", max_items="3", notify_config="1")
    await owner.pubsub.create_node(SERVICE, NODE, config=config)
    told = (await owner.pubsub.get_node_config(SERVICE, NODE))["pubsub_owner"]["configure"]["form"].get_values()
    check((told["pubsub#title"], told["pubsub#max_items"]) == ("Prices", "3"), "the node is as it was asked for")
    info = await owner.plugin["xep_0030"].get_info(jid=SERVICE, node=NODE)
    check(("pubsub", "leaf", None, None) in info["disco_info"]["identities"], "it is a leaf")

    await refused(reader.pubsub.subscribe(SERVICE, NODE), "not-allowed", "who is not on the list may not subscribe")
    members = [(f"1001001@{READY['domain']}", "member"), (f"1001002@{READY['domain']}", "publisher")]
    await owner.pubsub.modify_affiliations(SERVICE, NODE, members)
    answer = await reader.pubsub.subscribe(SERVICE, NODE)
    check(answer["pubsub"]["subscription"]["subscription"] == "subscribed", "a member may")

    for number in range(1, 5):
        await owner.pubsub.publish(SERVICE, NODE, id=f"p{number}", payload=price(f"{number}.00"))
    for number in range(1, 5):
        await reader.sees("item", f"p{number}")
    kept = await reader.pubsub.get_items(SERVICE, NODE)
    check(sorted(ids(kept)) == ["p2", "p3", "p4"], f"the newest three are kept: {ids(kept)}")
    one = await reader.pubsub.get_item(SERVICE, NODE, "p3")
    check(one["pubsub"]["items"]["item"]["payload"].text == "3.00", "an item has its payload")

    await other.pubsub.publish(SERVICE, NODE, id="theirs", payload=price("9.99"))
    await reader.sees("item", "theirs")
    await refused(reader.pubsub.publish(SERVICE, NODE, payload=price("0")), "forbidden", "a member does not publish")
    await owner.pubsub.retract(SERVICE, NODE, "p3", notify=True)
    await reader.sees("retract", "p3")

    mine = (await reader.pubsub.get_subscriptions(SERVICE))["pubsub"]["subscriptions"]
    check(NODE in [subscription["node"] for subscription in mine], "the subscription is listed")
    everyone = (await owner.pubsub.get_node_affiliations(SERVICE, NODE))["pubsub_owner"]["affiliations"]
    parts = {str(one["jid"]).split("@")[0]: one["affiliation"] for one in everyone}
    check(parts == {"finesse": "owner", "1001001": "member", "1001002": "publisher"}, f"affiliations: {parts}")

    await owner.pubsub.set_node_config(SERVICE, NODE, configuration(owner, title="Old prices"))
    await reader.sees("configuration", NODE)
    await owner.pubsub.purge(SERVICE, NODE)
    await reader.sees("purge", NODE)
    check(ids(await reader.pubsub.get_items(SERVICE, NODE)) == [], "nothing is kept")
    await reader.pubsub.unsubscribe(SERVICE, NODE)
    await refused(reader.pubsub.unsubscribe(SERVICE, NODE), "unexpected-request", "who is not subscribed cannot end it")
    await reader.pubsub.subscribe(SERVICE, NODE)
    await owner.pubsub.delete_node(SERVICE, NODE)
    await reader.sees("delete", NODE)
    await refused(reader.pubsub.get_items(SERVICE, NODE), "item-not-found", "the node is gone")
    check(reader.events.empty() and other.events.empty(), "nothing came besides")

    # interest told by capabilities: the plug-in answers for them by itself
    await owner.pubsub.create_node(SERVICE, NODE, config=configuration(owner, send_last_published_item="on_sub_and_presence"))
    await owner.pubsub.publish(SERVICE, NODE, id="before", payload=price("1.00"))
    other.plugin["xep_0030"].add_feature(f"{NODE}+notify")
    await other.plugin["xep_0115"].update_caps()
    await other.sees("item", "before")
    await owner.pubsub.publish(SERVICE, NODE, id="after", payload=price("2.00"))
    await other.sees("item", "after")
    check(reader.events.empty(), "who tells no interest gets nothing")
    await asyncio.gather(*(client.disconnect() for client in (owner, reader, other)))


asyncio.run(scene())
