/** The team a supervisor watches: who is there, in what state, and what the supervisor asks of them. */

import { type Signal, signal } from "@preact/signals-core";
import type { Subscribe } from "../connection/wanted";
import type { Dialog } from "../finesse/dialog";
import { requestId } from "../finesse/request_id";
import { RestError } from "../finesse/rest";
import type { Team } from "../finesse/team";
import type { Update } from "../finesse/update";
import type { User } from "../finesse/user";
import { stateText } from "../i18n/say";
import type { AgentLine } from "./agent_line";
import { own } from "./calls";
import { faultOf } from "./fault";
import { dialogsOf, type MemberCall, MemberCalls, memberCall } from "./member_calls";
import { type Model, tell } from "./model";

/** More agents than the original allows in all. */
export const MEMBERS_MAX = 5_000;

/** An agent of the team; the calls are known of those whose rows are in view. */
export interface Member extends User {
  calls: readonly MemberCall[];
}

/** The team that is shown. Each agent is a signal of its own, so that one's change repaints one row. */
export interface Watched {
  id: string;
  name: string;
  members: ReadonlyMap<string, Signal<Member>>;
}

/** What a supervisor can make an agent's state. */
export type Order = "READY" | "NOT_READY" | "LOGOUT";

/** What a supervisor tells teams, and for how long it is shown. */
export interface Tell {
  content: string;
  secs: number;
  teams: readonly string[];
}

/** Characters that the web service takes of it. */
export const TELL_LENGTH_MAX = 255;

/** The kind of call that listening to another one is. */
const MONITOR = "SUPERVISOR_MONITOR";

export class TeamWatch {
  private wanted: string | undefined;
  /** Agents that events told of while the list was on its way: the list is older. */
  private told: Map<string, User> | undefined;
  private readonly calls: MemberCalls;

  constructor(
    private readonly model: Model,
    private readonly line: AgentLine,
    private readonly subscribe: Subscribe,
  ) {
    const others = (nodes: readonly string[]) => nodes.filter((node) => node !== this.ownDialogs());
    this.calls = new MemberCalls(
      line.rest,
      // One's own calls are told anyway, and must be after the row has gone from view.
      (nodes) => this.subscribe("calls of the team", others(nodes)),
      (loginId, calls) => this.showCalls(loginId, calls),
    );
  }

  /** Watches that team from now on. */
  async watch(teamId: string): Promise<void> {
    this.wanted = teamId;
    this.subscribe("team", [nodeOf(teamId)]);
    await this.refresh();
  }

  /** The rows in view: their calls are wanted. Of several tabs the one that looked last has its way. */
  async look(loginIds: readonly string[]): Promise<void> {
    const members = this.model.watched.value?.members;
    const seen = loginIds.map((loginId) => members?.get(loginId)?.peek());
    await this.calls.follow(seen.filter((member) => member !== undefined));
  }

  /** Takes the server's list; after a gap too. */
  async refresh(): Promise<void> {
    const wanted = this.wanted;
    if (wanted === undefined) return;
    await Promise.all([this.refreshTeam(wanted), this.calls.refresh()]);
  }

  private async refreshTeam(wanted: string): Promise<void> {
    const told = new Map<string, User>();
    this.told = told;
    try {
      const team = await this.line.rest.team(wanted);
      if (this.wanted === wanted) this.show(team, told);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      tell(this.model, { key: "fault.team" }, faultOf(error).text);
    } finally {
      if (this.told === told) this.told = undefined;
    }
  }

  /** An event. Returns whether it was the team's. */
  take(node: string, update: Update): boolean {
    const { watched } = this.model;
    // One's own calls are not the team's alone.
    if (this.calls.take(node, update)) return node !== this.ownDialogs();
    if (this.wanted === undefined || node !== nodeOf(this.wanted)) return false;
    if (update.kind === "team") this.show(update.team, this.told ?? new Map());
    if (update.kind !== "user") return true;
    this.told?.set(update.user.loginId, update.user);
    const member = watched.value?.members.get(update.user.loginId);
    if (member) member.value = { ...newer(member.value, update.user), calls: member.value.calls };
    else if (watched.value) this.join(watched.value, update.user);
    return true;
  }

  /** Changes an agent's state. */
  async order(user: User, state: Order): Promise<void> {
    const who = user.loginId;
    await this.attempt(
      who,
      { key: "fault.order", values: { agent: who, state: stateText(state) } },
      async () => {
        await this.line.rest.change(who, { state }, requestId());
      },
    );
  }

