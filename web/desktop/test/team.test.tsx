// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import { Desk } from "../src/desk/desk";
import { language } from "../src/i18n/language";
import { App } from "../src/ui/App";
import { child } from "../src/xml/element";
import { error, Site } from "./site";

let site: Site;
let desk: Desk;

beforeEach(async () => {
  vi.useFakeTimers();
  language.value = "en";
  document.body.innerHTML = '<div id="app"></div>';
  site = new Site();
  site.members = [
    { loginId: "1010", state: "READY" },
    { loginId: "1009", state: "TALKING" },
    { loginId: "1011", state: "LOGOUT" },
  ];
  site.install();
  desk = new Desk({ bosh: bosh(site.bosh.post) }, true);
  await act(() => render(<App desk={desk} />, document.getElementById("app") as HTMLElement));
});

afterEach(async () => {
  await act(() => render(null, document.getElementById("app") as HTMLElement));
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms = 20) => act(() => vi.advanceTimersByTimeAsync(ms).then(() => {}));
const hook = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
const stateOf = (loginId: string) => hook(`member-${loginId}`)?.dataset.state;
const rows = () =>
  [...document.querySelectorAll<HTMLElement>(".team tbody tr")].map((row) => row.dataset.testid);
const click = async (id: string) => {
  await act(() => hook(id)?.click());
  await pass();
};
const signIn = async () => {
  void desk.signIn({ id: "1001", password: "secret-7", extension: "2001" });
  await pass();
};
/** To whom, for what of the team, as whom. */
const requested = (what: "subscribe" | "unsubscribe") =>
  site.bosh.stanzas.flatMap((iq) => {
    const subscribe = child(child(iq, "pubsub") ?? iq, what);
    const of = (name: string) => subscribe?.attributes.get(name);
    return /\/(Users|Dialogs)$/.test(of("node") ?? "")
      ? [`${iq.attributes.get("to")} ${of("node")} ${of("jid")}`]
      : [];
  });
const subscriptions = () => requested("subscribe").filter((line) => line.includes("/Team/"));
const CALL = { id: "77", from: "5550123", queue: "Support", to: "31009" };
const callOf = (loginId: string) => hook(`member-call-${loginId}`)?.textContent ?? "";
/** The rows in view are asked about when scrolling rests. */
const rest = () => pass(400);
const find = async (words: string) => {
  const field = hook("team-find") as HTMLInputElement;
  field.value = words;
  await act(() => void field.dispatchEvent(new Event("input", { bubbles: true })));
};

describe("a supervisor", () => {
  it("sees the team in the order of names, and asks for its events", async () => {
    await signIn();
    expect(rows()).toEqual(["member-1009", "member-1010", "member-1011"]);
    expect(subscriptions()).toEqual([
      "pubsub.site.example /finesse/api/Team/5000/Users 1001@site.example/desktop",
    ]);
  });

  it("sees each change, but not one that is older than what is shown", async () => {
    await signIn();
    site.member("1010", "TALKING");
    await pass();
    expect(stateOf("1010")).toBe("TALKING");
    site.member("1010", "READY", "2020-01-01T00:00:00Z");
    await pass();
    expect(stateOf("1010")).toBe("TALKING");
  });

  it("sees who joins the team", async () => {
    await signIn();
    site.member("1008", "READY");
    await pass();
    expect(rows()[0]).toBe("member-1008");
  });

  it("finds agents by name, id, extension and state", async () => {
    await signIn();
    for (const [words, found] of [
      ["talk", ["member-1009"]],
      ["31010", ["member-1010"]],
      ["agent 1011", ["member-1011"]],
      ["nobody", []],
    ] as const) {
      await find(words);
      expect(rows(), words).toEqual(found);
    }
  });

  it("changes an agent's state, and is told what goes wrong", async () => {
    await signIn();
    await click("member-menu-1009");
    await click("order-LOGOUT-1009");
    expect(site.asked).toContain("PUT LOGOUT");
    site.instead.set("PUT NOT_READY", error(401, "Invalid Supervisor"));
    await click("member-menu-1010");
    await click("order-NOT_READY-1010");
    expect(hook("message")?.textContent).toContain(
      "Agent 1010 could not be made: Not ready. You may not do this.",
    );
  });

  it("sees the calls of the agents in view, and follows them", async () => {
    site.memberCalls = {
      "1009": [
        {
          ...CALL,
          parties: [
            ["5550123", "ACTIVE"],
            ["31009", "ACTIVE"],
          ],
        },
      ],
    };
    await signIn();
    await rest();
    expect(callOf("1009")).toBe("5550123 (in, Support)");
    site.memberCall("PUT", "1009", {
      ...CALL,
      parties: [
        ["5550123", "ACTIVE"],
        ["31009", "HELD"],
      ],
    });
    await pass();
    expect(callOf("1009")).toBe("5550123 (in, Support, On hold)");
    site.memberCall("DELETE", "1009", { ...CALL, parties: [] });
    site.memberCall("POST", "1010", {
      id: "78",
      from: "31010",
      to: "5550199",
      parties: [
        ["31010", "ACTIVE"],
        ["5550199", "ALERTING"],
        ["2003", "ACTIVE"],
      ],
    });
    await pass();
    expect(callOf("1009")).toBe("");
    expect(callOf("1010")).toBe("5550199 +1 (out)");
    site.member("1010", "HOLD");
    await pass();
    expect(callOf("1010"), "a new state leaves the call where it is").toBe("5550199 +1 (out)");
  });

  it("follows nobody whose row went out of view, and takes the calls anew after a gap", async () => {
    await signIn();
    await rest();
    await find("1009");
    await rest();
    const gone = requested("unsubscribe").map((line) => line.split(" ")[1]);
    expect(gone).toEqual(["/finesse/api/User/1010/Dialogs", "/finesse/api/User/1011/Dialogs"]);
    site.memberCalls = {
      "1009": [
        {
          ...CALL,
          parties: [
            ["5550123", "ACTIVE"],
            ["31009", "ACTIVE"],
          ],
        },
      ],
    };
    site.bosh.terminate("system-shutdown");
    await pass(5_000);
    expect(callOf("1009")).toBe("5550123 (in, Support)");
    site.memberCall("PUT", "1010", { ...CALL, parties: [["31010", "ACTIVE"]] });
    await find("");
    expect(callOf("1010")).toBe("");
  });

  it("joins the call that is listened to, and drops somebody from it", async () => {
    const asked: string[] = [];
    site.memberCalls = {
      "1009": [
        {
          ...CALL,
          parties: [
            ["5550123", "ACTIVE"],
            ["31009", "ACTIVE"],
          ],
        },
      ],
    };
    await signIn();
    await rest();
    const listening = { id: "90", callType: "SUPERVISOR_MONITOR", from: "2001", to: "31009" };
    site.onCall = (action, body, requestId) => {
      asked.push(`${action} ${body}`);
      if (action === "SILENT_MONITOR")
        site.call(
          "POST",
          {
            ...listening,
            parties: [
              ["2001", "ACTIVE", "DROP"],
              ["31009", "ACTIVE"],
            ],
          },
          requestId,
        );
      if (action === "BARGE_CALL")
        site.call(
          "POST",
          {
            ...CALL,
            callType: "CONFERENCE",
            parties: [
              ["5550123", "ACTIVE"],
              ["31009", "ACTIVE"],
              ["2001", "ACTIVE", "DROP"],
            ],
          },
          requestId,
        );
      if (action === "PARTICIPANT_DROP")
        site.call(
          "PUT",
          {
            ...CALL,
            parties: [
              ["5550123", "DROPPED"],
              ["31009", "ACTIVE"],
              ["2001", "ACTIVE"],
            ],
          },
          requestId,
        );
    };
    await click("member-menu-1009");
    expect(hook("barge-1009")).toBeNull();
    await click("monitor-1009");
    await click("member-menu-1009");
    expect(hook("monitor-1009")).toBeNull();
    await click("barge-1009");
    expect(asked[1]).toMatch(
      /^BARGE_CALL .*<toAddress>31009<\/toAddress><associatedDialogUri>\/finesse\/api\/Dialog\/77</,
    );
    expect(document.querySelector('[data-call-id="90"] [data-testid="call-BARGE_CALL"]')).not.toBeNull();
    expect(hook("call-drop-2001"), "nobody drops oneself").toBeNull();
    await click("call-drop-5550123");
    expect(asked[2]).toMatch(/^PARTICIPANT_DROP .*<targetMediaAddress>5550123</);
    expect(hook("call-drop-5550123"), "who is out is not dropped again").toBeNull();
    expect(hook("message")).toBeNull();
  });

  it("is told that a call can not be joined", async () => {
    site.onCall = (action, _, requestId) => {
      if (action === "SILENT_MONITOR") site.refuse("Invalid State", "", requestId);
    };
    await signIn();
    await click("member-menu-1009");
    await click("monitor-1009");
    expect(hook("message")?.textContent).toContain("The call of agent 1009 cannot be listened to.");
  });

  it("tells the team something, whatever the characters are", async () => {
    await signIn();
    await click("team-message-open");
    const field = hook("team-message") as HTMLTextAreaElement;
    field.value = "Fire <drill> at 3 & back";
    await act(() => void field.dispatchEvent(new Event("input", { bubbles: true })));
    expect(hook("team")?.textContent).toContain("231 characters left");
    await act(() => hook("team-message-send")?.click());
    await pass();
    expect(site.told).toEqual([
      "<TeamMessage><duration>300</duration><content>Fire &lt;drill&gt; at 3 &amp; back</content><teams><team>5000</team></teams></TeamMessage>",
    ]);
    expect(hook("team-message-status")?.textContent).toBe("Message sent");
    expect(hook("team-message")).toBeNull();
  });

  it("keeps a message that could not be sent", async () => {
    site.instead.set("POST TeamMessage", error(400, "System Resource Limit Exceeded"));
    await signIn();
    await click("team-message-open");
    (hook("team-message") as HTMLTextAreaElement).value = "Fire drill";
    await act(() => hook("team-message-send")?.click());
    await pass();
    expect(hook("message")?.textContent).toContain("The message could not be sent.");
    expect((hook("team-message") as HTMLTextAreaElement).value).toBe("Fire drill");
  });

  it("listens only to who talks", async () => {
    const asked: string[] = [];
    site.onCall = (action, body) => asked.push(`${action} ${body}`);
    await signIn();
    await click("member-menu-1010");
    expect(hook("monitor-1010")).toBeNull();
    await click("member-menu-1009");
    await click("monitor-1009");
    expect(asked[0]).toMatch(/^SILENT_MONITOR .*<fromAddress>2001<\/fromAddress><toAddress>31009</);
  });

  it("has no actions for who is not there", async () => {
    await signIn();
    expect(hook("member-menu-1011")).toBeNull();
  });

  it("takes the list anew after a gap, and subscribes again", async () => {
    await signIn();
    site.members = [{ loginId: "1010", state: "HOLD" }];
    site.bosh.terminate("system-shutdown");
    await pass(5_000);
    expect(rows()).toEqual(["member-1010"]);
    expect(stateOf("1010")).toBe("HOLD");
    expect(subscriptions().length).toBe(2);
  });

  it("of thousands has only the rows in view in the page", async () => {
    site.members = Array.from({ length: 2_000 }, (_, n) => ({ loginId: String(10_000 + n), state: "READY" }));
    await signIn();
    expect(rows().length).toBeLessThan(100);
    expect(hook("team-count")?.textContent).toBe("2000 of 2000 agents");
    expect(hook("team")?.querySelector("table")?.getAttribute("aria-rowcount")).toBe("2001");
  });
});

describe("an agent", () => {
  it("sees no team", async () => {
    site.members = [];
    await signIn();
    expect(hook("team")).toBeNull();
  });
});
