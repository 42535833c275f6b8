// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { QUEUES_MAX } from "../src/finesse/queue";
import { child } from "../src/xml/element";
import { Page } from "./page";
import { error } from "./site";

const LIST = "/finesse/api/User/1001/Queues";

function queue(id: string, counts: Record<string, string | number>, name = `Queue ${id}`): string {
  const leaves = Object.entries(counts).map(([leaf, value]) => `<${leaf}>${value}</${leaf}>`);
  return `<Queue><uri>/finesse/api/Queue/${id}</uri><name>${name}</name><statistics>${leaves.join("")}</statistics></Queue>`;
}

let page: Page;

beforeEach(async () => {
  page = await Page.open();
  const longest = new Date(Date.now() - 65_000).toISOString();
  const first = queue("1", { callsInQueue: 3, startTimeOfLongestCallInQueue: longest, agentsReady: 0 });
  page.site.made.set(
    "Queues",
    `<Queues>${first}${queue("2", { callsInQueue: -1, agentsReady: -1 })}</Queues>`,
  );
});

afterEach(() => page.close());

const waiting = (id: string) => page.hook(`queue-waiting-${id}`).textContent;
const wanted = () =>
  page.site.bosh.stanzas.flatMap((iq) => {
    const node = child(child(iq, "pubsub") ?? iq, "subscribe")?.attributes.get("node");
    return node ? [node] : [];
  });

describe("the agent's queues", () => {
  it("are shown with who waits, for how long, and who could take the calls", async () => {
    await page.signIn();
    expect(waiting("1")).toBe("3 waiting");
    expect(page.hook("queue-1").textContent).toMatch(/longest 1:0\dReady0Talking–Wrap-up–Not ready–/);
    expect(wanted()).toEqual(expect.arrayContaining([LIST, "/finesse/api/Queue/1", "/finesse/api/Queue/2"]));
  });

  it("show what is not known as that", async () => {
    await page.signIn();
    expect(waiting("2")).toBe("– waiting");
    expect(page.hook("queue-2").textContent).not.toContain("longest");
  });

  it("follow their events, and nobody else's", async () => {
    await page.signIn();
    const counts = {
      callsInQueue: 4,
      agentsTalkingInbound: 2,
      agentsTalkingInternal: 1,
      agentsWrapUpReady: 1,
      agentsNotReady: 5,
    };
    page.site.event("/finesse/api/Queue/1", queue("1", counts));
    page.site.event("/finesse/api/Queue/9", queue("9", { callsInQueue: 1 }));
    page.site.event("/finesse/api/Queue/9", queue("2", { callsInQueue: 1 }));
    await page.pass();
    expect(page.hook("queue-1").textContent).toContain("4 waitingReady–Talking3Wrap-up1Not ready5");
    expect([page.has("queue-9"), waiting("2")]).toEqual([false, "– waiting"]);
    page.site.event("/finesse/api/Queue/1", queue("1", counts), "DELETE");
    await page.pass();
    expect(page.has("queue-1")).toBe(false);
  });

  it("are asked for anew when the list changes, and after a gap", async () => {
    await page.signIn();
    page.site.made.set("Queues", `<Queues>${queue("3", { callsInQueue: 7 })}</Queues>`);
    page.site.event(LIST, `<Queues>${queue("3", {})}</Queues>`, "POST");
    await page.pass();
    expect([page.has("queue-1"), waiting("3")]).toEqual([false, "7 waiting"]);
    expect(wanted()).toContain("/finesse/api/Queue/3");
    page.site.made.set("Queues", "<Queues></Queues>");
    page.site.bosh.terminate("system-shutdown");
    await page.pass(5_000);
    expect(page.has("queue-3")).toBe(false);
  });

  it("are asked for after a gap without everything else, when only they may have been missed", async () => {
    const node = (name: string, recovered: boolean) =>
      `<node name="${name}" epoch="e" last="1"${recovered ? ' recovered="true"' : ""}/>`;
    const own = ["", "/Dialogs"].map((part) => `/finesse/api/User/1001${part}`);
    let recovered = false;
    page.site.bosh.numbers = () => {
      const nodes = own.map((name) => node(name, recovered)).join("");
      return `<numbers xmlns="urn:aplomb:pubsub:numbers:0">${nodes}${recovered ? node("/finesse/api/Queue/1", false) : ""}</numbers>`;
    };
    await page.signIn();
    recovered = true;
    page.site.made.set("Queues", `<Queues>${queue("1", { callsInQueue: 9 })}</Queues>`);
    page.site.asked.length = 0;
    page.site.bosh.terminate("item-not-found");
    await page.pass(5_000);
    expect(waiting("1")).toBe("9 waiting");
    expect(page.site.asked).toContain("GET User/1001/Queues");
    expect(page.site.asked).not.toContain("GET User/1001/Dialogs");
  });

  it("are no more than anybody looks at, whatever they are called", async () => {
    const name = `&lt;b&gt;\u202e${"x".repeat(10_000)}`;
    const many = Array.from({ length: QUEUES_MAX + 5 }, (_, n) => queue(`${n}`, {}, name));
    page.site.made.set("Queues", `<Queues>${many.join("")}</Queues>`);
    await page.signIn();
    expect(document.querySelectorAll(".queue").length).toBe(QUEUES_MAX);
    expect(document.querySelector(".queue b")).toBeNull();
    expect(document.querySelector(".queue bdi")?.textContent).toContain("<b>");
  });

  it("are not there, without a word, where the phone system has none", async () => {
    page.site.instead.set("GET User/1001/Queues", error(501, "Not Implemented"));
    await page.signIn();
    expect([page.messages, document.querySelector(".queues")]).toEqual([[], null]);
  });

  it("that cannot be read are told", async () => {
    page.site.instead.set("GET User/1001/Queues", { status: 200, text: "no XML" });
    await page.signIn();
    expect(page.messages).toEqual(["The queue statistics could not be loaded."]);
  });
});
