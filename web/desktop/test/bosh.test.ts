import { beforeEach, describe, expect, it } from "vitest";
import { type Output, Session } from "../src/bosh/session";
import { parse } from "../src/xml/parse";

const PEER = { domain: "site.example", jid: "1001@site.example", lang: "en" };
const CREATED =
  '<body xmlns="http://jabber.org/protocol/httpbind" sid="s1" wait="20" inactivity="40"><hello xmlns="x"/></body>';
const answer = (inner = "", attributes = "") =>
  `<body xmlns="http://jabber.org/protocol/httpbind" xmlns:stream="http://etherx.jabber.org/streams" ${attributes}>${inner}</body>`;

let session: Session;
let now: number;

beforeEach(() => {
  now = 1_000_000;
  session = new Session(now, PEER, 70);
});

function drain(): Output[] {
  const all: Output[] = [];
  for (let output = session.pollOutput(); output; output = session.pollOutput()) all.push(output);
  return all;
}

/** The rids of the requests, the names of the stanzas, the reasons of the ends. */
function seen(): (number | string)[] {
  return drain().map((output) => {
    if (output.kind === "post") return output.rid;
    return output.kind === "stanza" ? output.stanza.name : output.ended.reason;
  });
}

function open(): void {
  drain();
  session.handleAnswer(now, 70, 200, CREATED);
  expect(seen()).toEqual(["hello", 71]);
}

function body(): ReturnType<typeof parse> {
  const post = drain().find((output) => output.kind === "post");
  if (!post) throw new Error("no request");
  return parse(post.body);
}

describe("a session", () => {
  it("is created with the attributes the server needs", () => {
    const { attributes } = body();
    expect(Object.fromEntries(attributes)).toMatchObject({
      rid: "70",
      hold: "1",
      wait: "30",
      to: "site.example",
      from: "1001@site.example",
      "xmpp:version": "1.0",
    });
  });

  it("sends nothing else before it is created", () => {
    drain();
    session.send(now, "<a/>");
    expect(seen()).toEqual([]);
    session.handleAnswer(now, 70, 200, CREATED);
    expect(seen()).toEqual(["hello", 71]);
  });

  it("keeps one poll parked and no more", () => {
    open();
    session.handleAnswer(now, 71, 200, answer());
    expect(seen()).toEqual([72]);
  });

  it("sends beside the parked poll, and what comes up meanwhile together in the next", () => {
    open();
    session.send(now, "<a/>");
    expect(seen()).toEqual([72]);
    session.send(now, "<b/>");
    session.send(now, "<c/>");
    expect(seen()).toEqual([]);
    session.handleAnswer(now, 71, 200, answer());
    const sent = body();
    expect([sent.attributes.get("rid"), sent.children.length]).toEqual(["73", 2]);
  });

  it("waits for an answer as long as the server said, and a little", () => {
    drain();
    session.handleAnswer(now, 70, 200, CREATED);
    expect(drain().find((output) => output.kind === "post")).toMatchObject({ timeoutMs: 25_000 });
  });

  it("hands answers on in the order of their requests", () => {
    open();
    session.send(now, "<a/>");
    drain();
    session.handleAnswer(now, 72, 200, answer('<second xmlns="x"/>'));
    expect(seen()).toEqual([]);
    session.handleAnswer(now, 71, 200, answer('<first xmlns="x"/>'));
    expect(seen()).toEqual(["first", "second", 73]);
  });

  it("takes an answer once", () => {
    open();
    session.handleAnswer(now, 71, 200, answer('<first xmlns="x"/>'));
    session.handleAnswer(now, 71, 200, answer('<first xmlns="x"/>'));
    expect(seen()).toEqual(["first", 72]);
  });

  it("restarts the stream", () => {
    drain();
    session.handleAnswer(now, 70, 200, CREATED);
    session.pollOutput();
    session.restart();
    const { attributes } = body();
    expect([attributes.get("xmpp:restart"), attributes.get("rid")]).toEqual(["true", "71"]);
  });
});

