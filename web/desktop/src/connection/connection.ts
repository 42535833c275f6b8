/**
 * The notification service as the page sees it: one call to sign in, then it stays connected. A session that is lost is
 * replaced by a new one for as long as it takes, with pauses that grow; the password for that stays in memory only.
 */
import type { Ended } from "../bosh/ended";
import type { Element } from "../xml/element";
import { Numbers } from "../xmpp/numbers";
import { type Credentials, Stream, type StreamEvent } from "../xmpp/stream";
import { backoffMs } from "./backoff";
import { Choice } from "./choice";
import { CONNECT_MS, NUMBERS_MS, WAY_BACK_MS } from "./limits";
import type { Dial, Kind, Transport } from "./transport";
import { Wanted } from "./wanted";

export type State =
  | { kind: "idle" }
  /** The first session is being made. */
  | { kind: "connecting" }
  | { kind: "up"; transport: Kind }
  /** Was up, is not; `retryAt` is when the next try starts, nothing while one is under way. */
  | { kind: "lost"; ended: Ended; sinceMs: number; retryAtMs: number | undefined }
  /** The agent signed in elsewhere, which ended this session; nothing is tried until somebody says so. */
  | { kind: "conflict" }
  /** The server does not take the credentials (any more): a SASL condition. */
  | { kind: "refused"; condition: string };

/** Why the first session could not be made. */
export class ConnectError extends Error {
  constructor(
    readonly reason: Ended["reason"] | "not-authorized" | "timeout",
    detail: string,
  ) {
    super(detail);
  }
}

/** How to connect, by the server's word. */
export interface Plan {
  /** In the order of preference. */
  kinds: readonly [Kind, ...Kind[]];
  /** After a server's end, its clients come back spread over this time. */
  spreadMs: number;
  /** How long after a loss the forced sign-out comes at the earliest; nothing where nobody says so. */
  signOutMs?: Partial<Record<Kind, number>>;
  /** What the sign-in form may offer; nothing where nobody says so. */
  offers?: Offers;
}

/** Where agents may sign in beside the telephone of an extension. */
export interface Offers {
  /** At a telephone outside. */
  mobileAgents: boolean;
  /** At one of several telephones that share an extension. */
  sharedExtensions: boolean;
}

/** What the connection needs and whom it tells. */
export interface Options {
  dials: Partial<Record<Kind, Dial>>;
  /** The language in use. */
  lang(): string;
  /** A random number in [0, 1). */
  chance(): number;
  changed(state: State): void;
  notification(node: string, payload: string): void;
  presence(user: string, available: boolean): void;
  /**
   * The session's past is settled: all that was missed has been told (`whole`), or has to be asked for elsewhere. `besides`:
   * that of the nodes that were subscribed to as well.
   */
  settled(whole: boolean, besides: boolean): void;
}

/** A session, or one in the making. */
interface Line {
  kind: Kind;
  transport: Transport;
  stream: Stream;
  /** Whether a single stanza came. */
  heard: boolean;
}

export class Connection {
  private state: State = { kind: "idle" };
  private credentials: Credentials | undefined;
  /** The session that is up. */
  private present: Line | undefined;
  /** The one being made; beside a present one only on the way back to the preferred transport. */
  private coming: Line | undefined;
  private readonly wanted = new Wanted();
  private readonly numbers = new Numbers();
  /** Whether somebody looks at the desktop. */
  private attended = true;
  private plan: Plan;
  private choice: Choice;
  /** Kinds that were tried since the last session or pause. */
  private tried = new Set<Kind>();
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private deadline: ReturnType<typeof setTimeout> | undefined;
  private wayBack: ReturnType<typeof setTimeout> | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private first: { resolve: () => void; reject: (error: ConnectError) => void } | undefined;
  private left: (() => void) | undefined;
  private telling: ((answer: "yes" | "no" | "lost") => void) | undefined;

  constructor(private readonly options: Options) {
    const kinds = Object.keys(options.dials) as [Kind, ...Kind[]];
    this.plan = { kinds, spreadMs: 0 };
    this.choice = new Choice(kinds);
  }

  /** Makes the first session; rejects with {@link ConnectError}. From then on the connection keeps itself up. */
  connect(credentials: Credentials, plan = this.plan): Promise<void> {
    this.abandon();
    this.left?.();
    this.left = undefined;
    this.credentials = credentials;
    this.plan = plan;
    this.choice = new Choice(plan.kinds);
    this.numbers.reset();
    this.set({ kind: "connecting" });
    return new Promise((resolve, reject) => {
      this.first = { resolve, reject };
      this.start();
    });
  }

