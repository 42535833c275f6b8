// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { xml } from "../src/xml/write";
import { Page } from "./page";
import { type Call, error } from "./site";

type Entry = [label: string, property: string, editable?: boolean];

const TALKING: Call = {
  id: "17",
  queue: "Support",
  variables: { callVariable1: "gold", callVariable2: "", callVariable3: "Paris", "user.order": "A-7" },
  parties: [
    ["2001", "ACTIVE", "HOLD", "UPDATE_CALL_DATA"],
    ["5550100", "ACTIVE"],
  ],
};

function entries(of: readonly Entry[]): string {
  const written = of.map(([label, property, editable = false]) => {
    const names = xml`<displayName>${label}</displayName><mediaProperty>${property}</mediaProperty>`;
    return `<entry>${names}<uiEditable>${editable}</uiEditable></entry>`;
  });
  return written.join("");
}

function layout(name: string, type: "DEFAULT" | "CUSTOM", header: Entry[], ...columns: Entry[][]): string {
  const lists = columns.map((column) => `<column>${entries(column)}</column>`).join("");
  return `<MediaPropertiesLayout><name>${name}</name><type>${type}</type><header>${entries(header)}</header>${lists}</MediaPropertiesLayout>`;
}

const DEFAULT = layout(
  "Default Layout",
  "DEFAULT",
  [["Level", "callVariable1"]],
  [
    ["Discount", "callVariable2"],
    ["City", "callVariable3", true],
  ],
  [
    ["Order", "user.order", true],
    ["Skill", "queueName", true],
  ],
);

let page: Page;

beforeEach(async () => {
  page = await Page.open();
  layouts(DEFAULT);
});

afterEach(() => page.close());

function layouts(...all: string[]): void {
  page.site.made.set(
    "MediaPropertiesLayouts",
    `<MediaPropertiesLayouts>${all.join("")}</MediaPropertiesLayouts>`,
  );
}

async function show(call: Call): Promise<void> {
  await page.signIn();
  page.site.call("POST", call);
  await page.pass();
}

/** What stands where: the head's line, then each column. */
const seen = () => ({
  head: document.querySelector(".call-headline")?.textContent,
  columns: [...document.querySelectorAll(".call-variables dl")].map((column) =>
    [...column.children].map((line) => [...line.children].map((part) => part.textContent).join("=")),
  ),
});
const sent = () => {
  const bodies: string[] = [];
  page.site.onCall = (_, body) => bodies.push(body);
  return bodies;
};

describe("the data of a call", () => {
  it("stand where the layout puts them, under its names; what is empty is left out", async () => {
    await show(TALKING);
    expect(seen()).toEqual({
      head: "Level: gold",
      columns: [["City=Paris"], ["Order=A-7", "Skill=Support"]],
    });
  });

  it("are laid out as the call's own variable says", async () => {
    layouts(DEFAULT, layout("Orders", "CUSTOM", [["Order", "user.order"]], [["Where", "callVariable3"]], []));
    await show({ ...TALKING, variables: { ...TALKING.variables, "user.Layout": "orders" } });
    expect(seen()).toEqual({ head: "Order: A-7", columns: [["Where=Paris"]] });
    page.site.call("PUT", { ...TALKING, variables: { ...TALKING.variables, "user.Layout": "No such" } });
    await page.pass();
    expect(seen().head).toBe("Level: gold");
  });

  it("are shown all where there is no layout, and it is told when none could be had", async () => {
    page.site.instead.set("GET User/1001/MediaPropertiesLayouts", error(500, "Internal Server Error"));
    await show(TALKING);
    expect(seen().columns).toEqual([["Variable 1=gold", "Variable 3=Paris", "order=A-7"]]);
    expect(page.messages[0]).toContain("The layout of call data could not be loaded");
  });

  it("that may be changed are, and only what was changed is sent", async () => {
    await show(TALKING);
    const bodies = sent();
    await page.click("call-data-edit");
    expect(page.focused).toBe("call-data-callVariable3");
    // A queue's name is the phone system's word, whatever the layout says.
    expect(page.has("call-data-queueName")).toBe(false);
    page.field("call-data-callVariable3").value = " <Lyon> & co ";
    await page.click("call-data-save");
    expect(bodies).toEqual([
      "<Dialog><mediaProperties><callvariables><CallVariable><name>callVariable3</name>" +
        "<value>&lt;Lyon&gt; &amp; co</value></CallVariable></callvariables></mediaProperties>" +
        "<requestedAction>UPDATE_CALL_DATA</requestedAction></Dialog>",
    ]);
    page.site.call("PUT", { ...TALKING, variables: { ...TALKING.variables, callVariable3: "Lyon" } });
    await page.pass();
    expect(seen().columns[0]).toEqual(["City=Lyon"]);
    expect([page.has("call-data-save"), page.focused]).toEqual([false, "call-data-edit"]);
  });

  it("that are longer than the phone system keeps are not sent", async () => {
    await show(TALKING);
    const bodies = sent();
    await page.click("call-data-edit");
    // 14 characters of three bytes each.
    page.field("call-data-callVariable3").value = "東".repeat(14);
    await page.click("call-data-save");
    expect([bodies, page.focused]).toEqual([[], "call-data-callVariable3"]);
    expect(page.field("call-data-callVariable3").getAttribute("aria-invalid")).toBe("true");
    await page.press("Escape");
    expect(page.has("call-data-save")).toBe(false);
  });

  it("cannot be changed where the server does not offer it", async () => {
    await show({ ...TALKING, parties: [["2001", "ALERTING", "ANSWER"]] });
    expect(page.has("call-data-edit")).toBe(false);
  });

  it("are text, whatever is in them", async () => {
    const nasty = `<img src=x onerror=alert(1)>\u202e\u0085\u200f${"x".repeat(10_000)}`;
    layouts(
      layout(
        "Default Layout",
        "DEFAULT",
        [["&lt;b&gt;", "callVariable1"]],
        [["\u202eytiC", "callVariable3"]],
        [],
      ),
    );
    await show({ ...TALKING, variables: { callVariable1: nasty, callVariable3: nasty } });
    expect(document.querySelector(".call img, .call-headline b")).toBeNull();
    for (const name of ["callVariable1", "callVariable3"]) {
      const value = page.hook(`call-variable-${name}`);
      expect((value.closest("bdi") ?? value.querySelector("bdi"))?.textContent).toBe(nasty);
    }
  });
});

