/** The agent's calls: what the server says of them, and what the agent asks for. */
import type { CallAction } from "../finesse/call_action";
import { type Callback, type Dialog, isPreview, type Participant } from "../finesse/dialog";
import { requestId } from "../finesse/request_id";
import { RestError } from "../finesse/rest";
import type { Update } from "../finesse/update";
import type { AgentLine } from "./agent_line";
import { faultOf, SilenceError } from "./fault";
import { type Model, type PastCall, tell } from "./model";

/** A list that is longer is nobody's calls; the rest is left out. */
export const CALLS_MAX = 32;

/** Ended calls that are shown. */
export const PAST_CALLS_MAX = 100;

export class Calls {
  /** Calls that events told of while the server's list was on its way: the list is older. */
  private told: Set<string> | undefined;
  /** Whose calls these are, and what was history when this agent signed out. */
  private shift: { loginId: string; calls: readonly PastCall[] } = { loginId: "", calls: [] };

  constructor(
    private readonly model: Model,
    private readonly line: AgentLine,
  ) {}

  /** The agent has signed in. Who comes back on the same day finds the calls of before. */
  begin(): void {
    const { user, pastCalls, distance } = this.model;
    const loginId = user.value?.loginId ?? "";
    const today = new Date().toDateString();
    const isToday = ({ endedAtMs }: PastCall) =>
      new Date(endedAtMs - distance.value.driftMs).toDateString() === today;
    const before = this.shift.loginId === loginId ? this.shift.calls.filter(isToday) : [];
    this.shift = { loginId, calls: [] };
    pastCalls.value = [...pastCalls.value, ...before].slice(0, PAST_CALLS_MAX);
  }

  /** Takes the server's list, at the start and after a gap. Without one the calls shown stay. */
  async refresh(): Promise<void> {
    const loginId = this.model.user.value?.loginId;
    if (loginId === undefined) return;
    const told = new Set<string>();
    this.told = told;
    try {
      const listed = (await this.line.rest.dialogs(loginId)).filter(({ id }) => !told.has(id));
      const kept = this.model.calls.value.filter(({ id }) => told.has(id));
      for (const call of this.model.calls.value) {
        if (![...kept, ...listed].some(({ id }) => id === call.id)) this.ended(call);
      }
      this.model.calls.value = [...listed, ...kept].slice(0, CALLS_MAX);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      tell(this.model, { key: "fault.calls" }, faultOf(error).text);
    } finally {
      if (this.told === told) this.told = undefined;
    }
  }

  /** An event of the agent's own calls. */
  take(update: Update & { kind: "dialogs" }): void {
    for (const dialog of update.dialogs) {
      this.told?.add(dialog.id);
      const others = this.model.calls.value.filter(({ id }) => id !== dialog.id);
      const shown = others.length < this.model.calls.value.length;
      if (update.event === "DELETE") {
        if (shown) this.ended(dialog);
        this.model.calls.value = others;
      } else if (shown) {
        this.model.calls.value = this.model.calls.value.map((call) =>
          call.id === dialog.id ? dialog : call,
        );
      } else if (others.length < CALLS_MAX && !this.isLate(update.event, dialog)) {
        this.model.calls.value = [...others, dialog];
      }
    }
  }

  /** Calls a number. Returns whether the call came about. */
  async make(to: string): Promise<boolean> {
    const { user } = this.model;
    const { loginId = "", extension = "" } = user.value ?? {};
    const known = new Set(this.model.calls.value.map(({ id }) => id));
    const done = (update: Update) =>
      update.kind === "dialogs" && update.dialogs.some(({ id }) => !known.has(id));
    return this.attempt(NEW_CALL, "fault.call.MAKE_CALL", done, (id) =>
      this.line.rest.call(loginId, "MAKE_CALL", extension, to, id),
    );
  }

  /** Asks for something to be done with a call. Returns whether it was. */
  async act(call: Dialog, wish: CallAction): Promise<boolean> {
    const extension = this.model.user.value?.extension ?? "";
    const send = (id: string) => this.line.rest.act(call.id, extension, wish, id);
    return this.attempt(call.id, `fault.call.${wish.action}`, outcomeOf(call, extension, wish), send);
  }

  /** Shows nothing any more; the agent signed out. */
  reset(): void {
    this.model.calls.value = [];
    if (this.model.pastCalls.value.length > 0) this.shift.calls = this.model.pastCalls.value;
    this.model.pastCalls.value = [];
    this.model.asking.value = new Set();
  }

