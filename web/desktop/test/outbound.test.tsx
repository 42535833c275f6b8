// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Page } from "./page";
import type { Call } from "./site";

const ALL = ["HOLD", "RECLASSIFY", "UPDATE_SCHEDULED_CALLBACK", "CANCEL_SCHEDULED_CALLBACK", "DROP"];
const CUSTOMER: Call = {
  id: "17",
  from: "5550100",
  callType: "OUTBOUND",
  classification: "VOICE",
  callback: { time: "2031-03-30T02:30", number: "5550155" },
  parties: [
    ["2001", "ACTIVE", ...ALL],
    ["5550100", "ACTIVE"],
  ],
};

let page: Page;
/** What was asked of the call: the action and its parameters. */
let asked: string[];

beforeEach(async () => {
  page = await Page.open();
  asked = [];
  page.site.onCall = (action, body) => {
    const params = [...body.matchAll(/<ActionParam><name>(.*?)<\/name><value>(.*?)<\/value>/g)];
    asked.push([action, ...params.map(([, name, value]) => `${name}=${value}`)].join(" "));
  };
  await page.signIn();
});

afterEach(() => page.close());

/** The server's word of the call. */
async function show(change: Partial<Call> = {}): Promise<void> {
  page.site.call("PUT", { ...CUSTOMER, ...change });
  await page.pass();
}

/** What stands there, with plain blanks. */
const line = () => page.texts("call-callback").map((text) => text?.replace(/\s/g, " "));

describe("a customer's call", () => {
  it("has the buttons that the server offers, and no others", async () => {
    await show({ parties: [["2001", "ACTIVE", "HOLD", "DROP"]] });
    for (const action of ALL.slice(1, 4))
      expect([action, page.has(`call-${action}`)]).toEqual([action, false]);
    await show();
    for (const action of ALL) expect([action, page.has(`call-${action}`)]).toEqual([action, true]);
  });

  it("is said to be what was reached", async () => {
    await show();
    await page.click("call-RECLASSIFY");
    expect(page.hook("reached-VOICE").getAttribute("aria-checked")).toBe("true");
    await page.click("reached-ANSWERING_MACHINE");
    expect(asked).toEqual(["RECLASSIFY outboundClassification=ANSWERING_MACHINE"]);
    await show({ classification: "ANSWERING_MACHINE" });
    await page.click("call-RECLASSIFY");
    expect(page.hook("reached-ANSWERING_MACHINE").getAttribute("aria-checked")).toBe("true");
  });
});

describe("a callback", () => {
  it("is arranged, first the time and then the number", async () => {
    await show({ callback: undefined });
    expect(page.has("call-callback")).toBe(false);
    await page.click("call-UPDATE_SCHEDULED_CALLBACK");
    expect(page.focused).toBe("callback-time");
    await page.type("callback-time", "2031-03-07T14:30");
    await page.type("callback-number", "555-01 77");
    await page.click("callback-save");
    expect(asked).toEqual(["UPDATE_SCHEDULED_CALLBACK callbackTime=2031-03-07T14:30"]);
    await show({ callback: { time: "2031-03-07T14:30" } });
    expect(asked.slice(1)).toEqual(["UPDATE_SCHEDULED_CALLBACK callbackNumber=5550177"]);
    await show({ callback: { time: "2031-03-07T14:30", number: "5550177" } });
    expect(line()).toEqual(["To be called back: Mar 7, 2031, 2:30 PM at 5550177"]);
    expect([page.has("callback-time"), page.focused]).toEqual([false, "call-UPDATE_SCHEDULED_CALLBACK"]);
  });

  it("shows its time as it was written, in the hour that summer time takes away too", async () => {
    vi.stubEnv("TZ", "Europe/Berlin");
    expect(new Date(2031, 2, 30, 2, 30).getHours()).toBe(3);
    await show();
    expect(line()).toEqual(["To be called back: Mar 30, 2031, 2:30 AM at 5550155"]);
    await show({ callback: { time: "<soon>", number: "5550155" } });
    expect(line()).toEqual(["To be called back: <soon> at 5550155"]);
    await show({ callback: { number: "5550155" } });
    expect(line()).toEqual(["To be called back: – at 5550155"]);
    vi.unstubAllEnvs();
  });

  it("that is changed in one part is told in that part", async () => {
    await show();
    await page.click("call-UPDATE_SCHEDULED_CALLBACK");
    expect(page.field("callback-time").value).toBe("2031-03-30T02:30");
    await page.type("callback-number", "5550156");
    await page.click("callback-save");
    expect(asked).toEqual(["UPDATE_SCHEDULED_CALLBACK callbackNumber=5550156"]);
  });

  it("without a time, or to what is no number, is not asked for", async () => {
    await show({ callback: undefined });
    await page.click("call-UPDATE_SCHEDULED_CALLBACK");
    await page.click("callback-save");
    expect([page.focused, page.field("callback-time").getAttribute("aria-invalid")]).toEqual([
      "callback-time",
      "true",
    ]);
    await page.type("callback-time", "2031-03-07T14:30");
    await page.type("callback-number", "call me");
    await page.click("callback-save");
    expect(page.focused).toBe("callback-number");
    expect(document.querySelector(".number-wrong")?.textContent).toContain("Please enter a number");
    expect(asked).toEqual([]);
    await page.press("Escape");
    expect([page.has("callback-time"), page.focused]).toEqual([false, "call-UPDATE_SCHEDULED_CALLBACK"]);
  });

  it("is taken back", async () => {
    await show();
    await page.click("call-CANCEL_SCHEDULED_CALLBACK");
    expect(asked).toEqual(["CANCEL_SCHEDULED_CALLBACK"]);
    await show({ callback: undefined });
    expect([page.has("call-callback"), page.messages]).toEqual([false, []]);
  });

  it("that the phone system does not take is told, and what was written stays", async () => {
    page.site.onCall = (_, __, id) => page.site.refuse("Call Operation Failure", "", id);
    await show({ callback: undefined });
    await page.click("call-UPDATE_SCHEDULED_CALLBACK");
    await page.type("callback-time", "2031-03-07T14:30");
    await page.click("callback-save");
    expect(page.messages).toEqual(["The callback could not be arranged."]);
    expect(page.field("callback-time").value).toBe("2031-03-07T14:30");
  });
});
