package progress

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/greenbox-lab/greenbox/labs"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// inTx runs do in a transaction that holds the write lock from its beginning,
// and commits when do returns nil.
func (db *DB) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := db.sql.BeginTx(ctx, nil)
	if err != nil {
		return unsaved(err)
	}
	if err := do(tx); err != nil {
		return errors.Join(unsaved(err), tx.Rollback())
	}
	return unsaved(tx.Commit())
}

// unsaved is the error of a write; that there was no room for it is labs.ErrDiskFull.
func unsaved(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_FULL && !errors.Is(err, labs.ErrDiskFull) {
		return fmt.Errorf("%w: %w", labs.ErrDiskFull, err)
	}
	return err
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
