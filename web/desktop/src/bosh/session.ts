/**
 * A BOSH session (XEP-0124) without network or clock: inputs are `handle…` and commands, what is to be done comes out
 * of {@link Session.pollOutput}. After each call its owner drains that and takes {@link Session.pollTimeout}. Requests
 * are made when everything that came in has been taken, so what the owner says to it leaves in one body.
 *
 * At most two requests are open: one parked, one that carries something. A request that gets lost is repeated with the
 * same rid and body, so the server can answer it from its memory and nothing is lost or done twice. Answers are handed
 * on in the order of their rids, whatever order they arrive in.
 */
import { type Element, elements } from "../xml/element";
import { XmlError } from "../xml/parse";
import { carrying, creation, farewell, type Peer, read, restart } from "./body";
import { type Ended, fromStatus, fromTerminate } from "./ended";
import {
  ANSWER_SLACK_MS,
  FAREWELL_MS,
  INACTIVITY_SECS,
  PROMPT_MS,
  QUEUE_MAX,
  REQUESTS_MAX,
  RETRY_DELAYS_MS,
  WAIT_SECS,
} from "./limits";

/** What the owner is to do. */
export type Output =
  | { kind: "post"; rid: number; body: string; timeoutMs: number }
  | { kind: "stanza"; stanza: Element }
  | { kind: "ended"; ended: Ended };

interface Request {
  body: string;
  failures: number;
  /** When to send it again; nothing while it is on its way. */
  retryAt: number | undefined;
}

type Phase = "creating" | "open" | "leaving" | "ended";

export class Session {
  private phase: Phase = "creating";
  private sid = "";
  private waitSecs = WAIT_SECS;
  private inactivitySecs = INACTIVITY_SECS;
  private restartDue = false;
  private farewellDue = false;
  private farewellUntil: number | undefined;
  /** By when some answer must come. */
  private promptUntil: number | undefined;
  private lastAnswerAt: number;
  private nextRid: number;
  private nextAnswer: number;
  private readonly requests = new Map<number, Request>();
  private readonly early = new Map<number, Element>();
  private readonly queue: string[] = [];
  private readonly outputs: Output[] = [];

  /** @param rid the first request id, random and below 2^32 (XEP-0124 §7.1) */
  constructor(
    private now: number,
    private readonly peer: Peer,
    rid: number,
  ) {
    this.lastAnswerAt = this.now;
    this.nextRid = rid;
    this.nextAnswer = rid;
    this.post(creation(this.takeRid(), this.peer));
  }

  /** Sends a stanza with the next request. */
  send(now: number, stanza: string): void {
    if (this.phase !== "creating" && this.phase !== "open") return;
    if (this.queue.length >= QUEUE_MAX) this.end({ reason: "unreachable", detail: "queue full" });
    else this.queue.push(stanza);
    this.now = now;
  }

  /** Opens a new stream, after SASL succeeded. */
  restart(): void {
    this.restartDue = true;
  }

  /** Ends the session in good order; `ended` follows even when the server does not answer. */
  leave(now: number, lastStanza: string): void {
    if (this.phase === "creating") this.end({ reason: "signed-out", detail: "before creation" });
    if (this.phase !== "open") return;
    this.queue.push(lastStanza);
    this.phase = "leaving";
    this.farewellDue = true;
    this.farewellUntil = now + FAREWELL_MS;
  }

  /** The network may be back: what waits for its repeat goes now. */
  hurry(now: number): void {
    for (const request of this.requests.values()) if (request.retryAt !== undefined) request.retryAt = now;
    this.handleTimeout(now);
  }

  /** An answer with any status. */
  handleAnswer(now: number, rid: number, status: number, answer: string): void {
    if (this.phase === "ended" || !this.requests.has(rid)) return;
    const refusal = fromStatus(status);
    if (refusal) return this.end(refusal);
    if (status !== 200) return this.handleFailure(now, rid, `status ${status}`);
    let body: Element;
    try {
      body = read(answer);
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      return this.handleFailure(now, rid, error.message, "not-bosh");
    }
    this.now = now;
    this.lastAnswerAt = now;
    this.promptUntil = undefined;
    for (const request of this.requests.values()) request.failures = 0;
    this.requests.delete(rid);
    this.early.set(rid, body);
    this.deliver();
  }

  /** No answer: refused connection, reset, time-out. */
  handleFailure(now: number, rid: number, detail: string, reason: Ended["reason"] = "unreachable"): void {
    const request = this.requests.get(rid);
    if (!request || this.phase === "ended") return;
    const delay = RETRY_DELAYS_MS[request.failures];
    // Beyond this the server has closed the session anyway; each further repeat would only delay the new one.
    const silentMs = now - this.lastAnswerAt;
    const forgotten = silentMs > (this.waitSecs + this.inactivitySecs) * 1000;
    if (delay === undefined || forgotten || this.phase === "leaving") return this.end({ reason, detail });
    request.failures += 1;
    request.retryAt = now + delay;
  }

