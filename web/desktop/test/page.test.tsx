// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import { Desk } from "../src/desk/desk";
import { language, speak } from "../src/i18n/language";
import { App } from "../src/ui/App";
import { now } from "../src/ui/clock";
import { type Call, Site } from "./site";

let site: Site;
let desk: Desk;

beforeEach(async () => {
  vi.useFakeTimers();
  language.value = "en";
  sessionStorage.clear();
  localStorage.clear();
  document.body.innerHTML = '<div id="app"></div>';
  site = new Site();
  site.install();
  desk = new Desk({ bosh: bosh(site.bosh.post) }, true);
  const root = document.getElementById("app") as HTMLElement;
  await act(() => render(<App desk={desk} />, root));
});

afterEach(async () => {
  await act(() => render(null, document.getElementById("app") as HTMLElement));
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms = 20) =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
    now.value = Date.now();
  });

function hook(id: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  if (!found) throw new Error(`no ${id}`);
  return found;
}

const has = (id: string) => document.querySelector(`[data-testid="${id}"]`) !== null;
const text = (id: string) => hook(id).textContent?.trim();
const focused = () => (document.activeElement as HTMLElement | null)?.dataset.testid;

async function click(id: string): Promise<void> {
  await act(() => hook(id).click());
  await pass();
}

async function press(key: string): Promise<void> {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  await act(() => void document.activeElement?.dispatchEvent(event));
}

async function signIn(id = "1001", password = "secret-7", extension = "2001"): Promise<void> {
  for (const [name, value] of Object.entries({ id, password, extension })) {
    (hook(`login-${name}`) as HTMLInputElement).value = value;
  }
  await click("login-submit");
}

describe("the sign-in form", () => {
  it("has a label for each field, and starts at the first", () => {
    for (const name of ["id", "password", "extension"]) {
      expect(hook(`login-${name}`).closest("label")?.textContent).not.toBe("");
    }
    expect(focused()).toBe("login-id");
  });

  it("goes to the field that was left empty", async () => {
    await signIn("1001", "secret-7", "  ");
    expect(focused()).toBe("login-extension");
    expect(hook("login-extension").getAttribute("aria-invalid")).toBe("true");
    expect(text("login-status")).toBe("Please fill in this field.");
    expect(site.asked).toEqual([]);
  });

  it("goes to the field at fault, and says aloud what is wrong", async () => {
    await signIn("1001", "wrong");
    expect(focused()).toBe("login-password");
    expect(hook("login-status").querySelector("[role=alert]")?.textContent).toContain(
      "do not belong together",
    );
    expect(hook("login-password").getAttribute("aria-describedby")).toBe("login-status");
  });

  it("says what it is doing, and can be stopped", async () => {
    site.bosh.faults.push("hang");
    await signIn();
    expect(text("login-status")).toBe("Establishing encrypted connection…");
    await click("login-cancel");
    expect(text("login-status")).toBe("");
    expect(has("login-cancel")).toBe(false);
  });

  it("remembers who and where across a reload, and no password anywhere", async () => {
    await signIn();
    const kept = JSON.stringify([{ ...sessionStorage }, { ...localStorage }]);
    expect(kept).toContain("2001");
    expect(kept).not.toContain("secret-7");
    expect(document.body.innerHTML).not.toContain("secret-7");
    const root = document.getElementById("app") as HTMLElement;
    const reloaded = new Desk({ bosh: bosh(site.bosh.post) }, true);
    await act(() => render(null, root));
    await act(() => render(<App desk={reloaded} />, root));
    expect((hook("login-id") as HTMLInputElement).value).toBe("1001");
    expect((hook("login-password") as HTMLInputElement).value).toBe("");
    expect(focused()).toBe("login-password");
  });
});

