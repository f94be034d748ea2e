-- What is pruned by its age, or with its server, is found without reading all of a table.
CREATE INDEX votes_by_time ON votes (voted_at);
CREATE INDEX votes_by_server ON votes (server);
CREATE INDEX kept_questions_by_time ON kept_questions (last_asked_at);
CREATE INDEX reloads_by_time ON reloads (at);