  handleTimeout(now: number): void {
    if (this.phase === "ended") return;
    if (this.farewellUntil !== undefined && now >= this.farewellUntil) {
      return this.end({ reason: "signed-out", detail: "farewell not answered" });
    }
    if (this.promptUntil !== undefined && now >= this.promptUntil) this.noPromptAnswer(now);
    for (const [rid, request] of this.requests) {
      if (request.retryAt === undefined || request.retryAt > now) continue;
      request.retryAt = undefined;
      this.outputs.push({ kind: "post", rid, body: request.body, timeoutMs: this.timeoutMs() });
      if (this.requests.size >= REQUESTS_MAX) this.promptUntil = now + PROMPT_MS;
    }
  }

  /** Whether an answer is due at once, so that asking again would tell nothing more. */
  get awaitsAnswer(): boolean {
    return this.requests.size >= REQUESTS_MAX;
  }

  pollOutput(): Output | undefined {
    if (this.outputs.length === 0) this.fill();
    return this.outputs.shift();
  }

  /** When {@link handleTimeout} is wanted. */
  pollTimeout(): number | undefined {
    if (this.phase === "ended") return undefined;
    const times = [...this.requests.values()]
      .map((request) => request.retryAt)
      .concat(this.farewellUntil, this.promptUntil);
    const due = times.filter((time) => time !== undefined);
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  /** Both open requests are as good as lost: the path took them and gives nothing back. */
  private noPromptAnswer(now: number): void {
    this.promptUntil = undefined;
    for (const [rid, request] of this.requests) {
      if (request.retryAt === undefined) this.handleFailure(now, rid, "no prompt answer");
    }
  }

  /** Hands on every answer whose turn it is. */
  private deliver(): void {
    for (;;) {
      const body = this.early.get(this.nextAnswer);
      if (!body || this.phase === "ended") return;
      this.early.delete(this.nextAnswer);
      this.nextAnswer += 1;
      this.receive(body);
    }
  }

  private receive(body: Element): void {
    if (body.attributes.get("type") === "terminate") {
      const ended =
        this.phase === "leaving" ? { reason: "signed-out" as const, detail: "" } : fromTerminate(body);
      return this.end(ended, elements(body));
    }
    if (this.phase === "creating") {
      this.sid = body.attributes.get("sid") ?? "";
      if (!this.sid) return this.end({ reason: "not-bosh", detail: "no sid" });
      this.waitSecs = seconds(body, "wait") ?? this.waitSecs;
      this.inactivitySecs = seconds(body, "inactivity") ?? this.inactivitySecs;
      this.phase = "open";
    }
    for (const stanza of elements(body)) this.outputs.push({ kind: "stanza", stanza });
  }

  /** Opens what requests are due: something to say as soon as a request is free, a poll when none is open. */
  private fill(): void {
    if (this.phase === "creating" || this.phase === "ended" || this.requests.size >= REQUESTS_MAX) return;
    if (this.restartDue) {
      this.restartDue = false;
      this.post(restart(this.takeRid(), this.sid, this.peer));
    } else if (this.farewellDue) {
      this.farewellDue = false;
      this.post(farewell(this.takeRid(), this.sid, this.queue.splice(0)));
    } else if (this.queue.length > 0 || (this.requests.size === 0 && this.phase === "open")) {
      this.post(carrying(this.takeRid(), this.sid, this.queue.splice(0)));
    }
    if (this.requests.size >= REQUESTS_MAX) this.promptUntil = this.now + PROMPT_MS;
  }

  private post(body: string): void {
    const rid = this.nextRid - 1;
    this.requests.set(rid, { body, failures: 0, retryAt: undefined });
    this.outputs.push({ kind: "post", rid, body, timeoutMs: this.timeoutMs() });
  }

  private takeRid(): number {
    this.nextRid += 1;
    return this.nextRid - 1;
  }

  private timeoutMs(): number {
    return this.waitSecs * 1000 + ANSWER_SLACK_MS;
  }

  private end(ended: Ended, stanzas: Element[] = []): void {
    if (this.phase === "ended") return;
    this.phase = "ended";
    this.requests.clear();
    for (const stanza of stanzas) this.outputs.push({ kind: "stanza", stanza });
    this.outputs.push({ kind: "ended", ended });
  }
}

function seconds(body: Element, attribute: string): number | undefined {
  const value = Number(body.attributes.get(attribute));
  return Number.isInteger(value) && value > 0 && value <= 600 ? value : undefined;
}
