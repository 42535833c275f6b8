import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import { Desk } from "../src/desk/desk";
import { ClientLog, formatLine } from "../src/evidence/client_log";
import { ClockWatch, wasSleep } from "../src/evidence/clock_watch";
import { extend, NO_HISTORY } from "../src/evidence/history";
import { KeptLog, type Shelf } from "../src/evidence/kept_log";
import {
  EVENTS_MAX,
  HISTORY_MS,
  KEPT_CHARACTERS_MAX,
  KEPT_WRITE_MS,
  LOG_CHARACTERS_MAX,
  NOTES_MAX,
  NOTES_PER_PROBE,
} from "../src/evidence/limits";
import { Notes } from "../src/evidence/probe";
import { spans } from "../src/ui/HourPicture";
import { child, type Element, elements } from "../src/xml/element";
import { parse } from "../src/xml/parse";
import { Site } from "./site";

describe("two clocks", () => {
  it("that run together tell nothing, however late the tick is by moments", () => {
    const watch = new ClockWatch({ wallMs: 0, ownMs: 0 });
    expect(watch.tick({ wallMs: 1_000, ownMs: 1_000 })).toBeUndefined();
    expect(watch.tick({ wallMs: 3_400, ownMs: 3_400 })).toBeUndefined();
    expect([watch.takeLate(), watch.takeLate()]).toEqual([1_400, 0]);
  });

  it("show a jump when only one ran on, and a standstill when both did", () => {
    const watch = new ClockWatch({ wallMs: 0, ownMs: 0 });
    expect(watch.tick({ wallMs: 421_000, ownMs: 1_000 })).toEqual({ kind: "jump", ms: 420_000 });
    expect(watch.tick({ wallMs: 361_000, ownMs: 2_000 })).toEqual({ kind: "jump", ms: -61_000 });
    expect(watch.tick({ wallMs: 422_000, ownMs: 63_000 })).toEqual({ kind: "stalled", ms: 60_000 });
  });

  it("tell sleep from a set clock by the server's", () => {
    expect(wasSleep(420_000, -120, -90)).toBe(true);
    expect(wasSleep(420_000, -120, -420_100)).toBe(false);
    expect(wasSleep(-61_000, 0, 61_000)).toBe(false);
  });
});

describe("a probe", () => {
  const notes = () => new Notes("desk-1");

  it("carries what is known, and notes in plain words", () => {
    const some = notes();
    some.add({ atMs: 0, what: "asleep", ms: 420_014.4 });
    some.add({ atMs: 1_000, what: "lost", why: '<"Un reachable">' });
    const probe = parse(some.probe(2_000, { drift: -120, rtt: undefined, transport: "bosh" }).xml);
    expect([probe.ns, Object.fromEntries(probe.attributes)]).toEqual([
      "urn:aplomb:probe:0",
      { desk: "desk-1", number: "1", at: "1970-01-01T00:00:02.000Z", drift: "-120", transport: "bosh" },
    ]);
    expect(elements(probe).map(({ attributes }) => Object.fromEntries(attributes))).toEqual([
      { at: "1970-01-01T00:00:00.000Z", what: "asleep", ms: "420014" },
      { at: "1970-01-01T00:00:01.000Z", what: "lost", why: "-un-reachable-" },
    ]);
  });

  it("that was not acknowledged is sent again, with what came since", () => {
    const some = notes();
    some.add({ atMs: 0, what: "hidden" });
    some.probe(1, {});
    some.add({ atMs: 2, what: "visible" });
    const again = some.probe(3, {});
    expect(again.xml).toContain('number="2"');
    expect(elements(parse(again.xml)).length).toBe(2);
    again.taken();
    expect(some.count).toBe(0);
  });

  it("says how many notes it had no room for", () => {
    const some = notes();
    for (let count = 0; count < NOTES_MAX + 7; count += 1) some.add({ atMs: count, what: "hidden" });
    const first = some.probe(0, {});
    expect(first.xml).toContain('dropped="7"');
    expect(elements(parse(first.xml)).length).toBe(NOTES_PER_PROBE);
    first.taken();
    expect(some.probe(0, {}).xml).not.toContain("dropped");
    expect(some.count).toBe(NOTES_MAX - NOTES_PER_PROBE);
  });
});

