-- Published fact bases: the files as JSON, folder to name to text. Rows are added, never changed; the greatest number is
-- the one in force.
CREATE TABLE publications (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    published_at BIGINT NOT NULL,
    revision TEXT NOT NULL,
    n_facts BIGINT NOT NULL,
    files TEXT NOT NULL
);
