/**
 * The calls of those agents of the team whose rows are in view: taken from the web service when a row comes into view,
 * and kept true by the events of the agent's own node. Of two thousand agents nobody sees more than a screen at a time.
 */
import type { Dialog } from "../finesse/dialog";
import { type Rest, RestError } from "../finesse/rest";
import type { Update } from "../finesse/update";
import type { User } from "../finesse/user";
import { isSignedIn } from "./agent_state";
import { CALLS_MAX, isIncoming, otherParty, own } from "./calls";

/** Rows on a wall screen, and some to spare; the rest is not followed. */
export const FOLLOWED_MAX = 120;

/** An agent's call, as far as the table shows it. */
export interface MemberCall {
  id: string;
  /** The other end's number; empty when it is not known. */
  party: string;
  /** How many more are in it. */
  others: number;
  incoming: boolean;
  queueName: string;
  /** The agent's own state in it. */
  state: string;
}

/** A call as the table shows it, for the agent at that extension. */
export function memberCall(call: Dialog, extension: string): MemberCall {
  return {
    id: call.id,
    party: otherParty(call, extension),
    others: Math.max(0, call.participants.length - 2),
    incoming: isIncoming(call, extension),
    queueName: call.queueName,
    state: own(call, extension)?.state ?? call.state,
  };
}

export class MemberCalls {
  /** By login id, in the order in which they came. */
  private readonly known = new Map<string, readonly Dialog[]>();
  /** Calls that events told of while the server's list was on its way: the list is older. */
  private readonly told = new Map<string, Set<string>>();

  /** @param show is told an agent's calls whenever they are others */
  constructor(
    private readonly rest: Rest,
    private readonly subscribe: (nodes: readonly string[]) => void,
    private readonly show: (loginId: string, calls: readonly Dialog[]) => void,
  ) {}

  /** Follows these agents from now on, and no others. */
  async follow(agents: readonly User[]): Promise<void> {
    const wanted = agents.slice(0, FOLLOWED_MAX);
    const ids = new Set(wanted.map(({ loginId }) => loginId));
    for (const loginId of this.known.keys()) {
      if (ids.has(loginId)) continue;
      this.known.delete(loginId);
      this.told.delete(loginId);
    }
    const fresh = wanted.filter(({ loginId }) => !this.known.has(loginId));
    for (const { loginId } of fresh) this.known.set(loginId, []);
    // Before the question: nothing falls between its answer and the events after it.
    this.subscribe([...ids].map(dialogsOf));
    const there = fresh.filter(({ state }) => isSignedIn(state));
    await Promise.all(there.map(({ loginId }) => this.ask(loginId)));
  }

  /** Takes all anew, after a gap. */
  async refresh(): Promise<void> {
    await Promise.all([...this.known.keys()].map((loginId) => this.ask(loginId)));
  }

  /** An event. Returns whether it was about the calls of somebody who is followed. */
  take(node: string, update: Update): boolean {
    const loginId = /^\/finesse\/api\/User\/([^/]+)\/Dialogs$/.exec(node)?.[1] ?? "";
    const before = this.known.get(loginId);
    if (!before) return false;
    if (update.kind !== "dialogs") return true;
    let calls = before;
    for (const dialog of update.dialogs) {
      this.told.get(loginId)?.add(dialog.id);
      const at = calls.findIndex(({ id }) => id === dialog.id);
      if (update.event === "DELETE") calls = calls.filter(({ id }) => id !== dialog.id);
      else if (at >= 0) calls = calls.map((call, index) => (index === at ? dialog : call));
      else calls = [...calls, dialog].slice(0, CALLS_MAX);
    }
    this.learn(loginId, calls);
    return true;
  }

  /** Follows nobody any more. */
  reset(): void {
    this.known.clear();
    this.told.clear();
  }

  /** Without an answer the row shows what events tell; its state is true all the same. */
  private async ask(loginId: string): Promise<void> {
    const told = new Set<string>();
    this.told.set(loginId, told);
    try {
      const listed = await this.rest.dialogs(loginId);
      // Out of view, or asked anew meanwhile.
      if (this.told.get(loginId) !== told) return;
      const kept = (this.known.get(loginId) ?? []).filter(({ id }) => told.has(id));
      this.learn(loginId, [...listed.filter(({ id }) => !told.has(id)), ...kept].slice(0, CALLS_MAX));
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
    } finally {
      if (this.told.get(loginId) === told) this.told.delete(loginId);
    }
  }

  private learn(loginId: string, calls: readonly Dialog[]): void {
    this.known.set(loginId, calls);
    this.show(loginId, calls);
  }
}

/** The node of an agent's calls. */
export function dialogsOf(loginId: string): string {
  return `/finesse/api/User/${loginId}/Dialogs`;
}
