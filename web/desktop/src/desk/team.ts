/** The team a supervisor watches: who is there, in what state, and what the supervisor asks of them. */
import { type Signal, signal } from "@preact/signals-core";
import { requestId } from "../finesse/request_id";
import { RestError } from "../finesse/rest";
import type { Team } from "../finesse/team";
import type { Update } from "../finesse/update";
import type { User } from "../finesse/user";
import { stateText } from "../i18n/say";
import type { AgentLine } from "./agent_line";
import { faultOf } from "./fault";
import { type Model, tell } from "./model";

/** More agents than the original allows in all. */
export const MEMBERS_MAX = 5_000;

/** The team that is shown. Each agent is a signal of its own, so that one's change repaints one row. */
export interface Watched {
  id: string;
  name: string;
  members: ReadonlyMap<string, Signal<User>>;
}

/** What a supervisor can make an agent's state. */
export type Order = "READY" | "NOT_READY" | "LOGOUT";

export class TeamWatch {
  private wanted: string | undefined;
  /** Agents that events told of while the list was on its way: the list is older. */
  private told: Map<string, User> | undefined;

  constructor(
    private readonly model: Model,
    private readonly line: AgentLine,
    private readonly subscribe: (nodes: readonly string[]) => void,
  ) {}

  /** Watches that team from now on. */
  async watch(teamId: string): Promise<void> {
    this.wanted = teamId;
    this.subscribe([nodeOf(teamId)]);
    await this.refresh();
  }

  /** Takes the server's list; after a gap too. */
  async refresh(): Promise<void> {
    const wanted = this.wanted;
    if (wanted === undefined) return;
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
    if (this.wanted === undefined || node !== nodeOf(this.wanted)) return false;
    if (update.kind === "team") this.show(update.team, this.told ?? new Map());
    if (update.kind !== "user") return true;
    this.told?.set(update.user.loginId, update.user);
    const member = watched.value?.members.get(update.user.loginId);
    if (member) member.value = newer(member.value, update.user);
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
    await this.attempt(user.loginId, { key: "fault.monitor", values: { agent: user.loginId } }, () =>
      this.line.rest.call(loginId, "SILENT_MONITOR", extension, user.extension, requestId()),
    );
  }

  reset(): void {
    this.wanted = undefined;
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
    const known = before?.id === team.id ? before.members : new Map<string, Signal<User>>();
    const members = new Map<string, Signal<User>>();
    const users = new Map([...team.users.map((user) => [user.loginId, user] as const), ...told]);
    for (const user of [...users.values()].sort(byName).slice(0, MEMBERS_MAX)) {
      const member = known.get(user.loginId) ?? signal(user);
      member.value = told.get(user.loginId) ?? user;
      members.set(user.loginId, member);
    }
    this.model.watched.value = { id: team.id, name: team.name, members };
  }

  private join(watched: Watched, user: User): void {
    if (watched.members.size >= MEMBERS_MAX) return;
    const all = [...watched.members.values(), signal(user)].sort((a, b) => byName(a.value, b.value));
    this.model.watched.value = { ...watched, members: new Map(all.map((one) => [one.value.loginId, one])) };
  }
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
