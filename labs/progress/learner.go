package progress

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/greenbox-lab/greenbox/labs"
)

// Learner returns the learner with that id, or labs.ErrNotFound.
func (db *DB) Learner(ctx context.Context, id string) (labs.Learner, error) {
	l := labs.Learner{ID: id}
	err := db.sql.QueryRowContext(ctx, `SELECT name FROM learners WHERE id = ?`, id).Scan(&l.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return l, fmt.Errorf("learner %s: %w", id, labs.ErrNotFound)
	}
	if err != nil {
		return l, fmt.Errorf("read learner %s: %w", id, err)
	}
	return l, nil
}
