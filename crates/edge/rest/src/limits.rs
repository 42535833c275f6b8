//! How much a client may send.

use std::time::Duration;

/// What the operator may choose.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// What the document in a request's body may have, whatever its length.
    pub xml: xml::Limits,
    /// How long a client may take to send its body.
    pub body: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { xml: xml::Limits::CLIENT, body: Duration::from_secs(10) }
    }
}

/// Bytes of a request body that are read and understood. Real ones have a few hundred; the room above lets a
/// hostile document (20,000 attributes) be told its fault rather than its length.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// Bytes of a body with a phone book's contacts: 6,000 of them as long as they may be, with their markup.
pub const CONTACTS_BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Bytes of a body that assigns objects to a team: 1,500 of them as long as they may be, with what a client read of each
/// beside its `uri`.
pub const ASSIGNED_BODY_BYTES_MAX: usize = 1024 * 1024;

/// Elements and texts of one thing of a list: a contact as it was read has five elements with a text in each, itself, and
/// the white space before each tag of a client that indents; and some for elements that we do not know.
pub const NODES_OF_ONE_LISTED: usize = 24;

/// Bytes of a body with a desktop layout: the longest one with each character escaped (`&quot;`), and the tags.
pub const LAYOUT_BODY_BYTES_MAX: usize = 6 * configuration::limits::DESKTOP_LAYOUT_BYTES_MAX + 1024;

/// Elements and texts of a desktop layout.
pub const LAYOUT_NODES_MAX: u32 = 20_000;

/// Bytes of a body that are read in all. What is over [`BODY_BYTES_MAX`] is thrown away unread, so that a
/// client that sends first and reads afterwards still gets to see its 413; what is over this ends the
/// connection.
pub const BODY_BYTES_DISCARDED_MAX: usize = 16 * 1024 * 1024;

/// Characters of a client log (Finesse guide, ClientLog).
pub const CLIENT_LOG_CHARS_MAX: usize = 1_048_576;

/// Bytes of a body with a client log: as many characters of three bytes, and the tags. Escapes take more, and are
/// rare in a log; a log that is too long for this is 413.
pub const CLIENT_LOG_BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Characters of a message to teams (Finesse guide, TeamMessage).
pub const TEAM_MESSAGE_CHARS_MAX: usize = 255;

/// How long a message to teams is shown at most: a day, since it is for a shift.
pub const TEAM_MESSAGE_SECS_MAX: u32 = 86_400;

/// Teams that one message is for.
pub const TEAM_MESSAGE_TEAMS_MAX: usize = 50;

/// Characters of a `requestId`. Clients send a UUID; the value is copied into notifications, so it has a bound.
pub const REQUEST_ID_CHARS_MAX: usize = 256;

/// How long a request waits for the floor before 503.
pub const FLOOR_WAIT_MAX: Duration = Duration::from_secs(5);

/// Questions about disconnections that are answered at one time: each reads the journal, and agents come first.
pub const DIAGNOSES_AT_ONCE: usize = 2;

/// How long such a question waits for its turn before 503.
pub const DIAGNOSIS_WAIT_MAX: Duration = Duration::from_secs(10);

/// How long users may take to go when a node is being emptied: the original spreads two thousand over some minutes.
pub const MAINTENANCE_SECS_MAX: i64 = 1_800;

/// How often it is looked whether they have gone.
pub const MAINTENANCE_LOOK_EVERY: Duration = Duration::from_secs(1);
