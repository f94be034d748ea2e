-- Questions that were kept before mentions and other ids were taken out of their words: pruning reads each once more.
CREATE TABLE questions_to_read_again (
    number BIGINT PRIMARY KEY NOT NULL
);
INSERT INTO questions_to_read_again (number) SELECT number FROM kept_questions;
