import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import { backoffMs } from "../src/connection/backoff";
import { Connection, type State } from "../src/connection/connection";
import { child, childText, type Element, elements } from "../src/xml/element";
import { BoshServer, DOMAIN } from "./bosh-server";

const CREDENTIALS = { user: "1001", password: "secret-7", domain: DOMAIN };

let server: BoshServer;
let connection: Connection;
let states: State[];
let notes: string[];
let settled: boolean[];
let besides: boolean[];

beforeEach(() => {
  vi.useFakeTimers();
  server = new BoshServer();
  states = [];
  notes = [];
  settled = [];
  besides = [];
  connection = new Connection({
    dials: { bosh: bosh(server.post, () => 5_000) },
    lang: () => "en",
    chance: () => 0.5,
    changed: (state) => states.push(state),
    notification: (node, payload) => notes.push(`${node} ${payload}`),
    presence: (user, available) => notes.push(`${user} ${available}`),
    settled: (whole, all) => {
      settled.push(whole);
      besides.push(all);
    },
  });
});

afterEach(() => vi.useRealTimers());

const kinds = () => states.map((state) => state.kind);
const settle = () => vi.advanceTimersByTimeAsync(0);

async function connect(): Promise<void> {
  await Promise.all([connection.connect(CREDENTIALS), settle()]);
}

/** The server stops: the parked poll is cut, and its repeats find nobody. */
async function stop(): Promise<void> {
  server.faults.push("refuse", "refuse", "refuse");
  server.terminate("system-shutdown");
  await settle();
}

describe("signing in", () => {
  it("goes through SASL, restart, bind and presence, then keeps a poll parked", async () => {
    await connect();
    await settle();
    expect(kinds()).toEqual(["connecting", "up"]);
    const said = server.seen.map(({ body }) => (body.children[0] as Element | undefined)?.name ?? "");
    expect(said.slice(0, 5)).toEqual(["", "auth", "", "iq", "presence"]);
    const bind = server.stanzas.find((stanza) => stanza.name === "iq");
    expect(bind && childText(child(bind, "bind") as Element, "resource")).toBe("desktop");
    expect(notes).toEqual(["finesse true"]);
    expect(server.parkedCount).toBe(1);
    const rids = server.seen.map(({ rid }) => rid);
    expect(rids).toEqual(rids.map((_, index) => 5_000 + index));
  });

  it("says when the password is wrong, and does not try again", async () => {
    server.password = "another";
    const failed = connection.connect(CREDENTIALS).catch((error) => error.reason);
    await settle();
    expect(await failed).toBe("not-authorized");
    await settle();
    expect(server.seen.at(-1)?.body.attributes.get("type")).toBe("terminate");
    const tries = server.seen.length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.seen.length).toBe(tries);
  });

  it("gives up when the server is not there", async () => {
    server.faults.push("refuse", "refuse", "refuse", "refuse");
    const failed = connection.connect(CREDENTIALS).catch((error) => error.reason);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await failed).toBe("unreachable");
    expect(kinds()).toEqual(["connecting", "idle"]);
  });

  it("gives up when the server takes the request and says nothing", async () => {
    server.faults.push("hang");
    const failed = connection.connect(CREDENTIALS).catch((error) => error.reason);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await failed).toBe("timeout");
  });

  it("sends a password beyond Latin-1 as UTF-8", async () => {
    server.password = "合言葉";
    const done = connection.connect({ ...CREDENTIALS, password: "合言葉" });
    await settle();
    await done;
    expect(kinds()).toEqual(["connecting", "up"]);
  });
});

describe("events", () => {
  it("arrive with their node, unescaped once", async () => {
    await connect();
    server.event("/finesse/api/User/1001", "<Update><label>A &amp; B</label></Update>");
    await settle();
    expect(notes.at(-1)).toBe("/finesse/api/User/1001 <Update><label>A &amp; B</label></Update>");
  });

  it("survive lost answers: the same request is answered again", async () => {
    await connect();
    await settle();
    const before = notes.length;
    server.faults.push("refuse");
    server.event("/n", "one");
    await settle();
    server.event("/n", "two");
    await vi.advanceTimersByTimeAsync(500);
    expect(notes.slice(before)).toEqual(["/n one", "/n two"]);
    expect(kinds()).toEqual(["connecting", "up"]);
    const rids = server.seen.map(({ rid }) => rid);
    expect(rids.length - new Set(rids).size).toBe(1);
  });

  it("that ask something get an answer", async () => {
    await connect();
    server.push(
      '<iq xmlns="jabber:client" type="get" id="q&quot;1" from="site.example"><query xmlns="x"/></iq>',
    );
    await settle();
    const answer = server.stanzas.at(-1) as Element;
    expect([answer.attributes.get("type"), answer.attributes.get("id")]).toEqual(["error", 'q"1']);
  });
});

