//! Bounds, with their reasons.

use std::time::Duration;

/// Orders that wait for the writer. Whoever brings one more is refused at once: a client that is told "later" is
/// better served than one that waits behind a disk that has stopped.
pub const ORDERS_WAITING_MAX: usize = 16_384;

/// Room for what nobody asked for and nobody can refuse, such as leases that end.
pub const ORDERS_SPARE: usize = 4_096;

/// Orders that one transaction takes. More would not be faster: the wait for the disk is a small part by then.
pub const ORDERS_PER_COMMIT_MAX: usize = 512;

/// Connections for reading: administration reads, the rest lives in memory.
pub const READERS: usize = 2;

/// How long SQLite waits for another process (`aplomb user`, `aplomb restore`) to finish writing.
pub const BUSY: Duration = Duration::from_secs(5);

/// How long a connection to PostgreSQL may take.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// How long a server waits for the one before it to be gone: PostgreSQL takes a moment to notice.
pub const CLAIM_WITHIN: Duration = Duration::from_secs(3);

/// First wait before a failed transaction is tried again; doubled each time.
pub const RETRY_FIRST: Duration = Duration::from_millis(100);

/// Longest such wait: a database that returns is used within this time.
pub const RETRY_LONGEST: Duration = Duration::from_secs(5);

/// Changes that are kept while the database fails. Only those come that nobody is told about, such as event
/// counters; past this the store gives up until the next start.
pub const CHANGES_KEPT_MAX: usize = 100_000;

/// Users: ten times the largest site of the original, and room for those who have left.
pub const USERS_MAX: u32 = 100_000;

/// Teams.
pub const TEAMS_MAX: u32 = 10_000;

/// Teams that one supervisor supervises.
pub const SUPERVISED_TEAMS_MAX: usize = 1_000;

/// Bytes of a loginId: it is part of every node's name and every address.
pub const LOGIN_ID_BYTES_MAX: usize = 128;

/// Bytes of a name.
pub const NAME_BYTES_MAX: usize = 255;

/// Bytes of one configuration object: the largest is a desktop layout.
pub const OBJECT_BYTES_MAX: usize = 1024 * 1024;

/// Objects assigned to one team, of one kind: the original's largest list is that of wrap-up reasons.
pub const ASSIGNED_MAX: usize = 1_500;

/// Entries of the audit trail; the oldest go first.
pub const AUDIT_ENTRIES_MAX: i64 = 1_000_000;

/// Entries that one question is answered with.
pub const AUDIT_READ_MAX: usize = 10_000;

/// Bytes of what a thing was before or is after a change, in an entry of the audit trail; longer ones are cut.
pub const AUDIT_TEXT_BYTES_MAX: usize = 16 * 1024;

/// Bytes of one line of a backup: the longest holds the largest object, escaped.
pub const BACKUP_LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Tables of a backup.
pub const BACKUP_TABLES_MAX: usize = 100;

/// Bytes of one client log in the store. The longest text, 1,048,576 characters, is far shorter when packed.
pub const CLIENT_LOG_BYTES_MAX: usize = 1_572_864;

/// Client logs of one user: one who sends many does not take the place of the others'.
pub const CLIENT_LOGS_PER_USER_MAX: i64 = 50;

/// Client logs of all users, as in the original.
pub const CLIENT_LOGS_MAX: i64 = 25_000;

/// Bytes of all client logs, as in the original.
pub const CLIENT_LOGS_BYTES_MAX: i64 = 100 * 1024 * 1024;
