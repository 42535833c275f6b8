/** Requests whose outcome is still to come as an event. */
import type { Update } from "../finesse/update";
import { RefusedError, SilenceError } from "./fault";

/** The server gives the phone system 10 s and then says so itself. */
const OUTCOME_MS = 15_000;

interface Waiting {
  done: (update: Update) => boolean;
  resolve: () => void;
  reject: (error: Error) => void;
}

export class Awaited {
  private readonly waiting = new Map<string, Waiting>();

  /**
   * Resolves with the event that answers this request, or with any that shows what was asked for: not every server
   * repeats the id. Rejects with {@link RefusedError} or {@link SilenceError}.
   */
  outcome(requestId: string, done: (update: Update) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiting.reject(new SilenceError()), OUTCOME_MS);
      const settle = <T extends unknown[]>(how: (...with_: T) => void) => {
        return (...with_: T) => {
          clearTimeout(timer);
          this.waiting.delete(requestId);
          how(...with_);
        };
      };
      const waiting = { done, resolve: settle(resolve), reject: settle(reject) };
      this.waiting.set(requestId, waiting);
    });
  }

  /** An event came. Returns whether it was the answer to one of ours. */
  take(update: Update): boolean {
    if (update.kind === "user" || update.kind === "dialogs") {
      let answered = false;
      for (const [requestId, waiting] of this.waiting) {
        if (requestId !== update.requestId && !waiting.done(update)) continue;
        waiting.resolve();
        answered = true;
      }
      return answered;
    }
    if (update.kind !== "error") return false;
    // COMPAT(finesse): some errors come without the id; then they answer the only request there is.
    const ids = [...this.waiting.keys()];
    const id = update.requestId || (ids.length === 1 ? ids[0] : undefined);
    const waiting = id === undefined ? undefined : this.waiting.get(id);
    waiting?.reject(new RefusedError(update.error));
    return waiting !== undefined;
  }

  /** The request never left, or was refused at once. */
  forget(requestId: string): void {
    this.waiting.get(requestId)?.reject(new Error("not sent"));
  }

  /** Nobody waits any more. */
  clear(): void {
    for (const waiting of [...this.waiting.values()]) waiting.reject(new Error("no longer awaited"));
  }
}
