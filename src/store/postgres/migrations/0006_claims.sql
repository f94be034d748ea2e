-- What one process at a time may do: who does it, and until when at the latest.
CREATE TABLE claims (
    what TEXT PRIMARY KEY NOT NULL,
    holder TEXT NOT NULL,
    held_until BIGINT NOT NULL
);
