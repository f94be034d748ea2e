-- The servers that the bot is in, as it last heard: one that it was removed from while it was not connected is missed by
-- its next session, and is known by this.
CREATE TABLE joined_servers (
    server BIGINT PRIMARY KEY NOT NULL
);
