import { signal } from "@preact/signals";
import { locale } from "../i18n/language";

/** This computer's time, fresh twice a second so that no second is skipped on a busy page. */
export const now = signal(Date.now());

const EVERY_MS = 500;

/** Lets {@link now} run. */
export function startClock(): void {
  setInterval(() => {
    now.value = Date.now();
  }, EVERY_MS);
}

/** Hours and minutes where this computer stands. */
export function timeOfDay(ms: number): string {
  return new Date(ms).toLocaleTimeString(tag(), { hour: "2-digit", minute: "2-digit" });
}

/** The same, with the day if it is not today. */
export function dayAndTime(ms: number): string {
  const isToday = new Date(ms).toDateString() === new Date(now.peek()).toDateString();
  if (isToday) return timeOfDay(ms);
  return new Date(ms).toLocaleString(tag(), { dateStyle: "medium", timeStyle: "short" });
}

/** A time that is somebody else's (`YYYY-MM-DDTHH:MM`): by no time zone. What is no time stays as it is. */
export function civilTime(written: string): string {
  const ms = Date.parse(`${written}Z`);
  if (Number.isNaN(ms)) return written;
  return new Date(ms).toLocaleString(tag(), { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
}

function tag(): string {
  return locale().replace("_", "-");
}
