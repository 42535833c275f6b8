// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import type { Offers } from "../src/connection/connection";
import { Desk } from "../src/desk/desk";
import { language } from "../src/i18n/language";
import { App } from "../src/ui/App";
import { error, Site } from "./site";

let site: Site;
let desk: Desk;

/** The form of a server that offers this. */
async function open(offers: Partial<Offers>): Promise<void> {
  const plan = async () => ({
    kinds: ["bosh"] as const,
    spreadMs: 0,
    offers: { mobileAgents: false, sharedExtensions: false, ...offers },
  });
  desk = new Desk({ bosh: bosh(site.bosh.post) }, true, plan);
  await act(() => render(<App desk={desk} />, document.getElementById("app") as HTMLElement));
  await pass();
}

beforeEach(() => {
  vi.useFakeTimers();
  language.value = "en";
  sessionStorage.clear();
  document.body.innerHTML = '<div id="app"></div>';
  site = new Site();
  site.install();
});

afterEach(async () => {
  await act(() => render(null, document.getElementById("app") as HTMLElement));
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms = 20) => act(() => vi.advanceTimersByTimeAsync(ms).then(() => {}));
const find = (id: string) => document.querySelector<HTMLInputElement>(`[data-testid="${id}"]`);
const text = (id: string) => find(id)?.textContent?.trim();
const focused = () => (document.activeElement as HTMLElement | null)?.dataset.testid;

function hook(id: string): HTMLInputElement {
  const found = find(id);
  if (!found) throw new Error(`no ${id}`);
  return found;
}

async function click(id: string): Promise<void> {
  await act(() => hook(id).click());
  await pass();
}

async function submit(more: Record<string, string> = {}): Promise<void> {
  for (const [name, value] of Object.entries({
    id: "1001",
    password: "secret-7",
    extension: "2001",
    ...more,
  })) {
    hook(`login-${name}`).value = value;
  }
  await click("login-submit");
}

const DEVICES =
  "<Devices><Device><deviceId>SEP01</deviceId><deviceTypeName>Desk phone</deviceTypeName></Device>" +
  "<Device><deviceId>SEP02</deviceId><deviceTypeName></deviceTypeName></Device></Devices>";

describe("a mobile agent", () => {
  it("is offered only where the server says so", async () => {
    await open({});
    expect(find("login-mobile")).toBeNull();
  });

  it("says how and at which number, which is dialled without its dashes, and sees it all day by its end", async () => {
    await open({ mobileAgents: true });
    expect(find("login-dialNumber")).toBeNull();
    await click("login-mobile");
    await click("login-mode-NAILED_CONNECTION");
    await submit({ dialNumber: "+81 (55) 50-0123" });
    expect(site.logins).toEqual([
      "<User><state>LOGIN</state><extension>2001</extension><mobileAgent><mode>NAILED_CONNECTION</mode>" +
        "<dialNumber>+8155500123</dialNumber></mobileAgent></User>",
    ]);
    expect(text("agent-mobile")).toBe("···0123, nailed connection");
    expect(document.body.textContent).not.toContain("8155500123");
    expect(await desk.log()).not.toContain("8155500123");
  });

  it("is called for each call unless another way is chosen, and cannot leave the number out", async () => {
    await open({ mobileAgents: true });
    await click("login-mobile");
    await submit();
    expect([focused(), site.logins.length]).toEqual(["login-dialNumber", 0]);
    await submit({ dialNumber: "5550123" });
    expect(site.logins[0]).toContain("<mode>CALL_BY_CALL</mode>");
  });

  it("is remembered for the next sign-in, and not when the choice is taken back", async () => {
    await open({ mobileAgents: true });
    await click("login-mobile");
    await click("login-mode-NAILED_CONNECTION");
    await submit({ dialNumber: "5550123" });
    await act(() => site.become("LOGOUT"));
    await pass();
    expect([hook("login-mobile").checked, hook("login-dialNumber").value]).toEqual([true, "5550123"]);
    expect(hook("login-mode-NAILED_CONNECTION").checked).toBe(true);
    await click("login-mobile");
    await submit();
    expect(site.logins[1]).not.toContain("mobileAgent");
    await act(() => site.become("LOGOUT"));
    await pass();
    expect(hook("login-mobile").checked).toBe(false);
  });

  it("is told which field is wrong, or that the phone system does not want it", async () => {
    await open({ mobileAgents: true });
    await click("login-mobile");
    site.instead.set("PUT LOGIN", {
      ...error(400, "Invalid Input"),
      text: "<ApiErrors><ApiError><ErrorType>Invalid Input</ErrorType><ErrorData>dialNumber</ErrorData></ApiError></ApiErrors>",
    });
    await submit({ dialNumber: "home" });
    expect(focused()).toBe("login-dialNumber");
    expect(text("login-status")).toContain("cannot be dialled");
    site.instead.clear();
    site.phone = { type: "Mode Not Allowed", message: "CF_INVALID_AGENT_WORKMODE" };
    await submit({ dialNumber: "5550123" });
    expect(text("login-status")).toContain("does not let you sign in at another telephone");
  });

  it("who is called for each call is sent to the telephone when it rings", async () => {
    await open({ mobileAgents: true });
    await click("login-mobile");
    await submit({ dialNumber: "5550123" });
    site.call("POST", {
      id: "7",
      parties: [
        ["2001", "ALERTING"],
        ["5550100", "INITIATED"],
      ],
    });
    await pass();
    expect(text("call-answer-outside")).toBe("Answer at your telephone.");
    site.call("PUT", {
      id: "7",
      parties: [
        ["2001", "ACTIVE", "HOLD"],
        ["5550100", "ACTIVE"],
      ],
    });
    await pass();
    expect(find("call-answer-outside")).toBeNull();
  });

  it("who is signed in already is made mobile again where the server has forgotten it", async () => {
    site.state = "READY";
    site.extension = "2001";
    await open({ mobileAgents: true });
    await click("login-mobile");
    await submit({ dialNumber: "5550123" });
    expect(site.logins).toHaveLength(1);
    expect(text("agent-mobile")).toBe("···0123, called for each call");
  });
});

describe("an extension of several telephones", () => {
  it("asks which one before it signs in, and shows it all day", async () => {
    site.made.set("Devices", DEVICES);
    await open({ sharedExtensions: true });
    await submit();
    expect(text("login-status")).toBe("Several telephones share this extension. Please choose yours.");
    expect([focused(), site.logins.length]).toEqual(["login-device-SEP01", 0]);
    await click("login-device-SEP02");
    await submit();
    expect(site.logins[0]).toContain("<activeDeviceId>SEP02</activeDeviceId>");
    expect(text("agent-device")).toBe("SEP02");
    await act(() => site.become("LOGOUT"));
    await pass();
    await submit();
    expect([focused(), site.logins.length], "asked again, with the last one chosen").toEqual([
      "login-device-SEP02",
      1,
    ]);
    await submit();
    expect(site.logins[1]).toContain("<activeDeviceId>SEP02</activeDeviceId>");
  });

  it("does not ask where there is one telephone", async () => {
    site.made.set("Devices", "<Devices></Devices>");
    await open({ sharedExtensions: true });
    await submit();
    expect(site.logins).toHaveLength(1);
  });

  it("does not ask a mobile agent, who is at none of them", async () => {
    site.made.set("Devices", DEVICES);
    await open({ sharedExtensions: true, mobileAgents: true });
    await click("login-mobile");
    await submit({ dialNumber: "5550123" });
    expect(site.logins[0]).not.toContain("activeDeviceId");
  });

  it("forgets the telephones when another extension is written", async () => {
    site.made.set("Devices", DEVICES);
    await open({ sharedExtensions: true });
    await submit();
    expect(find("login-devices")).not.toBeNull();
    await act(() => void hook("login-extension").dispatchEvent(new Event("input", { bubbles: true })));
    expect(find("login-devices")).toBeNull();
  });
});
