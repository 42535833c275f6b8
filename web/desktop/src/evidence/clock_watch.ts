/**
 * Finds sleep and standstill by two clocks: the one on the wall, and the computer's own, which nobody sets and which
 * on most systems stands still in sleep.
 */
import { JUMP_MS, STALL_MS, TICK_MS } from "./limits";

export interface Clocks {
  wallMs: number;
  ownMs: number;
}

export type Finding =
  /** The wall clock ran apart from the own one: sleep, or it was set. The server's clock tells which. */
  | { kind: "jump"; ms: number }
  /** Both ran, and this program did not. */
  | { kind: "stalled"; ms: number };

export class ClockWatch {
  private longestLateMs = 0;

  constructor(private last: Clocks) {}

  /** One tick, due {@link TICK_MS} after the one before. */
  tick(now: Clocks): Finding | undefined {
    const wallMs = now.wallMs - this.last.wallMs;
    const ownMs = now.ownMs - this.last.ownMs;
    this.last = now;
    const lateMs = Math.max(0, ownMs - TICK_MS);
    this.longestLateMs = Math.max(this.longestLateMs, lateMs);
    const apartMs = wallMs - ownMs;
    if (Math.abs(apartMs) >= JUMP_MS) return { kind: "jump", ms: Math.round(apartMs) };
    return lateMs >= STALL_MS ? { kind: "stalled", ms: Math.round(lateMs) } : undefined;
  }

  /** The latest that a tick came since this was asked last. */
  takeLate(): number {
    const late = Math.round(this.longestLateMs);
    this.longestLateMs = 0;
    return late;
  }
}

/** Whether a jump was sleep: then this computer's distance from the server's clock is what it was. */
export function wasSleep(jumpMs: number, driftBeforeMs: number, driftMs: number): boolean {
  return jumpMs > 0 && Math.abs(driftMs - driftBeforeMs) < jumpMs / 2;
}
