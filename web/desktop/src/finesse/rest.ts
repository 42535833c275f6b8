/** The web service's REST API, as far as the page uses it. */
import type { Element } from "../xml/element";
import { parse, XmlError } from "../xml/parse";
import { xml } from "../xml/write";
import { base64 } from "../xmpp/base64";
import { type ApiError, readApiError } from "./api_error";
import { type CallAction, details } from "./call_action";
import { type Device, type MobileAgent, readDevices } from "./device";
import { type Dialog, readDialogs } from "./dialog";
import { type Disconnection, readDisconnection, readWarnings, type Warning } from "./disconnection";
import { type MediaLayout, readMediaLayouts } from "./media_layout";
import { type Contact, readPhoneBooks } from "./phone_book";
import { type Queue, readQueues } from "./queue";
import { type Category, readReasonCodes } from "./reason_code";
import { readSystemInfo, type SystemInfo } from "./system_info";
import { readTeam, type Team } from "./team";
import { readTeamMessages, type TeamMessage } from "./team_message";
import { type Reason, readUser, type User } from "./user";
import { readWrapUpReasons } from "./wrap_up_reason";

/** A request without an answer after this is lost; the server's own limit for the phone system is 10 s. */
const ANSWER_MS = 15_000;

/** Why a request failed. */
export class RestError extends Error {
  constructor(
    /** `unreachable`: no answer. `unreadable`: an answer that is not the web service's. `refused`: its no. */
    readonly reason: "unreachable" | "unreadable" | "refused",
    readonly status: number,
    readonly error: ApiError | undefined,
  ) {
    super(`${reason} ${status} ${error?.type ?? ""}`);
  }
}

/** Where an agent signs in. */
export interface Place {
  extension: string;
  mobileAgent?: MobileAgent | undefined;
  /** Which of several telephones that share the extension. */
  deviceId?: string | undefined;
}

/** A wanted change of the own user. */
export type Change =
  | ({ state: "LOGIN" } & Place)
  | { state: "READY" | "NOT_READY" | "LOGOUT"; reasonCodeId?: string };

/** A {@link SystemInfo} with what its way took. */
export interface Measured {
  info: SystemInfo;
  roundTripMs: number;
  /** Add to this computer's clock to get the server's; undefined when the server does not tell its time. */
  driftMs: number | undefined;
}

export class Rest {
  private authorization: string | undefined;
  /** Is told of each request: what for, how it ended, how long it took. Nothing of what was in it. */
  heard: (line: string) => void = () => {};

  constructor(private readonly locale: () => string) {}

  /** Whose name the following requests are made in. */
  signIn(id: string, password: string): void {
    this.authorization = `Basic ${base64(`${id}:${password}`)}`;
  }

  /** Forgets the password. */
  signOut(): void {
    this.authorization = undefined;
  }

  async systemInfo(): Promise<Measured> {
    const sentAt = Date.now();
    const body = await this.exchange("GET", "SystemInfo");
    const roundTripMs = Date.now() - sentAt;
    const info = expect(body, readSystemInfo);
    // The server read its clock about half-way.
    const driftMs =
      info.timestampMs === undefined ? undefined : info.timestampMs - (sentAt + roundTripMs / 2);
    return { info, roundTripMs, driftMs };
  }

  /** @param id loginId or loginName */
  async user(id: string): Promise<User> {
    return expect(await this.exchange("GET", `User/${encodeURIComponent(id)}`), readUser);
  }

  async reasonCodes(loginId: string, category: Category): Promise<Reason[]> {
    return expect(await this.ofUser(loginId, `ReasonCodes?category=${category}`), (body) =>
      body.name === "ReasonCodes" ? readReasonCodes(body) : undefined,
    );
  }

