/**
 * The notification service as the page sees it: one call to sign in, then it stays connected. A session that is lost is
 * replaced by a new one for as long as it takes, with pauses that grow; the password for that stays in memory only.
 */
import { Driver, type Post } from "../bosh/driver";
import type { Ended } from "../bosh/ended";
import { Session } from "../bosh/session";
import { type Credentials, Stream, type StreamEvent } from "../xmpp/stream";
import { backoffMs } from "./backoff";
import { CONNECT_MS } from "./limits";

export type State =
  | { kind: "idle" }
  /** The first session is being made. */
  | { kind: "connecting" }
  | { kind: "up" }
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

/** What the connection needs and whom it tells. */
export interface Options {
  post: Post;
  /** The language in use. */
  lang(): string;
  /** A random number in [0, 1). */
  chance(): number;
  /** A random first rid below 2^32. */
  rid(): number;
  changed(state: State): void;
  notification(node: string, payload: string): void;
  presence(user: string, available: boolean): void;
}

/** XEP-0199, to the server itself. */
const PING = '<iq xmlns="jabber:client" type="get" id="ping"><ping xmlns="urn:xmpp:ping"/></iq>';

export class Connection {
  private state: State = { kind: "idle" };
  private credentials: Credentials | undefined;
  /** Of the present session or the one being made. */
  private driver: Driver | undefined;
  private stream: Stream | undefined;
  /** Nodes whose events are wanted besides those that come by themselves. */
  private nodes: readonly string[] = [];
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private deadline: ReturnType<typeof setTimeout> | undefined;
  private first: { resolve: () => void; reject: (error: ConnectError) => void } | undefined;
  private left: (() => void) | undefined;

  constructor(private readonly options: Options) {}

  /** Makes the first session; rejects with {@link ConnectError}. From then on the connection keeps itself up. */
  connect(credentials: Credentials): Promise<void> {
    this.abandon();
    this.left?.();
    this.left = undefined;
    this.credentials = credentials;
    this.set({ kind: "connecting" });
    return new Promise((resolve, reject) => {
      this.first = { resolve, reject };
      this.start();
    });
  }

  /** Ends the session in good order (presence goes first) and forgets the password. */
  async leave(): Promise<void> {
    const driver = this.driver;
    const wasUp = this.state.kind === "up";
    this.credentials = undefined;
    this.nodes = [];
    clearTimeout(this.timer);
    if (driver && wasUp) {
      const unavailable = '<presence xmlns="jabber:client" type="unavailable"/>';
      await new Promise<void>((resolve) => {
        this.left = resolve;
        driver.run((session, now) => session.leave(now, unavailable));
      });
      // Somebody signed in again meanwhile; that session is not ours to end.
      if (this.driver !== driver) return;
    }
    this.abandon();
    this.set({ kind: "idle" });
  }

  /**
   * The network may have come or gone, or somebody looks at the page again: do not wait for timers. A question to the
   * server shows within seconds whether a parked poll still hangs on anything.
   */
  nudge(): void {
    if (this.state.kind === "up") {
      this.driver?.run((session, now) => {
        session.hurry(now);
        if (!session.awaitsAnswer) session.send(now, PING);
      });
    }
    if (this.state.kind === "lost" && this.state.retryAtMs !== undefined) this.start();
  }

  /** Wants the events of these nodes, and of no others it asked for before; in every session from now on. */
  subscribe(nodes: readonly string[]): void {
    const fresh = nodes.filter((node) => !this.nodes.includes(node));
    this.nodes = nodes;
    if (this.state.kind === "up") for (const node of fresh) this.stream?.subscribe(node);
  }

  /** Signs in here again after a conflict, which ends the session elsewhere. */
  takeOver(): void {
    if (this.state.kind !== "conflict") return;
    this.lose({ reason: "conflict", detail: "taken over" }, 0);
  }

  private start(): void {
    const credentials = this.credentials;
    if (!credentials) return;
    clearTimeout(this.timer);
    if (this.state.kind === "lost") this.set({ ...this.state, retryAtMs: undefined });
    const jid = `${credentials.user}@${credentials.domain}`;
    const peer = { domain: credentials.domain, jid, lang: this.options.lang() };
    const session = new Session(Date.now(), peer, this.options.rid());
    // What an abandoned attempt still has to say is nobody's business.
    const current = () => this.driver === driver;
    const stream = new Stream(credentials, {
      send: (stanza) => driver.run((session, now) => session.send(now, stanza)),
      restart: () => driver.run((session) => session.restart()),
      found: (event) => current() && this.found(event),
    });
    const driver: Driver = new Driver(session, this.options.post, {
      stanza: (stanza) => current() && stream.handle(stanza),
      ended: (ended) => current() && this.ended(ended),
    });
    this.driver = driver;
    this.stream = stream;
    this.deadline = setTimeout(() => this.ended({ reason: "unreachable", detail: "timeout" }), CONNECT_MS);
    driver.run(() => {});
  }

  private found(event: StreamEvent): void {
    if (event.kind === "bound") this.bound();
    else if (event.kind === "refused") this.refused(event.condition);
    else if (event.kind === "presence") this.options.presence(event.user, event.available);
    else this.options.notification(event.node, event.payload);
  }

  private bound(): void {
    clearTimeout(this.deadline);
    this.failures = 0;
    // Before anybody is told: who then asks how things are misses nothing in between.
    for (const node of this.nodes) this.stream?.subscribe(node);
    this.set({ kind: "up" });
    this.first?.resolve();
    this.first = undefined;
  }

  private refused(condition: string): void {
    // `temporary-auth-failure` and the like pass; only a no to the credentials themselves is final.
    const final = ["not-authorized", "account-disabled", "credentials-expired"].includes(condition);
    if (!final && !this.first) return this.ended({ reason: "refused", detail: condition });
    this.abandon(new ConnectError(final ? "not-authorized" : "refused", condition));
    this.credentials = undefined;
    this.set({ kind: "refused", condition });
  }

  private ended(ended: Ended): void {
    const left = this.left;
    if (left) {
      this.left = undefined;
      return left();
    }
    if (this.first) {
      this.abandon(new ConnectError(ended.detail === "timeout" ? "timeout" : ended.reason, ended.detail));
      return this.set({ kind: "idle" });
    }
    if (ended.reason === "conflict" && this.state.kind === "up") {
      this.abandon();
      return this.set({ kind: "conflict" });
    }
    // A server that no longer knows the session is there: come back at once, but only once.
    const atOnce = ended.reason === "item-not-found" && this.state.kind === "up";
    this.lose(ended, atOnce ? 0 : backoffMs(this.failures, this.options.chance()));
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

  /** Lets the present attempt go. A session it still has is ended, so that it does not wait out its time there. */
  private abandon(error?: ConnectError): void {
    clearTimeout(this.timer);
    clearTimeout(this.deadline);
    const driver = this.driver;
    this.driver = undefined;
    driver?.run((session, now) => session.leave(now, ""));
    const first = this.first;
    this.first = undefined;
    first?.reject(error ?? new ConnectError("signed-out", "given up"));
  }

  private set(state: State): void {
    this.state = state;
    this.options.changed(state);
  }
}
