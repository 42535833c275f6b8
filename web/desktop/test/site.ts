/** A whole site for the desk's tests: the notification service and a web service that knows one agent. */
import { vi } from "vitest";
import { childText } from "../src/xml/element";
import { parse } from "../src/xml/parse";
import { xml } from "../src/xml/write";
import { BoshServer } from "./bosh-server";

const NODE = "/finesse/api/User/1001";

/** A party of a call, as the tests write it: address, state, actions. */
export type Party = [address: string, state: string, ...actions: string[]];

/** A call as the server would write it. */
export interface Call {
  id: string;
  from?: string;
  to?: string;
  callType?: string;
  queue?: string;
  associated?: string;
  wrapUp?: string[];
  classification?: string;
  callback?: { time?: string; number?: string } | undefined;
  variables?: Record<string, string>;
  parties: Party[];
}

interface Answer {
  status: number;
  text: string;
  headers?: Record<string, string>;
}

export class Site {
  readonly bosh = new BoshServer();
  /** What was asked, as `GET SystemInfo` or `PUT READY`. */
  readonly asked: string[] = [];
  state = "LOGOUT";
  extension = "";
  pendingState = "";
  reason: { id: string; code: string; label: string } | undefined;
  changedAt = new Date().toISOString();
  firstName = "Agent";
  inService = true;
  /** What the phone system says to the next change in place of doing it; `silence` for nothing. */
  phone: { type: string; message: string } | "silence" | undefined;
  /** The agent's calls. */
  calls: Call[] = [];
  /** Agents of the team that this one supervises; none for one who is no supervisor. */
  members: { loginId: string; state: string; firstName?: string }[] = [];
  /** Their calls. */
  memberCalls: Record<string, Call[]> = {};
  /** What teams were told. */
  readonly told: string[] = [];
  /** What administrators have made for the agent, as the web service writes it. */
  readonly made = new Map([
    ["WrapUpReasons", "<WrapUpReasons></WrapUpReasons>"],
    ["PhoneBooks", "<PhoneBooks></PhoneBooks>"],
    ["MediaPropertiesLayouts", "<MediaPropertiesLayouts></MediaPropertiesLayouts>"],
    ["Queues", "<Queues></Queues>"],
  ]);
  /** What the agent's team is told. */
  teamMessages: string[] = [];
  /** What sign-ins at the phone system said. */
  readonly logins: string[] = [];
  /** Where calls ring since the last one. */
  private place = "";
  /** More elements of the User object. */
  moreOfUser = "";
  /** What the server warns its supervisors of. */
  warnings: object[] = [];
  /** What happens when something is asked for: `MAKE_CALL` or the action, and the request's id. */
  onCall: (action: string, body: string, requestId: string) => void = () => {};
  /** Answers by request, in place of the usual ones. */
  readonly instead = new Map<string, Answer | Error>();

