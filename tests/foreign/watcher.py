"""A listener without the web service: it asks what the node of its user is, as libraries do that make a leaf node of the
answer, subscribes to nothing, and is told what happens at the telephone."""

import asyncio
import urllib.request

from events import Events
from finesse import READY, check, in_thread

USER = "1001003"


def phones(script):
    url = f"http://{READY['cti_control'].removeprefix('http://')}/"
    with urllib.request.urlopen(urllib.request.Request(url, data=script.encode()), timeout=10) as answer:
        check(answer.status == 200, script)


async def scene():
    watcher = Events(USER, "smack")
    await watcher.sign_in()
    for node in (f"/finesse/api/User/{USER}", f"/finesse/api/User/{USER}/Dialogs"):
        info = await watcher["xep_0030"].get_info(jid=READY["pubsub_domain"], node=node, timeout=15)
        kinds = {(identity[0], identity[1]) for identity in info["disco_info"]["identities"]}
        check(("pubsub", "leaf") in kinds, f"{node} says that it is a leaf")
    await in_thread(phones, f"{USER} signs in at 2003")
    await watcher.told(f"<source>/finesse/api/User/{USER}</source>", "<state>NOT_READY</state>")
    await in_thread(phones, f"ring {USER}")
    await watcher.told(f"<source>/finesse/api/User/{USER}/Dialogs</source>", "<event>POST</event>")
    check(True, "the watcher is told of the sign-in and of the call, unasked")
    await watcher.disconnect()


asyncio.run(scene())
