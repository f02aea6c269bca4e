-- +goose Up
CREATE TABLE learners (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE logins (
  token_hash TEXT PRIMARY KEY, -- SHA-256 in hex; the token itself is nowhere
  learner_id TEXT NOT NULL REFERENCES learners (id) ON DELETE CASCADE,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
  id         TEXT PRIMARY KEY,
  learner_id TEXT NOT NULL REFERENCES learners (id),
  lab_id     TEXT NOT NULL,
  cluster    TEXT NOT NULL,
  state      TEXT NOT NULL,
  stage      TEXT NOT NULL,
  place      INTEGER NOT NULL,
  error      TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT -- null: never
) STRICT;
CREATE INDEX sessions_by_learner ON sessions (learner_id, created_at);
CREATE INDEX sessions_by_state ON sessions (state);

CREATE TABLE attempts (
  number     INTEGER PRIMARY KEY, -- the order in which they were recorded
  id         TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL REFERENCES sessions (id),
  step_id    TEXT NOT NULL,
  answer     TEXT NOT NULL,
  at         TEXT NOT NULL,
  verdict    TEXT NOT NULL CHECK (verdict IN ('passed', 'failed', 'errored')),
  points     INTEGER NOT NULL,
  max_points INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_by_step ON attempts (session_id, step_id, number);

CREATE TABLE check_results (
  attempt_id TEXT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  check_id   TEXT NOT NULL,
  verdict    TEXT NOT NULL CHECK (verdict IN ('passed', 'failed', 'errored')),
  message    TEXT NOT NULL, -- JSON: the text in each language
  points     INTEGER NOT NULL,
  max_points INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, position)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE check_results;
DROP TABLE attempts;
DROP TABLE sessions;
DROP TABLE logins;
DROP TABLE learners;
