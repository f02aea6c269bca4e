-- +goose Up
CREATE TABLE warm ( -- the labs for which clusters are kept with the setup done
  lab_id TEXT PRIMARY KEY,
  spares INTEGER NOT NULL CHECK (spares > 0)
) STRICT;
CREATE INDEX sessions_by_cluster ON sessions (cluster);

-- +goose Down
DROP INDEX sessions_by_cluster;
DROP TABLE warm;