  /** Asks for a change; 2xx only means that it was taken, the outcome is an event with the same request id. */
  async change(loginId: string, change: Change, requestId: string): Promise<void> {
    const detail =
      change.state === "LOGIN"
        ? place(change)
        : change.reasonCodeId === undefined
          ? ""
          : xml`<reasonCodeId>${change.reasonCodeId}</reasonCodeId>`;
    const body = `${xml`<User><state>${change.state}</state>`}${detail}</User>`;
    await this.exchange("PUT", `User/${encodeURIComponent(loginId)}`, body, requestId);
  }

  /** The telephones that share an extension; none where it is that of one telephone only. */
  async devices(extension: string): Promise<Device[]> {
    return expect(await this.exchange("GET", `Devices?extension=${encodeURIComponent(extension)}`), (body) =>
      body.name === "Devices" ? readDevices(body) : undefined,
    );
  }

  async dialogs(loginId: string): Promise<Dialog[]> {
    return expect(await this.ofUser(loginId, "Dialogs"), readDialogs);
  }

  async wrapUpReasons(loginId: string): Promise<string[]> {
    return expect(await this.ofUser(loginId, "WrapUpReasons"), readWrapUpReasons);
  }

  /** The contacts of all the agent's phone books. */
  async contacts(loginId: string): Promise<Contact[]> {
    return expect(await this.ofUser(loginId, "PhoneBooks"), readPhoneBooks);
  }

  async mediaLayouts(loginId: string): Promise<MediaLayout[]> {
    return expect(await this.ofUser(loginId, "MediaPropertiesLayouts"), readMediaLayouts);
  }

  async queues(loginId: string): Promise<Queue[]> {
    return expect(await this.ofUser(loginId, "Queues"), readQueues);
  }

  /** What a team is told now. */
  async teamMessages(teamId: string): Promise<TeamMessage[]> {
    return expect(
      await this.exchange("GET", `Team/${encodeURIComponent(teamId)}/TeamMessages`),
      readTeamMessages,
    );
  }

  /** A team with all its agents, signed in or not. */
  async team(id: string): Promise<Team> {
    const path = `Team/${encodeURIComponent(id)}?includeLoggedOutAgents=true`;
    return expect(await this.exchange("GET", path), readTeam);
  }

  /**
   * Calls somebody, or has a supervisor listen to an agent's call or join it (then `dialogId` is that call); what comes
   * of it is told by events.
   */
  async call(
    loginId: string,
    action: "MAKE_CALL" | "SILENT_MONITOR" | "BARGE_CALL",
    from: string,
    to: string,
    requestId: string,
    dialogId?: string,
  ): Promise<void> {
    const about =
      dialogId === undefined
        ? ""
        : xml`<associatedDialogUri>/finesse/api/Dialog/${dialogId}</associatedDialogUri>`;
    const parts =
      xml`<requestedAction>${action}</requestedAction><fromAddress>${from}</fromAddress>` +
      xml`<toAddress>${to}</toAddress>` +
      about;
    const path = `User/${encodeURIComponent(loginId)}/Dialogs`;
    await this.exchange("POST", path, `<Dialog>${parts}</Dialog>`, requestId);
  }

  /** Asks for something to be done with a call, for the party `extension`. */
  async act(dialogId: string, extension: string, wish: CallAction, requestId: string): Promise<void> {
    // COMPAT(finesse): call data belong to the call, so this one names no party.
    const target = wish.action === "PARTICIPANT_DROP" ? wish.party : extension;
    const party =
      wish.action === "UPDATE_CALL_DATA" ? "" : xml`<targetMediaAddress>${target}</targetMediaAddress>`;
    const body = `<Dialog>${details(wish)}${xml`<requestedAction>${wish.action}</requestedAction>`}${party}</Dialog>`;
    await this.exchange("PUT", `Dialog/${encodeURIComponent(dialogId)}`, body, requestId);
  }

  /** Why an agent was disconnected last, in that language. */
  async disconnection(loginId: string, language: string): Promise<Disconnection> {
    const path = `User/${encodeURIComponent(loginId)}/Disconnection?lang=${language}`;
    return expect(await this.json(path), readDisconnection);
  }

