"""The web service as third parties' programs use it, each in its manner (without copying any of them): a script on
`requests` that works a shift, a console on `httpx` that looks at everybody, and a CTI client that asks before it
signs in. What they need must never break."""

import time
import xml.etree.ElementTree as ElementTree

import httpx
import requests
from finesse import CA_FILE, PASSWORD, READY, check

API = READY["rest"].rstrip("/") + "/finesse/api"


def eventually(what, condition):
    until = time.monotonic() + 30
    while not condition():
        if time.monotonic() > until:
            check(False, what)
        time.sleep(0.1)
    check(True, what)


def a_script_that_works_a_shift():
    session = requests.Session()
    session.auth, session.verify, session.trust_env = ("1001003", PASSWORD), CA_FILE, False
    session.headers["Content-Type"] = "application/xml"
    user = f"{API}/User/1001003"

    def state():
        return ElementTree.fromstring(session.get(user, timeout=10).text).findtext("state")

    def put(body):
        answer = session.put(user, data=body, timeout=10)
        check((answer.status_code, answer.text) == (202, ""), f"202 without a body for {body}")

    put("<User><state>LOGIN</state><extension>2003</extension></User>")
    eventually("signed in, not ready", lambda: state() == "NOT_READY")
    put("<User><state>READY</state></User>")
    eventually("ready", lambda: state() == "READY")
    reasons = ElementTree.fromstring(session.get(f"{user}/ReasonCodes?category=NOT_READY", timeout=10).text)
    own = [reason for reason in reasons if reason.findtext("systemCode") == "false"]
    # the id is the last part of the uri, as such scripts take it
    reason_id = own[0].findtext("uri").rsplit("/", 1)[-1]
    put(f"<User><state>NOT_READY</state><reasonCodeId>{reason_id}</reasonCodeId></User>")
    eventually("not ready, with the reason", lambda: f"<reasonCodeId>{reason_id}<" in session.get(user, timeout=10).text)
    dialogs = session.get(f"{user}/Dialogs", timeout=10).text
    check(dialogs == "<Dialogs></Dialogs>", "no calls are an empty list with both tags")
    put("<User><state>LOGOUT</state></User>")
    eventually("signed out", lambda: state() == "LOGOUT")


def a_console_that_looks_at_everybody():
    with httpx.Client(auth=("administrator", PASSWORD), verify=CA_FILE, http2=False, timeout=10) as client:
        users = ElementTree.fromstring(client.get(f"{API}/Users").text)
        ids = [user.findtext("loginId") for user in users]
        check("1001001" in ids and "1900001" in ids, "an administrator sees everybody")
        for user in users:
            # one of the libraries throws if any of these is missing
            for name in ["loginName", "firstName", "lastName", "teamId", "teamName", "state", "stateChangeTime", "pendingState"]:
                if user.find(name) is None:
                    check(False, f"{name} of {user.findtext('loginId')} is there")
        team = client.get(f"{API}/Team/5000", params={"includeLoggedOutAgents": "true", "nocache": "1"})
        check(len(ElementTree.fromstring(team.text).find("users")) > 5, "a team with those who are signed out")
        wrong = client.put(f"{API}/Users", content="<Users/>")
        allow = wrong.headers.get("allow", "")
        check((wrong.status_code, allow) == (405, "GET,OPTIONS,HEAD"), "what may be done is said")


def a_client_that_asks_before_it_signs_in():
    info = requests.get(f"{API}/SystemInfo", verify=CA_FILE, timeout=10)
    check("<status>IN_SERVICE</status>" in info.text, "SystemInfo needs no credentials")
    seen = requests.get(f"{API}/User/1001004", auth=("administrator", PASSWORD), verify=CA_FILE, timeout=10)
    check("<extension></extension>" in seen.text, "nobody is signed in as the agent")
    me = {"auth": ("1001004", PASSWORD), "verify": CA_FILE, "timeout": 10}
    work = requests.put(f"{API}/User/1001004", data="<User>\n <state>WORK</state>\n</User>", **me)
    check(work.status_code == 400, "WORK cannot be asked for, and does no harm")
    body = "<Dialog> <requestedAction>MAKE_CALL</requestedAction > <fromAddress>2004</fromAddress> <toAddress/> </Dialog>"
    call = requests.post(f"{API}/User/1001004/Dialogs", data=body, headers={"Expect": "100-continue"}, **me)
    check(call.status_code == 400 and "<ErrorType>" in call.text, "a call to nowhere is refused with a reason")


a_script_that_works_a_shift()
a_console_that_looks_at_everybody()
a_client_that_asks_before_it_signs_in()
