// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import { Desk } from "../src/desk/desk";
import { readDisconnection, readWarnings } from "../src/finesse/disconnection";
import { language } from "../src/i18n/language";
import { App } from "../src/ui/App";
import { error, Site } from "./site";

const at = (time: string) => `2026-11-22T${time}+00:00`;

const DOCUMENT = {
  version: 1,
  verdict: "disconnected",
  disconnection: { at: at("10:16:04"), forced_logout_at: at("10:17:04") },
  cause: {
    known: true,
    confidence: "high",
    cause: {
      id: "C1",
      name: "the computer slept",
      remedy: "never let it sleep while signed in",
      command: "powercfg /requests",
      disturbs: "nobody",
      clues: [
        {
          role: "must",
          says: "nothing was heard",
          found: "seen",
          lines: [{ at: at("10:16:04"), text: "<b>60 s</b> of silence" }],
        },
        { role: "against", says: "the page worked meanwhile", found: "absent", lines: [] },
      ],
    },
    missing: [{ how: "a HAR of the browser" }, { how: "a HAR of the browser" }],
    others: { count: 2, more_than_chance: true },
    reason_codes: [{ deployment: "UCCE", code: 255, says: "connection failure" }],
    countdowns: [
      { lane: "notification", from: at("10:15:04"), to: at("10:16:04") },
      { lane: "web", from: at("10:16:04"), to: at("10:17:04") },
    ],
    lanes: [{ lane: "notification", at: at("10:16:04"), text: "session over" }],
  },
};

let site: Site;
let desk: Desk;

beforeEach(async () => {
  vi.useFakeTimers();
  language.value = "en";
  document.body.innerHTML = '<div id="app"></div>';
  site = new Site();
  site.members = [{ loginId: "1010", state: "LOGOUT" }];
  site.instead.set("GET User/1010/Disconnection?lang=en", { status: 200, text: JSON.stringify(DOCUMENT) });
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
const click = async (id: string) => {
  await act(() => hook(id)?.click());
  await pass();
};
const signIn = async () => {
  void desk.signIn({ id: "1001", password: "secret-7", extension: "2001" });
  await pass();
};

describe("a supervisor who asks why an agent was disconnected", () => {
  it("sees the cause, how sure it is, the evidence, the remedy and the lanes", async () => {
    await signIn();
    await click("why-1010");
    const panel = hook("why");
    expect(hook("why-verdict")?.textContent).toBe("Cause: the computer slept (C1), confidence: high");
    for (const words of [
      "<b>60 s</b> of silence",
      "would refute it; looked for, not there",
      "powercfg /requests",
      "2 more fell silent in the same two seconds: more than chance.",
      "255 (UCCE): connection failure",
      "session over",
    ]) {
      expect(panel?.textContent).toContain(words);
    }
    expect(panel?.querySelectorAll("svg.lanes rect").length).toBe(2);
    expect(panel?.querySelectorAll("svg.lanes circle").length).toBe(1);
    await click("why-close");
    expect(hook("why")).toBeNull();
  });

  it("finds the question in the menu of who is signed in", async () => {
    site.members = [{ loginId: "1010", state: "READY" }];
    await signIn();
    await click("member-menu-1010");
    await click("why-1010");
    expect(hook("why-verdict")?.dataset.cause).toBe("C1");
  });

  it("is answered in the page's language", async () => {
    await signIn();
    await click("why-1010");
    await act(() => {
      language.value = "ja";
    });
    await pass();
    expect(site.asked).toContain("GET User/1010/Disconnection?lang=ja");
  });

  it("is told what went wrong", async () => {
    site.instead.set("GET User/1010/Disconnection?lang=en", error(401, "Invalid Supervisor"));
    await signIn();
    await click("why-1010");
    expect(hook("why")?.textContent).toContain("You may not do this.");
  });

  it("is warned before the next one, and again each minute", async () => {
    site.warnings = [
      { at: at("10:00:00"), kind: "late-poll", agent: "1010", times: 3, text: "No poll came for 43.0 s." },
    ];
    await signIn();
    await pass(200);
    expect(hook("warnings")?.textContent).toContain("1010 No poll came for 43.0 s. (3 times)");
    site.warnings = [];
    await pass(61_000);
    expect(hook("warnings")).toBeNull();
  });
});

describe("the server's documents", () => {
  it("are read as far as they are sound", () => {
    expect(readDisconnection({ verdict: "no-session" })).toMatchObject({ marks: [], cause: undefined });
    for (const odd of [null, 7, [], {}, { verdict: "odd" }]) expect(readDisconnection(odd)).toBeUndefined();
    const hostile = { verdict: "disconnected", cause: { lanes: [{ lane: "x", at: 1 }, null], others: 3 } };
    expect(readDisconnection(hostile)).toMatchObject({ marks: [], others: { count: 0 } });
    expect(readWarnings({ warnings: [{ at: "never" }, 1] })).toEqual([]);
    expect(readWarnings({})).toBeUndefined();
  });
});