  private async attempt(
    what: string,
    failed: `fault.call.${CallAction["action"] | "MAKE_CALL"}`,
    done: ((update: Update) => boolean) | undefined,
    send: (requestId: string) => Promise<void>,
  ): Promise<boolean> {
    const { model } = this;
    if (model.asking.value.has(what)) return false;
    model.asking.value = new Set([...model.asking.value, what]);
    const id = requestId();
    try {
      if (done) await this.line.request(() => send(id), id, done);
      else await send(id);
      return true;
    } catch (error) {
      if (model.phase.value.kind !== "signedIn") return false;
      tell(model, { key: failed }, faultOf(error).text);
      // An event may have been lost on the way; the server knows.
      if (error instanceof SilenceError) await this.refresh();
      return false;
    } finally {
      const others = [...model.asking.value].filter((asked) => asked !== what);
      model.asking.value = new Set(others);
    }
  }

  /** A change of a call that is over came late; only a call that is told anew is there again. */
  private isLate(event: string, dialog: Dialog): boolean {
    return event !== "POST" && this.model.pastCalls.value.some(({ id }) => id === dialog.id);
  }

  private ended(dialog: Dialog): void {
    if (isPreview(dialog)) return;
    const extension = this.model.user.value?.extension ?? "";
    const started = own(dialog, extension)?.startedAtMs ?? dialog.participants[0]?.startedAtMs;
    const past: PastCall = {
      id: dialog.id,
      party: otherParty(dialog, extension),
      incoming: isIncoming(dialog, extension),
      queueName: dialog.queueName,
      wrapUpReason: dialog.wrapUpReason,
      startedAtMs: started,
      endedAtMs: Date.now() + this.model.distance.value.driftMs,
    };
    const others = this.model.pastCalls.value.filter(({ id }) => id !== past.id);
    this.model.pastCalls.value = [past, ...others].slice(0, PAST_CALLS_MAX);
  }
}

/** The place of a call that is not there yet among those that something was asked for. */
export const NEW_CALL = "";

/** The agent's own part in a call. */
export function own(call: Dialog, extension: string): Participant | undefined {
  return call.participants.find(({ address }) => address === extension);
}

/** Whether the agent was called, rather than called. */
export function isIncoming(call: Dialog, extension: string): boolean {
  // The dialer's calls come from the customer's number, whom the dialer has called for the agent.
  return call.fromAddress !== extension && call.callType !== "OUTBOUND";
}

/** Who is at the other end: a number, or nothing when nobody is known. */
export function otherParty(call: Dialog, extension: string): string {
  const named = call.fromAddress === extension ? call.toAddress : call.fromAddress;
  const others = call.participants.filter(({ address }) => address !== extension && address !== "");
  // After a transfer the addresses of the call may both be somebody else's.
  const present = others.some(({ address }) => address === named) || others.length === 0;
  return present ? named : (others[0]?.address ?? named);
}

/** What shows that a wish came true; nothing for one of which no event tells. */
function outcomeOf(
  call: Dialog,
  extension: string,
  wish: CallAction,
): ((update: Update) => boolean) | undefined {
  const about = (test: (dialog: Dialog, event: string) => boolean) => (update: Update) =>
    update.kind === "dialogs" && update.dialogs.some((dialog) => test(dialog, update.event));
  const becomes = (...states: string[]) =>
    about((dialog, event) => {
      if (dialog.id !== call.id) return false;
      return event === "DELETE" || states.includes(own(dialog, extension)?.state ?? "");
    });
  switch (wish.action) {
    case "ANSWER":
    case "RETRIEVE":
      return becomes("ACTIVE");
    case "HOLD":
      return becomes("HELD");
    case "DROP":
      return becomes("DROPPED", "WRAP_UP");
    case "TRANSFER":
    case "TRANSFER_SST":
    case "REJECT":
    case "CLOSE":
      return becomes("DROPPED", "WRAP_UP");
    case "ACCEPT":
      return becomes("ACCEPTED", "ACTIVE", "DROPPED", "WRAP_UP");
    case "CONSULT_CALL":
      return about(
        ({ id, associatedId }, event) => event !== "DELETE" && id !== call.id && associatedId === call.id,
      );
    case "CONFERENCE":
      return about(
        ({ id, callType, participants }, event) =>
          event === "DELETE" || (id === call.id && (callType === "CONFERENCE" || participants.length > 2)),
      );
    case "PARTICIPANT_DROP":
      return about(({ id, participants }, event) => {
        const party = participants.find(({ address }) => address === wish.party);
        return id === call.id && (event === "DELETE" || !party || party.state === "DROPPED");
      });
    case "UPDATE_CALL_DATA":
      return about(({ id }) => id === call.id);
    case "RECLASSIFY":
      return about(
        ({ id, properties }) =>
          id === call.id && properties.get("outboundClassification") === wish.classification,
      );
    case "UPDATE_SCHEDULED_CALLBACK":
      return about(({ id, callback }) => id === call.id && isTold(callback, wish.callback));
    case "CANCEL_SCHEDULED_CALLBACK":
      return about(({ id, callback }) => id === call.id && callback === undefined);
    case "SEND_DTMF":
      return undefined;
  }
}

function isTold(told: Callback | undefined, wanted: { time: string } | { number: string }): boolean {
  return "time" in wanted ? told?.time === wanted.time : told?.number === wanted.number;
}
