package progress

import (
	"context"
	"fmt"

	"github.com/greenbox-lab/greenbox/labs"
)

// SaveHelp records that a learner was shown a hint or a solution. Saving the same
// piece of help again keeps the time of the first.
func (db *DB) SaveHelp(ctx context.Context, h labs.Help) error {
	_, err := db.sql.ExecContext(ctx, `INSERT INTO helps (session_id, step_id, kind, number, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, h.SessionID, h.StepID, h.Kind, h.Number, format(h.At))
	if err != nil {
		return fmt.Errorf("save help at %s of session %s: %w", h.StepID, h.SessionID, unsaved(err))
	}
	return nil
}

// Help returns all help that was given in a session, also before a reset, in the
// order in which it was asked for.
func (db *DB) Help(ctx context.Context, sessionID string) ([]labs.Help, error) {
	rows, err := db.sql.QueryContext(ctx, `SELECT session_id, step_id, kind, number, at FROM helps WHERE session_id = ?
		ORDER BY at, kind, number`, sessionID)
	if err != nil {
		return nil, fmt.Errorf("read help of session %s: %w", sessionID, err)
	}
	all, err := collect(rows, scanHelp)
	if err != nil {
		return nil, fmt.Errorf("read help of session %s: %w", sessionID, err)
	}
	return all, nil
}

func scanHelp(r row) (labs.Help, error) {
	var h labs.Help
	var at string
	err := r.Scan(&h.SessionID, &h.StepID, &h.Kind, &h.Number, &at)
	if err != nil {
		return h, err
	}
	h.At, err = parse(at)
	return h, err
}
