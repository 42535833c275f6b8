/** Which transport is taken: the preferred one, unless something in between lets it not through. */
import { WAY_BACK_MS } from "./limits";
import type { Kind } from "./transport";

export class Choice {
  /** Until when another one is taken instead of the preferred one. */
  private avoidedUntilMs = 0;

  /** @param kinds in the order of preference; the others are what is fallen back to */
  constructor(private readonly kinds: readonly [Kind, ...Kind[]]) {}

  get preferred(): Kind {
    return this.kinds[0];
  }

  /** What to take now. */
  next(nowMs: number): Kind {
    return nowMs < this.avoidedUntilMs ? (this.kinds[1] ?? this.preferred) : this.preferred;
  }

  /** A try of that kind met silence or refusal before a single stanza. Returns what to try instead. */
  blocked(kind: Kind): Kind | undefined {
    return this.kinds.find((other) => other !== kind);
  }

  /** A session of that kind came about. Another than the preferred one shows that only the latter is blocked. */
  worked(kind: Kind, nowMs: number): void {
    this.avoidedUntilMs = kind === this.preferred ? 0 : nowMs + WAY_BACK_MS;
  }

  /** None of them worked: it is not the transport. */
  none(): void {
    this.avoidedUntilMs = 0;
  }
}