  /** Takes the place of `fetch`. */
  install(): void {
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      const answer = this.serve(url, init);
      if (answer instanceof Error) throw answer;
      return {
        status: answer.status,
        headers: new Headers(answer.headers),
        text: async () => answer.text,
      };
    });
  }

  /** The agent's state becomes this, and everybody hears it. */
  become(state: string, reason?: Site["reason"], requestId = ""): void {
    this.state = state;
    this.reason = reason;
    this.changedAt = new Date().toISOString();
    if (state === "LOGOUT") {
      this.extension = "";
      this.place = "";
    }
    this.publish(this.user("user"), requestId);
  }

  publish(data: string, requestId = ""): void {
    this.bosh.event(
      NODE,
      `<Update><data>${data}</data><event>PUT</event><requestId>${requestId}</requestId><source>${NODE}</source></Update>`,
    );
  }

  /** An event of the agent's calls: the call came, changed, or went. */
  call(event: "POST" | "PUT" | "DELETE", call: Call, requestId = ""): void {
    const others = this.calls.filter(({ id }) => id !== call.id);
    this.calls = event === "DELETE" ? others : [...others, call];
    const listed = event === "PUT" ? dialog("dialog", call) : `<dialogs>${dialog("Dialog", call)}</dialogs>`;
    const source = event === "PUT" ? `/finesse/api/Dialog/${call.id}` : `${NODE}/Dialogs`;
    this.bosh.event(
      `${NODE}/Dialogs`,
      `<Update><data>${listed}</data><event>${event}</event><requestId>${requestId}</requestId><source>${source}</source></Update>`,
    );
  }

  /** The phone system's no to something asked of a call. */
  refuse(type: string, message: string, requestId: string): void {
    const error = `<apiError><errorType>${type}</errorType><errorMessage>${message}</errorMessage></apiError>`;
    this.bosh.event(
      `${NODE}/Dialogs`,
      `<Update><data><apiErrors>${error}</apiErrors></data><event>PUT</event><requestId>${requestId}</requestId><source>/finesse/api/Dialog/1</source></Update>`,
    );
  }

  user(root: string): string {
    const { reason } = this;
    const why = reason
      ? `<reasonCode><code>${reason.code}</code><id>${reason.id}</id><label>${reason.label}</label></reasonCode>`
      : "";
    return (
      `<${root}><extension>${this.extension}</extension><firstName>${this.firstName}</firstName><lastName>1</lastName>` +
      `<loginId>1001</loginId><loginName>agent1</loginName><pendingState>${this.pendingState}</pendingState>${why}` +
      `<roles><role>Agent</role>${this.members.length > 0 ? "<role>Supervisor</role>" : ""}</roles>${this.teams()}<state>${this.state}</state><stateChangeTime>${this.changedAt}</stateChangeTime>` +
      `<teamId>5000</teamId><teamName>Blue</teamName>${this.place}${this.moreOfUser}</${root}>`
    );
  }

  /** A member of the team changes, and its supervisor hears it. */
  member(loginId: string, state: string, changedAt = new Date().toISOString()): void {
    const user = memberOf("user", loginId, state, changedAt);
    this.bosh.event(
      "/finesse/api/Team/5000/Users",
      `<Update><data>${user}</data><event>PUT</event><requestId></requestId><source>/finesse/api/User/${loginId}</source></Update>`,
    );
  }

  /** An event of a member's calls. */
  memberCall(event: "POST" | "PUT" | "DELETE", loginId: string, call: Call): void {
    const node = `/finesse/api/User/${loginId}/Dialogs`;
    const listed = event === "PUT" ? dialog("dialog", call) : `<dialogs>${dialog("Dialog", call)}</dialogs>`;
    this.bosh.event(
      node,
      `<Update><data>${listed}</data><event>${event}</event><requestId></requestId><source>${node}</source></Update>`,
    );
  }

  /** An event of any node. */
  event(node: string, data: string, event = "PUT"): void {
    this.bosh.event(
      node,
      `<Update><data>${data}</data><event>${event}</event><requestId></requestId><source>${node}</source></Update>`,
    );
  }

  private teams(): string {
    if (this.members.length === 0) return "";
    return "<teams><Team><id>5000</id><name>Blue</name></Team></teams>";
  }

  private serve(url: string, init: RequestInit): Answer | Error {
    const path = url.replace("/finesse/api/", "");
    const body = init.body ? parse(String(init.body)) : undefined;
    const wish = body ? childText(body, "state") : "";
    const action = body ? childText(body, "requestedAction") : "";
    const what = `${init.method} ${wish || (action && `${path} ${action}`) || path}`;
    this.asked.push(what);
    const instead = this.instead.get(what);
    if (instead) return instead;
    if (path === "SystemInfo") return ok(this.systemInfo());
    if (path.startsWith("Warnings")) return ok(JSON.stringify({ version: 1, warnings: this.warnings }));
    if (action) {
      const headers = init.headers as Record<string, string>;
      this.onCall(action, String(init.body), headers.requestId ?? "");
      return { status: 202, text: "" };
    }
    if (path === "Team/5000/TeamMessages")
      return ok(`<TeamMessages>${this.teamMessages.join("")}</TeamMessages>`);
    if (path.startsWith("Team/5000")) {
      const users = this.members.map(({ loginId, state, firstName }) =>
        memberOf("User", loginId, state, this.changedAt, firstName),
      );
      return ok(`<Team><id>5000</id><name>Blue</name><users>${users.join("")}</users></Team>`);
    }
    const [, member] = /^User\/(\d+)\/Dialogs$/.exec(path) ?? [];
    if (member && member !== "1001") {
      const calls = this.memberCalls[member] ?? [];
      return ok(`<Dialogs>${calls.map((call) => dialog("Dialog", call)).join("")}</Dialogs>`);
    }
    if (path.startsWith("Devices?")) return ok(this.made.get("Devices") ?? "<Devices></Devices>");
    if (path === "TeamMessage") {
      this.told.push(String(init.body));
      return { status: 200, text: "" };
    }
    if (wish && !/^User\/(1001|agent1)$/.test(path)) return { status: 202, text: "" };
    if (path === "User/1001/Dialogs") {
      return ok(`<Dialogs>${this.calls.map((call) => dialog("Dialog", call)).join("")}</Dialogs>`);
    }
    if (!/^User\/(1001|agent1)(\/|$)/.test(path)) return error(404, "User Not Found");
    const headers = init.headers as Record<string, string>;
    const secret = Buffer.from(headers.Authorization?.split(" ")[1] ?? "", "base64").toString("utf8");
    if (secret.split(":")[1] !== this.bosh.password) return error(401, "Authorization Failure");
    const made = this.made.get(path.slice(path.lastIndexOf("/") + 1));
    if (made !== undefined) return ok(made);
    if (path.includes("ReasonCodes"))
      return ok(reasonCodes(path.endsWith("LOGOUT") ? "LOGOUT" : "NOT_READY"));
    if (init.method === "GET") return ok(this.user("User"));
    this.change(wish, String(init.body), headers.requestId ?? "");
    return { status: 202, text: "" };
  }

  private change(wish: string, body: string, requestId: string): void {
    if (this.phone === "silence") return;
    if (this.phone) {
      const { type, message } = this.phone;
      const error = `<apiError><errorType>${type}</errorType><errorMessage>${message}</errorMessage></apiError>`;
      return this.publish(`<apiErrors>${error}</apiErrors>`, requestId);
    }
    const asked = parse(body);
    if (wish === "LOGIN") {
      this.logins.push(body);
      this.extension = childText(asked, "extension");
      this.place = /<(activeDeviceId|mobileAgent)>.*<\/\1>/.exec(body)?.[0] ?? "";
    }
    const id = childText(asked, "reasonCodeId");
    this.become(
      wish === "LOGIN" ? "NOT_READY" : wish,
      id ? { id, code: id, label: `Reason ${id}` } : undefined,
      requestId,
    );
  }

  private systemInfo(): string {
    const status = this.inService ? "IN_SERVICE" : "OUT_OF_SERVICE";
    return `<SystemInfo><status>${status}</status><xmppDomain>site.example</xmppDomain></SystemInfo>`;
  }
}

