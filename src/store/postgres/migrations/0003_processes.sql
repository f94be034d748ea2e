-- The processes that share the store, each as it last wrote itself down.
CREATE TABLE processes (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    doors TEXT NOT NULL,
    version TEXT NOT NULL,
    revision TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

-- Whoever listens hears of a publication when it is committed, however it came.
CREATE FUNCTION announce_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('briefing_bot_publications', NEW.number::text);
    RETURN NULL;
END
$$;

CREATE TRIGGER announce_publication AFTER INSERT ON publications
    FOR EACH ROW EXECUTE FUNCTION announce_publication();
