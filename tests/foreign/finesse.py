"""What the Python scenes share: where the server is, the web service, and waiting.

`SCENE_READY` names the server's ready file, `SCENE_CA` the certificate of its authority, `SCENE_PASSWORD` the
password of all demo users.
"""

import asyncio
import base64
import json
import os
import ssl
import sys
import urllib.request

PASSWORD = os.environ["SCENE_PASSWORD"]
CA_FILE = os.environ["SCENE_CA"]
READY = json.load(open(os.environ["SCENE_READY"], encoding="utf-8"))


def say(text):
    print(text, flush=True)


def check(condition, what):
    """Ends the scene unless `condition` holds."""
    if not condition:
        sys.exit(f"FAILED: {what}")
    say(f"ok: {what}")


def address(name):
    """(host, port) of a listener given as `host:port` in the ready file."""
    host, port = READY[name].rsplit("/", 1)[-1].rsplit(":", 1)
    return host, int(port)


def put_user(user, body, request_id="", password=PASSWORD):
    """PUT /finesse/api/User/{user} as that user, over TLS with the certificate verified; returns the status."""
    request = urllib.request.Request(
        f"{READY['rest'].rstrip('/')}/finesse/api/User/{user}",
        data=body.encode(),
        method="PUT",
        headers={
            "Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode(),
            "Content-Type": "application/xml",
            "requestId": request_id,
        },
    )
    context = ssl.create_default_context(cafile=CA_FILE)
    with urllib.request.urlopen(request, context=context, timeout=10) as answer:
        return answer.status


async def in_thread(function, *arguments):
    """Blocking calls beside an event loop."""
    return await asyncio.get_running_loop().run_in_executor(None, function, *arguments)
