/** What supervisors tell the agent's team for a while. */
import type { Subscribe } from "../connection/wanted";
import { RestError } from "../finesse/rest";
import { TEAM_MESSAGES_MAX, type TeamMessage } from "../finesse/team_message";
import type { Update } from "../finesse/update";
import type { AgentLine } from "./agent_line";
import { faultOf } from "./fault";
import { type Model, tell } from "./model";

export class TeamMessages {
  private teamId = "";
  /** Ids that events told of while the list was on its way: the list is older. */
  private told: Set<string> | undefined;

  constructor(
    private readonly model: Model,
    private readonly line: AgentLine,
    private readonly subscribe: Subscribe,
  ) {}

  /** Follows the messages of the agent's team, whichever it is now. */
  async follow(): Promise<void> {
    const teamId = this.model.user.value?.teamId ?? "";
    if (teamId === this.teamId) return;
    this.teamId = teamId;
    this.model.teamMessages.value = [];
    this.subscribe("team messages", teamId === "" ? [] : [nodeOf(teamId)]);
    await this.refresh();
  }

  /** Takes the server's list; after a gap too. What was read stays read. */
  async refresh(): Promise<void> {
    const { teamId } = this;
    if (teamId === "") return;
    const told = new Set<string>();
    this.told = told;
    try {
      const listed = (await this.line.rest.teamMessages(teamId)).filter(({ id }) => !told.has(id));
      const kept = this.model.teamMessages.value.filter(({ id }) => told.has(id));
      if (this.teamId === teamId) this.show([...kept, ...listed]);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      // A server without messages to teams is no fault.
      if (error.reason === "refused" && error.status === 404) return;
      tell(this.model, { key: "fault.teamMessages" }, faultOf(error).text);
    } finally {
      if (this.told === told) this.told = undefined;
    }
  }

  /** An event. Returns whether it was about messages. */
  take(node: string, update: Update): boolean {
    if (update.kind !== "teamMessage") return false;
    if (node !== nodeOf(this.teamId)) return true;
    const { message } = update;
    this.told?.add(message.id);
    const others = this.model.teamMessages.value.filter(({ id }) => id !== message.id);
    this.show(update.event === "DELETE" ? others : [message, ...others]);
    return true;
  }

  /** The agent has read it. */
  read(id: string): void {
    const { readMessages } = this.model;
    readMessages.value = new Set([...readMessages.value, id]);
    this.show(this.model.teamMessages.value);
  }

  /** Forgets everything; the agent signed out. */
  reset(): void {
    this.teamId = "";
    this.model.teamMessages.value = [];
    this.model.readMessages.value = new Set();
  }

  /** The latest first; those that are over go, and what is known of having read them. */
  private show(messages: readonly TeamMessage[]): void {
    const { model } = this;
    const now = Date.now() + model.distance.value.driftMs;
    const present = messages.filter(({ endsAtMs }) => endsAtMs > now);
    present.sort((a, b) => b.createdAtMs - a.createdAtMs);
    model.teamMessages.value = present.slice(0, TEAM_MESSAGES_MAX);
    const ids = new Set(model.teamMessages.value.map(({ id }) => id));
    model.readMessages.value = new Set([...model.readMessages.value].filter((id) => ids.has(id)));
  }
}

function nodeOf(teamId: string): string {
  return `/finesse/api/Team/${teamId}/TeamMessages`;
}
