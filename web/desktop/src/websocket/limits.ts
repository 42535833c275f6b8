/** From the wish for a socket to the first stanza; then something in between lets no WebSocket through. */
export const OPEN_MS = 8_000;

/** Silence after which the server is asked whether it is there. */
export const PING_AFTER_MS = 15_000;

/** How long it may take to answer; it is asked twice. */
export const PONG_MS = 5_000;

/** What a server that takes nothing may leave with us, in bytes. Nobody types this much. */
export const UNSENT_MAX = 1024 * 1024;

/** After this the server's farewell is no longer waited for. */
export const FAREWELL_MS = 3_000;