  /** Ends the session in good order (presence goes first) and forgets the password. */
  async leave(): Promise<void> {
    const line = this.present;
    this.credentials = undefined;
    this.wanted.clear();
    clearTimeout(this.timer);
    if (line) {
      await new Promise<void>((resolve) => {
        this.left = resolve;
        line.transport.leave('<presence xmlns="jabber:client" type="unavailable"/>');
      });
      // Somebody signed in again meanwhile; that session is not ours to end.
      if (this.present !== line) return;
    }
    this.abandon();
    this.set({ kind: "idle" });
  }

  /**
   * The network may have come or gone, or somebody looks at the page again: do not wait for timers. A question to the
   * server shows within seconds whether a session still hangs on anything.
   */
  nudge(): void {
    this.present?.transport.hurry();
    if (this.state.kind === "lost" && this.state.retryAtMs !== undefined) this.start();
  }

  /** Somebody looks at the desktop again, or nobody does any more: sessions of now and later are told. */
  attend(looked: boolean): void {
    if (looked === this.attended) return;
    this.attended = looked;
    this.present?.stream.attended(looked);
  }

  /** Tells the server what the probe has noted; `lost` when there was nobody to take it. */
  probe(payload: string): Promise<"yes" | "no" | "lost"> {
    this.told("lost");
    const line = this.present;
    if (!line) return Promise.resolve("lost");
    return new Promise((resolve) => {
      this.telling = resolve;
      line.stream.tell(payload);
    });
  }

  /** The session's longest silence since this was asked last; none without a session. */
  takeGap(): number {
    return this.present?.transport.takeGap() ?? 0;
  }

  /** When the server may sign the agent out, if the session that was lost at `sinceMs` is not replaced. */
  signOutAtMs(sinceMs: number, transport: Kind | undefined): number | undefined {
    const afterMs = transport && this.plan.signOutMs?.[transport];
    return afterMs === undefined ? undefined : sinceMs + afterMs;
  }

  /** Wants for `what` the events of these nodes, and of no others it asked for before; in every session from now on. */
  subscribe(what: string, nodes: readonly string[]): void {
    const { fresh, gone } = this.wanted.change(what, nodes);
    for (const node of fresh) this.present?.stream.subscribe(node);
    for (const node of gone) {
      this.present?.stream.unsubscribe(node);
      this.numbers.forget(node);
    }
  }

  /** Signs in here again after a conflict, which ends the session elsewhere. */
  takeOver(): void {
    if (this.state.kind !== "conflict") return;
    this.lose({ reason: "conflict", detail: "taken over" }, 0);
  }

  private start(kind = this.choice.next(Date.now())): void {
    const { credentials } = this;
    const dial = this.options.dials[kind];
    if (!credentials || !dial) return;
    clearTimeout(this.timer);
    if (this.state.kind === "lost") this.set({ ...this.state, retryAtMs: undefined });
    this.tried.add(kind);
    const jid = `${credentials.user}@${credentials.domain}`;
    const peer = { domain: credentials.domain, jid, lang: this.options.lang() };
    // What an abandoned attempt still has to say is nobody's business.
    const current = () => this.coming === line || this.present === line;
    const transport = dial(peer, {
      stanza: (stanza) => {
        if (!current()) return;
        line.heard = true;
        line.stream.handle(stanza);
      },
      ended: (ended) => current() && this.ended(line, ended),
    });
    const stream = new Stream(credentials, {
      send: (stanza) => transport.send(stanza),
      restart: () => transport.restart(),
      found: (event) => current() && this.found(line, event),
    });
    const line: Line = { kind, transport, stream, heard: false };
    this.coming = line;
    const late = () => this.ended(line, { reason: "unreachable", detail: "timeout" });
    this.deadline = setTimeout(late, CONNECT_MS);
  }

  private found(line: Line, event: StreamEvent): void {
    if (event.kind === "bound") this.bound(line);
    else if (event.kind === "refused") this.refused(event.condition);
    else if (event.kind === "presence") this.options.presence(event.user, event.available);
    else if (event.kind === "numbers") this.numbered(event.answer);
    else if (event.kind === "told") this.told(event.taken ? "yes" : "no");
    else {
      const turn = this.numbers.take(event.node, event.mark);
      if (turn === "new") this.options.notification(event.node, event.payload);
      else if (turn === "gap") line.stream.askNumbers(this.numbers.request());
    }
  }

