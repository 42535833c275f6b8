/** The last hour, for the connection page: a sample each minute, and what happened. */
import { EVENTS_MAX, HISTORY_MS, SAMPLES_MAX } from "./limits";
import type { Note } from "./probe";

export interface Sample {
  atMs: number;
  roundTripMs: number;
  driftMs: number;
  /** The longest silence in this minute. */
  gapMs: number;
  /** How late the watching clock was at most. */
  lateMs: number;
}

export interface History {
  samples: readonly Sample[];
  events: readonly Note[];
}

export const NO_HISTORY: History = { samples: [], events: [] };

/** With what is new; what is older than the hour goes. */
export function extend(history: History, nowMs: number, fresh: { sample?: Sample; event?: Note }): History {
  const recent = <Dated extends { atMs: number }>(
    all: readonly Dated[],
    one: Dated | undefined,
    max: number,
  ) => [...all, ...(one ? [one] : [])].filter(({ atMs }) => atMs > nowMs - HISTORY_MS).slice(-max);
  return {
    samples: recent(history.samples, fresh.sample, SAMPLES_MAX),
    events: recent(history.events, fresh.event, EVENTS_MAX),
  };
}
