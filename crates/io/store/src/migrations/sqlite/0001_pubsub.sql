-- Publish-subscribe: pubsub::Record, one table for each kind. Times are milliseconds since 1970.
CREATE TABLE pubsub_nodes (
    name TEXT NOT NULL PRIMARY KEY,
    creator TEXT NOT NULL,
    created INTEGER NOT NULL,
    configuration TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pubsub_affiliations (
    node TEXT NOT NULL,
    jid TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    PRIMARY KEY (node, jid)
) STRICT, WITHOUT ROWID;

-- node may be one of the product's, which are in no table
CREATE TABLE pubsub_subscriptions (
    node TEXT NOT NULL,
    subid TEXT NOT NULL,
    jid TEXT NOT NULL,
    state TEXT NOT NULL,
    options TEXT NOT NULL,
    expires INTEGER,
    PRIMARY KEY (node, subid)
) STRICT, WITHOUT ROWID;

CREATE TABLE pubsub_items (
    node TEXT NOT NULL,
    id TEXT NOT NULL,
    publisher TEXT,
    payload BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    published INTEGER NOT NULL,
    PRIMARY KEY (node, id)
) STRICT;
