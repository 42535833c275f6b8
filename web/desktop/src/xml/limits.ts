/** An answer longer than this is not one of ours: a full roster of a large site is below 1 MiB. */
export const CHARACTERS_MAX = 4 * 1024 * 1024;

/** The deepest thing the server sends (a notification inside a body) has nine levels. */
export const DEPTH_MAX = 64;

/** A session creation answer has 15 attributes, more than anything else. */
export const ATTRIBUTES_MAX = 64;