describe("a lost request", () => {
  it("is repeated with the same rid and body after 0.5, 2 and 4.5 s", () => {
    open();
    const bodies = new Set<string>();
    for (const delay of [500, 2_000, 4_500]) {
      session.handleFailure(now, 71, "reset");
      expect(session.pollTimeout()).toBe(now + delay);
      session.handleTimeout(now + delay - 1);
      expect(drain()).toEqual([]);
      now += delay;
      session.handleTimeout(now);
      for (const output of drain()) if (output.kind === "post") bodies.add(`${output.rid} ${output.body}`);
    }
    expect(bodies.size).toBe(1);
    session.handleFailure(now, 71, "reset");
    expect(drain()).toEqual([{ kind: "ended", ended: { reason: "unreachable", detail: "reset" } }]);
    expect(session.pollTimeout()).toBeUndefined();
  });

  it("starts its count anew after a good answer", () => {
    open();
    session.handleFailure(now, 71, "reset");
    session.handleTimeout(now + 500);
    session.handleAnswer(now + 500, 71, 200, answer());
    expect(seen()).toEqual([71, 72]);
    session.handleFailure(now + 500, 72, "reset");
    expect(session.pollTimeout()).toBe(now + 1_000);
  });

  it("is noticed within seconds when one answer of two is due", () => {
    open();
    session.send(now, "<a/>");
    drain();
    expect(session.pollTimeout()).toBe(now + 10_000);
    session.handleTimeout(now + 10_000);
    expect(session.pollTimeout()).toBe(now + 10_500);
    session.handleTimeout(now + 10_500);
    expect(seen()).toEqual([71, 72]);
  });

  it("is not suspected once any answer came", () => {
    open();
    session.send(now, "<a/>");
    drain();
    session.handleAnswer(now, 71, 200, answer());
    drain();
    expect(session.pollTimeout()).toBeUndefined();
  });

  it("is repeated at once when the network is said to be back", () => {
    open();
    session.handleFailure(now, 71, "reset");
    session.hurry(now + 1);
    expect(seen()).toEqual([71]);
  });

  it("is not repeated when the server must have closed the session long ago", () => {
    open();
    session.handleFailure(now + 61_000, 71, "asleep");
    expect(seen()).toEqual(["unreachable"]);
  });

  for (const [what, status, text] of [
    ["a gateway's error", 502, "Bad gateway"],
    ["a page that is not XML", 200, "<html><br></html>"],
    ["XML that is not a body", 200, "<html/>"],
    ["an empty answer", 200, ""],
  ] as const) {
    it(`is what ${what} counts as`, () => {
      open();
      session.handleAnswer(now, 71, status, text);
      expect(session.pollTimeout()).toBe(now + 500);
    });
  }

  it("ends as not-bosh when the answers never are", () => {
    open();
    for (let round = 0; round < 4; round += 1) {
      session.handleAnswer(now, 71, 200, "<html/>");
      now = session.pollTimeout() ?? now;
      session.handleTimeout(now);
    }
    expect(seen().at(-1)).toBe("not-bosh");
  });
});

describe("the end", () => {
  const ends: [string, number, string, string][] = [
    ["an unknown session, as older servers say it", 404, "Invalid SID.", "item-not-found"],
    ["an unknown session", 200, answer("", 'type="terminate" condition="item-not-found"'), "item-not-found"],
    ["a rule broken", 403, "", "refused"],
    [
      "a rule broken, by condition",
      200,
      answer("", 'type="terminate" condition="policy-violation"'),
      "refused",
    ],
    [
      "a server going down",
      200,
      answer("", 'type="terminate" condition="system-shutdown"'),
      "system-shutdown",
    ],
    ["another request's session", 200, answer("", 'type="terminate" condition="other-request"'), "conflict"],
    [
      "a second sign-in",
      200,
      answer(
        '<stream:error><conflict xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error>',
        'type="terminate" condition="remote-stream-error"',
      ),
      "conflict",
    ],
  ];
  for (const [what, status, text, reason] of ends) {
    it(`is told by ${what}`, () => {
      open();
      session.handleAnswer(now, 71, status, text);
      expect(seen().at(-1)).toBe(reason);
      session.send(now, "<late/>");
      session.handleTimeout(now + 60_000);
      expect(drain()).toEqual([]);
    });
  }

  it("hands on the stanzas that came with it", () => {
    open();
    session.handleAnswer(now, 71, 200, answer('<last xmlns="x"/>', 'type="terminate"'));
    expect(seen()).toEqual(["last", "system-shutdown"]);
  });

  it("comes when a creation answer has no sid", () => {
    drain();
    session.handleAnswer(now, 70, 200, answer());
    expect(seen()).toEqual(["not-bosh"]);
  });

  it("is said by us with the last stanza, and answered", () => {
    open();
    session.leave(now, '<presence type="unavailable"/>');
    const sent = body();
    expect([sent.attributes.get("type"), sent.children.length]).toEqual(["terminate", 1]);
    session.handleAnswer(now, 71, 200, answer());
    session.handleAnswer(now, 72, 200, answer("", 'type="terminate"'));
    expect(seen()).toEqual(["signed-out"]);
  });

  it("does not wait for an answer that never comes", () => {
    open();
    session.leave(now, "");
    drain();
    session.handleTimeout((session.pollTimeout() ?? 0) + 0);
    expect(seen()).toEqual(["signed-out"]);
  });

  it("comes when more is queued than can ever be sent", () => {
    open();
    session.send(now, "<a/>");
    drain();
    for (let i = 0; i < 65; i += 1) session.send(now, "<b/>");
    expect(seen()).toEqual(["unreachable"]);
  });
});
