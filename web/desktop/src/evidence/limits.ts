/** Notes that wait to be sent; docs/manual/probe.md says so to who reads them. */
export const NOTES_MAX = 128;

/** Notes in one probe. */
export const NOTES_PER_PROBE = 32;

/** Characters of a `why`. */
export const WHY_MAX = 32;

/** The clock that watches the others ticks so often. */
export const TICK_MS = 1_000;

/** Clocks that ran apart by more than this between two ticks: the computer slept, or one was set. */
export const JUMP_MS = 2_000;

/** A tick later than this was held up by more than a busy moment. */
export const STALL_MS = 5_000;

/** What the connection page looks back on. */
export const HISTORY_MS = 60 * 60_000;

/** A minute more than the hour, since the oldest is cut by time. */
export const SAMPLES_MAX = 61;

/** A connection that comes and goes every ten seconds for an hour makes this many. */
export const EVENTS_MAX = 720;

/** Characters of the client log: what the web service takes in one report, less room for escapes. */
export const LOG_CHARACTERS_MAX = 900_000;

/** Characters of it that are kept across reloads: as much as one report takes. */
export const KEPT_CHARACTERS_MAX = LOG_CHARACTERS_MAX;

/** A piece that is put aside at once, in characters: small enough that the bound loses little with the oldest. */
export const KEPT_PIECE_MAX = 16_000;

/** What is lost with a browser that ends at once. */
export const KEPT_WRITE_MS = 1_000;

/** Characters of a line; what is longer is cut. */
export const LINE_MAX = 2_000;
