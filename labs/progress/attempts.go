package progress

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/greenbox-lab/greenbox/labs"
)

const attemptColumns = `id, session_id, step_id, answer, at, verdict, points, max_points, automatic, lost`

// SaveAttempt records the attempt and each check's result, all or nothing. An
// attempt is saved once and never changed.
func (db *DB) SaveAttempt(ctx context.Context, a labs.Attempt) error {
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		lost, err := textOrNull(a.Lost)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO attempts (`+attemptColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			a.ID, a.SessionID, a.StepID, a.Answer, format(a.At), a.Verdict, a.Points, a.MaxPoints, a.Automatic, lost)
		if err != nil {
			return err
		}
		return insertResults(ctx, tx, a)
	})
	if err != nil {
		return fmt.Errorf("save attempt %s at %s: %w", a.ID, a.StepID, err)
	}
	return nil
}

func textOrNull(t labs.Text) (sql.Null[string], error) {
	if t == nil {
		return sql.Null[string]{}, nil
	}
	data, err := json.Marshal(t)
	return sql.Null[string]{V: string(data), Valid: true}, err
}

func insertResults(ctx context.Context, tx *sql.Tx, a labs.Attempt) error {
	for i, c := range a.Checks {
		message, err := json.Marshal(c.Message)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO check_results (attempt_id, position, check_id, verdict, message, points, max_points)
			VALUES (?, ?, ?, ?, ?, ?, ?)`, a.ID, i, c.ID, c.Verdict, string(message), c.Points, c.MaxPoints)
		if err != nil {
			return fmt.Errorf("check %s: %w", c.ID, err)
		}
	}
	return nil
}

// LatestAttempts returns the last attempt at each step of a session that was
// attempted since it was last reset, by step id.
func (db *DB) LatestAttempts(ctx context.Context, sessionID string) (map[string]labs.Attempt, error) {
	rows, err := db.sql.QueryContext(ctx, `SELECT `+attemptColumns+` FROM attempts
		WHERE number IN (SELECT max(number) FROM counting_attempts WHERE session_id = ? GROUP BY step_id)`, sessionID)
	if err != nil {
		return nil, fmt.Errorf("read attempts of session %s: %w", sessionID, err)
	}
	all, err := collect(rows, scanAttempt)
	if err != nil {
		return nil, fmt.Errorf("read attempts of session %s: %w", sessionID, err)
	}
	latest := make(map[string]labs.Attempt, len(all))
	for _, a := range all {
		if a.Checks, err = db.results(ctx, a.ID); err != nil {
			return nil, err
		}
		latest[a.StepID] = a
	}
	return latest, nil
}

func scanAttempt(r row) (labs.Attempt, error) {
	var a labs.Attempt
	var at string
	var lost sql.Null[string]
	err := r.Scan(&a.ID, &a.SessionID, &a.StepID, &a.Answer, &at, &a.Verdict, &a.Points, &a.MaxPoints, &a.Automatic, &lost)
	if err != nil {
		return a, err
	}
	if a.At, err = parse(at); err != nil || !lost.Valid {
		return a, err
	}
	return a, json.Unmarshal([]byte(lost.V), &a.Lost)
}

func (db *DB) results(ctx context.Context, attemptID string) ([]labs.CheckResult, error) {
	rows, err := db.sql.QueryContext(ctx, `SELECT check_id, verdict, message, points, max_points FROM check_results
		WHERE attempt_id = ? ORDER BY position`, attemptID)
	if err != nil {
		return nil, fmt.Errorf("read results of attempt %s: %w", attemptID, err)
	}
	results, err := collect(rows, scanResult)
	if err != nil {
		return nil, fmt.Errorf("read results of attempt %s: %w", attemptID, err)
	}
	return results, nil
}

func scanResult(r row) (labs.CheckResult, error) {
	var c labs.CheckResult
	var message string
	if err := r.Scan(&c.ID, &c.Verdict, &message, &c.Points, &c.MaxPoints); err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(message), &c.Message)
}
