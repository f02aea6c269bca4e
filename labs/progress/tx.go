package progress

import (
	"context"
	"database/sql"
	"errors"
)

// inTx runs do in a transaction that holds the write lock from its beginning,
// and commits when do returns nil.
func (db *DB) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := db.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// collect reads every row with scan and closes rows.
func collect[T any](rows *sql.Rows, scan func(row) (T, error)) (_ []T, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// row is what *sql.Row and *sql.Rows have in common.
type row interface{ Scan(into ...any) error }