describe("a preview of an outbound call", () => {
  const PREVIEW: Call = {
    id: "20",
    from: "5550199",
    to: "2001",
    callType: "OUTBOUND_PREVIEW",
    variables: { BACampaign: "Spring", BABuddyName: "Customer 1", BAStatus: "PO", callVariable3: "Paris" },
    parties: [["2001", "ALERTING", "ACCEPT", "REJECT", "CLOSE"]],
  };
  const buttons = () =>
    [...document.querySelectorAll<HTMLElement>(".call-buttons button")].map((b) => b.dataset.testid);

  it("says whom it is about, whether the layout does or not, and offers what the server does", async () => {
    await show(PREVIEW);
    expect(page.hook("call").dataset.ringing).toBe("true");
    expect(page.hook("call").textContent).toContain("Preview of an outbound call");
    expect(page.texts("call-state")).toEqual(["Waiting for your answer"]);
    expect(seen().columns).toEqual([["Campaign=Spring", "Customer=Customer 1"], ["City=Paris"]]);
    expect(buttons()).toEqual(["call-ACCEPT", "call-REJECT", "call-CLOSE"]);
    page.site.call("PUT", { ...PREVIEW, parties: [["2001", "ALERTING", "ACCEPT", "REJECT"]] });
    await page.pass();
    expect(buttons()).toEqual(["call-ACCEPT", "call-REJECT"]);
  });

  it("does not say twice what the layout has", async () => {
    layouts(layout("Default Layout", "DEFAULT", [["Campaign", "BACampaign"]], [["Name", "BABuddyName"]], []));
    await show(PREVIEW);
    expect(seen()).toEqual({ head: "Campaign: Spring", columns: [["Name=Customer 1"]] });
  });

  for (const action of ["ACCEPT", "REJECT", "CLOSE"] as const) {
    it(`is answered with ${action}`, async () => {
      await show(PREVIEW);
      const bodies = sent();
      await page.click(`call-${action}`);
      expect(bodies[0]).toContain(`<requestedAction>${action}</requestedAction><targetMediaAddress>2001<`);
      expect((page.hook("call-ACCEPT") as HTMLButtonElement).disabled).toBe(true);
      page.site.call("DELETE", { ...PREVIEW, parties: [["2001", "DROPPED"]] });
      await page.pass(20_000);
      // It was no call: the history has none.
      expect([page.has("call"), page.has("past-call"), page.messages]).toEqual([false, false, []]);
    });
  }

  it("that was refused is told", async () => {
    await show(PREVIEW);
    page.site.onCall = (_, __, id) => page.site.refuse("Call Operation Failure", "", id);
    await page.click("call-ACCEPT");
    expect(page.messages).toEqual(["The preview could not be accepted."]);
  });
});
