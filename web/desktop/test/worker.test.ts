import { effect } from "@preact/signals-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import { Desk } from "../src/desk/desk";
import { language } from "../src/i18n/language";
import { ALONE_MS, Host, TABS_MAX } from "../src/worker/host";
import type { Asked, Port, Told } from "../src/worker/protocol";
import { RemoteDesk } from "../src/worker/remote";
import { Site } from "./site";

const FORM = { id: "1001", password: "secret-7", extension: "2001" };

let site: Site;
let host: Host;
let holders: Map<string, () => void>;
let told: Told[];
let ended: number;

beforeEach(() => {
  vi.useFakeTimers();
  language.value = "en";
  site = new Site();
  site.install();
  holders = new Map();
  told = [];
  ended = 0;
  host = new Host(
    new Desk({ bosh: bosh(site.bosh.post) }, true),
    (lock) => new Promise((resolve) => holders.set(lock, resolve)),
    () => {
      ended += 1;
    },
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms = 20) => vi.advanceTimersByTimeAsync(ms);

/** A line between a page and the worker: what goes over it is copied, as a browser does. `still` holds it up. */
class Line {
  still = false;
  private readonly held: Told[] = [];
  private toPage: (message: Told) => void = () => {};
  private toWorker: (message: Asked) => void = () => {};

  readonly page: Port<Asked, Told> = {
    post: (asked) => void Promise.resolve(structuredClone(asked)).then((copy) => this.toWorker(copy)),
    listen: (take) => {
      this.toPage = take;
    },
  };

  readonly worker: Port<Told, Asked> = {
    post: (message) => {
      const copy = structuredClone(message);
      told.push(copy);
      if (this.still) this.held.push(copy);
      else void Promise.resolve().then(() => this.toPage(copy));
    },
    listen: (take) => {
      this.toWorker = take;
    },
  };

  /** The tab goes on, with all that was said to it meanwhile. */
  goOn(): number {
    this.still = false;
    const held = this.held.splice(0);
    for (const message of held) this.toPage(message);
    return held.length;
  }
}

async function tab(lock = ""): Promise<{ desk: RemoteDesk; line: Line }> {
  const line = new Line();
  host.join(line.worker);
  const desk = new RemoteDesk(line.page);
  desk.hello({ language: "en", visible: true, lock });
  await pass();
  return { desk, line };
}

const stateOf = (desk: RemoteDesk) => desk.model.user.value?.state;

describe("tabs", () => {
  it("see one desk: who signs in in one is signed in in all, with one session", async () => {
    const { desk: one } = await tab();
    const { desk: two } = await tab();
    void one.signIn(FORM);
    await pass();
    const { desk: three } = await tab();
    expect([one, two, three].map((desk) => desk.model.phase.value.kind)).toEqual(Array(3).fill("signedIn"));
    void three.ask("READY");
    await pass();
    expect([one, two, three].map(stateOf)).toEqual(["READY", "READY", "READY"]);
    expect(site.bosh.stanzas.filter(({ name }) => name === "auth").length).toBe(1);
    expect(host.present).toEqual({ tabs: 3, visible: 3 });
  });

  it("that are all gone end the worker, unless one comes back in time", async () => {
    const { desk: one } = await tab();
    const { desk: two } = await tab();
    one.bye();
    await pass(ALONE_MS);
    expect(ended).toBe(0);
    two.bye();
    await pass(ALONE_MS - 100);
    const { desk: back } = await tab();
    await pass(ALONE_MS);
    expect(ended).toBe(0);
    back.bye();
    await pass(ALONE_MS);
    expect(ended).toBe(1);
  });

  it("that are all hidden make a client that nobody looks at", async () => {
    const { desk: one } = await tab();
    const { desk: two } = await tab();
    void one.signIn(FORM);
    await pass();
    const said = () => site.bosh.stanzas.filter(({ ns }) => ns === "urn:xmpp:csi:0").map(({ name }) => name);
    one.seen(false);
    await pass();
    expect(said()).toEqual([]);
    two.seen(false);
    await pass();
    expect(said()).toEqual(["inactive"]);
    one.seen(true);
    await pass();
    expect(said()).toEqual(["inactive", "active"]);
    one.bye();
    await pass();
    expect(said()).toEqual(["inactive", "active", "inactive"]);
  });

  it("get no password", async () => {
    const { desk } = await tab();
    void desk.signIn(FORM);
    await pass();
    await tab();
    expect(told.length).toBeGreaterThan(2);
    expect(JSON.stringify(told)).not.toContain("secret-7");
    expect(JSON.stringify(told)).not.toContain(Buffer.from("1001:secret-7").toString("base64"));
  });

  it("that stand still are told once, and the present when they go on", async () => {
    const { desk: awake } = await tab();
    const { desk: still, line } = await tab();
    void awake.signIn(FORM);
    await pass();
    line.still = true;
    for (let count = 0; count < 50; count += 1) {
      site.become(count % 2 === 0 ? "READY" : "NOT_READY", undefined, "");
      await pass();
    }
    site.become("TALKING", undefined, "");
    await pass();
    expect([stateOf(awake), stateOf(still)]).toEqual(["TALKING", "NOT_READY"]);
    expect(line.goOn()).toBe(1);
    await pass();
    expect(stateOf(still)).toBe("TALKING");
  });

  it("that are gone are told nothing, whether they said so or not", async () => {
    const { desk } = await tab();
    await tab("lock-1");
    const { desk: polite } = await tab();
    expect(host.present.tabs).toBe(3);
    polite.bye();
    holders.get("lock-1")?.();
    await pass();
    expect(host.present.tabs).toBe(1);
    void desk.signIn(FORM);
    await pass();
    expect(stateOf(polite)).toBeUndefined();
  });

  it("that come back from the browser's cache see the present", async () => {
    const { desk } = await tab();
    desk.bye();
    const { desk: other } = await tab();
    void other.signIn(FORM);
    await pass();
    expect(desk.model.phase.value.kind).toBe("signedOut");
    desk.hello({ language: "en", visible: true, lock: "" });
    await pass();
    expect(stateOf(desk)).toBe("NOT_READY");
  });

  it("beyond the limit are not taken in", async () => {
    for (let count = 0; count < TABS_MAX + 3; count += 1) await tab();
    expect(host.present.tabs).toBe(TABS_MAX);
  });

  it("say which language the server is to answer in", async () => {
    const { desk } = await tab();
    desk.speaks("ja");
    await pass();
    expect(language.value).toBe("ja");
  });

  it("that ask for something that does not exist are told so", async () => {
    const { line } = await tab();
    line.page.post({ kind: "command", id: 7, command: "model" as "nudge", args: [] });
    await pass();
    expect(told.at(-1)).toMatchObject({ kind: "failed", id: 7 });
  });
});

describe("a team", () => {
  it("changes row by row", async () => {
    site.members = [
      { loginId: "1002", state: "READY" },
      { loginId: "1003", state: "READY" },
    ];
    const { desk } = await tab();
    void desk.signIn(FORM);
    await pass();
    const members = desk.model.watched.value?.members;
    let painted = 0;
    effect(() => {
      void members?.get("1002")?.value;
      painted += 1;
    });
    site.member("1003", "TALKING", "2099-01-01T00:00:00.000Z");
    await pass();
    expect(members?.get("1003")?.value.state).toBe("TALKING");
    expect(painted).toBe(1);
    expect(desk.model.watched.value?.members).toBe(members);
    expect(told.at(-1)).toMatchObject({ changes: [{ name: "member", value: { loginId: "1003" } }] });
  });
});
