/** After a gap in the connection: takes up again what the server says, and the agent's place at the phone. */
import { type Place, RestError } from "../finesse/rest";
import type { User } from "../finesse/user";
import type { Text } from "../i18n/say";
import type { AgentLine } from "./agent_line";
import { isSignedIn } from "./agent_state";
import { type Fault, faultOf } from "./fault";
import { RESTORED_MS, RESUME_EVERY_MS, RESUME_SIGN_IN_MS } from "./limits";
import { type Model, tell } from "./model";

/** The reason code of the forced sign-out of an agent whose presence was lost. */
const PRESENCE_LOST = "255";

/** How it ends when the agent has to sign in anew. */
type PutDown = (why: { fault?: Fault; notice?: Text }) => Promise<void>;

export class Recovery {
  /** Since when nothing is known of the agent; until the agent is seen signed in after the gap. */
  private lostSinceMs: number | undefined;
  private busy = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private restoredTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly model: Model,
    private readonly line: AgentLine,
    /** Takes everything else that events tell of anew. */
    private readonly refresh: () => Promise<void>,
    private readonly putDown: PutDown,
  ) {}

  /** The connection was lost at that moment. */
  lost(sinceMs: number): void {
    this.lostSinceMs = sinceMs;
  }

  /** Forgets everything; the agent signed out. */
  reset(): void {
    clearTimeout(this.timer);
    clearTimeout(this.restoredTimer);
    this.lostSinceMs = undefined;
  }

  /** Asks the server how things are, until it has said so. */
  async resume(): Promise<void> {
    clearTimeout(this.timer);
    if (this.busy || !this.wanted()) return;
    this.busy = true;
    try {
      this.model.phoneSystem.value = await this.line.measure();
      const user = await this.line.rest.user(this.model.user.value?.loginId ?? "");
      await this.refresh();
      if (this.wanted()) await this.take(user);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      if (error.status === 401) return this.putDown({ notice: { key: "notice.credentialsRefused" } });
      // The notification service came back before the web service.
      this.timer = setTimeout(() => void this.resume(), RESUME_EVERY_MS);
    } finally {
      this.busy = false;
    }
  }

  /** Events have told everything: what is shown is true. */
  caughtUp(): void {
    const state = this.model.user.value?.state ?? "";
    this.restored();
    if (isSignedIn(state)) this.lostSinceMs = undefined;
  }

  /** Takes an event that says that the agent is signed out. Returns whether it is for us: a gap's doing. */
  takesSignedOut(user: User): boolean {
    if (this.lostSinceMs === undefined || !this.mayReturn(user)) return false;
    if (this.model.phoneSystem.value) void this.resume();
    return true;
  }

  private async take(user: User): Promise<void> {
    this.restored();
    this.line.show(user, "anew");
    if (isSignedIn(user.state)) this.lostSinceMs = undefined;
    if (user.state !== "LOGOUT" || !this.model.phoneSystem.value) return;
    if (this.mayReturn(user)) return this.returnToPhone();
    await this.putDown({ notice: signedOutNotice(user) });
  }

  /** An agent still at the desk is signed in again; one who was away long, or whom somebody signed out, is not. */
  private mayReturn(user: User): boolean {
    const gapMs = this.lostSinceMs === undefined ? Number.POSITIVE_INFINITY : Date.now() - this.lostSinceMs;
    const byLostPresence = user.reason === undefined || user.reason.code === PRESENCE_LOST;
    return gapMs <= RESUME_SIGN_IN_MS && byLostPresence;
  }

  private async returnToPhone(): Promise<void> {
    try {
      await this.line.change({ state: "LOGIN", ...this.place }, (seen) => isSignedIn(seen.state));
      this.lostSinceMs = undefined;
      tell(this.model, { key: "notice.signedInAgain" });
    } catch (error) {
      await this.putDown({ fault: faultOf(error) });
    }
  }

  /** Where the agent signed in. */
  place: Place = { extension: "" };

  private restored(): void {
    const { banner } = this.model;
    if (banner.value?.kind !== "lost") return;
    const gapMs = this.lostSinceMs === undefined ? 0 : Date.now() - this.lostSinceMs;
    const restored = { kind: "restored", gapMs } as const;
    banner.value = restored;
    clearTimeout(this.restoredTimer);
    this.restoredTimer = setTimeout(() => {
      if (banner.value === restored) banner.value = undefined;
    }, RESTORED_MS);
  }

  /** There is somebody to ask for, and a connection to hear events by. */
  private wanted(): boolean {
    const { phase, user, connected } = this.model;
    return phase.value.kind === "signedIn" && user.value !== undefined && connected.value;
  }
}

/** What to tell an agent whom somebody else signed out. */
export function signedOutNotice(user: User): Text {
  const reason = user.reason?.label;
  return reason
    ? { key: "notice.signedOutReason", values: { reason } }
    : { key: "notice.signedOutElsewhere" };
}
