-- What desktops sent in to explain themselves. Times are milliseconds since 1970; body is as form says.
CREATE TABLE client_logs (
    number BIGINT NOT NULL PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL,
    moment BIGINT NOT NULL,
    form TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX client_logs_user ON client_logs (user_id, number);
