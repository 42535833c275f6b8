import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import { Connection, type State } from "../src/connection/connection";
import { type Socket, type SocketListener, webSocket } from "../src/websocket/transport";
import { readPlan } from "../src/worker/plan";
import { elements } from "../src/xml/element";
import { parse } from "../src/xml/parse";
import { BoshServer, DOMAIN } from "./bosh-server";

const CREDENTIALS = { user: "1001", password: "secret-7", domain: DOMAIN };
const STREAMS = 'xmlns:stream="http://etherx.jabber.org/streams"';
const FRAMING = 'xmlns="urn:ietf:params:xml:ns:xmpp-framing"';

/** A server behind a WebSocket; `blocked` as by a proxy that lets none through, `silent` as by a dead path. */
class SocketServer {
  blocked: "refused" | "silent" | undefined;
  silent = false;
  readonly said: string[] = [];
  opened = 0;
  unsent = 0;
  private listener: SocketListener | undefined;
  private streams = 0;

  readonly open = (listener: SocketListener): Socket => {
    this.opened += 1;
    this.listener = listener;
    this.streams = 0;
    if (this.blocked === "refused") queueMicrotask(() => listener.closed(1006));
    else if (!this.blocked) queueMicrotask(() => listener.opened());
    const server = this;
    return {
      get bufferedAmount() {
        return server.unsent;
      },
      send: (text) => this.take(text),
      close: () => {},
    };
  };

  push(text: string): void {
    this.listener?.text(text);
  }

  cut(code = 1006): void {
    this.listener?.closed(code);
  }

  private take(text: string): void {
    this.said.push(text);
    if (!this.silent) queueMicrotask(() => this.answer(text));
  }

  private answer(text: string): void {
    const stanza = parse(text);
    if (stanza.name === "open") {
      this.streams += 1;
      const what =
        this.streams === 1
          ? '<mechanisms xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><mechanism>PLAIN</mechanism></mechanisms>'
          : '<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/>';
      this.push(`<open ${FRAMING} from="${DOMAIN}" id="1" version="1.0"/>`);
      this.push(`<stream:features ${STREAMS}>${what}</stream:features>`);
    } else if (stanza.name === "auth") this.push('<success xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>');
    else if (stanza.name === "close") this.push(`<close ${FRAMING}/>`);
    else if (stanza.name === "iq") {
      const name = elements(stanza)[0]?.name;
      const id = stanza.attributes.get("id");
      const bound = `<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><jid>1001@${DOMAIN}/desktop</jid></bind>`;
      const result = name === "bind" ? bound : "";
      this.push(`<iq xmlns="jabber:client" type="result" id="${id}">${result}</iq>`);
    }
  }
}

let sockets: SocketServer;
let polls: BoshServer;
let connection: Connection;
let states: State[];

beforeEach(() => {
  vi.useFakeTimers();
  sockets = new SocketServer();
  polls = new BoshServer();
  states = [];
  connection = new Connection({
    dials: { websocket: webSocket(sockets.open), bosh: bosh(polls.post) },
    lang: () => "en",
    chance: () => 0.5,
    changed: (state) => states.push(state),
    notification: () => {},
    presence: () => {},
    settled: () => {},
  });
});

afterEach(() => vi.useRealTimers());

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const last = () => states.at(-1);

async function connect(ms = 0): Promise<void> {
  await Promise.all([connection.connect(CREDENTIALS), settle(ms)]);
}

describe("over WebSocket", () => {
  it("a session is made, and a stanza is a frame", async () => {
    await connect();
    expect(last()).toEqual({ kind: "up", transport: "websocket" });
    const names = sockets.said.map((text) => parse(text).name);
    expect(names).toEqual(["open", "auth", "open", "iq", "presence", "iq"]);
    expect(sockets.said[0]).toContain(`to="${DOMAIN}"`);
    expect(polls.seen.length).toBe(0);
  });

  it("a silent server is asked, and taken for lost after two unanswered questions", async () => {
    await connect();
    sockets.silent = true;
    await settle(15_000);
    expect(sockets.said.at(-1)).toContain("urn:xmpp:ping");
    await settle(9_000);
    expect(last()?.kind).toBe("up");
    await settle(1_000);
    expect(states.some((state) => state.kind === "lost" && state.ended.reason === "unreachable")).toBe(true);
  });

  it("an idle connection that answers stays up", async () => {
    await connect();
    await settle(600_000);
    expect(last()?.kind).toBe("up");
    expect(sockets.opened).toBe(1);
  });

  it("a nudge finds a dead path within ten seconds", async () => {
    await connect();
    sockets.silent = true;
    connection.nudge();
    await settle(10_000);
    expect(states.some((state) => state.kind === "lost")).toBe(true);
  });

  it("each end has its cause", async () => {
    const stream = (error: string) =>
      `<stream:error ${STREAMS}><${error} xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error>`;
    for (const [end, expected] of [
      [() => sockets.push(stream("conflict")), "conflict"],
      [() => sockets.push(stream("system-shutdown")), "system-shutdown"],
      [() => sockets.push(`<close ${FRAMING}/>`), "system-shutdown"],
      [() => sockets.cut(), "unreachable"],
      [() => sockets.push("<html>proxy"), "not-bosh"],
    ] as const) {
      await connect();
      states.length = 0;
      end();
      const [state] = states;
      expect(state?.kind === "lost" ? state.ended.reason : state?.kind).toBe(expected);
      await connection.leave();
    }
  });

  it("a server that takes nothing is given up before what waits grows without end", async () => {
    await connect();
    sockets.unsent = 2 * 1024 * 1024;
    connection.nudge();
    expect(last()).toMatchObject({ kind: "lost", ended: { detail: "queue full" } });
  });

  it("signing out says unavailable, then closes the stream", async () => {
    await connect();
    const left = connection.leave();
    await settle();
    await left;
    const [presence, close] = sockets.said.slice(-2);
    expect([presence?.includes("unavailable"), close?.includes("<close")]).toEqual([true, true]);
    expect(last()?.kind).toBe("idle");
  });
});

