-- +goose Up
ALTER TABLE sessions ADD COLUMN reset_at TEXT; -- null: never

ALTER TABLE attempts ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1));
ALTER TABLE attempts ADD COLUMN lost TEXT; -- JSON: the text in each language; null: nothing is lost

CREATE VIEW counting_attempts AS -- those since the last reset
  SELECT a.* FROM attempts AS a JOIN sessions AS s ON s.id = a.session_id
  WHERE s.reset_at IS NULL OR a.at >= s.reset_at;

CREATE TABLE helps (
  session_id TEXT NOT NULL REFERENCES sessions (id),
  step_id    TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('hint', 'solution')),
  number     INTEGER NOT NULL, -- of the hint, from 1; 0 for the solution
  at         TEXT NOT NULL,
  PRIMARY KEY (session_id, step_id, kind, number)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE helps;
DROP VIEW counting_attempts;
ALTER TABLE attempts DROP COLUMN lost;
ALTER TABLE attempts DROP COLUMN automatic;
ALTER TABLE sessions DROP COLUMN reset_at;