describe("a desktop that nobody looks at", () => {
  const said = () =>
    server.stanzas
      .map((stanza) => [stanza.name, stanza.ns])
      .filter(([, ns]) => ns === "urn:xmpp:csi:0")
      .map(([name]) => name);

  it("says so once, and when somebody looks again", async () => {
    await connect();
    connection.attend(true);
    await settle();
    expect(said()).toEqual([]);
    connection.attend(false);
    connection.attend(false);
    await settle();
    connection.attend(true);
    await settle();
    expect(said()).toEqual(["inactive", "active"]);
  });

  it("says so in each new session, behind its presence", async () => {
    connection.attend(false);
    await connect();
    await settle();
    expect(said()).toEqual(["inactive"]);
    expect(server.stanzas.findIndex(({ name }) => name === "presence")).toBeLessThan(
      server.stanzas.findIndex(({ name }) => name === "inactive"),
    );
    server.terminate("item-not-found");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(kinds().at(-1)).toBe("up");
    expect(said()).toEqual(["inactive", "inactive"]);
  });

  it("says nothing to a server that would not understand it", async () => {
    server.offersClientState = false;
    await connect();
    connection.attend(false);
    await settle();
    expect(said()).toEqual([]);
  });
});

describe("events with numbers", () => {
  /** The server's answer: each node with its last number, recovered or not. */
  const answer = (epoch: string, last: number, recovered?: boolean) => {
    const how = recovered === undefined ? "" : ` recovered="${recovered}"`;
    return `<numbers xmlns="urn:aplomb:pubsub:numbers:0"><node name="/n" epoch="${epoch}" last="${last}"${how}/></numbers>`;
  };
  const events = () => notes.filter((note) => note.startsWith("/n"));
  const asked = () =>
    server.stanzas
      .map((stanza) => child(stanza, "numbers"))
      .filter((numbers) => numbers !== undefined)
      .map((numbers) => elements(numbers).map(({ attributes }) => Object.fromEntries(attributes)));

  beforeEach(async () => {
    server.numbers = () => answer("e", 4);
    await connect();
    await settle();
  });

  it("are asked for at once, and those that come twice are dropped", async () => {
    expect([asked(), settled]).toEqual([[[]], [false]]);
    server.event("/n", "five", { epoch: "e", number: 5 });
    await settle();
    server.event("/n", "five", { epoch: "e", number: 5 });
    await settle();
    server.event("/n", "old", { epoch: "e", number: 2 });
    await settle();
    expect(events()).toEqual(["/n five"]);
  });

  it("that skip one are asked for, and told in order", async () => {
    server.numbers = () => {
      for (const number of [5, 6]) server.event("/n", String(number), { epoch: "e", number });
      return answer("e", 6, true);
    };
    server.event("/n", "6", { epoch: "e", number: 6 });
    await settle();
    await settle();
    expect(asked().at(-1)).toEqual([{ name: "/n", epoch: "e", after: "4" }]);
    expect(events()).toEqual(["/n 5", "/n 6"]);
    expect(settled.at(-1)).toBe(true);
  });

  it("that were missed in a gap come with the next session", async () => {
    server.numbers = () => {
      server.event("/n", "missed", { epoch: "e", number: 5 });
      return answer("e", 5, true);
    };
    server.terminate("item-not-found");
    await settle();
    expect(asked().at(-1)).toEqual([{ name: "/n", epoch: "e", after: "4" }]);
    expect([events(), settled]).toEqual([["/n missed"], [false, true]]);
  });

  it("that may be missing of a node that was subscribed to leave the others whole", async () => {
    connection.subscribe("queues", ["/q"]);
    server.numbers = () =>
      '<numbers xmlns="urn:aplomb:pubsub:numbers:0"><node name="/n" epoch="e" last="4" recovered="true"/>' +
      '<node name="/q" epoch="e" last="7"/></numbers>';
    server.terminate("item-not-found");
    await settle();
    expect([settled, besides]).toEqual([
      [false, true],
      [false, false],
    ]);
    // Now it is known.
    server.numbers = () =>
      '<numbers xmlns="urn:aplomb:pubsub:numbers:0"><node name="/n" epoch="e" last="4" recovered="true"/>' +
      '<node name="/q" epoch="e" last="7" recovered="true"/></numbers>';
    server.terminate("item-not-found");
    await settle();
    expect([settled.at(-1), besides.at(-1)]).toEqual([true, true]);
  });

  it("of another epoch are no longer to be had: somebody else has to be asked how things are", async () => {
    server.numbers = () => answer("f", 1, false);
    server.terminate("item-not-found");
    await settle();
    expect(settled).toEqual([false, false]);
    server.event("/n", "two", { epoch: "f", number: 2 });
    await settle();
    expect(events()).toEqual(["/n two"]);
  });

  it("for which the answer had no room are asked for once more", async () => {
    let turn = 0;
    server.numbers = () => {
      turn += 1;
      if (turn > 1) return answer("e", 9, true);
      return '<numbers xmlns="urn:aplomb:pubsub:numbers:0"><node name="/n" epoch="e" last="9" again="true"/></numbers>';
    };
    server.terminate("item-not-found");
    await settle();
    expect([turn, settled]).toEqual([2, [false, true]]);
  });

  it("are missing from a server that says nothing: that is taken for a no", async () => {
    server.numbers = undefined;
    server.terminate("item-not-found");
    await settle();
    expect(settled).toEqual([false, false]);
  });
});

