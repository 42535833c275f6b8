// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { language, speak } from "../src/i18n/language";
import { Page } from "./page";
import type { Call } from "./site";

const NASTY = `<img src=x onerror=alert(1)>&amp;\u202e\u2067\u200f\u0085\u009b31m${"x".repeat(10_000)}`;
const ESCAPED = NASTY.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const NODE = "/finesse/api/User/1001";

const CALL: Call = {
  id: "17",
  parties: [
    ["2001", "ACTIVE", "HOLD", "DROP"],
    ["5550100", "ACTIVE"],
  ],
};

let page: Page;

beforeEach(async () => {
  page = await Page.open();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await page.close();
});

/** The page stands: it shows the agent, and takes a wish. */
async function stands(): Promise<void> {
  expect(page.texts("agent-id")).toEqual(["1001"]);
  await page.click("state-menu");
  await page.click("state-option-READY");
  expect(page.hook("agent-state").dataset.state).toBe("READY");
}

describe("values with markup, other directions, control characters, of ten thousand characters", () => {
  it("are text wherever they are shown", async () => {
    page.site.firstName = ESCAPED;
    page.site.reason = { id: "31", code: "31", label: ESCAPED };
    page.site.state = "NOT_READY";
    page.site.extension = "2001";
    await page.signIn();
    page.site.call("POST", { ...CALL, queue: ESCAPED, from: ESCAPED, callType: ESCAPED, wrapUp: [ESCAPED] });
    await page.pass();
    expect(document.querySelector("img")).toBeNull();
    expect(page.hook("agent-name").querySelector("bdi")?.textContent).toBe(`${NASTY} 1`);
    expect(page.hook("agent-reason").querySelector("bdi")?.textContent).toBe(NASTY);
    expect(page.hook("call").textContent).toContain(NASTY);
    await stands();
  });

  it("are text in a supervisor's team, its calls and its menus too", async () => {
    page.site.members = [{ loginId: "1010", state: "LEVITATING", firstName: ESCAPED }];
    page.site.memberCalls["1010"] = [
      { ...CALL, from: ESCAPED, queue: ESCAPED, parties: [["31010", "ACTIVE"]] },
    ];
    await page.signIn();
    await page.pass(1_000);
    expect(page.hook("member-1010").querySelector("bdi")?.textContent).toBe(`${NASTY} 1010`);
    expect(page.hook("member-1010").textContent).toContain("LEVITATING");
    expect(page.hook("member-call-1010").textContent).toContain(NASTY);
    await page.click("member-menu-1010");
    expect(page.hook("why-1010").textContent).toContain(NASTY);
    expect(document.querySelector("img")).toBeNull();
    await page.press("Escape");
    await stands();
  });

  it("in an error's words are text too", async () => {
    await page.signIn();
    page.site.phone = { type: "Generic Error", message: ESCAPED };
    await page.click("state-menu");
    await page.click("state-option-READY");
    expect(page.texts("message")[0]).toContain(NASTY);
    expect(document.querySelector("img")).toBeNull();
    page.site.phone = undefined;
    await stands();
  });
});

