//! What must survive a restart, in SQLite or in PostgreSQL.
