import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS, SPREAD_FLOOR } from "./limits";

/** The pause before try number `attempt` (from 0): 1 s doubling to 30 s, spread by `chance` in [0, 1). */
export function backoffMs(attempt: number, chance: number): number {
  const whole = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(whole * (SPREAD_FLOOR + (1 - SPREAD_FLOOR) * chance));
}