describe("the client log", () => {
  it("has the original's line, with the server's time when it is known", () => {
    const at = Date.UTC(2026, 0, 5, 10, 0, 0, 7);
    expect(formatLine(at, 60_000, "cc.example", "Header", "text", 540)).toBe(
      "2026-01-05T19:00:00.007 +09:00: : cc.example: Jan 05 2026 10:01:00.007 +0000: Header : text",
    );
    expect(formatLine(at, undefined, "cc.example", "Desk", "text", -270)).toBe(
      "2026-01-05T05:30:00.007 -04:30: : cc.example: --- -- ---- --:--:--.--- -----: Desk : text",
    );
  });

  it("keeps within its bound, and loses the oldest", () => {
    const log = new ClientLog("host");
    for (let count = 0; count < 1_000; count += 1) log.add(0, "Desk", `${count} ${"x".repeat(3_000)}`);
    const text = log.text("Browser/1");
    expect(text.length).toBeLessThanOrEqual(LOG_CHARACTERS_MAX + 20);
    expect(text.startsWith("Browser/1\n")).toBe(true);
    expect([text.includes(": 999 xx"), text.includes(": 0 xx")]).toEqual([true, false]);
  });

  it("hides what it was told to hide, and keeps a line a line", () => {
    const log = new ClientLog("host");
    log.hide("secret-7");
    log.add(0, "Desk", "a secret-7\nb");
    expect(log.text("").split("\n").length).toBe(2);
    expect(log.text("")).not.toContain("secret-7");
  });
});

/** A browser's data base, which may fail. */
class Drawer implements Shelf {
  readonly pieces = new Map<number, string>();
  fails = false;
  private last = 0;

  async all() {
    this.check();
    return [...this.pieces].map(([key, text]) => ({ key, text }));
  }

  async put(text: string) {
    this.check();
    this.last += 1;
    this.pieces.set(this.last, text);
    return this.last;
  }

  async remove(keys: readonly number[]) {
    this.check();
    for (const key of keys) this.pieces.delete(key);
  }

  private check() {
    if (this.fails) throw new DOMException("full", "QuotaExceededError");
  }
}

describe("a log that is kept", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());
  const written = () => vi.advanceTimersByTimeAsync(KEPT_WRITE_MS);

  it("is found by the next run, before the lines of that run", async () => {
    const drawer = new Drawer();
    const first = new ClientLog("host", drawer);
    first.hide("secret-7");
    first.add(0, "Desk", "one secret-7");
    await written();
    first.add(0, "Desk", "two");
    await written();
    const second = new ClientLog("host", drawer);
    second.add(0, "Desk", "three");
    await written();
    const said = second.text("Browser/1").split("\n");
    expect(said.map((line) => line.split(" : ").at(-1))).toEqual(["Browser/1", "one ***", "two", "three"]);
    expect([...drawer.pieces.values()].join()).not.toContain("secret-7");
  });

  it("keeps within its bound, and loses the oldest", async () => {
    const drawer = new Drawer();
    const log = new KeptLog(drawer, () => {});
    for (let count = 0; count < 1_200; count += 1) log.add(`${count} ${"x".repeat(1_000)}`);
    await written();
    const kept = [...drawer.pieces.values()].join("\n");
    expect(kept.length).toBeLessThan(KEPT_CHARACTERS_MAX + 1_000);
    expect(kept.length).toBeGreaterThan(KEPT_CHARACTERS_MAX / 2);
    expect([kept.includes("\n1199 x"), kept.startsWith("0 x")]).toEqual([true, false]);
  });

  it("goes on in memory where the browser keeps nothing", async () => {
    const drawer = new Drawer();
    drawer.fails = true;
    const log = new ClientLog("host", drawer);
    log.add(0, "Desk", "one");
    await written();
    log.add(0, "Desk", "two");
    await written();
    expect(log.count).toBe(2);
    drawer.fails = false;
    log.add(0, "Desk", "three");
    await written();
    expect(drawer.pieces.size, "it is not asked again").toBe(0);
  });

  it("is thrown away when somebody says so, with what was about to be kept", async () => {
    const drawer = new Drawer();
    const log = new ClientLog("host", drawer);
    log.add(0, "Desk", "one");
    await written();
    log.add(0, "Desk", "two");
    await log.empty();
    await written();
    expect([log.count, drawer.pieces.size]).toEqual([0, 0]);
  });
});

