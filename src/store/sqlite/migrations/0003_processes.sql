-- The processes that share the store, each as it last wrote itself down.
CREATE TABLE processes (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    doors TEXT NOT NULL,
    version TEXT NOT NULL,
    revision TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
