/** Gives a {@link Session} its network and its clock. */
import type { Element } from "../xml/element";
import type { Ended } from "./ended";
import type { Session } from "./session";

/** One HTTP exchange. Rejects when there is no answer or the signal ends it; any status is an answer. */
export type Post = (body: string, signal: AbortSignal) => Promise<{ status: number; text: string }>;

/** Who is told. */
export interface Listener {
  stanza(stanza: Element): void;
  ended(ended: Ended): void;
}

export class Driver {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private draining = false;
  /** Of the requests on their way, by rid. */
  private readonly cuts = new Map<number, AbortController>();

  /** Since when no request is open, and how long that was at most. */
  private idleSinceMs: number | undefined;
  private longestIdleMs = 0;

  constructor(
    private readonly session: Session,
    private readonly post: Post,
    private readonly listener: Listener,
  ) {}

  /** Makes one change to the session and does what follows from it. */
  run(change: (session: Session, now: number) => void): void {
    change(this.session, Date.now());
    this.drain();
  }

  /** The longest time without an open request since this was asked last. */
  takeGap(): number {
    this.open();
    const longest = this.longestIdleMs;
    this.longestIdleMs = 0;
    if (this.cuts.size === 0) this.idleSinceMs = Date.now();
    return longest;
  }

  private drain(): void {
    // A listener may change the session while it is told something; what follows is taken up below.
    if (this.draining) return;
    this.draining = true;
    for (let output = this.session.pollOutput(); output; output = this.session.pollOutput()) {
      if (output.kind === "post") this.exchange(output.rid, output.body, output.timeoutMs);
      else if (output.kind === "stanza") this.listener.stanza(output.stanza);
      else this.end(output.ended);
    }
    this.draining = false;
    this.schedule();
  }

  private end(ended: Ended): void {
    for (const rid of [...this.cuts.keys()]) this.cut(rid);
    this.listener.ended(ended);
  }

  /** A repeat takes the place of the request it repeats: a browser has few connections to one server. */
  private exchange(rid: number, body: string, timeoutMs: number): void {
    this.cut(rid);
    this.open();
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error("no answer in time")), timeoutMs);
    this.cuts.set(rid, controller);
    const settle = (change: (session: Session, now: number) => void) => {
      clearTimeout(timer);
      if (this.cuts.get(rid) !== controller) return;
      this.cuts.delete(rid);
      if (this.cuts.size === 0) this.idleSinceMs = Date.now();
      this.run(change);
    };
    this.post(body, controller.signal).then(
      ({ status, text }) => settle((session, now) => session.handleAnswer(now, rid, status, text)),
      (error: unknown) => settle((session, now) => session.handleFailure(now, rid, String(error))),
    );
  }

  /** A request is open again. */
  private open(): void {
    if (this.idleSinceMs === undefined) return;
    this.longestIdleMs = Math.max(this.longestIdleMs, Date.now() - this.idleSinceMs);
    this.idleSinceMs = undefined;
  }

  private cut(rid: number): void {
    const controller = this.cuts.get(rid);
    this.cuts.delete(rid);
    controller?.abort();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    const due = this.session.pollTimeout();
    if (due === undefined) return;
    const delay = Math.max(0, due - Date.now());
    this.timer = setTimeout(() => this.run((session, now) => session.handleTimeout(now)), delay);
  }
}

/** {@link Post} by `fetch`, to this page's own server. */
export function fetchPost(url: string): Post {
  return async (body, signal) => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "text/xml; charset=utf-8" },
      body,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal,
    });
    return { status: answer.status, text: await answer.text() };
  };
}
