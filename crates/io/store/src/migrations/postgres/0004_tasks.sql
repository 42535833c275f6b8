-- Task routing: tasks that are not over, and who is signed in to which media routing domain. Documents (JSON).
CREATE TABLE tasks (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    body TEXT COLLATE "C" NOT NULL
);

CREATE TABLE task_seats (
    agent TEXT COLLATE "C" NOT NULL,
    domain BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (agent, domain)
);
