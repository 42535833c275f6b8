import { signal } from "@preact/signals";

/** What the address asks for: the desk, or the client log in a tab of its own (`/desktop/locallog`). */
export const place = signal<"desk" | "log">("desk");

export const LOG_ADDRESS = "#log";

/** Follows the address. */
export function watchPlace(): void {
  const look = () => {
    place.value = location.hash === LOG_ADDRESS ? "log" : "desk";
  };
  addEventListener("hashchange", look);
  look();
}
