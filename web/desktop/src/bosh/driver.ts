/** Gives a {@link Session} its network and its clock. */
import type { Element } from "../xml/element";
import type { Ended } from "./ended";
import type { Session } from "./session";

/** One HTTP exchange. Rejects when there is no answer; any status is an answer. */
export type Post = (body: string, timeoutMs: number) => Promise<{ status: number; text: string }>;

/** Who is told. */
export interface Listener {
  stanza(stanza: Element): void;
  ended(ended: Ended): void;
}

export class Driver {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private draining = false;

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

  private drain(): void {
    // A listener may change the session while it is told something; what follows is taken up below.
    if (this.draining) return;
    this.draining = true;
    for (let output = this.session.pollOutput(); output; output = this.session.pollOutput()) {
      if (output.kind === "post") this.exchange(output.rid, output.body, output.timeoutMs);
      else if (output.kind === "stanza") this.listener.stanza(output.stanza);
      else this.listener.ended(output.ended);
    }
    this.draining = false;
    this.schedule();
  }

  private exchange(rid: number, body: string, timeoutMs: number): void {
    this.post(body, timeoutMs).then(
      ({ status, text }) => this.run((session, now) => session.handleAnswer(now, rid, status, text)),
      (error: unknown) => this.run((session, now) => session.handleFailure(now, rid, String(error))),
    );
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
  return async (body, timeoutMs) => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "text/xml; charset=utf-8" },
      body,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: answer.status, text: await answer.text() };
  };
}
