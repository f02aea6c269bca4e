-- +goose Up
ALTER TABLE sessions ADD COLUMN ready_at TEXT; -- null: not yet, or not since a reset
UPDATE sessions SET ready_at = created_at WHERE state IN ('ready', 'paused', 'ended'); -- it may have been

-- +goose Down
ALTER TABLE sessions DROP COLUMN ready_at;