function dialog(root: string, call: Call): string {
  const parties = call.parties.map(
    ([address, state, ...actions]) =>
      `<Participant><actions>${actions.map((action) => `<action>${action}</action>`).join("")}</actions>` +
      `<mediaAddress>${address}</mediaAddress><mediaAddressType>${address.length === 4 ? "AGENT_DEVICE" : ""}</mediaAddressType>` +
      `<startTime>2026-11-22T10:00:00.000Z</startTime><state>${state}</state><stateCause></stateCause>` +
      `<stateChangeTime>2026-11-22T10:00:00.000Z</stateChangeTime></Participant>`,
  );
  const variables = Object.entries(call.variables ?? {}).map(
    ([name, value]) => xml`<CallVariable><name>${name}</name><value>${value}</value></CallVariable>`,
  );
  const associated = call.associated ? `/finesse/api/Dialog/${call.associated}` : "";
  return (
    `<${root}><associatedDialogUri>${associated}</associatedDialogUri><fromAddress>${call.from ?? "5550100"}</fromAddress>` +
    `<id>${call.id}</id><secondaryId></secondaryId><mediaProperties><callType>${call.callType ?? "PREROUTE_ACD_IN"}</callType>` +
    `<queueName>${call.queue ?? ""}</queueName><callvariables>${variables.join("")}</callvariables>` +
    `<wrapUpItems>${(call.wrapUp ?? []).map((item) => `<wrapUpItem>${item}</wrapUpItem>`).join("")}</wrapUpItems>` +
    `<wrapUpReason>${(call.wrapUp ?? []).join(",")}</wrapUpReason><outboundClassification>${call.classification ?? ""}</outboundClassification>` +
    `</mediaProperties><mediaType>Voice</mediaType>${callbackOf(call)}<participants>${parties.join("")}</participants><state>ALERTING</state><toAddress>${call.to ?? "2000"}</toAddress>` +
    `<uri>/finesse/api/Dialog/${call.id}</uri></${root}>`
  );
}

function callbackOf({ callback }: Call): string {
  if (!callback) return "";
  const { time = "", number = "" } = callback;
  return xml`<scheduledCallbackInfo><callbackNumber>${number}</callbackNumber><callbackTime>${time}</callbackTime></scheduledCallbackInfo>`;
}

function memberOf(
  root: string,
  loginId: string,
  state: string,
  changedAt: string,
  firstName = "Agent",
): string {
  return (
    `<${root}><extension>${state === "LOGOUT" ? "" : `3${loginId}`}</extension><firstName>${firstName}</firstName><lastName>${loginId}</lastName>` +
    `<loginId>${loginId}</loginId><state>${state}</state><stateChangeTime>${changedAt}</stateChangeTime></${root}>`
  );
}

function ok(text: string): Answer {
  return { status: 200, text };
}

export function error(status: number, type: string): Answer {
  return { status, text: `<ApiErrors><ApiError><ErrorType>${type}</ErrorType></ApiError></ApiErrors>` };
}

function reasonCodes(category: string): string {
  const ids = category === "LOGOUT" ? [51] : [31, 32];
  const entries = ids.map(
    (id) =>
      `<ReasonCode><uri>/finesse/api/ReasonCode/${id}</uri><code>${id}</code><label>Reason ${id}</label><systemCode>false</systemCode></ReasonCode>`,
  );
  return `<ReasonCodes category="${category}">${entries.join("")}</ReasonCodes>`;
}
