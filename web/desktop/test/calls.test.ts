import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import { CALLS_MAX, otherParty, own, PAST_CALLS_MAX } from "../src/desk/calls";
import { Desk } from "../src/desk/desk";
import { say } from "../src/i18n/say";
import { type Call, error, Site } from "./site";

let site: Site;
let desk: Desk;

const RINGING: Call = {
  id: "17",
  queue: "Support",
  variables: { callVariable1: "gold", "user.case": "A-1" },
  parties: [
    ["2001", "ALERTING", "ANSWER"],
    ["5550100", "INITIATED"],
  ],
};
const TALKING: Call = {
  ...RINGING,
  parties: [
    ["2001", "ACTIVE", "HOLD", "DROP", "CONSULT_CALL", "TRANSFER_SST", "SEND_DTMF", "UPDATE_CALL_DATA"],
    ["5550100", "ACTIVE"],
  ],
};
const HELD: Call = {
  ...RINGING,
  parties: [
    ["2001", "HELD", "RETRIEVE", "TRANSFER", "CONFERENCE"],
    ["5550100", "ACTIVE"],
  ],
};

beforeEach(async () => {
  vi.useFakeTimers();
  site = new Site();
  site.install();
  desk = new Desk({ bosh: bosh(site.bosh.post) }, true);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms = 20) => vi.advanceTimersByTimeAsync(ms);
const calls = () => desk.model.calls.value;
const ids = () => calls().map(({ id }) => id);
const first = () => {
  const call = calls()[0];
  if (!call) throw new Error("no call");
  return call;
};
const past = () => desk.model.pastCalls.value.map(({ id }) => id);
const myState = () => own(first(), "2001")?.state;
const messages = () =>
  desk.model.messages.value.map(({ text, cause }) => `${say(text)} ${cause ? say(cause) : ""}`.trim());

async function signIn(): Promise<void> {
  void desk.signIn({ id: "1001", password: "secret-7", extension: "2001" });
  await pass();
}

describe("calls", () => {
  it("that are there already are seen at once", async () => {
    site.calls = [TALKING];
    await signIn();
    expect([ids(), myState()]).toEqual([["17"], "ACTIVE"]);
  });

  it("come, change and go as the events say", async () => {
    await signIn();
    site.call("POST", RINGING);
    await pass();
    const call = first();
    expect(own(call, "2001")?.actions).toEqual(["ANSWER"]);
    expect(call.variables).toEqual([
      { name: "callVariable1", value: "gold" },
      { name: "user.case", value: "A-1" },
    ]);
    expect(otherParty(call, "2001")).toBe("5550100");
    site.call("PUT", TALKING);
    await pass();
    expect(myState()).toBe("ACTIVE");
    site.call("DELETE", TALKING);
    await pass();
    expect(ids()).toEqual([]);
    expect(desk.model.pastCalls.value.map(({ party, queueName }) => [party, queueName])).toEqual([
      ["5550100", "Support"],
    ]);
  });

  it("do not come back by a change that is late, only when they are told anew", async () => {
    await signIn();
    site.call("POST", RINGING);
    site.call("DELETE", RINGING);
    site.call("PUT", TALKING);
    await pass();
    expect(ids()).toEqual([]);
    site.call("POST", RINGING);
    await pass();
    expect(ids()).toEqual(["17"]);
  });

  it("of other agents are not one's own", async () => {
    await signIn();
    site.bosh.event(
      "/finesse/api/User/1002/Dialogs",
      "<Update><data><dialogs><Dialog><id>9</id></Dialog></dialogs></data><event>POST</event></Update>",
    );
    await pass();
    expect(ids()).toEqual([]);
  });

  it("keep an event's word against a list that was older", async () => {
    await signIn();
    site.call("POST", RINGING);
    await pass();
    const answer = vi.fn();
    const real = globalThis.fetch;
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      const given = await real(url, init);
      if (!url.endsWith("/Dialogs")) return given;
      // While the list is on its way the call is answered.
      site.call("PUT", TALKING);
      answer();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return given;
    });
    void desk.calls.refresh();
    await pass(100);
    expect([answer.mock.calls.length, myState()]).toEqual([1, "ACTIVE"]);
  });

  it("are asked for anew after a gap; those that ended meanwhile are history", async () => {
    await signIn();
    site.call("POST", RINGING);
    await pass();
    site.bosh.terminate("system-shutdown");
    site.calls = [{ ...TALKING, id: "18" }];
    await pass(5_000);
    expect(ids()).toEqual(["18"]);
    expect(desk.model.pastCalls.value.map(({ id }) => id)).toEqual(["17"]);
  });

  it("stay within bounds", async () => {
    await signIn();
    for (let n = 0; n < CALLS_MAX + 5; n++) site.call("POST", { ...RINGING, id: String(n) });
    await pass();
    expect(ids().length).toBe(CALLS_MAX);
    for (let n = 0; n < PAST_CALLS_MAX + 10; n++) {
      const call = { ...RINGING, id: `p${n}` };
      site.call("DELETE", { ...RINGING, id: ids()[0] ?? "" });
      site.call("POST", call);
      await pass();
    }
    expect(desk.model.pastCalls.value.length).toBe(PAST_CALLS_MAX);
  });

  it("are put away when the agent signs out, and are history still for who comes back on the same day", async () => {
    vi.setSystemTime(new Date(2026, 10, 22, 11, 0));
    await signIn();
    site.call("POST", RINGING);
    site.call("DELETE", RINGING);
    site.call("POST", { ...TALKING, id: "18" });
    await pass();
    void desk.signOut();
    await pass(1_000);
    expect([ids(), past()]).toEqual([[], []]);
    site.calls = [];
    vi.setSystemTime(new Date(2026, 10, 22, 13, 0));
    await signIn();
    expect(past()).toEqual(["17"]);
    void desk.signOut();
    await pass(1_000);
    vi.setSystemTime(new Date(2026, 10, 23, 9, 0));
    await signIn();
    expect(past()).toEqual([]);
  });

  it("of before are nobody else's", async () => {
    await signIn();
    site.call("POST", RINGING);
    site.call("DELETE", RINGING);
    await pass();
    const { user } = desk.model;
    const other = user.value && { ...user.value, loginId: "1002" };
    void desk.signOut();
    await pass(1_000);
    user.value = other;
    desk.calls.begin();
    expect(past()).toEqual([]);
    desk.calls.reset();
    await signIn();
    expect(past()).toEqual([]);
  });
});

