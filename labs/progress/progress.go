// Package progress keeps what must survive a restart: learners, their logins,
// their sessions and every attempt with each check's result. It is the only SQL
// in the project: one SQLite file in WAL mode, migrated when it is opened, one
// Go file for each group of queries.
//
// A session's row is written before its cluster is asked for, so the row is the
// intent and the cluster's labels are the truth; joining the two is the
// sandbox's business. Verdicts of steps are not stored but computed from the
// attempts, which are never changed. Rows outlive the labs they name: progress
// knows no catalog, no HTTP and no cluster. Times are RFC 3339 in UTC, with
// always six digits of a second, so that they sort as text.
//
// One server owns a database: a lock beside it refuses a second one.
package progress

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

const maxConns = 4

// DB is an open database. Its methods may be called by many goroutines and
// block for as long as the disk does.
type DB struct {
	sql  *sql.DB
	lock *os.File // nil where it is only looked at
}

// Open makes the database at path where it is missing, locks and migrates it.
// When another server has it open, the error says so. The caller closes the DB.
func Open(ctx context.Context, path string) (*DB, error) {
	lock, err := acquire(path + ".lock")
	if err != nil {
		return nil, err
	}
	conn, err := connect(ctx, path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), lock.Close())
	}
	return &DB{sql: conn, lock: lock}, nil
}

// Look opens the database at path to read it: it changes nothing, and locks nobody
// out. One that is not of this version is refused. The caller closes the DB.
func Look(ctx context.Context, path string) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("look at the database: %w", err)
	}
	conn, err := sql.Open("sqlite", dsn(path, "query_only(ON)"))
	if err != nil {
		return nil, err
	}
	p, err := provider(conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	has, knows, err := p.GetVersions(ctx)
	if err == nil && has != knows {
		err = errors.New("it is of another version of Greenbox: start this one's server once, or use the binary that it was used with")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("look at the database %s: %w", path, err), conn.Close())
	}
	return &DB{sql: conn}, nil
}

func connect(ctx context.Context, path string) (*sql.DB, error) {
	if err := create(path); err != nil {
		return nil, err
	}
	conn, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return nil, err
	}
	conn.SetMaxOpenConns(maxConns)
	conn.SetMaxIdleConns(maxConns)
	if err := migrate(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// create makes the file, which SQLite would make readable by everyone; the
// files it puts beside it take over the mode.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the path is the operator's own choice
	if err != nil {
		return err
	}
	return f.Close()
}

func dsn(path string, pragmas ...string) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)",
	}, pragmas...)}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

func migrate(ctx context.Context, conn *sql.DB) error {
	p, err := provider(conn)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

func provider(conn *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, conn, files)
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.sql.QueryRowContext(ctx, `SELECT 1`).Scan(&one)
}

// Close ends the connections and then lets another server open the database.
func (db *DB) Close() error {
	err := db.sql.Close()
	if db.lock != nil {
		err = errors.Join(err, db.lock.Close())
	}
	return err
}
