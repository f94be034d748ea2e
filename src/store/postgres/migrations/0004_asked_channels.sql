-- Where members asked within the last hour, so that a restart misses no question: when by Discord's clock, which tells
-- what was answered, and when by the bot's, which tells how long ago that is. No question and no member.
CREATE TABLE asked_channels (
    channel BIGINT PRIMARY KEY NOT NULL,
    server BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    noted_at BIGINT NOT NULL
);
