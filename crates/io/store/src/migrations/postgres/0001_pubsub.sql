-- Publish-subscribe: pubsub::Record, one table for each kind. Times are milliseconds since 1970.
CREATE TABLE pubsub_nodes (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    creator TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    configuration TEXT COLLATE "C" NOT NULL
);

CREATE TABLE pubsub_affiliations (
    node TEXT COLLATE "C" NOT NULL,
    jid TEXT COLLATE "C" NOT NULL,
    affiliation TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (node, jid)
);

-- node may be one of the product's, which are in no table
CREATE TABLE pubsub_subscriptions (
    node TEXT COLLATE "C" NOT NULL,
    subid TEXT COLLATE "C" NOT NULL,
    jid TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    options TEXT COLLATE "C" NOT NULL,
    expires BIGINT,
    PRIMARY KEY (node, subid)
);

CREATE TABLE pubsub_items (
    node TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    publisher TEXT COLLATE "C",
    payload BYTEA NOT NULL,
    sequence BIGINT NOT NULL,
    published BIGINT NOT NULL,
    PRIMARY KEY (node, id)
);