describe("the desk", () => {
  it("shows who, where, and the state by shape and word, with a running clock", async () => {
    await signIn();
    expect([text("agent-name"), text("agent-id"), text("agent-extension"), text("agent-team")]).toEqual([
      "Agent 1",
      "1001",
      "2001",
      "Blue",
    ]);
    expect([text("agent-state"), hook("agent-state").dataset.state]).toEqual(["Not ready", "NOT_READY"]);
    await pass(65_000);
    expect(text("agent-state-clock")).toBe("1:05");
  });

  it("corrects the clock by the server's", async () => {
    site.changedAt = new Date(Date.now() + 3_600_000).toISOString();
    site.state = "NOT_READY";
    site.extension = "2001";
    await signIn();
    expect(text("agent-state-clock")).toBe("0:00");
    desk.model.distance.value = { driftMs: 3_600_000 + 10_000, roundTripMs: 1 };
    await pass(0);
    expect(text("agent-state-clock")).toBe("0:10");
  });

  it("shows names and reasons as text, whatever they hold", async () => {
    site.firstName = "&lt;img src=x onerror=alert(1)&gt;\u202e";
    await signIn();
    expect(text("agent-name")).toBe("<img src=x onerror=alert(1)>\u202e 1");
    expect(document.querySelector("img")).toBeNull();
    expect(hook("agent-name").querySelector("bdi")).not.toBeNull();
  });

  it("shows a state it does not know by its name, without a clock if none is told", async () => {
    await signIn();
    site.changedAt = "";
    site.publish(site.user("user").replace("NOT_READY", "LEVITATING"));
    await pass();
    expect([text("agent-state"), hook("agent-state").dataset.state]).toEqual(["LEVITATING", "LEVITATING"]);
    expect(text("agent-state-clock")).toBe("–");
    expect(document.querySelector(".state-panel > .state-mark")?.getAttribute("data-tone")).toBe("unknown");
  });

  it("shows what comes after the call", async () => {
    await signIn();
    site.pendingState = "NOT_READY";
    site.become("TALKING");
    await pass();
    expect(text("pending-state")).toBe("Not ready after this call");
  });

  it("keeps a message until it is dismissed", async () => {
    await signIn();
    site.phone = { type: "Invalid State", message: "" };
    await click("state-menu");
    await click("state-option-READY");
    expect(text("message")).toContain("Could not change to Ready.");
    await pass(60_000);
    await click("message-dismiss");
    expect(has("message")).toBe(false);
  });

  it("signs out with a reason", async () => {
    await signIn();
    await click("sign-out");
    await click("sign-out-51");
    expect(has("login-id")).toBe(true);
    expect(focused()).toBe("login-password");
  });
});

describe("the state menu", () => {
  beforeEach(() => signIn());

  it("offers ready, and not ready with its reasons", async () => {
    await click("state-menu");
    for (const option of ["READY", "NOT_READY", "NOT_READY-31", "NOT_READY-32"]) {
      expect(has(`state-option-${option}`), option).toBe(true);
    }
    await click("state-option-NOT_READY-32");
    expect([hook("agent-state").dataset.state, text("agent-reason")]).toEqual(["NOT_READY", "Reason 32"]);
    expect(has("state-option-READY")).toBe(false);
  });

  it("is worked by keys alone", async () => {
    hook("state-menu").focus();
    await press("ArrowDown");
    expect(focused()).toBe("state-option-NOT_READY");
    await press("ArrowUp");
    expect(focused()).toBe("state-option-READY");
    await press("End");
    expect(focused()).toBe("state-option-NOT_READY-32");
    await press("ArrowDown");
    expect(focused()).toBe("state-option-READY");
    await press("n");
    expect(focused()).toBe("state-option-NOT_READY");
    await press("Escape");
    expect([focused(), hook("state-menu").getAttribute("aria-expanded")]).toEqual(["state-menu", "false"]);
  });

  it("does not offer the state that is there", async () => {
    await click("state-menu");
    await click("state-option-READY");
    await click("state-menu");
    expect(hook("state-option-READY").getAttribute("aria-checked")).toBe("true");
    const asked = site.asked.length;
    await click("state-option-READY");
    expect(site.asked.length).toBe(asked);
  });

  it("closes when somebody clicks elsewhere", async () => {
    await click("state-menu");
    await act(() => void document.body.dispatchEvent(new Event("pointerdown", { bubbles: true })));
    expect(has("state-option-READY")).toBe(false);
  });
});

describe("banners", () => {
  beforeEach(() => signIn());

  const banner = () => hook("banner").dataset.kind;

  it("say that the connection is lost, why, and what happens next; then that it is back", async () => {
    site.bosh.faults.push(...Array<"refuse">(6).fill("refuse"));
    site.bosh.terminate("system-shutdown");
    await pass();
    expect(banner()).toBe("lost");
    expect(text("banner")).toContain("The server was stopped or is restarting.");
    expect(text("banner")).toContain("Trying again");
    expect(hook("banner").closest("[role=alert]")).not.toBeNull();
    expect((hook("state-menu") as HTMLButtonElement).disabled).toBe(true);
    for (let second = 0; second < 30 && banner() === "lost"; second += 1) await pass(1_000);
    expect(banner()).toBe("restored");
    expect((hook("state-menu") as HTMLButtonElement).disabled).toBe(false);
  });

  it("lead to where a certificate can be trusted again, when a server that went in good order stays away", async () => {
    vi.stubGlobal("location", { ...location, protocol: "https:" });
    site.bosh.faults.push(...Array<"refuse">(40).fill("refuse"));
    site.bosh.terminate("system-shutdown");
    await pass(5_000);
    expect([banner(), has("banner-certificate")]).toEqual(["lost", false]);
    await pass(15_000);
    expect([banner(), has("banner-certificate")]).toEqual(["lost", true]);
  });

  it("say that the agent signed in elsewhere, with a way back", async () => {
    site.bosh.terminate("remote-stream-error", "conflict");
    await pass();
    expect(banner()).toBe("conflict");
    await click("take-over");
    expect(banner()).toBe("restored");
  });

  it("say that the phone system is lost", async () => {
    site.publish("<systemInfo><status>OUT_OF_SERVICE</status></systemInfo>");
    await pass();
    expect(banner()).toBe("service");
  });
});

