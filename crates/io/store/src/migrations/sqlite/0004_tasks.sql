-- Task routing: tasks that are not over, and who is signed in to which media routing domain. Documents (JSON).
CREATE TABLE tasks (
    id TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE task_seats (
    agent TEXT NOT NULL,
    domain INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (agent, domain)
) STRICT, WITHOUT ROWID;
