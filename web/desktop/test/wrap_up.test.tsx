// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { xml } from "../src/xml/write";
import { Page } from "./page";
import { type Call, error } from "./site";

const TALKING: Call = {
  id: "17",
  parties: [
    ["2001", "ACTIVE", "HOLD", "UPDATE_CALL_DATA"],
    ["5550100", "ACTIVE"],
  ],
};

let page: Page;
let bodies: string[];

beforeEach(async () => {
  page = await Page.open();
  reasons("Order", "Complaint", "Question about the bill");
  bodies = [];
  page.site.onCall = (_, body) => bodies.push(body);
});

afterEach(() => page.close());

function reasons(...labels: string[]): void {
  const listed = labels.map((label) => xml`<WrapUpReason><label>${label}</label></WrapUpReason>`);
  page.site.made.set("WrapUpReasons", `<WrapUpReasons>${listed.join("")}</WrapUpReasons>`);
}

async function show(call: Call, settings = ""): Promise<void> {
  page.site.moreOfUser = `<settings>${settings}</settings>`;
  await page.signIn();
  page.site.call("POST", call);
  await page.pass();
}

const change = (call: Call) => {
  page.site.call("PUT", call);
  return page.pass();
};
const options = () => page.texts("wrap-up-option");

describe("wrap-up reasons", () => {
  it("are a list to choose from, by keys alone", async () => {
    await show(TALKING);
    page.field("wrap-up").focus();
    await page.press("ArrowDown");
    expect(options()).toEqual(["Order", "Complaint", "Question about the bill"]);
    await page.press("ArrowDown");
    await page.press("Enter");
    expect(bodies[0]).toContain("<mediaProperties><wrapUpReason>Complaint</wrapUpReason></mediaProperties>");
    await change({ ...TALKING, wrapUp: ["Complaint"] });
    expect(page.texts("wrap-up-given")).toEqual(["Complaint"]);
    expect(document.querySelector(".wrap-up > [role=status]")?.textContent).toBe("Given: Complaint");
  });

  it("are found by a part of them", async () => {
    await show(TALKING);
    await page.type("wrap-up", "BILL");
    expect(options()).toEqual(["Question about the bill"]);
    await page.press("Enter");
    expect(bodies[0]).toContain("Question about the bill");
  });

  it("can be several, and each can be taken back", async () => {
    await show({ ...TALKING, wrapUp: ["Order"] });
    await page.click("wrap-up-list");
    expect(options()).toEqual(["Complaint", "Question about the bill"]);
    await page.click("wrap-up-option");
    expect(bodies[0]).toContain(
      "<wrapUpItems><wrapUpItem>Order</wrapUpItem><wrapUpItem>Complaint</wrapUpItem></wrapUpItems>",
    );
    await change({ ...TALKING, wrapUp: ["Order", "Complaint"] });
    await page.click("wrap-up-remove");
    expect(bodies[1]).toContain("<wrapUpReason>Complaint</wrapUpReason>");
    expect(page.focused).toBe("wrap-up");
    await change({ ...TALKING, wrapUp: ["Complaint"] });
    await page.click("wrap-up-remove");
    expect(bodies[2]).toContain("<wrapUpReason></wrapUpReason>");
  });

  it("that do not fit beside those that are there are not offered", async () => {
    // 39 bytes hold them all: "Question about the bill,Complaint" leaves six, with its comma too few for "Order!".
    reasons("Order!", "Complaint", "Question about the bill", "Gift");
    await show({ ...TALKING, wrapUp: ["Question about the bill", "Complaint"] });
    await page.click("wrap-up-list");
    expect(options()).toEqual(["Gift"]);
    reasons("Order!");
    await change({ ...TALKING, wrapUp: ["Question about the bill", "Complaint", "Gift"] });
    expect([page.has("wrap-up"), page.hook("call").textContent?.includes("No more reasons fit.")]).toEqual([
      false,
      true,
    ]);
  });

  it("are free text where the team has none, or they could not be had", async () => {
    page.site.instead.set("GET User/1001/WrapUpReasons", error(500, "Internal Server Error"));
    await show(TALKING);
    expect(page.messages).toEqual(["The list of wrap-up reasons could not be loaded."]);
    // 14 characters of three bytes each.
    page.field("wrap-up").value = "東".repeat(14);
    await page.click("wrap-up-save");
    expect([bodies, page.field("wrap-up").getAttribute("aria-invalid")]).toEqual([[], "true"]);
    page.field("wrap-up").value = " Sold ";
    await page.click("wrap-up-save");
    expect(bodies[0]).toContain("<wrapUpReason>Sold</wrapUpReason>");
  });

  it("are asked for where the phone system needs one", async () => {
    await show(TALKING, "<wrapUpOnIncoming>REQUIRED_WITH_WRAP_UP_DATA</wrapUpOnIncoming>");
    expect(page.texts("wrap-up-needed")).toEqual(["This call needs a wrap-up reason."]);
    await change({ ...TALKING, wrapUp: ["Order"] });
    expect(page.has("wrap-up-needed")).toBe(false);
  });

  it("are not there where agents do not wrap up, by the call's direction", async () => {
    const outgoing = { ...TALKING, from: "2001", to: "5550100" };
    await show(
      TALKING,
      "<wrapUpOnIncoming>NOT_ALLOWED</wrapUpOnIncoming><wrapUpOnOutgoing>OPTIONAL</wrapUpOnOutgoing>",
    );
    expect(page.has("wrap-up")).toBe(false);
    await change(outgoing);
    expect(page.has("wrap-up")).toBe(true);
    await change({ ...outgoing, callType: "CONSULT" });
    expect(page.has("wrap-up")).toBe(false);
  });

  it("are text, whatever is in them", async () => {
    reasons("<img src=x>", `\u202e${"x".repeat(10_000)}`);
    await show({ ...TALKING, wrapUp: ["&lt;b&gt;"] });
    await page.type("wrap-up", "img");
    expect(options()).toEqual(["<img src=x>"]);
    expect(page.texts("wrap-up-given")).toEqual(["<b>"]);
    expect(document.querySelector(".wrap-up img, .wrap-up b")).toBeNull();
  });
});

describe("the wrap-up's timer", () => {
  it("counts down where the server says how long it is", async () => {
    page.site.moreOfUser = "<wrapUpTimer>30</wrapUpTimer>";
    await page.signIn();
    page.site.become("WORK_READY");
    await page.pass();
    expect(page.texts("wrap-up-left")).toEqual(["Wrap-up ends in 0:29"]);
    await page.pass(10_000);
    expect(page.texts("wrap-up-left")).toEqual(["Wrap-up ends in 0:19"]);
    await page.pass(60_000);
    expect(page.texts("wrap-up-left")).toEqual(["Wrap-up ends in 0:00"]);
    page.site.become("READY");
    await page.pass();
    expect(page.has("wrap-up-left")).toBe(false);
  });

  it("is not there where nobody knows", async () => {
    await page.signIn();
    page.site.become("WORK");
    await page.pass();
    expect(page.has("wrap-up-left")).toBe(false);
  });
});
