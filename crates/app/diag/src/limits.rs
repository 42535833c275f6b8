//! Bounds, and the measures that rules share.

use jiff::SignedDuration;

/// Bytes of a case file: an hour of a large site, not a log server.
pub const CASE_BYTES_MAX: usize = 64 << 20;

/// Facts of one case; the newest are kept.
pub const FACTS_MAX: usize = 200_000;

/// Characters of a text in a fact that are shown.
pub const TEXT_CHARS_MAX: usize = 200;

/// Facts that a clue shows.
pub const LINES_MAX: usize = 6;

/// Other users that a verdict names.
pub const OTHERS_MAX: usize = 50;

/// People say a round time when they are asked when it was.
pub const ABOUT: SignedDuration = SignedDuration::from_mins(10);

/// Last activities this close have one cause, if there are more of them than chance would bring.
pub const TOGETHER: SignedDuration = SignedDuration::from_secs(2);

/// How rare a coincidence must be to be none.
pub const CHANCE: f64 = 0.001;

/// What happens this close to an end may have to do with it.
pub const NEAR: SignedDuration = SignedDuration::from_secs(5);

/// A page that comes back so soon was reloaded: a presence grace has not run out.
pub const RELOAD: SignedDuration = SignedDuration::from_secs(60);

/// A clock's step or drift below it does no harm that anybody sees.
pub const DRIFT_MS: i64 = 1_000;

/// A page or a server that does nothing for so long was stopped.
pub const STALL_MS: u64 = 2_000;