  /** Listens to an agent's call. */
  async monitor(user: User): Promise<void> {
    const { loginId = "", extension = "" } = this.model.user.value ?? {};
    const id = requestId();
    await this.attempt(user.loginId, { key: "fault.monitor", values: { agent: user.loginId } }, () =>
      this.line.request(
        () => this.line.rest.call(loginId, "SILENT_MONITOR", extension, user.extension, id),
        id,
        (update) => update.kind === "dialogs" && update.dialogs.some((call) => isMonitor(call, extension)),
      ),
    );
  }

  /** Joins the call of an agent that one listens to. */
  async barge(user: User): Promise<void> {
    const { loginId = "", extension = "" } = this.model.user.value ?? {};
    const id = requestId();
    await this.attempt(user.loginId, { key: "fault.barge", values: { agent: user.loginId } }, async () => {
      // The web service knows best which call it is now.
      const calls = await this.line.rest.dialogs(user.loginId);
      const call = calls.find((one) => own(one, user.extension)?.state === "ACTIVE" && !isMonitor(one));
      const joined = call ?? calls.find((one) => !isMonitor(one));
      await this.line.request(
        () => this.line.rest.call(loginId, "BARGE_CALL", extension, user.extension, id, joined?.id),
        id,
        (update) =>
          update.kind === "dialogs" &&
          update.dialogs.some((one) => one.id === joined?.id && own(one, extension) !== undefined),
      );
    });
  }

  /** Tells teams something. Returns whether the server took it. */
  async tell(what: Tell): Promise<boolean> {
    try {
      await this.line.rest.tellTeams(what.content, what.secs, what.teams, requestId());
      return true;
    } catch (error) {
      tell(this.model, { key: "fault.teamMessage" }, faultOf(error).text);
      return false;
    }
  }

  reset(): void {
    this.wanted = undefined;
    this.calls.reset();
    this.model.watched.value = undefined;
  }

  private async attempt(
    who: string,
    failed: Parameters<typeof tell>[1],
    run: () => Promise<void>,
  ): Promise<void> {
    const { ordering } = this.model;
    if (ordering.value.has(who)) return;
    ordering.value = new Set([...ordering.value, who]);
    try {
      await run();
    } catch (error) {
      tell(this.model, failed, faultOf(error).text);
    } finally {
      ordering.value = new Set([...ordering.value].filter((other) => other !== who));
    }
  }

  private show(team: Team, told: ReadonlyMap<string, User>): void {
    const before = this.model.watched.value;
    const known = before?.id === team.id ? before.members : new Map<string, Signal<Member>>();
    const members = new Map<string, Signal<Member>>();
    const users = new Map([...team.users.map((user) => [user.loginId, user] as const), ...told]);
    for (const user of [...users.values()].sort(byName).slice(0, MEMBERS_MAX)) {
      const member = known.get(user.loginId) ?? signal({ ...user, calls: [] });
      member.value = { ...(told.get(user.loginId) ?? user), calls: member.value.calls };
      members.set(user.loginId, member);
    }
    this.model.watched.value = { id: team.id, name: team.name, members };
  }

  private ownDialogs(): string {
    return dialogsOf(this.model.user.value?.loginId ?? "");
  }

  private showCalls(loginId: string, calls: readonly Dialog[]): void {
    const member = this.model.watched.value?.members.get(loginId);
    if (!member) return;
    const { extension } = member.value;
    const shown = calls.filter((call) => !isMonitor(call)).map((call) => memberCall(call, extension));
    member.value = { ...member.value, calls: shown };
  }

  private join(watched: Watched, user: User): void {
    if (watched.members.size >= MEMBERS_MAX) return;
    const all = [...watched.members.values(), signal({ ...user, calls: [] })].sort((a, b) =>
      byName(a.value, b.value),
    );
    this.model.watched.value = { ...watched, members: new Map(all.map((one) => [one.value.loginId, one])) };
  }
}

/** Whether the call is listening to another one: by whoever is at `extension`, or by anybody. */
export function isMonitor(call: Dialog, extension?: string): boolean {
  return call.callType === MONITOR && (extension === undefined || own(call, extension) !== undefined);
}

function nodeOf(teamId: string): string {
  return `/finesse/api/Team/${teamId}/Users`;
}

/** Events may come late: the newer word counts. */
function newer(known: User, told: User): User {
  const late =
    known.stateChangedAtMs !== undefined &&
    told.stateChangedAtMs !== undefined &&
    told.stateChangedAtMs < known.stateChangedAtMs;
  return late ? known : told;
}

function byName(a: User, b: User): number {
  const name = (user: User) => `${user.lastName}\u0000${user.firstName}\u0000${user.loginId}`;
  return name(a).localeCompare(name(b), undefined, { numeric: true });
}