  private bound(line: Line): void {
    clearTimeout(this.deadline);
    this.failures = 0;
    this.tried.clear();
    this.choice.worked(line.kind, Date.now());
    // On the way back: the server has ended the other one, which bears the same name.
    this.present?.transport.leave("");
    this.present = line;
    this.coming = undefined;
    // Before anybody is told: who then asks how things are misses nothing in between.
    for (const node of this.wanted.all) line.stream.subscribe(node);
    line.stream.askNumbers(this.numbers.request());
    // A session begins as one that is looked at (XEP-0352 §5.1).
    if (!this.attended) line.stream.attended(false);
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.options.settled(false, false), NUMBERS_MS);
    clearTimeout(this.wayBack);
    if (line.kind !== this.choice.preferred) this.wayBack = setTimeout(() => this.goBack(), WAY_BACK_MS);
    this.set({ kind: "up", transport: line.kind });
    this.first?.resolve();
    this.first = undefined;
  }

  private told(answer: "yes" | "no" | "lost"): void {
    const telling = this.telling;
    this.telling = undefined;
    telling?.(answer);
  }

  private numbered(answer: Element): void {
    const { missed, again } = this.numbers.answer(answer);
    if (again) return this.present?.stream.askNumbers(this.numbers.request());
    clearTimeout(this.settling);
    const ofOthers = missed?.filter((node) => !this.wanted.has(node));
    this.options.settled(ofOthers?.length === 0, missed?.length === 0);
  }

  /** Tries the preferred transport beside the one in use; its session takes the other's place when it is there. */
  private goBack(): void {
    if (this.state.kind !== "up" || this.coming) return;
    this.start(this.choice.preferred);
  }

  private refused(condition: string): void {
    // `temporary-auth-failure` and the like pass; only a no to the credentials themselves is final.
    const final = ["not-authorized", "account-disabled", "credentials-expired"].includes(condition);
    if (!final && !this.first) return this.lose({ reason: "refused", detail: condition }, this.pauseMs());
    this.abandon(new ConnectError(final ? "not-authorized" : "refused", condition));
    this.credentials = undefined;
    this.set({ kind: "refused", condition });
  }

  private ended(line: Line, ended: Ended): void {
    const left = this.left;
    if (left) {
      this.left = undefined;
      return left();
    }
    if (line === this.coming) return this.failed(line, ended);
    this.present = undefined;
    this.told("lost");
    // The session that is on its way has taken its place.
    if (this.coming) return;
    if (ended.reason === "conflict") {
      this.abandon();
      return this.set({ kind: "conflict" });
    }
    this.tried.clear();
    // A server that no longer knows the session is there: no pause, but for the spread, since after a restart it knows nobody.
    const pauseMs = ended.reason === "item-not-found" ? 0 : this.pauseMs();
    this.lose(ended, Math.max(pauseMs, Math.round(this.plan.spreadMs * this.options.chance())));
  }

  /** A try came to nothing. Before a single stanza it may be the transport's fault: the other one is tried at once. */
  private failed(line: Line, ended: Ended): void {
    clearTimeout(this.deadline);
    this.coming = undefined;
    line.transport.leave("");
    if (this.present) {
      // The way back is still blocked.
      this.wayBack = setTimeout(() => this.goBack(), WAY_BACK_MS);
      return;
    }
    const other = line.heard ? undefined : this.choice.blocked(line.kind);
    if (other && !this.tried.has(other) && this.options.dials[other]) return this.start(other);
    this.tried.clear();
    if (!line.heard) this.choice.none();
    if (this.first) {
      this.abandon(new ConnectError(ended.detail === "timeout" ? "timeout" : ended.reason, ended.detail));
      return this.set({ kind: "idle" });
    }
    this.lose(ended, this.pauseMs());
  }

  private pauseMs(): number {
    return backoffMs(this.failures, this.options.chance());
  }

  private lose(ended: Ended, delayMs: number): void {
    const before = this.state;
    this.abandon();
    if (delayMs > 0) this.failures += 1;
    // The first cause is the one to tell: that the tries since then failed as well explains nothing.
    const cause = before.kind === "lost" ? before.ended : ended;
    const sinceMs = before.kind === "lost" ? before.sinceMs : Date.now();
    this.set({ kind: "lost", ended: cause, sinceMs, retryAtMs: Date.now() + delayMs });
    this.timer = setTimeout(() => this.start(), delayMs);
  }

  /** Lets what there is go. A session is ended, so that it does not wait out its time at the server. */
  private abandon(error?: ConnectError): void {
    for (const timer of [this.timer, this.deadline, this.wayBack, this.settling]) clearTimeout(timer);
    this.told("lost");
    const lines = [this.present, this.coming];
    this.present = undefined;
    this.coming = undefined;
    for (const line of lines) line?.transport.leave("");
    const first = this.first;
    this.first = undefined;
    first?.reject(error ?? new ConnectError("signed-out", "given up"));
  }

  private set(state: State): void {
    this.state = state;
    this.options.changed(state);
  }
}