describe("the last hour", () => {
  it("forgets what is older, and has room for a connection that comes and goes all the time", () => {
    let history = NO_HISTORY;
    for (let count = 0; count < EVENTS_MAX + 10; count += 1) {
      history = extend(history, count, { event: { atMs: count, what: "up" } });
    }
    expect(history.events.length).toBe(EVENTS_MAX);
    expect(extend(history, HISTORY_MS * 2, {}).events).toEqual([]);
  });

  it("shows when the connection was there", () => {
    const at = (atMs: number, what: "up" | "lost" | "hidden") => ({ atMs, what });
    const events = [at(10, "up"), at(15, "hidden"), at(20, "lost"), at(30, "up")];
    expect(spans({ samples: [], events }, 40)).toEqual([
      { fromMs: 10, toMs: 20, up: true },
      { fromMs: 20, toMs: 30, up: false },
      { fromMs: 30, toMs: 40, up: true },
    ]);
  });
});

describe("the desk", () => {
  let site: Site;
  let desk: Desk;

  beforeEach(async () => {
    vi.useFakeTimers();
    site = new Site();
    site.install();
    site.bosh.takesProbes = true;
    desk = new Desk({ bosh: bosh(site.bosh.post) }, true);
    void desk.signIn({ id: "1001", password: "secret-7", extension: "2001" });
    await pass(20);
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  /** In the order of their numbers: a request that is repeated brings its probe again. */
  const probes = (): Element[] => {
    const all = site.bosh.stanzas.map((stanza) => child(stanza, "probe")).filter((probe) => !!probe);
    return [...new Map(all.map((probe) => [probe.attributes.get("number"), probe])).values()];
  };
  const whats = (probe: Element | undefined) =>
    probe && elements(probe).map(({ attributes }) => attributes.get("what"));

  it("sends what it noted when the session is there, and then each minute", async () => {
    expect(whats(probes()[0])).toEqual(["started", "up"]);
    await pass(61_000);
    expect(whats(probes().at(-1))).toEqual([]);
    expect(desk.model.history.value.samples.length).toBeGreaterThan(0);
  });

  it("says what tabs noticed and how the connection was, each once", async () => {
    desk.noted({ what: "busy", ms: 73.4 }, { tabs: 2, visible: 1 });
    desk.noted({ what: "busy", ms: 61 }, { tabs: 2, visible: 1 });
    desk.noted({ what: "network", why: "wifi" }, { tabs: 2, visible: 0 });
    await pass(61_000);
    const said = (name: string) => probes().at(-1)?.attributes.get(name);
    expect(["busy", "network", "tabs", "visible"].map(said)).toEqual(["73", "wifi", "2", "0"]);
    for (const figure of ["gap", "late", "drift", "rtt"]) expect(said(figure), figure).toMatch(/^\d+$/);
    await pass(60_000);
    expect([said("busy"), said("network")], "the longest task is this minute's").toEqual([undefined, "wifi"]);
  });

  it("keeps what happened in a gap for the next session", async () => {
    const before = probes().length;
    site.bosh.terminate("system-shutdown");
    site.bosh.faults.push(...Array<"refuse">(1_000).fill("refuse"));
    await pass(5_000);
    desk.network("offline");
    site.bosh.faults.length = 0;
    await pass(60_000);
    expect(whats(probes()[before])).toEqual(["lost", "offline", "up"]);
  });

  it("sends no more to a server that does not take it", async () => {
    site.bosh.takesProbes = false;
    await pass(61_000);
    const refused = probes().length;
    await pass(180_000);
    expect(probes().length).toBe(refused);
  });

  it("sends its log, with the minute's line and without the password", async () => {
    await pass(61_000);
    let posted = "";
    site.instead.set("POST User/1001/ClientLog", {
      status: 202,
      text: "",
      headers: { "client-log-number": "17" },
    });
    const fetched = globalThis.fetch;
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      if (String(init.body).includes("<ClientLog>")) posted = String(init.body);
      return fetched(url, init);
    });
    expect(await desk.report()).toMatchObject({ number: 17 });
    expect(posted).toMatch(
      /: Header : Client: \S+Z, Server: \S+Z, Drift: -?\d+ ms, Network Latency \(round trip\): \d+ ms/,
    );
    expect(posted).toContain("GET SystemInfo: 200 in ");
    expect(posted).not.toContain("secret-7");
    expect(posted).not.toContain(Buffer.from("1001:secret-7").toString("base64"));
  });

  it("says so when its log can not be sent", async () => {
    site.instead.set("POST User/1001/ClientLog", { status: 500, text: "" });
    expect(await desk.report()).toBeUndefined();
    expect(desk.model.messages.value.at(-1)?.text.key).toBe("fault.report");
  });
});
