package progress

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrNewer is of a database that a newer version made.
var ErrNewer = errors.New("the database was made by a newer version of Greenbox than this one: update this one first")

// Hold keeps every server from the database at path, which need not be there,
// until release. When a server has it open, the error says so.
func Hold(path string) (release func() error, err error) {
	lock, err := acquire(path + ".lock")
	if err != nil {
		return nil, err
	}
	return lock.Close, nil
}

// Copy writes the database at path as it is at this moment to dst, a new file. A
// server may be at work with it.
func Copy(ctx context.Context, path, dst string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	conn, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `VACUUM INTO ?`, dst); err != nil {
		return errors.Join(fmt.Errorf("copy the database: %w", err), conn.Close())
	}
	return conn.Close()
}

// Examine reports what is wrong with a database that nobody uses: damage, or
// ErrNewer. It changes nothing of its content.
func Examine(ctx context.Context, path string) error {
	conn, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return err
	}
	return errors.Join(examine(ctx, conn), conn.Close())
}

func examine(ctx context.Context, conn *sql.DB) error {
	var verdict string
	if err := conn.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return fmt.Errorf("the database cannot be read: %w", err)
	}
	if verdict != "ok" {
		return fmt.Errorf("the database is damaged: %s", verdict)
	}
	p, err := provider(conn)
	if err != nil {
		return err
	}
	has, knows, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("the database does not say its version: %w", err)
	case has > knows:
		return ErrNewer
	case has == 0:
		return errors.New("the database is not one of Greenbox")
	}
	return nil
}

// Replace puts the database file with in the place of the one at path; what was
// there becomes aside. The caller holds the database.
func Replace(ctx context.Context, path, with, aside string) error {
	if _, err := os.Stat(path); err == nil {
		if err := setAside(ctx, path, aside); err != nil {
			return fmt.Errorf("keep the database that is there: %w", err)
		}
	}
	return os.Rename(with, path)
}

// setAside moves a database with all that was committed to it. One that cannot be
// opened any more is moved as it is, its log first: beside the next database that
// log would be taken for its own.
func setAside(ctx context.Context, path, aside string) error {
	_ = settle(ctx, path) // where it fails, there is a log, which is moved
	for _, suffix := range []string{"-shm", "-wal", ""} {
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// settle writes the log into the database; closing then removes it.
func settle(ctx context.Context, path string) error {
	conn, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return errors.Join(err, conn.Close())
}
