"""A script that works a shift: it listens with slixmpp, signs in with requests, takes reasons from the list, and looks at its
team as the supervisor does."""

import asyncio
import xml.etree.ElementTree as ElementTree

import requests
from events import Events
from finesse import CA_FILE, PASSWORD, READY, check, in_thread

API = READY["rest"].rstrip("/") + "/finesse/api"
USER = "1001002"


def rest(method, path, body=None, user=USER):
    headers = {"Content-Type": "application/xml"}
    answer = requests.request(method, f"{API}{path}", data=body, headers=headers, auth=(user, PASSWORD), verify=CA_FILE, timeout=10)
    check(answer.ok, f"{method} {path}: {answer.status_code}")
    return answer.text


async def scene():
    script = Events(USER, "script")
    await script.sign_in()
    await in_thread(rest, "PUT", f"/User/{USER}", "<User><state>LOGIN</state><extension>2002</extension></User>")
    seen = ElementTree.fromstring(await script.told("NOT_READY"))
    check(seen.findtext("data/user/extension") == "2002", "the sign-in is told")
    reasons = ElementTree.fromstring(await in_thread(rest, "GET", f"/User/{USER}/ReasonCodes?category=NOT_READY"))
    lunch = next(reason for reason in reasons if reason.findtext("label") == "Lunch")
    number = lunch.findtext("uri").rsplit("/", 1)[-1]
    await in_thread(rest, "PUT", f"/User/{USER}", "<User><state>READY</state></User>")
    await script.told("READY", f"/finesse/api/User/{USER}")
    await in_thread(rest, "PUT", f"/User/{USER}", f"<User><state>NOT_READY</state><reasonCodeId>{number}</reasonCodeId></User>")
    told = ElementTree.fromstring(await script.told("Lunch"))
    check(told.findtext("data/user/reasonCode/label") == "Lunch", "the reason is told with its label")
    check(await in_thread(rest, "GET", f"/User/{USER}/Dialogs") == "<Dialogs></Dialogs>", "no calls")
    team = ElementTree.fromstring(await in_thread(rest, "GET", "/Team/5000", None, "1900001"))
    here = [user.findtext("loginId") for user in team.find("users")]
    check(USER in here, f"the team shows who is there: {len(here)}")
    await in_thread(rest, "PUT", f"/User/{USER}", "<User><state>LOGOUT</state></User>")
    await script.told("LOGOUT")
    await script.disconnect()


asyncio.run(scene())
