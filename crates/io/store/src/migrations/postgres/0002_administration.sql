-- What administrators change. Keys are in lower case, for comparison without regard to it.
CREATE TABLE teams (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE users (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    id_key TEXT COLLATE "C" NOT NULL UNIQUE,
    login_name TEXT COLLATE "C" NOT NULL,
    login_key TEXT COLLATE "C" NOT NULL UNIQUE,
    first_name TEXT COLLATE "C" NOT NULL,
    last_name TEXT COLLATE "C" NOT NULL,
    team BIGINT,
    roles TEXT COLLATE "C" NOT NULL,
    supervises TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    scram TEXT COLLATE "C" NOT NULL
);

-- Configuration objects are documents (JSON): a kind more needs no migration.
CREATE TABLE objects (
    kind TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    parent BIGINT,
    version BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX objects_parent ON objects (kind, parent);

-- What no two objects of a kind may share
CREATE TABLE object_keys (
    kind TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (kind, value)
);

-- Objects that a team has beside those for all
CREATE TABLE assignments (
    team BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (team, kind, id)
);

-- The latest number given out, by kind; 'revision' counts every change
CREATE TABLE numbers (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    latest BIGINT NOT NULL
);

-- Who changed what, when, from where
CREATE TABLE audit (
    number BIGINT NOT NULL PRIMARY KEY,
    moment BIGINT NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C",
    action TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    before_change TEXT COLLATE "C",
    after_change TEXT COLLATE "C"
);
