-- What administrators change. Keys are in lower case, for comparison without regard to it.
CREATE TABLE teams (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    id_key TEXT NOT NULL UNIQUE,
    login_name TEXT NOT NULL,
    login_key TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    team INTEGER,
    roles TEXT NOT NULL,
    supervises TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    scram TEXT NOT NULL
) STRICT;

-- Configuration objects are documents (JSON): a kind more needs no migration.
CREATE TABLE objects (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    parent INTEGER,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;
CREATE INDEX objects_parent ON objects (kind, parent);

-- What no two objects of a kind may share
CREATE TABLE object_keys (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (kind, value)
) STRICT;

-- Objects that a team has beside those for all
CREATE TABLE assignments (
    team INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (team, kind, id)
) STRICT;

-- The latest number given out, by kind; 'revision' counts every change
CREATE TABLE numbers (
    name TEXT NOT NULL PRIMARY KEY,
    latest INTEGER NOT NULL
) STRICT;

-- Who changed what, when, from where
CREATE TABLE audit (
    number INTEGER NOT NULL PRIMARY KEY,
    moment INTEGER NOT NULL,
    who TEXT NOT NULL,
    address TEXT,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    before_change TEXT,
    after_change TEXT
) STRICT;
