/** A whole site for the desk's tests: the notification service and a web service that knows one agent. */
import { vi } from "vitest";
import { childText } from "../src/xml/element";
import { parse } from "../src/xml/parse";
import { BoshServer } from "./bosh-server";

const NODE = "/finesse/api/User/1001";

interface Answer {
  status: number;
  text: string;
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
  /** Answers by request, in place of the usual ones. */
  readonly instead = new Map<string, Answer | Error>();

  /** Takes the place of `fetch`. */
  install(): void {
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      const answer = this.serve(url, init);
      if (answer instanceof Error) throw answer;
      return { status: answer.status, text: async () => answer.text };
    });
  }

  /** The agent's state becomes this, and everybody hears it. */
  become(state: string, reason?: Site["reason"], requestId = ""): void {
    this.state = state;
    this.reason = reason;
    this.changedAt = new Date().toISOString();
    if (state === "LOGOUT") this.extension = "";
    this.publish(this.user("user"), requestId);
  }

  publish(data: string, requestId = ""): void {
    this.bosh.event(
      NODE,
      `<Update><data>${data}</data><event>PUT</event><requestId>${requestId}</requestId><source>${NODE}</source></Update>`,
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
      `<roles><role>Agent</role></roles><state>${this.state}</state><stateChangeTime>${this.changedAt}</stateChangeTime>` +
      `<teamName>Blue</teamName></${root}>`
    );
  }

  private serve(url: string, init: RequestInit): Answer | Error {
    const path = url.replace("/finesse/api/", "");
    const wish = init.body ? childText(parse(String(init.body)), "state") : "";
    const what = `${init.method} ${wish || path}`;
    this.asked.push(what);
    const instead = this.instead.get(what);
    if (instead) return instead;
    if (path === "SystemInfo") return ok(this.systemInfo());
    if (!/^User\/(1001|agent1)(\/|$)/.test(path)) return error(404, "User Not Found");
    const headers = init.headers as Record<string, string>;
    const secret = Buffer.from(headers.Authorization?.split(" ")[1] ?? "", "base64").toString("utf8");
    if (secret.split(":")[1] !== this.bosh.password) return error(401, "Authorization Failure");
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
    if (wish === "LOGIN") this.extension = childText(asked, "extension");
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
