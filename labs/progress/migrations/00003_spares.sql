-- +goose Up
ALTER TABLE sessions ADD COLUMN replaced_at TEXT; -- null: never
ALTER TABLE sessions ADD COLUMN warned INTEGER NOT NULL DEFAULT 0; -- seconds left at the last warning; 0: none

CREATE TABLE spares ( -- clusters made for nobody yet
  cluster    TEXT PRIMARY KEY,
  lab_id     TEXT NOT NULL, -- whose setup is done on it; empty: any lab may have it
  lab_hash   TEXT NOT NULL, -- of that setup's scripts; empty when there is no lab
  whole      INTEGER NOT NULL CHECK (whole IN (0, 1)), -- 1: made, set up and paused
  created_at TEXT NOT NULL
) STRICT;

-- +goose Down
DROP TABLE spares;
ALTER TABLE sessions DROP COLUMN warned;
ALTER TABLE sessions DROP COLUMN replaced_at;
