-- Published fact bases: the files as JSON, folder to name to text. Rows are added, never changed; the greatest number is
-- the one in force.
CREATE TABLE publications (
    number INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    published_at BIGINT NOT NULL,
    revision TEXT NOT NULL,
    n_facts BIGINT NOT NULL,
    files TEXT NOT NULL
);
