import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bosh } from "../src/bosh/transport";
import { Desk } from "../src/desk/desk";
import { say } from "../src/i18n/say";
import { error, Site } from "./site";

const FORM = { id: "1001", password: "secret-7", extension: "2001" };

let site: Site;
let desk: Desk;

beforeEach(() => {
  vi.useFakeTimers();
  site = new Site();
  site.install();
  desk = new Desk({ bosh: bosh(site.bosh.post) }, true);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const phase = () => desk.model.phase.value;
const state = () => desk.model.user.value?.state;
const messages = () =>
  desk.model.messages.value.map(({ text, cause }) =>
    [text, cause]
      .map((t) => (t ? say(t) : ""))
      .join(" ")
      .trim(),
  );

async function signIn(form = FORM): Promise<void> {
  void desk.signIn(form);
  await pass(20);
}

async function fault(): Promise<[string, string | undefined] | undefined> {
  void desk.signIn(FORM);
  await pass(60_000);
  const now = phase();
  return now.kind === "signedOut" && now.fault ? [now.fault.text.key, now.fault.field] : undefined;
}

/** The connection goes, and is back after `ms`. */
async function gap(ms: number): Promise<void> {
  site.bosh.terminate("system-shutdown");
  site.bosh.faults.push(...Array<"refuse">(10_000).fill("refuse"));
  await pass(ms);
  site.bosh.faults.length = 0;
}

describe("signing in", () => {
  it("takes the original's steps", async () => {
    await signIn();
    expect(phase().kind).toBe("signedIn");
    expect(site.asked).toEqual([
      "GET SystemInfo",
      "GET User/1001",
      "GET User/1001",
      "PUT LOGIN",
      "GET User/1001/ReasonCodes?category=NOT_READY",
      "GET User/1001/ReasonCodes?category=LOGOUT",
      "GET User/1001/Dialogs",
      "GET User/1001/PhoneBooks",
      "GET User/1001/WrapUpReasons",
      "GET User/1001/MediaPropertiesLayouts",
      "GET User/1001/Queues",
      "GET Team/5000/TeamMessages",
    ]);
    expect(state()).toBe("NOT_READY");
    expect(desk.model.user.value?.extension).toBe("2001");
    expect(desk.model.reasons.value.notReady.map(({ id }) => id)).toEqual(["31", "32"]);
    expect(desk.model.reasons.value.logout.map(({ id }) => id)).toEqual(["51"]);
  });

  it("works with the user name: the notification service gets the id", async () => {
    await signIn({ ...FORM, id: "agent1" });
    expect(phase().kind).toBe("signedIn");
    expect(site.bosh.seen[0]?.body.attributes.get("from")).toBe("1001@site.example");
  });

  it("does not promise encryption on a plain page", async () => {
    const steps: string[] = [];
    desk = new Desk({ bosh: bosh(site.bosh.post) }, false);
    desk.model.phase.subscribe((now) => now.kind === "signingIn" && steps.push(now.step.key));
    await signIn();
    expect(steps).toEqual(["signIn.plain", "signIn.phone"]);
  });

  it("leaves an agent who is signed in already as is, and says on which extension", async () => {
    site.state = "READY";
    site.extension = "2999";
    await signIn();
    expect(state()).toBe("READY");
    expect(site.asked).not.toContain("PUT LOGIN");
    expect(messages()[0]).toContain("2999");
  });

  it("goes on without reasons when they can not be had", async () => {
    site.instead.set("GET User/1001/ReasonCodes?category=LOGOUT", error(500, "Internal Server Error"));
    await signIn();
    expect(phase().kind).toBe("signedIn");
    expect(messages()[0]).toContain("reasons could not be loaded");
  });

  it("finds out by asking when the event gets lost", async () => {
    site.phone = "silence";
    void desk.signIn(FORM);
    await pass(1_000);
    site.state = "NOT_READY";
    await pass(15_000);
    expect(phase().kind).toBe("signedIn");
  });

  it("can be given up, and nothing of it goes on", async () => {
    site.bosh.faults.push("hang");
    void desk.signIn(FORM);
    await pass(20);
    expect(phase().kind).toBe("signingIn");
    await desk.cancelSignIn();
    const asked = site.asked.length;
    await pass(60_000);
    expect(phase()).toEqual({ kind: "signedOut" });
    expect(site.asked.length).toBe(asked);
    await signIn();
    expect(phase().kind).toBe("signedIn");
  });
});

describe("what can go wrong at sign-in is said:", () => {
  it("a wrong password", async () => {
    site.bosh.password = "another";
    expect(await fault()).toEqual(["fault.wrongPassword", "password"]);
  });

  it("an unknown user", async () => {
    site.instead.set("GET User/1001", error(404, "User Not Found"));
    expect(await fault()).toEqual(["fault.unknownUser", "id"]);
  });

  it("an extension another agent uses", async () => {
    site.phone = { type: "Device Busy", message: "CF_RESOURCE_BUSY" };
    expect(await fault()).toEqual(["fault.deviceBusy", "extension"]);
  });

  it("an extension that does not exist", async () => {
    site.phone = { type: "Generic Error", message: "CF_INVALID_LOGON_DEVICE_SPECIFIED" };
    expect(await fault()).toEqual(["fault.deviceInvalid", "extension"]);
  });

  it("a phone system out of reach", async () => {
    site.inService = false;
    expect(await fault()).toEqual(["fault.phoneSystemDown", undefined]);
  });

  it("a phone system that says nothing", async () => {
    site.phone = "silence";
    expect(await fault()).toEqual(["fault.phoneSystemSilent", undefined]);
  });

  it("a server out of reach", async () => {
    site.instead.set("GET SystemInfo", new TypeError("Failed to fetch"));
    expect(await fault()).toEqual(["fault.serverUnreachable", undefined]);
  });

  it("a proxy in the server's place", async () => {
    site.instead.set("GET SystemInfo", { status: 200, text: "<!doctype html><p>Please sign on" });
    expect(await fault()).toEqual(["fault.serverUnreadable", undefined]);
  });

  it("a notification service that is away", async () => {
    site.bosh.faults.push(...Array<"refuse">(20).fill("refuse"));
    expect(await fault()).toEqual(["fault.notificationsDown", undefined]);
  });

  it("anything else, in the server's words", async () => {
    site.phone = { type: "Odd Thing", message: "CF_ODD" };
    void desk.signIn(FORM);
    await pass(100);
    const now = phase();
    expect(now.kind === "signedOut" && now.fault && say(now.fault.text)).toContain("Odd Thing, CF_ODD");
  });
});

describe("states", () => {
  beforeEach(() => signIn());

  it("are asked for, and shown when the event says so", async () => {
    const done = desk.ask("READY");
    expect(desk.model.changing.value).toBe("READY");
    await pass();
    await done;
    expect([state(), desk.model.changing.value]).toEqual(["READY", undefined]);
  });

  it("take a reason, another one too", async () => {
    for (const id of ["31", "32"]) {
      void desk.ask("NOT_READY", id);
      await pass();
      expect(desk.model.user.value?.reason?.id).toBe(id);
    }
  });

  it("that the phone system refuses are told, and the old one stays", async () => {
    site.phone = { type: "Invalid State", message: "CF_INVALID_OBJECT_STATE" };
    void desk.ask("READY");
    await pass();
    expect(messages()).toEqual([
      "Could not change to Ready. The phone system does not allow this change in the present state.",
    ]);
    expect([state(), desk.model.changing.value]).toEqual(["NOT_READY", undefined]);
  });

  it("that the web service refuses at once are told", async () => {
    site.instead.set("PUT READY", error(503, "Service Unavailable"));
    void desk.ask("READY");
    await pass();
    expect(messages()[0]).toContain("cannot reach the phone system");
  });

  it("that nobody answers are told after a while", async () => {
    site.phone = "silence";
    void desk.ask("READY");
    await pass(15_000);
    expect(messages()[0]).toContain("did not answer");
  });

  it("changed elsewhere show at once", async () => {
    site.become("TALKING");
    await pass();
    expect(state()).toBe("TALKING");
  });

  it("of other agents, or told of this one's errors elsewhere, change nothing", async () => {
    site.publish(site.user("user").replace(">1001<", ">1002<").replace("NOT_READY", "HOLD"));
    site.publish("<apiErrors><apiError><errorType>X</errorType></apiError></apiErrors>", "somebody-else");
    await pass();
    expect([state(), messages().length]).toEqual(["NOT_READY", 0]);
  });

  it("that come late are left aside", async () => {
    const old = site.user("user").replace(/<stateChangeTime>[^<]*/, "<stateChangeTime>2020-01-01T00:00:00Z");
    await pass(1_000);
    site.become("READY");
    site.publish(old);
    await pass();
    expect(state()).toBe("READY");
  });
});

describe("signing out", () => {
  beforeEach(() => signIn());

  it("leaves the phone system, then the server, and shows the form", async () => {
    void desk.signOut("51");
    await pass(20);
    expect(phase()).toEqual({ kind: "signedOut" });
    expect(site.asked.at(-1)).toBe("PUT LOGOUT");
    expect(site.bosh.seen.at(-1)?.body.attributes.get("type")).toBe("terminate");
  });

  it("goes by way of not ready, as the phone system wants it", async () => {
    site.become("READY");
    await pass();
    void desk.signOut();
    await pass(20);
    expect(site.asked.slice(-2)).toEqual(["PUT NOT_READY", "PUT LOGOUT"]);
    expect(phase()).toEqual({ kind: "signedOut" });
  });

  it("that fails leaves everything as it was", async () => {
    site.phone = { type: "Invalid State", message: "" };
    void desk.signOut();
    await pass(20);
    expect([phase().kind, state()]).toEqual(["signedIn", "NOT_READY"]);
    expect(messages()[0]).toContain("Could not sign out.");
  });

  it("done by somebody else is told, with the reason", async () => {
    site.become("LOGOUT", { id: "9", code: "999", label: "By the supervisor" });
    await pass(20);
    const now = phase();
    expect(now.kind === "signedOut" && now.notice && say(now.notice)).toBe(
      "You have been signed out: By the supervisor.",
    );
  });

  it("is followed by a new sign-in that the old session does not disturb", async () => {
    site.bosh.faults.push("hang");
    void desk.signOut();
    await pass(20);
    await signIn();
    await pass(10_000);
    expect([phase().kind, desk.model.connected.value]).toEqual(["signedIn", true]);
  });
});

describe("a gap in the connection", () => {
  beforeEach(() => signIn());

  const banner = () => desk.model.banner.value?.kind;

  it("is told, then its end for some seconds; the state of now is shown", async () => {
    await gap(5_000);
    expect(desk.model.banner.value).toMatchObject({ kind: "lost", ended: { reason: "system-shutdown" } });
    site.state = "READY";
    await pass(5_000);
    expect([banner(), state()]).toEqual(["restored", "READY"]);
    await pass(8_000);
    expect(banner()).toBeUndefined();
  });

  it("waits for the web service when the notification service is back first", async () => {
    await gap(5_000);
    site.instead.set("GET SystemInfo", { status: 502, text: "Bad gateway" });
    await pass(6_000);
    expect(banner()).toBe("lost");
    site.instead.clear();
    await pass(3_000);
    expect(banner()).toBe("restored");
  });

  it("that signed the agent out is mended: signed in again, not ready, and told", async () => {
    await gap(5_000);
    site.state = "LOGOUT";
    site.reason = { id: "9", code: "255", label: "Lost" };
    await pass(5_000);
    expect([banner(), state(), phase().kind]).toEqual(["restored", "NOT_READY", "signedIn"]);
    expect(messages()[0]).toContain("You are signed in again");
  });

  it("is mended too when the phone system comes back later than the server", async () => {
    await gap(5_000);
    site.state = "UNKNOWN";
    site.inService = false;
    await pass(5_000);
    expect([banner(), desk.model.phoneSystem.value]).toEqual(["restored", false]);
    site.become("LOGOUT");
    await pass(20);
    expect(phase().kind).toBe("signedIn");
    site.inService = true;
    site.publish("<systemInfo><status>IN_SERVICE</status></systemInfo>");
    await pass(20);
    expect([state(), phase().kind, messages().length]).toEqual(["NOT_READY", "signedIn", 1]);
  });

  it("is mended once, however many signs of life come", async () => {
    await gap(5_000);
    site.state = "LOGOUT";
    site.phone = "silence";
    await pass(5_000);
    site.publish("<systemInfo><status>OUT_OF_SERVICE</status></systemInfo>");
    site.publish("<systemInfo><status>IN_SERVICE</status></systemInfo>");
    await pass(1_000);
    expect(site.asked.filter((what) => what === "PUT LOGIN").length).toBe(2);
  });

  it("in which somebody signed the agent out ends at the form", async () => {
    await gap(5_000);
    site.state = "LOGOUT";
    site.reason = { id: "9", code: "999", label: "By the supervisor" };
    await pass(5_000);
    expect(phase()).toMatchObject({ kind: "signedOut", notice: { key: "notice.signedOutReason" } });
    expect(site.asked.filter((what) => what === "PUT LOGIN").length).toBe(1);
  });

  it("that was long does not put anybody back to work", async () => {
    await gap(16 * 60_000);
    site.state = "LOGOUT";
    await pass(40_000);
    expect(phase()).toMatchObject({ kind: "signedOut", notice: { key: "notice.signedOutElsewhere" } });
  });

  it("in which the password changed ends at the form", async () => {
    await gap(5_000);
    site.bosh.password = "another";
    await pass(5_000);
    expect(phase()).toMatchObject({ kind: "signedOut", notice: { key: "notice.credentialsRefused" } });
  });

  it("made by a sign-in elsewhere is told, and can be taken back", async () => {
    site.bosh.terminate("remote-stream-error", "conflict");
    await pass(60_000);
    expect(banner()).toBe("conflict");
    desk.takeOver();
    await pass(20);
    expect([banner(), desk.model.connected.value]).toEqual(["restored", true]);
  });
});

describe("the server's own condition", () => {
  beforeEach(() => signIn());

  it("is shown as its events and its presence tell it", async () => {
    site.publish("<systemInfo><status>OUT_OF_SERVICE</status></systemInfo>");
    site.bosh.push(`<presence xmlns="jabber:client" from="finesse@site.example/x" type="unavailable"/>`);
    await pass();
    expect([desk.model.phoneSystem.value, desk.model.webService.value]).toEqual([false, false]);
  });

  it("is asked for each minute", async () => {
    site.inService = false;
    await pass(60_000);
    expect(desk.model.phoneSystem.value).toBe(false);
  });
});
