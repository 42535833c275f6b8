import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readReasonCodes } from "../src/finesse/reason_code";
import { requestId } from "../src/finesse/request_id";
import { Rest, type RestError } from "../src/finesse/rest";
import { readUpdate } from "../src/finesse/update";
import { fullName, readUser } from "../src/finesse/user";
import { parse } from "../src/xml/parse";

const USER = `<user>
  <extension>2001</extension>
  <firstName>&lt;b&gt;Agent&lt;/b&gt;</firstName>
  <lastName>1</lastName>
  <loginId>1001</loginId>
  <loginName>agent1</loginName>
  <pendingState></pendingState>
  <reasonCode><category>NOT_READY</category><code>7</code><id>12</id><label>Lunch</label></reasonCode>
  <roles><role>Agent</role><role>Supervisor</role></roles>
  <state>NOT_READY</state>
  <stateChangeTime>2026-03-04T05:06:07.089Z</stateChangeTime>
  <teamId>5000</teamId>
  <teamName>Blue</teamName>
  <settings><wrapUpOnIncoming>REQUIRED</wrapUpOnIncoming></settings>
  <wrapUpTimer>30</wrapUpTimer>
  <teams><Team><id>5000</id><name>Blue</name><uri>/finesse/api/Team/5000</uri></Team></teams>
</user>`;

const update = (data: string, requestId = "") =>
  `<Update>\n<data>\n${data}\n</data>\n<event>PUT</event>\n<requestId>${requestId}</requestId>\n<source>/s</source>\n</Update>`;

describe("an update", () => {
  it("brings a user with everything the page shows", () => {
    const found = readUpdate(update(USER, "r-1"));
    expect(found).toEqual({
      kind: "user",
      requestId: "r-1",
      user: {
        loginId: "1001",
        loginName: "agent1",
        firstName: "<b>Agent</b>",
        lastName: "1",
        extension: "2001",
        teamId: "5000",
        teamName: "Blue",
        roles: ["Agent", "Supervisor"],
        teams: [{ id: "5000", name: "Blue" }],
        state: "NOT_READY",
        pendingState: "",
        stateChangedAtMs: Date.UTC(2026, 2, 4, 5, 6, 7, 89),
        reason: { id: "12", code: "7", label: "Lunch" },
        wrapUpTimerMs: 30_000,
        wrapUpOnIncoming: "REQUIRED",
        wrapUpOnOutgoing: "REQUIRED",
        mobileAgent: undefined,
        device: undefined,
      },
    });
  });

  it("brings an error, in the order and the capitals the real server uses", () => {
    const error =
      "<apiErrors><apiError><errorType>Invalid State</errorType><errorMessage>CF_X</errorMessage>" +
      "<errorData>22</errorData></apiError></apiErrors>";
    expect(readUpdate(update(error, "r-2"))).toEqual({
      kind: "error",
      error: { type: "Invalid State", message: "CF_X", data: "22" },
      requestId: "r-2",
      source: "/s",
    });
  });

  it("brings the state of the system", () => {
    const found = readUpdate(update("<systemInfo><status>OUT_OF_SERVICE</status></systemInfo>"));
    expect(found).toMatchObject({ kind: "system", info: { inService: false, timestampMs: undefined } });
  });

  it("keeps a state it has never heard of", () => {
    const found = readUpdate(update("<user><loginId>1</loginId><state>LEVITATING</state></user>"));
    expect(found).toMatchObject({ kind: "user", user: { state: "LEVITATING", stateChangedAtMs: undefined } });
  });

  for (const [what, payload] of [
    ["text", "hello"],
    ["a cut document", "<Update><data>"],
    ["another document", "<Elsewhere/>"],
    ["an unknown kind", update("<queue/>")],
    ["a user without a state", update("<user><loginId>1</loginId></user>")],
    ["no data", "<Update><event>PUT</event></Update>"],
  ] as const) {
    it(`that is ${what} is left aside`, () => expect(readUpdate(payload)).toBeUndefined());
  }
});

describe("a user", () => {
  it("is called by name, or by id when there is none", () => {
    const named = readUser(parse(USER));
    expect(named && fullName(named)).toBe("<b>Agent</b> 1");
    const bare = readUser(parse("<User><loginId>1001</loginId><state>READY</state></User>"));
    expect(bare && fullName(bare)).toBe("1001");
  });
});

