-- What is remembered. Times are seconds since 1970 and days texts like 2031-05-02, both UTC. A server is Discord's
-- number with the same bits, 0 for a direct message. A fact is `briefing/fact`, the empty text for none.

CREATE TABLE server_settings (
    server BIGINT PRIMARY KEY NOT NULL,
    settings TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE left_servers (
    server BIGINT PRIMARY KEY NOT NULL,
    left_at BIGINT NOT NULL
);

-- AUTOINCREMENT: a number that was deleted never names another question. The digest is of the words in lower case:
-- some databases cannot index texts of this length.
CREATE TABLE kept_questions (
    number INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    server BIGINT NOT NULL,
    words TEXT NOT NULL,
    digest TEXT NOT NULL,
    outcome TEXT NOT NULL,
    nearest TEXT NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    n_asked BIGINT NOT NULL,
    first_asked_at BIGINT NOT NULL,
    last_asked_at BIGINT NOT NULL,
    UNIQUE (server, digest)
);

CREATE TABLE unanswered_counts (
    day TEXT NOT NULL,
    nearest TEXT NOT NULL,
    outcome TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (day, nearest, outcome)
) WITHOUT ROWID;

CREATE TABLE answer_counts (
    day TEXT NOT NULL,
    fact TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (day, fact)
) WITHOUT ROWID;

-- The member is a keyed hash whose key is not in the store.
CREATE TABLE votes (
    member TEXT NOT NULL,
    fact TEXT NOT NULL,
    server BIGINT NOT NULL,
    is_helpful BOOLEAN NOT NULL,
    voted_at BIGINT NOT NULL,
    PRIMARY KEY (member, fact)
) WITHOUT ROWID;

CREATE TABLE reloads (
    number INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    at BIGINT NOT NULL,
    requested_by TEXT NOT NULL,
    result TEXT NOT NULL,
    revision TEXT NOT NULL,
    n_facts BIGINT NOT NULL,
    refusal TEXT NOT NULL
);

CREATE TABLE identifies (
    at BIGINT PRIMARY KEY NOT NULL,
    n BIGINT NOT NULL
);
