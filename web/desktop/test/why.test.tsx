// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDisconnection, readWarnings } from "../src/finesse/disconnection";
import { language } from "../src/i18n/language";
import { Page } from "./page";
import { error } from "./site";

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

let page: Page;

beforeEach(async () => {
  page = await Page.open();
  page.site.members = [{ loginId: "1010", state: "LOGOUT" }];
  page.site.instead.set("GET User/1010/Disconnection?lang=en", {
    status: 200,
    text: JSON.stringify(DOCUMENT),
  });
});

afterEach(() => page.close());

describe("a supervisor who asks why an agent was disconnected", () => {
  it("sees the cause, how sure it is, the evidence, the remedy and the lanes", async () => {
    await page.signIn();
    await page.click("why-1010");
    const panel = page.hook("why");
    expect(page.hook("why-verdict").textContent).toBe("Cause: the computer slept (C1), confidence: high");
    for (const words of [
      "<b>60 s</b> of silence",
      "would refute it; looked for, not there",
      "powercfg /requests",
      "2 more fell silent in the same two seconds: more than chance.",
      "255 (UCCE): connection failure",
      "session over",
    ]) {
      expect(panel.textContent).toContain(words);
    }
    expect(panel.querySelectorAll("svg.lanes rect").length).toBe(2);
    expect(panel.querySelectorAll("svg.lanes circle").length).toBe(1);
    await page.click("why-close");
    expect(page.has("why")).toBe(false);
  });

  it("finds the question in the menu of who is signed in", async () => {
    page.site.members = [{ loginId: "1010", state: "READY" }];
    await page.signIn();
    await page.click("member-menu-1010");
    await page.click("why-1010");
    expect(page.hook("why-verdict").dataset.cause).toBe("C1");
  });

  it("is answered in the page's language", async () => {
    await page.signIn();
    await page.click("why-1010");
    await act(() => {
      language.value = "ja";
    });
    await page.pass();
    expect(page.site.asked).toContain("GET User/1010/Disconnection?lang=ja");
  });

  it("is told what went wrong", async () => {
    page.site.instead.set("GET User/1010/Disconnection?lang=en", error(401, "Invalid Supervisor"));
    await page.signIn();
    await page.click("why-1010");
    expect(page.hook("why").textContent).toContain("You may not do this.");
  });

  it("is warned before the next one, and again each minute", async () => {
    page.site.warnings = [
      { at: at("10:00:00"), kind: "late-poll", agent: "1010", times: 3, text: "No poll came for 43.0 s." },
    ];
    await page.signIn();
    await page.pass(200);
    expect(page.hook("warnings").textContent).toContain("1010 No poll came for 43.0 s. (3 times)");
    page.site.warnings = [];
    await page.pass(61_000);
    expect(page.has("warnings")).toBe(false);
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