describe("where WebSocket is blocked", () => {
  for (const how of ["refused", "silent"] as const) {
    it(`(${how}) the session is made over BOSH in the same sign-in`, async () => {
      sockets.blocked = how;
      await connect(8_000);
      expect(last()).toEqual({ kind: "up", transport: "bosh" });
      expect(states.map(({ kind }) => kind)).toEqual(["connecting", "up"]);
    });
  }

  it("the next session goes over BOSH at once", async () => {
    sockets.blocked = "refused";
    await connect();
    polls.terminate("item-not-found");
    await settle();
    expect([last(), sockets.opened]).toEqual([{ kind: "up", transport: "bosh" }, 1]);
  });

  it("it is tried again after ten minutes, beside the session, until it is free", async () => {
    sockets.blocked = "silent";
    await connect(8_000);
    await settle(600_000);
    await settle(8_000);
    expect([last(), sockets.opened]).toEqual([{ kind: "up", transport: "bosh" }, 2]);
    sockets.blocked = undefined;
    await settle(600_000);
    expect(last()).toEqual({ kind: "up", transport: "websocket" });
    expect(states.map(({ kind }) => kind)).toEqual(["connecting", "up", "up"]);
    await settle(60_000);
    expect(polls.parkedCount).toBe(0);
  });

  it("by a server that is down, both are tried in turn until it is there", async () => {
    await connect();
    sockets.blocked = "refused";
    polls.faults.push(...Array<"refuse">(1_000).fill("refuse"));
    sockets.cut();
    await settle(60_000);
    expect(last()?.kind).toBe("lost");
    sockets.blocked = undefined;
    polls.faults.length = 0;
    await settle(60_000);
    expect(last()).toEqual({ kind: "up", transport: "websocket" });
  });
});

describe("the server's plan", () => {
  it("names the transports and the spread", async () => {
    const plan = readPlan({
      connection: ["bosh", "telegraph", "websocket", "bosh"],
      reconnect_spread_secs: 5,
      sign_out_secs: { bosh: 120, websocket: "soon", telegraph: 9 },
    });
    expect(plan).toMatchObject({
      kinds: ["bosh", "websocket"],
      spreadMs: 5_000,
      signOutMs: { bosh: 120_000 },
    });
    for (const wrong of [undefined, null, 7, {}, { connection: [] }, { connection: "bosh" }]) {
      expect(readPlan(wrong)).toBeUndefined();
    }
    expect(readPlan({ connection: ["bosh"], reconnect_spread_secs: 1e9 })?.spreadMs).toBe(60_000);
    expect(readPlan({ connection: ["bosh"], reconnect_spread_secs: -1 })?.spreadMs).toBe(0);
  });

  it("keeps to one transport when there is only one", async () => {
    sockets.blocked = "refused";
    const failed = connection.connect(CREDENTIALS, { kinds: ["websocket"], spreadMs: 0 });
    const reason = failed.catch((error) => error.reason);
    await settle();
    expect(await reason).toBe("unreachable");
    expect(polls.seen.length).toBe(0);
  });

  it("spreads the clients of a server that went away", async () => {
    await Promise.all([
      connection.connect(CREDENTIALS, { kinds: ["websocket"], spreadMs: 20_000 }),
      settle(),
    ]);
    sockets.push(`<close ${FRAMING}/>`);
    const state = last();
    expect(state?.kind === "lost" && state.retryAtMs).toBe(Date.now() + 10_000);
  });
});
