/** First pause before a new session is tried; doubled each time. */
export const BACKOFF_FIRST_MS = 1_000;

/** Longest pause. Forced sign-out comes 60 s after the session's end, so two tries fit in. */
export const BACKOFF_MAX_MS = 30_000;

/** A pause is this share of its length at least; the rest is chance, so that a floor does not come back at once. */
export const SPREAD_FLOOR = 0.5;

/** From the first request to presence: five round trips, with the password's check on the server among them. */
export const CONNECT_MS = 30_000;

/** How long a transport that was blocked is left alone: long enough not to disturb, short enough for a shift. */
export const WAY_BACK_MS = 10 * 60_000;

/** The answer to the question for missed events; a server that knows none of it may say nothing. */
export const NUMBERS_MS = 10_000;
