"""The telephone of a suite with other channels: it looks for a node that is in service, reads the agent as an administrator,
connects, signs in, and comes back after a break without signing in again. Its supervisor watches a team and listens to a
call. REST with aiohttp, events with slixmpp."""

import asyncio
import re
import ssl

import aiohttp
from slixmpp.xmlstream import ET
from events import Events
from finesse import CA_FILE, PASSWORD, READY, check

API = READY["rest"].rstrip("/") + "/finesse/api"
AGENT, EXTENSION, SUPERVISOR = "1001001", "2001", "1900001"


async def subscribe(events, node):
    """By bare JID; only the text of the answer is looked at."""
    iq = events.make_iq_set(ito=READY["pubsub_domain"])
    iq.append(
        ET.fromstring(
            f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><subscribe node='{node}' jid='{events.boundjid.bare}'/></pubsub>"
        )
    )
    answer = str(await iq.send(timeout=15))
    check('type="result"' in answer and 'subscription="subscribed"' in answer, f"subscribed to {node}")


class Web:
    def __init__(self, session, user):
        self.session, self.auth = session, aiohttp.BasicAuth(user, PASSWORD) if user else None

    async def get(self, path, **headers):
        async with self.session.get(f"{API}{path}", auth=self.auth, headers=headers) as answer:
            check(answer.status in (200, 206), f"GET {path}: {answer.status}")
            return await answer.text()

    async def send(self, method, path, body, wanted=202):
        headers = {"Content-Type": "application/xml"}
        async with self.session.request(method, f"{API}{path}", data=body, auth=self.auth, headers=headers) as answer:
            check(answer.status == wanted, f"{method} {path}: {answer.status} for {body[:60]}")
            return await answer.text()


def field(document, name):
    found = re.search(rf"<{name}>([^<]*)</{name}>", document)
    return found and found[1]


async def call(agent, events, caller):
    """A call that rings at the agent; its id once it is answered."""
    async with agent.session.post(f"http://{READY['cti_control'].removeprefix('http://')}/", data=f"ring {AGENT} from {caller}") as answer:
        check(answer.status == 200, "a call rings")
    offered = await events.told("<dialogs>", "<event>POST</event>")
    number = field(offered, "id")
    customer = re.search(r"<mediaAddress>(\d+)</mediaAddress>\s*<mediaAddressType></mediaAddressType>", offered)
    check(customer and customer[1] == caller, "the customer is the party of no type")
    await agent.send("PUT", f"/Dialog/{number}", f"<Dialog><targetMediaAddress>{EXTENSION}</targetMediaAddress><requestedAction>ANSWER</requestedAction></Dialog>")
    await events.told("<dialog>", "<action>HOLD</action>")
    return number


async def supervise(session, agent, events, number):
    supervisor, watched = Web(session, SUPERVISOR), Events(SUPERVISOR, "cisco")
    await watched.sign_in()
    await supervisor.send("PUT", f"/User/{SUPERVISOR}", "<User><state>LOGIN</state><extension>1901</extension></User>")
    await watched.told("<user>", "<state>NOT_READY</state>")
    await subscribe(watched, "/finesse/api/Team/5000/Users")
    await subscribe(watched, f"/finesse/api/User/{AGENT}/Dialogs")
    body = f"<Dialog><requestedAction>SILENT_MONITOR</requestedAction><fromAddress>1901</fromAddress><toAddress>{EXTENSION}</toAddress></Dialog>"
    await supervisor.send("POST", f"/User/{SUPERVISOR}/Dialogs", body)
    monitor = await watched.told("SUPERVISOR_MONITOR", "<action>DROP</action>")
    body = f"<Dialog><requestedAction>BARGE_CALL</requestedAction><fromAddress>1901</fromAddress><toAddress>{EXTENSION}</toAddress><associatedDialogUri>/finesse/api/Dialog/{number}</associatedDialogUri></Dialog>"
    await supervisor.send("POST", f"/User/{SUPERVISOR}/Dialogs", body)
    await events.told("<callType>CONFERENCE</callType>")
    check(field(monitor, "id") is not None, "the supervisor listens, then joins")
    await agent.send("PUT", f"/Dialog/{number}", f"<Dialog><targetMediaAddress>{EXTENSION}</targetMediaAddress><requestedAction>DROP</requestedAction></Dialog>")
    await events.told("<event>DELETE</event>")
    await supervisor.send("PUT", f"/User/{AGENT}", "<User><state>LOGOUT</state></User>")
    gone = await watched.told(f"<source>/finesse/api/User/{AGENT}</source>", "<state>LOGOUT</state>")
    check(field(gone, "loginId") == AGENT, "the team's node tells of the sign-out by the supervisor")
    await watched.disconnect()


async def scene():
    tls = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=CA_FILE))
    async with aiohttp.ClientSession(connector=tls, timeout=aiohttp.ClientTimeout(15)) as session:
        info = await Web(session, None).get("/SystemInfo")
        check(field(info, "status") == "IN_SERVICE", "the first node is in service, asked without credentials")
        before = await Web(session, "administrator").get(f"/User/{AGENT}")
        check(field(before, "extension") == "", "an administrator sees that nobody is signed in")
        agent, events = Web(session, AGENT), Events(AGENT, "cisco")
        await events.sign_in()
        await agent.send("PUT", f"/User/{AGENT}", f"<User><state>LOGIN</state><extension>{EXTENSION}</extension></User>")
        await events.told("<user>", "<state>NOT_READY</state>")
        check(await agent.get(f"/User/{AGENT}/Dialogs") == "<Dialogs></Dialogs>", "no calls, as an empty string between tags")
        for state in ("WORK", "WORK_READY"):
            refused = await agent.send("PUT", f"/User/{AGENT}", f"<User><state>{state}</state></User>", 400)
            check(field(refused, "ErrorType") == "Invalid Input", f"{state} is refused and does no harm")
        books = await agent.get(f"/User/{AGENT}/PhoneBooks", Range="objects=1-6000")
        check(books.startswith("<PhoneBooks"), "phone books by range")
        check((await agent.get(f"/User/{AGENT}/Queues")).startswith("<Queues>"), "queues are polled")

        number = await call(agent, events, "5550123")
        await events.disconnect()
        events = Events(AGENT, "cisco")
        await events.sign_in()
        back = await agent.get(f"/User/{AGENT}")
        check(field(back, "extension") == EXTENSION, "after a break the agent is still signed in")
        check(field(await agent.get(f"/User/{AGENT}/Dialogs"), "id") == number, "and its call is found again")
        await supervise(session, agent, events, number)
        await events.disconnect()


asyncio.run(scene())
