// A client as many libraries are: it lives in its page, and a chain of timers looks every tenth of a second whether a poll is due. Hidden, it
// polls when the browser lets its timers run. It tells of itself in the words of docs/manual/probe.md.
(async (user, password, desk) => {
  const TICK_MS = 100;
  const HTTPBIND = "http://jabber.org/protocol/httpbind";
  const session = { sid: "", rid: 0, inactivityMs: 0 };
  const notes = [];
  let number = 0;
  let lateMs = 0;
  let busy = false;
  let dueMs = 0;

  const note = (what, ms = 0) => notes.push(`<note at='${new Date().toISOString()}' what='${what}' ms='${ms}'/>`);

  const ask = async (attributes, inside = "") => {
    const sid = session.sid && `sid='${session.sid}'`;
    const body = `<body xmlns='${HTTPBIND}' ${sid} rid='${session.rid++}' ${attributes}>${inside}</body>`;
    const headers = { "Content-Type": "text/xml; charset=utf-8" };
    const answer = await fetch("/http-bind/", { method: "POST", headers, body, cache: "no-store" });
    return answer.text();
  };

  const told = (answer, name) => answer.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? "";

  const tell = async () => {
    number += 1;
    const at = new Date().toISOString();
    const head = `desk='${desk}' number='${number}' at='${at}' drift='0' transport='bosh' late='${Math.round(lateMs)}'`;
    const probe = `<probe xmlns='urn:aplomb:probe:0' ${head}>${notes.splice(0).join("")}</probe>`;
    lateMs = 0;
    await ask("", `<iq xmlns='jabber:client' type='set' to='localhost' id='probe-${number}'>${probe}</iq>`);
  };

  const signIn = async () => {
    Object.assign(session, { sid: "", rid: 1 + Math.floor(Math.random() * 1e9) });
    const stream = "xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'";
    const created = await ask(`to='localhost' wait='10' hold='1' ver='1.6' xml:lang='en' ${stream}`);
    session.sid = told(created, "sid");
    session.inactivityMs = 1000 * Number(told(created, "inactivity"));
    const plain = btoa(`\0${user}\0${password}`);
    const sasl = `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`;
    if (!(await ask("", sasl)).includes("<success")) throw new Error(`${user} may not sign in`);
    await ask("xmpp:restart='true' to='localhost' xmlns:xmpp='urn:xmpp:xbosh'");
    const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desktop</resource></bind>";
    const bound = await ask("", `<iq xmlns='jabber:client' type='set' id='bind'>${bind}</iq>`);
    if (!bound.includes("<jid>")) throw new Error(`${user} got no address`);
    await tell();
    await ask("", "<presence xmlns='jabber:client'/>");
  };

  const poll = async () => {
    if ((await ask("")).includes('type="terminate"')) await signIn();
    // well within what is allowed, as long as the timers run
    const { inactivityMs } = session;
    dueMs = Date.now() + (inactivityMs >= 20_000 ? 0.9 : 0.25) * inactivityMs;
  };

  const tick = (expectedMs) => {
    const nowMs = Date.now();
    lateMs = Math.max(lateMs, nowMs - expectedMs);
    if (!busy && nowMs >= dueMs) {
      busy = true;
      poll().finally(() => {
        busy = false;
      });
    }
    setTimeout(tick, TICK_MS, nowMs + TICK_MS);
  };

  document.addEventListener("visibilitychange", () => note(document.visibilityState));
  note("started");
  await signIn();
  tick(Date.now());
  return true;
})
