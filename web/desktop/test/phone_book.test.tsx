// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CONTACTS_MAX, type Contact, readPhoneBooks } from "../src/finesse/phone_book";
import { SHOWN_MAX } from "../src/ui/Combobox";
import { ContactSearch } from "../src/ui/contact_search";
import { parse } from "../src/xml/parse";
import { xml } from "../src/xml/write";
import { Page } from "./page";
import { error } from "./site";

type Written = [first: string, last: string, number: string, description?: string];

function books(...contacts: Written[]): string {
  const listed = contacts.map(
    ([first, last, number, description = ""]) =>
      xml`<Contact><firstName>${first}</firstName><lastName>${last}</lastName>` +
      xml`<phoneNumber>${number}</phoneNumber><description>${description}</description></Contact>`,
  );
  return `<PhoneBooks><PhoneBook><name>Suppliers</name><type>GLOBAL</type><contacts>${listed.join("")}</contacts></PhoneBook></PhoneBooks>`;
}

const FEW = books(
  ["Paper", "Mill", "(555) 01-11", "until five"],
  ["Ink", "Works", "5550122"],
  ["ペン", "工房", "5550133"],
  ["", "", "5550144", "Reception"],
);

let page: Page;

beforeEach(async () => {
  page = await Page.open();
  page.site.made.set("PhoneBooks", FEW);
});

afterEach(() => page.close());

const options = () => page.texts("dial-number-option");
const calledNumbers = () => {
  const called: string[] = [];
  page.site.onCall = (_, body) => called.push(/<toAddress>(.*)<\/toAddress>/.exec(body)?.[1] ?? "");
  return called;
};

