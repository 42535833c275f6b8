/** Longest parking time asked for. The server answers an idle poll after it, which is also the proof of life. */
export const WAIT_SECS = 30;

/** A request that has no answer this long after its wait is lost (the original's client waits the same). */
export const ANSWER_SLACK_MS = 5_000;

/**
 * With two requests open the server answers one at once (XEP-0124 §11), so silence is noticed this soon; with one
 * parked nothing but its wait tells.
 */
export const PROMPT_MS = 10_000;

/** The same request again after these pauses; then the session is given up (the original's 0.5, 2 and 4.5 s). */
export const RETRY_DELAYS_MS: readonly number[] = [500, 2_000, 4_500];

/** One parked poll and one that carries something. The server allows hold + 1. */
export const REQUESTS_MAX = 2;

/** After this the answer to our own farewell is no longer waited for. */
export const FAREWELL_MS = 3_000;

/** Silence after which the server has closed the session, unless its creation answer says another number. */
export const INACTIVITY_SECS = 60;

/** Stanzas that wait for a free request. Nobody types this much while a request is on its way. */
export const QUEUE_MAX = 64;