describe("the language", () => {
  it("can be changed at any time, and is remembered", async () => {
    await signIn();
    await act(() => speak("ja"));
    expect(text("agent-state")).toBe("受付不可");
    expect([document.documentElement.lang, localStorage.getItem("aplomb.language")]).toEqual(["ja", "ja"]);
  });
});

describe("calls", () => {
  const RINGING: Call = {
    id: "17",
    queue: "Support",
    variables: { callVariable1: "<b>gold</b>", callVariable2: "", "user.case": "\u202eA-1" },
    parties: [
      ["2001", "ALERTING", "ANSWER"],
      ["5550100", "INITIATED"],
    ],
  };
  const TALKING: Call = {
    ...RINGING,
    parties: [
      ["2001", "ACTIVE", "HOLD", "DROP", "CONSULT_CALL", "SEND_DTMF", "UPDATE_CALL_DATA"],
      ["5550100", "ACTIVE"],
    ],
  };
  const buttons = () =>
    [...document.querySelectorAll<HTMLElement>(".call-buttons button")].map(({ dataset }) => dataset.testid);
  const show = async (event: "POST" | "PUT" | "DELETE", call: Call) => {
    site.call(event, call);
    await pass();
  };

  beforeEach(() => signIn());

  it("that ring are told aloud, with who calls and what is known", async () => {
    await show("POST", RINGING);
    expect(document.querySelector(".calls [role=alert]")?.textContent).toBe("Call coming in from 5550100");
    expect(text("call-party")).toBe("5550100");
    expect(hook("call").textContent).toContain("Queue Support");
    // Markup and direction marks are the caller's text, not the page's.
    expect(text("call-variable-callVariable1")).toBe("<b>gold</b>");
    expect(hook("call-variable-user.case").querySelector("bdi")).not.toBeNull();
    expect(has("call-variable-callVariable2")).toBe(false);
  });

  it("have the buttons that the server offers, and no others", async () => {
    await show("POST", RINGING);
    expect(buttons()).toEqual(["call-ANSWER"]);
    await show("PUT", TALKING);
    expect(buttons()).toEqual(["call-HOLD", "call-CONSULT_CALL", "call-SEND_DTMF", "call-DROP"]);
    await show("PUT", { ...RINGING, parties: [["2001", "DROPPED"]] });
    expect(buttons()).toEqual([]);
  });

  it("wait for an outcome before more is asked of them", async () => {
    await show("POST", RINGING);
    await click("call-ANSWER");
    expect((hook("call-ANSWER") as HTMLButtonElement).disabled).toBe(true);
    await show("PUT", TALKING);
    expect((hook("call-HOLD") as HTMLButtonElement).disabled).toBe(false);
  });

  it("are consulted about with a number, and a wrong one is told", async () => {
    const asked: string[] = [];
    site.onCall = (action, body) => asked.push(`${action} ${body}`);
    await show("POST", TALKING);
    await click("call-CONSULT_CALL");
    expect(focused()).toBe("call-number");
    const field = hook("call-number") as HTMLInputElement;
    field.value = "somebody";
    await click("call-number-submit");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    field.value = "(555) 01-23";
    await click("call-number-submit");
    expect(asked[0]).toContain("<toAddress>5550123</toAddress>");
    await press("Escape");
  });

  it("take digits from the keypad and from the keyboard", async () => {
    const asked: string[] = [];
    site.onCall = (_, body) => asked.push(/<value>(.*)<\/value>/.exec(body)?.[1] ?? "");
    await show("POST", TALKING);
    await click("call-SEND_DTMF");
    await click("key-4");
    await press("#");
    await pass();
    expect([asked, text("keypad-sent")]).toEqual([["4", "#"], "Sent: 4#"]);
  });

  it("that are over are history, and can be called back", async () => {
    let called = "";
    site.onCall = (_, body) => {
      called = body;
    };
    await show("POST", TALKING);
    await show("DELETE", TALKING);
    expect(has("call")).toBe(false);
    expect(text("past-call")).toContain("5550100");
    await act(() => hook("past-call").querySelector("button")?.click());
    await pass();
    expect(called).toContain("<toAddress>5550100</toAddress>");
  });

  it("of unknown kinds and with huge values are shown all the same", async () => {
    await show("POST", {
      ...RINGING,
      callType: "SOMETHING_NEW",
      variables: { callVariable3: "x".repeat(10_000) },
      parties: [["2001", "ODD_STATE", "ODD_ACTION"]],
    });
    expect(text("call-state")).toContain("ODD_STATE");
    expect(buttons()).toEqual([]);
  });

  it("cannot be made while the connection is lost", async () => {
    await show("POST", TALKING);
    site.bosh.terminate("system-shutdown");
    site.bosh.faults.push(...Array<"refuse">(100).fill("refuse"));
    await pass(100);
    for (const id of ["call-HOLD", "dial-number-submit"])
      expect((hook(id) as HTMLButtonElement).disabled, id).toBe(true);
  });
});
