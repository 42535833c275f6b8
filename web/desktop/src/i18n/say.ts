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

/** A length of time in words: seconds below a minute, then minutes, then hours. */
export function durationText(ms: number): Text {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return { key: "time.seconds", values: { seconds } };
  if (minutes < 60) return { key: "time.minutes", values: { minutes, seconds: seconds % 60 } };
  return { key: "time.hours", values: { hours: Math.floor(minutes / 60), minutes: minutes % 60 } };
}