describe("a lost connection", () => {
  it("is told after the repeats, then tried again with pauses that grow, until it is back", async () => {
    await connect();
    server.faults.push(...Array<"refuse">(11).fill("refuse"));
    server.event("/n", "one");
    await vi.advanceTimersByTimeAsync(6_900);
    expect(kinds().at(-1)).toBe("up");
    await vi.advanceTimersByTimeAsync(200);
    expect(states.at(-1)).toMatchObject({ kind: "lost", ended: { reason: "unreachable" } });
    const since = (states.at(-1) as { sinceMs: number }).sinceMs;
    await vi.advanceTimersByTimeAsync(7_800);
    expect(states.at(-1)).toMatchObject({ kind: "lost", sinceMs: since });
    await vi.advanceTimersByTimeAsync(12_000);
    expect(kinds().at(-1)).toBe("up");
  });

  it("is told at once when the server says that it goes", async () => {
    await connect();
    await stop();
    expect(states.at(-1)).toMatchObject({ kind: "lost", ended: { reason: "system-shutdown" } });
  });

  it("is tried again at once when the network is back", async () => {
    await connect();
    await stop();
    await vi.advanceTimersByTimeAsync(20_000);
    server.faults.length = 0;
    connection.nudge();
    await settle();
    expect(kinds().at(-1)).toBe("up");
  });

  for (const how of ["status", "condition"]) {
    it(`that the server forgot, told by ${how}, is replaced at once`, async () => {
      await connect();
      await settle();
      if (how === "status") server.faults.push({ status: 404, text: "Invalid SID." });
      if (how === "status") server.event("/n", "one");
      else server.terminate("item-not-found");
      await settle();
      expect(kinds()).toEqual(["connecting", "up", "lost", "lost", "up"]);
      expect(server.stanzas.filter((stanza) => stanza.name === "auth").length).toBe(2);
    });
  }

  it("ends for good when the password is no longer right", async () => {
    await connect();
    server.password = "changed";
    server.terminate("item-not-found");
    await settle();
    expect(states.at(-1)).toEqual({ kind: "refused", condition: "not-authorized" });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(kinds().at(-1)).toBe("refused");
  });
});

describe("a nudge", () => {
  it("finds out within a minute that the path is dead, where polls alone take more than two", async () => {
    await connect();
    await settle();
    server.faults.push(...Array<"hang">(20).fill("hang"));
    for (let i = 0; i < 100; i += 1) connection.nudge();
    await vi.advanceTimersByTimeAsync(46_000);
    expect(kinds()).toEqual(["connecting", "up"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kinds()).toContain("lost");
  });

  it("never holds more requests than a browser has connections", async () => {
    await connect();
    await settle();
    server.faults.push(...Array<"hang">(20).fill("hang"));
    connection.nudge();
    for (let second = 0; second < 46; second += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      expect(server.open).toBeLessThanOrEqual(2);
    }
  });

  it("changes nothing on a path that lives", async () => {
    await connect();
    await settle();
    connection.nudge();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(kinds()).toEqual(["connecting", "up"]);
    expect(server.parkedCount).toBe(1);
  });
});

describe("a sign-in elsewhere", () => {
  it("is told, and not fought", async () => {
    await connect();
    server.terminate("remote-stream-error", "conflict");
    await settle();
    const requests = server.seen.length;
    await vi.advanceTimersByTimeAsync(120_000);
    connection.nudge();
    await settle();
    expect(kinds().at(-1)).toBe("conflict");
    expect(server.seen.length).toBe(requests);
  });

  it("can be taken back", async () => {
    await connect();
    server.terminate("remote-stream-error", "conflict");
    await settle();
    connection.takeOver();
    await settle();
    expect(kinds().at(-1)).toBe("up");
  });
});

describe("signing out", () => {
  it("says unavailable and terminates, then is silent", async () => {
    await connect();
    await settle();
    const left = connection.leave();
    await settle();
    await left;
    const last = server.seen.at(-1);
    expect(last?.body.attributes.get("type")).toBe("terminate");
    expect(server.stanzas.at(-1)?.attributes.get("type")).toBe("unavailable");
    const requests = server.seen.length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.seen.length).toBe(requests);
    expect(kinds().at(-1)).toBe("idle");
  });

  it("does not hang on a server that is gone", async () => {
    await connect();
    await settle();
    server.faults.push("hang");
    const left = connection.leave();
    await vi.advanceTimersByTimeAsync(3_000);
    await left;
    expect(kinds().at(-1)).toBe("idle");
  });

  it("stops the tries when the connection is lost", async () => {
    await connect();
    await stop();
    await connection.leave();
    const requests = server.seen.length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.seen.length).toBe(requests);
  });
});

it("pauses 1 s, doubling to 30 s, spread over the upper half", () => {
  expect([0, 1, 2, 4, 5, 50].map((attempt) => backoffMs(attempt, 1))).toEqual([
    1_000, 2_000, 4_000, 16_000, 30_000, 30_000,
  ]);
  expect(backoffMs(0, 0)).toBe(500);
});
