-- What is remembered. Times are seconds since 1970 and days texts like 2031-05-02, both UTC. A server is Discord's
-- number with the same bits, 0 for a direct message. A fact is `briefing/fact`, the empty text for none.
-- What is sorted by is compared by its bytes (`C`), as in SQLite.

CREATE TABLE server_settings (
    server BIGINT PRIMARY KEY NOT NULL,
    settings TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE left_servers (
    server BIGINT PRIMARY KEY NOT NULL,
    left_at BIGINT NOT NULL
);

-- The digest is of the words in lower case: texts of their length cannot be indexed.
CREATE TABLE kept_questions (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    server BIGINT NOT NULL,
    words TEXT NOT NULL,
    digest TEXT NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    nearest TEXT COLLATE "C" NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    n_asked BIGINT NOT NULL,
    first_asked_at BIGINT NOT NULL,
    last_asked_at BIGINT NOT NULL,
    UNIQUE (server, digest)
);

CREATE TABLE unanswered_counts (
    day TEXT COLLATE "C" NOT NULL,
    nearest TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (day, nearest, outcome)
);

CREATE TABLE answer_counts (
    day TEXT COLLATE "C" NOT NULL,
    fact TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (day, fact)
);

-- The member is a keyed hash whose key is not in the store.
CREATE TABLE votes (
    member TEXT COLLATE "C" NOT NULL,
    fact TEXT COLLATE "C" NOT NULL,
    server BIGINT NOT NULL,
    is_helpful BOOLEAN NOT NULL,
    voted_at BIGINT NOT NULL,
    PRIMARY KEY (member, fact)
);

CREATE TABLE reloads (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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
