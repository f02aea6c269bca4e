package progress

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

const (
	sessionColumns = `id, learner_id, lab_id, cluster, state, stage, place, error, created_at, expires_at, reset_at, replaced_at, warned, ready_at`
	selectSessions = `SELECT ` + sessionColumns + ` FROM sessions `
)

// SaveSession inserts the session, or replaces what was saved under its id. Its
// learner, lab and time of creation never change.
func (db *DB) SaveSession(ctx context.Context, s labs.Session) error {
	return saveSession(ctx, db.sql, s)
}

// writer is what *sql.DB and *sql.Tx have in common.
type writer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func saveSession(ctx context.Context, w writer, s labs.Session) error {
	_, err := w.ExecContext(ctx, `INSERT INTO sessions (`+sessionColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET cluster = excluded.cluster, state = excluded.state, stage = excluded.stage,
		place = excluded.place, error = excluded.error, expires_at = excluded.expires_at, reset_at = excluded.reset_at,
		replaced_at = excluded.replaced_at, warned = excluded.warned, ready_at = excluded.ready_at`,
		s.ID, s.LearnerID, s.LabID, s.Cluster, s.State, s.Stage, s.Place, s.Error,
		format(s.CreatedAt), formatOrNull(s.ExpiresAt), formatOrNull(s.ResetAt), formatOrNull(s.ReplacedAt), int64(s.Warned/time.Second),
		formatOrNull(s.ReadyAt))
	if err != nil {
		return fmt.Errorf("save session %s: %w", s.ID, unsaved(err))
	}
	return nil
}

// Session returns the session as last saved, or labs.ErrNotFound.
func (db *DB) Session(ctx context.Context, id string) (labs.Session, error) {
	s, err := scanSession(db.sql.QueryRowContext(ctx, selectSessions+`WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return s, fmt.Errorf("session %s: %w", id, labs.ErrNotFound)
	}
	if err != nil {
		return s, fmt.Errorf("read session %s: %w", id, err)
	}
	return s, nil
}

// SessionOn returns the session whose cluster that is, or labs.ErrNotFound.
func (db *DB) SessionOn(ctx context.Context, cluster string) (labs.Session, error) {
	s, err := scanSession(db.sql.QueryRowContext(ctx, selectSessions+`WHERE cluster = ?`, cluster))
	if errors.Is(err, sql.ErrNoRows) {
		return s, fmt.Errorf("session on cluster %s: %w", cluster, labs.ErrNotFound)
	}
	if err != nil {
		return s, fmt.Errorf("read the session on cluster %s: %w", cluster, err)
	}
	return s, nil
}

// OpenSessions returns every learner's sessions that are neither ended nor
// failed, oldest first.
func (db *DB) OpenSessions(ctx context.Context) ([]labs.Session, error) {
	return db.sessions(ctx, selectSessions+`WHERE state NOT IN (?, ?) ORDER BY created_at, id`, labs.Ended, labs.Broken)
}

// SessionsOf returns all sessions of a learner, newest first.
func (db *DB) SessionsOf(ctx context.Context, learnerID string) ([]labs.Session, error) {
	return db.sessions(ctx, selectSessions+`WHERE learner_id = ? ORDER BY created_at DESC, id`, learnerID)
}

func (db *DB) sessions(ctx context.Context, query string, args ...any) ([]labs.Session, error) {
	rows, err := db.sql.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	all, err := collect(rows, scanSession)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return all, nil
}

func scanSession(r row) (labs.Session, error) {
	var s labs.Session
	var created string
	var expires, reset, replaced, ready sql.Null[string]
	var warned int64
	err := r.Scan(&s.ID, &s.LearnerID, &s.LabID, &s.Cluster, &s.State, &s.Stage, &s.Place, &s.Error, &created, &expires, &reset,
		&replaced, &warned, &ready)
	if err != nil {
		return s, err
	}
	if s.CreatedAt, err = parse(created); err != nil {
		return s, err
	}
	if s.ExpiresAt, err = parseOrZero(expires); err != nil {
		return s, err
	}
	s.Warned = time.Duration(warned) * time.Second
	if s.ResetAt, err = parseOrZero(reset); err != nil {
		return s, err
	}
	if s.ReplacedAt, err = parseOrZero(replaced); err != nil {
		return s, err
	}
	s.ReadyAt, err = parseOrZero(ready)
	return s, err
}

// CountSessions returns how many sessions are in each state.
func (db *DB) CountSessions(ctx context.Context) (map[labs.State]int, error) {
	rows, err := db.sql.QueryContext(ctx, `SELECT state, count(*) FROM sessions GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count sessions: %w", err)
	}
	counts := map[labs.State]int{}
	_, err = collect(rows, func(r row) (struct{}, error) {
		var state labs.State
		var n int
		err := r.Scan(&state, &n)
		counts[state] = n
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("count sessions: %w", err)
	}
	return counts, nil
}
