/** The agent's queues: how many calls wait, and who could take them. */
import type { Subscribe } from "../connection/wanted";
import { QUEUES_MAX, type Queue } from "../finesse/queue";
import { RestError } from "../finesse/rest";
import type { Update } from "../finesse/update";
import type { AgentLine } from "./agent_line";
import { faultOf } from "./fault";
import { type Model, tell } from "./model";

export class Queues {
  /** Queues that events told of while the list was on its way: the list is older. */
  private told: Map<string, Queue> | undefined;

  constructor(
    private readonly model: Model,
    private readonly line: AgentLine,
    private readonly subscribe: Subscribe,
  ) {}

  /** Takes the server's list, at the start, after a gap, and when it changed; and watches what is in it. */
  async refresh(): Promise<void> {
    const loginId = this.model.user.value?.loginId;
    if (loginId === undefined) return;
    const told = new Map<string, Queue>();
    this.told = told;
    try {
      const listed = await this.line.rest.queues(loginId);
      if (this.model.user.value?.loginId !== loginId) return;
      this.model.queues.value = listed.map((queue) => told.get(queue.id) ?? queue);
      this.watch(loginId);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      this.missing(error);
    } finally {
      if (this.told === told) this.told = undefined;
    }
  }

  /** An event. Returns whether it was about queues. */
  take(node: string, update: Update): boolean {
    if (update.kind === "queues") {
      if (node === listNode(this.model.user.value?.loginId ?? "")) void this.refresh();
      return true;
    }
    if (update.kind !== "queue") return false;
    const { queue } = update;
    const { queues } = this.model;
    if (node !== queueNode(queue.id)) return true;
    if (update.event === "DELETE") queues.value = queues.value.filter(({ id }) => id !== queue.id);
    else {
      this.told?.set(queue.id, queue);
      queues.value = queues.value.map((known) => (known.id === queue.id ? queue : known));
    }
    return true;
  }

  /** Forgets everything; the agent signed out. */
  reset(): void {
    this.model.queues.value = [];
  }

  private watch(loginId: string): void {
    const nodes = this.model.queues.value.slice(0, QUEUES_MAX).map(({ id }) => queueNode(id));
    this.subscribe("queues", [listNode(loginId), ...nodes]);
  }

  /** A phone system without queue statistics is no fault. */
  private missing(error: RestError): void {
    const isAbsent = error.reason === "refused" && (error.status === 404 || error.status === 501);
    if (!isAbsent) tell(this.model, { key: "fault.queues" }, faultOf(error).text);
  }
}

function listNode(loginId: string): string {
  return `/finesse/api/User/${loginId}/Queues`;
}

function queueNode(id: string): string {
  return `/finesse/api/Queue/${id}`;
}
