package progress

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/greenbox-lab/greenbox/labs"
)

// SaveSpare inserts the spare, or replaces what was saved of its cluster.
func (db *DB) SaveSpare(ctx context.Context, s labs.Spare) error {
	_, err := db.sql.ExecContext(ctx, `INSERT OR REPLACE INTO spares (cluster, lab_id, lab_hash, whole, created_at) VALUES (?, ?, ?, ?, ?)`,
		s.Cluster, s.LabID, s.LabHash, s.Whole, format(s.CreatedAt))
	if err != nil {
		return fmt.Errorf("save spare %s: %w", s.Cluster, unsaved(err))
	}
	return nil
}

// DropSpare forgets a spare; one that is not there is no error.
func (db *DB) DropSpare(ctx context.Context, cluster string) error {
	if _, err := db.sql.ExecContext(ctx, `DELETE FROM spares WHERE cluster = ?`, cluster); err != nil {
		return fmt.Errorf("drop spare %s: %w", cluster, unsaved(err))
	}
	return nil
}

// Spares returns all spares, oldest first.
func (db *DB) Spares(ctx context.Context) ([]labs.Spare, error) {
	rows, err := db.sql.QueryContext(ctx, `SELECT cluster, lab_id, lab_hash, whole, created_at FROM spares ORDER BY created_at, cluster`)
	if err != nil {
		return nil, fmt.Errorf("list spares: %w", err)
	}
	all, err := collect(rows, scanSpare)
	if err != nil {
		return nil, fmt.Errorf("list spares: %w", err)
	}
	return all, nil
}

func scanSpare(r row) (labs.Spare, error) {
	var s labs.Spare
	var created string
	err := r.Scan(&s.Cluster, &s.LabID, &s.LabHash, &s.Whole, &created)
	if err != nil {
		return s, err
	}
	s.CreatedAt, err = parse(created)
	return s, err
}

// TakeSpare saves the session and forgets the spare that its cluster was, both or
// neither. A spare that is not there, as when someone else has taken it, is
// labs.ErrNotFound.
func (db *DB) TakeSpare(ctx context.Context, s labs.Session) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		gone, err := tx.ExecContext(ctx, `DELETE FROM spares WHERE cluster = ?`, s.Cluster)
		if err != nil {
			return fmt.Errorf("take spare %s: %w", s.Cluster, err)
		}
		if n, err := gone.RowsAffected(); err != nil || n == 0 {
			return errors.Join(fmt.Errorf("take spare %s: %w", s.Cluster, labs.ErrNotFound), err)
		}
		return saveSession(ctx, tx, s)
	})
}

// SetWarm records that n spares of a lab are kept with its setup done.
func (db *DB) SetWarm(ctx context.Context, labID string, n int) error {
	query, args := `INSERT OR REPLACE INTO warm (lab_id, spares) VALUES (?, ?)`, []any{labID, n}
	if n <= 0 {
		query, args = `DELETE FROM warm WHERE lab_id = ?`, args[:1]
	}
	if _, err := db.sql.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("save the spares of lab %s: %w", labID, unsaved(err))
	}
	return nil
}

// Warm returns how many spares of each lab are kept with its setup done.
func (db *DB) Warm(ctx context.Context) (map[string]int, error) {
	rows, err := db.sql.QueryContext(ctx, `SELECT lab_id, spares FROM warm`)
	if err != nil {
		return nil, fmt.Errorf("list the labs kept warm: %w", err)
	}
	warm := map[string]int{}
	_, err = collect(rows, func(r row) (struct{}, error) {
		var lab string
		var n int
		err := r.Scan(&lab, &n)
		warm[lab] = n
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the labs kept warm: %w", err)
	}
	return warm, nil
}
