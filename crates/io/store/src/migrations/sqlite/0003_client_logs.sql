-- What desktops sent in to explain themselves. Times are milliseconds since 1970; body is as form says.
CREATE TABLE client_logs (
    number INTEGER NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    moment INTEGER NOT NULL,
    form TEXT NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX client_logs_user ON client_logs (user_id, number);