describe("reason codes", () => {
  it("are those that an agent may choose, named by the end of their uri", () => {
    const entry = (uri: string, label: string, system: string) =>
      `<ReasonCode><uri>${uri}</uri><code>9</code><label>${label}</label>${system}</ReasonCode>`;
    const list = parse(
      "<ReasonCodes category='NOT_READY'>" +
        entry("/finesse/api/ReasonCode/31", "Lunch", "<systemCode>false</systemCode>") +
        entry("/finesse/api/ReasonCode/32", "Connection Failure", "<systemCode>true</systemCode>") +
        entry("/finesse/api/ReasonCode/33", "Training", "") +
        entry("/finesse/api/ReasonCode/", "No id", "") +
        "</ReasonCodes>",
    );
    expect(readReasonCodes(list).map(({ id, label }) => `${id} ${label}`)).toEqual([
      "31 Lunch",
      "33 Training",
    ]);
  });
});

describe("a request id", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is a version 4 UUID, also where the browser can not make one", () => {
    const getRandomValues = (bytes: Uint8Array) => bytes.fill(0xff);
    vi.stubGlobal("crypto", { getRandomValues });
    expect(requestId()).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
  });
});

describe("the web service", () => {
  const rest = new Rest(() => "ja_JP");
  let answer: { status: number; text: string } | Error;
  let asked: { url: string; init: RequestInit }[];

  beforeEach(() => {
    asked = [];
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      asked.push({ url, init });
      if (answer instanceof Error) throw answer;
      const { status, text } = answer;
      return { status, text: async () => text };
    });
  });

  afterEach(() => vi.unstubAllGlobals());

  it("is asked in the agent's name, with the request's id, and taken at its 202", async () => {
    answer = { status: 202, text: "" };
    rest.signIn("1001", "合言葉");
    await rest.change("10/01", { state: "NOT_READY", reasonCodeId: "31" }, "r-1");
    const { url, init } = asked[0] as { url: string; init: RequestInit };
    expect(url).toBe("/finesse/api/User/10%2F01");
    expect(init.method).toBe("PUT");
    expect(init.credentials).toBe("omit");
    expect(init.headers).toMatchObject({ requestId: "r-1", locale: "ja_JP" });
    const [, secret] = String((init.headers as Record<string, string>).Authorization).split(" ");
    expect(Buffer.from(String(secret), "base64").toString("utf8")).toBe("1001:合言葉");
    expect(init.body).toBe("<User><state>NOT_READY</state><reasonCodeId>31</reasonCodeId></User>");
  });

  it("gets an extension as text, never as markup", async () => {
    answer = { status: 202, text: "" };
    await rest.change("1001", { state: "LOGIN", extension: "<2001>" }, "r-2");
    expect(asked[0]?.init.body).toBe("<User><state>LOGIN</state><extension>&lt;2001&gt;</extension></User>");
  });

  it("tells its clock", async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    answer = {
      status: 200,
      text: "<SystemInfo><status>IN_SERVICE</status><currentTimestamp>2026-01-01T00:00:30.000Z</currentTimestamp></SystemInfo>",
    };
    expect(await rest.systemInfo()).toMatchObject({
      driftMs: 30_000,
      roundTripMs: 0,
      info: { inService: true },
    });
    vi.useRealTimers();
  });

  const failed = (given: typeof answer) => {
    answer = given;
    return rest.user("1001").then(
      () => undefined,
      (error: RestError) => [error.reason, error.status, error.error?.type],
    );
  };

  it("says no with an error of its own", async () => {
    const text =
      "<ApiErrors><ApiError><ErrorType>User Not Found</ErrorType><ErrorData>1</ErrorData></ApiError></ApiErrors>";
    expect(await failed({ status: 404, text })).toEqual(["refused", 404, "User Not Found"]);
    expect(await failed({ status: 401, text: "" })).toEqual(["refused", 401, undefined]);
  });

  it("is not to be confused with a proxy that answers in its place", async () => {
    expect(await failed({ status: 200, text: "<html><br></html>" })).toEqual(["unreadable", 200, undefined]);
    expect(await failed({ status: 502, text: "Bad gateway" })).toEqual(["unreadable", 502, undefined]);
    expect(await failed({ status: 200, text: "<Users/>" })).toEqual(["unreadable", 200, undefined]);
  });

  it("may not be there", async () => {
    expect(await failed(new TypeError("Failed to fetch"))).toEqual(["unreachable", 0, undefined]);
  });
});