describe("what is asked of a call", () => {
  const asked: string[] = [];
  beforeEach(async () => {
    asked.length = 0;
    site.onCall = (action, body) => asked.push(`${action} ${body}`);
    await signIn();
    site.call("POST", RINGING);
    await pass();
  });

  it("is under way until an event shows it", async () => {
    const done = desk.calls.act(first(), { action: "ANSWER" });
    await pass(500);
    expect(desk.model.asking.value.has("17")).toBe(true);
    site.call("PUT", TALKING);
    await pass();
    expect(await done).toBe(true);
    expect(desk.model.asking.value.size).toBe(0);
    expect(asked[0]).toContain("<targetMediaAddress>2001</targetMediaAddress>");
  });

  it("is not asked for twice", async () => {
    void desk.calls.act(first(), { action: "ANSWER" });
    void desk.calls.act(first(), { action: "ANSWER" });
    await pass();
    expect(asked.length).toBe(1);
  });

  it("carries what belongs to it, escaped", async () => {
    site.call("PUT", TALKING);
    await pass();
    void desk.calls.act(first(), { action: "CONSULT_CALL", toAddress: "2002" });
    await pass();
    const consult = { ...RINGING, id: "18", callType: "CONSULT", associated: "17", from: "2001", to: "2002" };
    site.call("POST", consult);
    await pass();
    await desk.calls.act(first(), { action: "SEND_DTMF", digits: "4" });
    void desk.calls.act(first(), { action: "UPDATE_CALL_DATA", wrapUp: ["<b> & co"] });
    await pass();
    expect(asked[0]).toContain("<toAddress>2002</toAddress>");
    expect(asked[1]).toContain("<ActionParam><name>dtmfString</name><value>4</value></ActionParam>");
    expect(asked[2]).toContain("<wrapUpReason>&lt;b&gt; &amp; co</wrapUpReason>");
    expect(asked[2]).not.toContain("targetMediaAddress");
  });

  it("and refused is told, with the reason", async () => {
    site.onCall = (_, __, id) => site.refuse("Call Operation Failure", "CF_RESOURCE_OUT_OF_SERVICE", id);
    expect(await run(desk.calls.act(first(), { action: "ANSWER" }))).toBe(false);
    expect(messages()).toEqual([
      "The call could not be answered. The server cannot reach the phone system. Please try again in a moment.",
    ]);
  });

  it("and refused at once is told too", async () => {
    site.instead.set("PUT Dialog/17 ANSWER", error(404, "Dialog Not Found"));
    expect(await run(desk.calls.act(first(), { action: "ANSWER" }))).toBe(false);
    expect(messages()[0]).toContain("Dialog Not Found");
  });

  it("and not heard of is looked up", async () => {
    const done = desk.calls.act(first(), { action: "ANSWER" });
    site.calls = [];
    await pass(16_000);
    expect(await done).toBe(false);
    expect(ids()).toEqual([]);
    expect(messages()[0]).toContain("did not answer");
  });

  it("ends with the outcome that each action has", async () => {
    const outcomes: [Parameters<Desk["calls"]["act"]>[1], () => void][] = [
      [{ action: "HOLD" }, () => site.call("PUT", HELD)],
      [{ action: "RETRIEVE" }, () => site.call("PUT", TALKING)],
      [{ action: "CONFERENCE" }, () => site.call("PUT", { ...TALKING, callType: "CONFERENCE" })],
      [{ action: "DROP" }, () => site.call("DELETE", TALKING)],
    ];
    for (const [wish, event] of outcomes) {
      const done = desk.calls.act(first(), wish);
      await pass();
      expect(desk.model.asking.value.has("17"), wish.action).toBe(true);
      event();
      await pass();
      expect(await done, wish.action).toBe(true);
    }
    expect(messages()).toEqual([]);
  });
});

describe("calling somebody", () => {
  beforeEach(() => signIn());

  it("is done when the call is there", async () => {
    site.onCall = (_, __, id) =>
      site.call(
        "POST",
        { id: "5", from: "2001", to: "5550123", parties: [["2001", "INITIATING", "DROP"]] },
        id,
      );
    expect(await run(desk.calls.make("5550123"))).toBe(true);
    expect([otherParty(first(), "2001"), site.asked.at(-1)]).toEqual([
      "5550123",
      "POST User/1001/Dialogs MAKE_CALL",
    ]);
  });

  it("in vain is told", async () => {
    site.onCall = (_, __, id) => site.refuse("Invalid Destination", "CF_INVALID_CALLED_DEVICE", id);
    expect(await run(desk.calls.make("99"))).toBe(false);
    expect(messages()[0]).toContain("The call could not be made. The server refused: Invalid Destination");
  });
});

/** Lets time pass until it is done. */
async function run<T>(what: Promise<T>): Promise<T> {
  await pass(100);
  return what;
}
