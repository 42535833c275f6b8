// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TEAM_MESSAGES_MAX } from "../src/finesse/team_message";
import { xml } from "../src/xml/write";
import { Page } from "./page";
import { error } from "./site";

const NODE = "/finesse/api/Team/5000/TeamMessages";

function message(root: string, id: string, content: string, { agoSecs = 0, lastsSecs = 600 } = {}): string {
  const createdAt = Math.floor(Date.now() / 1000) - agoSecs;
  return (
    `<${root}>${xml`<id>${id}</id><content>${content}</content>`}` +
    "<createdBy><id>1900001</id><firstName>Supervisor</firstName><lastName>1</lastName></createdBy>" +
    `<createdAt>${createdAt}</createdAt><duration>${lastsSecs}</duration><teams><team>5000</team></teams></${root}>`
  );
}

let page: Page;

beforeEach(async () => {
  page = await Page.open();
});

afterEach(() => page.close());

const told = (id: string, content: string, how?: Parameters<typeof message>[3]) => {
  page.site.event(NODE, message("teamMessage", id, content, how), "POST");
  return page.pass();
};
const shown = () =>
  page.all("team-news-line").map((line) => line.querySelector(".team-news-text")?.textContent);
const announced = () => document.querySelector(".desk-news > [role=status]")?.textContent;

describe("what the team is told", () => {
  it("is there at the sign-in, the latest first, with who said it", async () => {
    page.site.teamMessages = [
      message("TeamMessage", "a", "Fire drill at noon", { agoSecs: 60 }),
      message("TeamMessage", "b", "Line 3 is down"),
    ];
    await page.signIn();
    expect(shown()).toEqual(["Line 3 is down", "Fire drill at noon"]);
    expect(page.hook("team-news-line").textContent).toContain("Supervisor 1");
    expect(page.hook("team-news").textContent).toContain("2 new");
  });

  it("is announced when it comes, and folded away when it was read", async () => {
    await page.signIn();
    expect(page.has("team-news")).toBe(false);
    await told("a", "Line 3 is down");
    expect(announced()).toBe("Message to the team from Supervisor 1: Line 3 is down");
    await page.click("team-news-read");
    expect(announced()).toBe("");
    expect(document.activeElement?.id).toBe("team-news-heading");
    expect(page.has("team-news-read")).toBe(false);
    expect(page.texts("team-news-old")).toEqual(["Read: 1"]);
    expect(page.hook("team-news-line").closest("details")?.open).toBe(false);
  });

  it("stays read after a gap, and goes when it is taken back", async () => {
    await page.signIn();
    await told("a", "Line 3 is down");
    await page.click("team-news-read");
    page.site.teamMessages = [
      message("TeamMessage", "a", "Line 3 is down"),
      message("TeamMessage", "b", "New"),
    ];
    page.site.bosh.terminate("system-shutdown");
    await page.pass(5_000);
    expect(page.texts("team-news-old")).toEqual(["Read: 1"]);
    expect(shown()).toEqual(["New", "Line 3 is down"]);
    page.site.event(NODE, message("teamMessage", "a", ""), "DELETE");
    await page.pass();
    expect(shown()).toEqual(["New"]);
  });

  it("goes by itself when its time is over", async () => {
    await page.signIn();
    await told("a", "For a minute", { lastsSecs: 60 });
    expect(shown()).toEqual(["For a minute"]);
    await page.pass(61_000);
    expect(page.has("team-news")).toBe(false);
  });

  it("twice is there once, and of another team not at all", async () => {
    await page.signIn();
    await told("a", "Once");
    await told("a", "Once");
    page.site.event("/finesse/api/Team/9/TeamMessages", message("teamMessage", "x", "Not ours"), "POST");
    await page.pass();
    expect(shown()).toEqual(["Once"]);
  });

  it("follows an agent to another team", async () => {
    await page.signIn();
    await told("a", "Old team");
    page.site.instead.set("GET Team/6000/TeamMessages", {
      status: 200,
      text: `<TeamMessages>${message("TeamMessage", "b", "New team")}</TeamMessages>`,
    });
    page.site.publish(page.site.user("user").replace("<teamId>5000", "<teamId>6000"));
    await page.pass();
    expect(shown()).toEqual(["New team"]);
  });

  it("is text, whatever is in it, and no more than anybody reads", async () => {
    await page.signIn();
    await told("a", `<b>bold</b> \u202e${"x".repeat(10_000)}`);
    expect(document.querySelector(".team-news b")).toBeNull();
    expect(document.querySelector(".team-news-text > bdi")?.textContent).toContain("<b>bold</b>");
    for (let n = 0; n < TEAM_MESSAGES_MAX + 3; n += 1) await told(`m${n}`, "One of many");
    expect(shown().length).toBe(TEAM_MESSAGES_MAX);
  });

  it("without an end or a number for one is left aside", async () => {
    await page.signIn();
    for (const secs of ["", "soon", "-5"]) {
      const broken = message("teamMessage", "a", "Broken").replace(/<duration>\d+/, `<duration>${secs}`);
      page.site.event(NODE, broken, "POST");
    }
    await page.pass();
    expect(page.has("team-news")).toBe(false);
  });

  it("that cannot be had is told", async () => {
    page.site.instead.set("GET Team/5000/TeamMessages", error(500, "Internal Server Error"));
    await page.signIn();
    expect(page.messages).toEqual(["The team's messages could not be loaded."]);
  });
});
