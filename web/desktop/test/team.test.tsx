// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import { Desk } from "../src/desk/desk";
import { language } from "../src/i18n/language";
import { App } from "../src/ui/App";
import { child } from "../src/xml/element";
import { error, Site } from "./site";

let site: Site;
let desk: Desk;

beforeEach(async () => {
  vi.useFakeTimers();
  language.value = "en";
  document.body.innerHTML = '<div id="app"></div>';
  site = new Site();
  site.members = [
    { loginId: "1010", state: "READY" },
    { loginId: "1009", state: "TALKING" },
    { loginId: "1011", state: "LOGOUT" },
  ];
  site.install();
  desk = new Desk({ bosh: bosh(site.bosh.post) }, true);
  await act(() => render(<App desk={desk} />, document.getElementById("app") as HTMLElement));
});

afterEach(async () => {
  await act(() => render(null, document.getElementById("app") as HTMLElement));
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms = 20) => act(() => vi.advanceTimersByTimeAsync(ms).then(() => {}));
const hook = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
const stateOf = (loginId: string) => hook(`member-${loginId}`)?.dataset.state;
const rows = () =>
  [...document.querySelectorAll<HTMLElement>(".team tbody tr")].map((row) => row.dataset.testid);
const click = async (id: string) => {
  await act(() => hook(id)?.click());
  await pass();
};
const signIn = async () => {
  void desk.signIn({ id: "1001", password: "secret-7", extension: "2001" });
  await pass();
};
/** To whom, for what, as whom. */
const subscriptions = () =>
  site.bosh.stanzas.flatMap((iq) => {
    const subscribe = child(child(iq, "pubsub") ?? iq, "subscribe");
    const of = (name: string) => subscribe?.attributes.get(name);
    return subscribe ? [`${iq.attributes.get("to")} ${of("node")} ${of("jid")}`] : [];
  });
const find = async (words: string) => {
  const field = hook("team-find") as HTMLInputElement;
  field.value = words;
  await act(() => void field.dispatchEvent(new Event("input", { bubbles: true })));
};

describe("a supervisor", () => {
  it("sees the team in the order of names, and asks for its events", async () => {
    await signIn();
    expect(rows()).toEqual(["member-1009", "member-1010", "member-1011"]);
    expect(subscriptions()).toEqual([
      "pubsub.site.example /finesse/api/Team/5000/Users 1001@site.example/desktop",
    ]);
  });

  it("sees each change, but not one that is older than what is shown", async () => {
    await signIn();
    site.member("1010", "TALKING");
    await pass();
    expect(stateOf("1010")).toBe("TALKING");
    site.member("1010", "READY", "2020-01-01T00:00:00Z");
    await pass();
    expect(stateOf("1010")).toBe("TALKING");
  });

  it("sees who joins the team", async () => {
    await signIn();
    site.member("1008", "READY");
    await pass();
    expect(rows()[0]).toBe("member-1008");
  });

  it("finds agents by name, id, extension and state", async () => {
    await signIn();
    for (const [words, found] of [
      ["talk", ["member-1009"]],
      ["31010", ["member-1010"]],
      ["agent 1011", ["member-1011"]],
      ["nobody", []],
    ] as const) {
      await find(words);
      expect(rows(), words).toEqual(found);
    }
  });

  it("changes an agent's state, and is told what goes wrong", async () => {
    await signIn();
    await click("member-menu-1009");
    await click("order-LOGOUT-1009");
    expect(site.asked).toContain("PUT LOGOUT");
    site.instead.set("PUT NOT_READY", error(401, "Invalid Supervisor"));
    await click("member-menu-1010");
    await click("order-NOT_READY-1010");
    expect(hook("message")?.textContent).toContain(
      "Agent 1010 could not be made: Not ready. You may not do this.",
    );
  });

  it("listens only to who talks", async () => {
    const asked: string[] = [];
    site.onCall = (action, body) => asked.push(`${action} ${body}`);
    await signIn();
    await click("member-menu-1010");
    expect(hook("monitor-1010")).toBeNull();
    await click("member-menu-1009");
    await click("monitor-1009");
    expect(asked[0]).toMatch(/^SILENT_MONITOR .*<fromAddress>2001<\/fromAddress><toAddress>31009</);
  });

  it("has no actions for who is not there", async () => {
    await signIn();
    expect(hook("member-menu-1011")).toBeNull();
  });

  it("takes the list anew after a gap, and subscribes again", async () => {
    await signIn();
    site.members = [{ loginId: "1010", state: "HOLD" }];
    site.bosh.terminate("system-shutdown");
    await pass(5_000);
    expect(rows()).toEqual(["member-1010"]);
    expect(stateOf("1010")).toBe("HOLD");
    expect(subscriptions().length).toBe(2);
  });

  it("of thousands has only the rows in view in the page", async () => {
    site.members = Array.from({ length: 2_000 }, (_, n) => ({ loginId: String(10_000 + n), state: "READY" }));
    await signIn();
    expect(rows().length).toBeLessThan(100);
    expect(hook("team-count")?.textContent).toBe("2000 of 2000 agents");
    expect(hook("team")?.querySelector("table")?.getAttribute("aria-rowcount")).toBe("2001");
  });
});

describe("an agent", () => {
  it("sees no team", async () => {
    site.members = [];
    await signIn();
    expect(hook("team")).toBeNull();
  });
});
