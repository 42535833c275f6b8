/**
 * The agent's line to the server: asks by REST, hears by events, and shows what it hears in the {@link Model}.
 */
import { requestId } from "../finesse/request_id";
import { type Change, Rest } from "../finesse/rest";
import type { Update } from "../finesse/update";
import type { User } from "../finesse/user";
import { locale } from "../i18n/language";
import { Awaited } from "./awaited";
import { SilenceError } from "./fault";
import type { Model } from "./model";

export class AgentLine {
  readonly rest = new Rest(locale);
  readonly awaited = new Awaited();
  /** The XMPP domain, once the server told it. */
  domain = "";

  constructor(private readonly model: Model) {}

  /** Sends a request and waits for its outcome, an event. */
  async request(send: () => Promise<void>, id: string, done: (update: Update) => boolean): Promise<void> {
    // Before the request: its event may overtake its 202.
    const outcome = this.awaited.outcome(id, done);
    outcome.catch(() => {});
    try {
      await send();
    } catch (error) {
      this.awaited.forget(id);
      throw error;
    }
    await outcome;
  }

  /** Asks for a change and waits for its outcome. */
  async change(change: Change, done: (user: User) => boolean): Promise<void> {
    const loginId = this.model.user.value?.loginId ?? "";
    const id = requestId();
    const shows = (update: Update) => update.kind === "user" && done(update.user);
    try {
      await this.request(() => this.rest.change(loginId, change, id), id, shows);
    } catch (error) {
      if (!(error instanceof SilenceError)) throw error;
      // The event may have been lost on the way; the server knows.
      const user = await this.rest.user(loginId);
      this.show(user);
      if (!done(user)) throw error;
    }
  }

  /** Shows the agent as told; news older than what is shown come late and are left aside, unless all is taken anew. */
  show(user: User, how?: "anew"): void {
    const known = this.model.user.value?.stateChangedAtMs;
    const late = known !== undefined && user.stateChangedAtMs !== undefined && user.stateChangedAtMs < known;
    if (how === "anew" || !late) this.model.user.value = user;
  }

  /** Asks for the server's domain, time and condition. Returns whether it can reach the phone system. */
  async measure(): Promise<boolean> {
    const { info, roundTripMs, driftMs = 0 } = await this.rest.systemInfo();
    this.domain = info.xmppDomain;
    this.model.distance.value = { driftMs, roundTripMs };
    return info.inService;
  }
}