describe("the phone book", () => {
  it("is found in by name, number, description or book, in any order of words", async () => {
    const found = readPhoneBooks(parse(FEW)) ?? [];
    const search = new ContactSearch(found, "en");
    const numbers = (typed: string) => search.find(typed).map(({ number }) => number);
    expect(numbers("mill PAPER")).toEqual(["(555) 01-11"]);
    expect(numbers("0111")).toEqual(["(555) 01-11"]);
    expect(numbers("555 0122")).toEqual(["5550122"]);
    expect(numbers("recep")).toEqual(["5550144"]);
    expect(numbers("suppliers five")).toEqual(["(555) 01-11"]);
    expect(numbers("ぺん")).toEqual(["5550133"]);
    expect(numbers("nobody")).toEqual([]);
  });

  it("puts first who begins with what is typed", () => {
    const contact = (firstName: string): Contact => {
      return { firstName, lastName: "", number: "1", description: "", book: "" };
    };
    const search = new ContactSearch([contact("Ida Annex"), contact("Anna"), contact("Joanna")], "en");
    expect(search.find("ann").map(({ firstName }) => firstName)).toEqual(["Anna", "Ida Annex", "Joanna"]);
  });

  it("stands under the field for numbers, and is worked by keys alone", async () => {
    const called = calledNumbers();
    await page.signIn();
    await page.type("dial-number", "mill");
    expect(options()).toEqual(["Paper Mill (555) 01-11 until five · Suppliers"]);
    const field = page.field("dial-number");
    expect([field.getAttribute("role"), field.getAttribute("aria-expanded")]).toEqual(["combobox", "true"]);
    const active = document.getElementById(field.getAttribute("aria-activedescendant") ?? "");
    expect([active?.getAttribute("role"), active?.getAttribute("aria-selected")]).toEqual(["option", "true"]);
    await page.press("Enter");
    expect([field.value, page.focused, options()]).toEqual(["(555) 01-11", "dial-number", []]);
    await page.click("dial-number-submit");
    expect(called).toEqual(["5550111"]);
  });

  it("is gone through with the arrows and left with Escape", async () => {
    await page.signIn();
    page.field("dial-number").focus();
    const at = () => document.querySelector(".combobox [aria-selected=true] .contact-name")?.textContent;
    await page.press("ArrowDown");
    expect([options().length, at()]).toEqual([4, "5550144"]);
    await page.press("ArrowUp");
    expect(at()).toBe("ペン 工房");
    await page.press("ArrowDown");
    await page.press("ArrowDown");
    expect(at()).toBe("Ink Works");
    await page.press("Escape");
    expect([options(), page.field("dial-number").getAttribute("aria-expanded")]).toEqual([[], "false"]);
  });

  it("leaves keys to the input method while it makes a word", async () => {
    await page.signIn();
    await page.type("dial-number", "ペン");
    const confirm = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, isComposing: true });
    page.field("dial-number").dispatchEvent(confirm);
    await page.pass();
    expect([page.field("dial-number").value, options().length]).toEqual(["ペン", 1]);
    await page.press("Enter");
    expect(page.field("dial-number").value).toBe("5550133");
  });

  it("says aloud how many there are, and that there is nobody", async () => {
    await page.signIn();
    const said = () =>
      page.hook("dial-number").closest(".combobox")?.querySelector("[role=status]")?.textContent;
    await page.type("dial-number", "in");
    expect(said()).toBe("1 found");
    await page.type("dial-number", "nobody");
    expect(said()).toBe("Nothing matches.");
  });

  it("leaves a number that is typed as it is", async () => {
    const called = calledNumbers();
    await page.signIn();
    await page.type("dial-number", "555 01");
    expect(options().length).toBe(4);
    expect(page.field("dial-number").hasAttribute("aria-activedescendant")).toBe(false);
    await page.click("dial-number-submit");
    expect(called).toEqual(["55501"]);
  });

  it("opens whole with its button, and closes when the focus goes", async () => {
    await page.signIn();
    await page.click("dial-number-list");
    expect(options().length).toBe(4);
    await page.click("dial-number-option", 2);
    expect(page.field("dial-number").value).toBe("(555) 01-11");
    await page.click("dial-number-list");
    page.hook("state-menu").focus();
    await page.pass();
    expect(options()).toEqual([]);
  });

  it("serves consultations too", async () => {
    await page.signIn();
    page.site.call("POST", {
      id: "1",
      parties: [
        ["2001", "ACTIVE", "CONSULT_CALL", "TRANSFER_SST"],
        ["5550100", "ACTIVE"],
      ],
    });
    await page.pass();
    const called = calledNumbers();
    await page.click("call-CONSULT_CALL");
    await page.type("call-number", "ink");
    await page.press("Enter");
    await page.click("call-number-submit");
    expect(called).toEqual(["5550122"]);
  });

  it("of thousands shows a hundred, and finds each", async () => {
    const many = Array.from(
      { length: CONTACTS_MAX + 10 },
      (_, n): Written => ["Contact", `${n}`, `${5_000_000 + n}`],
    );
    page.site.made.set("PhoneBooks", books(...many));
    await page.signIn();
    expect(page.desk.model.contacts.value.length).toBe(CONTACTS_MAX);
    await page.click("dial-number-list");
    expect(options().length).toBe(SHOWN_MAX);
    const [first] = page.all("dial-number-option");
    expect([first?.getAttribute("aria-posinset"), first?.getAttribute("aria-setsize")]).toEqual([
      "1",
      "6000",
    ]);
    expect(document.querySelector(".combobox-more")?.textContent).toContain("The first 100 of 6000.");
    await page.type("dial-number", "contact 5987");
    expect(options()).toEqual(["Contact 5987 5005987 Suppliers"]);
  });

  it("shows what contacts are called as text", async () => {
    page.site.made.set("PhoneBooks", books(["<img src=x>", "\u202egnp", "5550100", "x".repeat(10_000)]));
    await page.signIn();
    await page.click("dial-number-list");
    expect(options()[0]).toContain("<img src=x> \u202egnp");
    expect(document.querySelector(".combobox img")).toBeNull();
    expect(document.querySelector("bdi.contact-name")).not.toBeNull();
  });

  for (const [what, answer] of [
    ["cannot be had", error(500, "Internal Server Error")],
    ["is no XML", { status: 200, text: "<html><p>Please sign on" }],
    ["is another document", { status: 200, text: "<Dialogs></Dialogs>" }],
  ] as const) {
    it(`that ${what} is told, and numbers can be entered all the same`, async () => {
      page.site.instead.set("GET User/1001/PhoneBooks", answer);
      await page.signIn();
      expect(page.messages).toEqual(["The phone book could not be loaded. Numbers can still be entered."]);
      expect(page.field("dial-number").hasAttribute("role")).toBe(false);
      // After a gap it is asked for again.
      page.site.instead.clear();
      page.site.bosh.terminate("system-shutdown");
      await page.pass(5_000);
      expect(page.field("dial-number").getAttribute("role")).toBe("combobox");
    });
  }
});
