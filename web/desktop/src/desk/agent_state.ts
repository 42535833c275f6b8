/** How agent states look and what can be asked of each (CCE). */

/** A state's colour family and shape go together: each tone has its own shape, so colour is never needed. */
export type Tone = "ready" | "notReady" | "incoming" | "talking" | "hold" | "wrapUp" | "out" | "unknown";

const TONES: Record<string, Tone> = {
  READY: "ready",
  NOT_READY: "notReady",
  RESERVED: "incoming",
  RESERVED_OUTBOUND: "incoming",
  RESERVED_OUTBOUND_PREVIEW: "incoming",
  TALKING: "talking",
  HOLD: "hold",
  WORK: "wrapUp",
  WORK_READY: "wrapUp",
  LOGIN: "out",
  LOGOUT: "out",
};

export function tone(state: string): Tone {
  return Object.hasOwn(TONES, state) ? (TONES[state] as Tone) : "unknown";
}

/** Whether an agent in this state is signed in to the phone system. */
export function isSignedIn(state: string): boolean {
  return state !== "LOGOUT" && state !== "LOGIN" && state !== "UNKNOWN";
}

/** States an agent can ask for from the menu. */
export type Wish = "READY" | "NOT_READY";

/**
 * Whether asking makes sense. A state that is there already does not; another reason for NOT_READY does. During a
 * call the wish is kept for its end; one not known here is left to the server.
 */
export function canAsk(state: string, wish: Wish): boolean {
  return isSignedIn(state) && !(wish === "READY" && state === "READY");
}

/** COMPAT(finesse): on CCE an agent who is READY must become NOT_READY before signing out. */
export function mustLeaveReadyFirst(state: string): boolean {
  return state === "READY";
}

/** A running clock: 0:07, 12:34, 1:02:03. Never negative, whatever the clocks say. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