describe("events", () => {
  beforeEach(() => page.signIn());

  for (const [what, payload] of [
    ["that are no XML", "<Update><data><user>"],
    ["of another document", "<Elsewhere/>"],
    ["with a control character", "<Update><data>&#1;</data></Update>"],
    ["with an entity of their own", "<!DOCTYPE a [<!ENTITY b 'c'>]><Update><data>&b;</data></Update>"],
    ["nested without end", `<Update><data>${"<a>".repeat(5_000)}${"</a>".repeat(5_000)}</data></Update>`],
    ["of a kind nobody knows", "<Update><data><robot/></data><event>POST</event></Update>"],
    ["that ask for something nobody knows", "<Update><data><dialogs/></data><event>EXPLODE</event></Update>"],
    ["with nothing in it", ""],
  ] as const) {
    it(`${what} change nothing`, async () => {
      for (const node of [NODE, `${NODE}/Dialogs`, "/finesse/api/SystemInfo"])
        page.site.bosh.event(node, payload);
      await page.pass();
      expect([page.messages, page.has("call")]).toEqual([[], false]);
      await stands();
    });
  }

  it("in a stream that is no XML any more end it, and the next one tells what was missed", async () => {
    page.site.bosh.event(NODE, "\u0001");
    page.site.state = "TALKING";
    await page.pass(10_000);
    expect([page.hook("agent-state").dataset.state, page.hook("banner").dataset.kind]).toEqual([
      "TALKING",
      "restored",
    ]);
    await stands();
  });

  it("twice and out of order end in what is true", async () => {
    page.site.call("PUT", CALL);
    page.site.call("POST", CALL);
    page.site.call("POST", CALL);
    await page.pass();
    expect(page.all("call").length).toBe(1);
    page.site.call("DELETE", CALL);
    page.site.call("DELETE", CALL);
    page.site.call("PUT", CALL);
    await page.pass();
    expect([page.has("call"), page.all("past-call").length]).toEqual([false, 1]);
    await stands();
  });

  it("of unknown states and kinds of calls are shown by their names, with no button but the server's", async () => {
    page.site.call("POST", {
      ...CALL,
      callType: "TELEPATHY",
      parties: [["2001", "LEVITATING", "EXPLODE", "DROP"]],
    });
    page.site.publish(page.site.user("user").replace("NOT_READY", "LEVITATING"));
    await page.pass();
    expect([page.hook("agent-state").dataset.state, page.texts("call-state")]).toEqual([
      "LEVITATING",
      ["LEVITATING"],
    ]);
    const buttons = [...document.querySelectorAll<HTMLElement>(".call-buttons button")];
    expect(buttons.map(({ dataset }) => dataset.testid)).toEqual(["call-DROP"]);
    await stands();
  });
});

describe("answers that are not the web service's", () => {
  const PAGES = {
    "a sign-on page": "<!DOCTYPE html><html><body>Please sign on<br></body></html>",
    "cut short": "<User><state>READY",
    "of another kind": "<Other><id>1</id></Other>",
    nothing: "",
    "binary rubbish": "\u0000\u0001\ufffe\udc00",
  };

  for (const [what, text] of Object.entries(PAGES)) {
    it(`(${what}) stop the sign-in with a word`, async () => {
      page.site.instead.set("GET User/1001", { status: 200, text });
      await page.signIn();
      expect(page.texts("login-status")[0]).toContain("Something answers at the server's address");
      page.site.instead.clear();
      await page.signIn();
      await stands();
    });

    it(`(${what}) to everything that is asked after it are told, and the page stands`, async () => {
      const lists = ["Dialogs", "PhoneBooks", "WrapUpReasons", "MediaPropertiesLayouts", "Queues"];
      for (const list of lists) page.site.instead.set(`GET User/1001/${list}`, { status: 200, text });
      page.site.instead.set("GET Team/5000/TeamMessages", { status: 200, text });
      for (const category of ["NOT_READY", "LOGOUT"]) {
        page.site.instead.set(`GET User/1001/ReasonCodes?category=${category}`, { status: 200, text });
      }
      await page.signIn();
      expect(page.messages.length).toBeGreaterThan(3);
      expect(page.messages.every((message) => message.includes("could not be loaded"))).toBe(true);
      await stands();
    });
  }
});

describe("a storage that is full, or forbidden", () => {
  for (const name of ["QuotaExceededError", "SecurityError"]) {
    it(`(${name}) takes nothing from the work`, async () => {
      const broken = () => {
        throw new DOMException("no", name);
      };
      for (const storage of [localStorage, sessionStorage]) {
        vi.spyOn(Object.getPrototypeOf(storage), "setItem").mockImplementation(broken);
        vi.spyOn(Object.getPrototypeOf(storage), "getItem").mockImplementation(broken);
      }
      expect(() => localStorage.setItem("a", "b")).toThrow();
      for (const [field, value] of Object.entries({ id: "1001", password: "secret-7", extension: "2001" })) {
        page.field(`login-${field}`).value = value;
      }
      await page.click("login-submit");
      await act(() => speak("ja"));
      expect(language.value).toBe("ja");
      await stands();
    });
  }
});
