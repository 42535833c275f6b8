import type { TextKey } from "./en";
import { isTextKey, t } from "./language";

/** Something to say, kept unspoken so that it follows a change of language. */
export interface Text {
  key: TextKey;
  values?: Record<string, string | number | Text>;
}

/** Says it in the present language. A plain string is the server's own word and stays as it is. */
export function say(text: Text | string): string {
  if (typeof text === "string") return text;
  const values = Object.entries(text.values ?? {}).map(([name, value]) => [
    name,
    typeof value === "object" ? say(value) : value,
  ]);
  return t(text.key, Object.fromEntries(values));
}

/** An agent's state in words; one that nobody here knows by the server's name for it. */
export function stateText(state: string): Text | string {
  const key = `state.${state}`;
  return /^[A-Z_]+$/.test(state) && isTextKey(key) ? { key } : state;
}

/** A length of time in words: seconds below a minute, then minutes, then hours. A part that is nought is left out. */
export function durationText(ms: number): Text {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const rest = { minutes: minutes % 60, seconds: seconds % 60 };
  if (minutes === 0) return { key: "time.seconds", values: { seconds } };
  if (hours > 0) {
    if (rest.minutes === 0) return { key: "time.hours", values: { hours } };
    return { key: "time.hoursMinutes", values: { hours, minutes: rest.minutes } };
  }
  if (rest.seconds === 0) return { key: "time.minutes", values: { minutes } };
  return { key: "time.minutesSeconds", values: { minutes, seconds: rest.seconds } };
}

/** Below this a length is told to the millisecond. */
const PRECISE_MS = 10_000;

/** A length that was measured: a round trip, or how far two clocks are apart, whichever is ahead. */
export function measureText(ms: number): Text {
  const length = Math.abs(ms);
  if (length >= PRECISE_MS) return durationText(length);
  return { key: "time.milliseconds", values: { ms: Math.round(length) } };
}
