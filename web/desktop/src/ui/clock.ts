import { signal } from "@preact/signals";

/** This computer's time, fresh twice a second so that no second is skipped on a busy page. */
export const now = signal(Date.now());

const EVERY_MS = 500;

/** Lets {@link now} run. */
export function startClock(): void {
  setInterval(() => {
    now.value = Date.now();
  }, EVERY_MS);
}