  /** What may end in disconnections of the own teams. */
  async warnings(language: string): Promise<Warning[]> {
    return expect(await this.json(`Warnings?lang=${language}`), readWarnings);
  }

  /** Leaves a client log with the server. Returns its number there, if the server says it. */
  async clientLog(loginId: string, log: string, requestId: string): Promise<number | undefined> {
    const body = xml`<ClientLog><logData>${log}</logData></ClientLog>`;
    let number: string | null = null;
    await this.exchange(
      "POST",
      `User/${encodeURIComponent(loginId)}/ClientLog`,
      body,
      requestId,
      (headers) => {
        number = headers.get("client-log-number");
      },
    );
    return /^\d{1,15}$/.test(number ?? "") ? Number(number) : undefined;
  }

  /** Tells teams something that they see for so long. */
  async tellTeams(content: string, secs: number, teams: readonly string[], requestId: string): Promise<void> {
    const listed = teams.map((team) => xml`<team>${team}</team>`).join("");
    const said = xml`<duration>${String(secs)}</duration><content>${content}</content>`;
    const body = `<TeamMessage>${said}<teams>${listed}</teams></TeamMessage>`;
    await this.exchange("POST", "TeamMessage", body, requestId);
  }

  private ofUser(loginId: string, what: string): Promise<Element | undefined> {
    return this.exchange("GET", `User/${encodeURIComponent(loginId)}/${what}`);
  }

  private async exchange(
    method: string,
    path: string,
    body?: string,
    requestId?: string,
    look?: (headers: Headers) => void,
  ): Promise<Element | undefined> {
    return parseOrNothing(await this.answer("application/xml", method, path, body, requestId, look));
  }

  private async json(path: string): Promise<unknown> {
    const text = await this.answer("application/json", "GET", path);
    try {
      return JSON.parse(text);
    } catch {
      throw new RestError("unreadable", 200, undefined);
    }
  }

  /** The text of an answer that is no refusal. */
  private async answer(
    accept: string,
    method: string,
    path: string,
    body?: string,
    requestId?: string,
    look?: (headers: Headers) => void,
  ): Promise<string> {
    const headers: Record<string, string> = { Accept: accept, locale: this.locale() };
    if (this.authorization) headers.Authorization = this.authorization;
    if (body) headers["Content-Type"] = "application/xml";
    if (requestId) headers.requestId = requestId;
    const sentAt = Date.now();
    let status = 0;
    let text: string;
    try {
      const answer = await fetch(`/finesse/api/${path}`, {
        method,
        headers,
        body: body ?? null,
        cache: "no-store",
        // A 401 must reach this code, not the browser's own password window.
        credentials: "omit",
        redirect: "error",
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      status = answer.status;
      look?.(answer.headers);
      text = await answer.text();
    } catch {
      this.heard(`${method} ${path}: no answer after ${Date.now() - sentAt} ms`);
      throw new RestError("unreachable", status, undefined);
    }
    this.heard(`${method} ${path}: ${status} in ${Date.now() - sentAt} ms`);
    if (status >= 200 && status < 300) return text;
    const parsed = parseOrNothing(text);
    throw new RestError(parsed || status === 401 ? "refused" : "unreadable", status, readApiError(parsed));
  }
}

function place({ extension, mobileAgent, deviceId }: Place): string {
  const mobile = mobileAgent
    ? xml`<mobileAgent><mode>${mobileAgent.mode}</mode><dialNumber>${mobileAgent.dialNumber}</dialNumber></mobileAgent>`
    : "";
  const device = deviceId ? xml`<activeDeviceId>${deviceId}</activeDeviceId>` : "";
  return `${xml`<extension>${extension}</extension>`}${device}${mobile}`;
}

function parseOrNothing(text: string): Element | undefined {
  try {
    return text.trim() === "" ? undefined : parse(text.trim());
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}

function expect<Body, T>(body: Body | undefined, read: (body: Body) => T | undefined): T {
  const found = body === undefined ? undefined : read(body);
  if (found === undefined) throw new RestError("unreadable", 200, undefined);
  return found;
}
