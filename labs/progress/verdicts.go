package progress

import (
	"context"
	"fmt"

	"github.com/greenbox-lab/greenbox/labs"
)

// Verdicts returns where a session's learner stands at each of the steps, in
// their order: passed once it has been passed, else as the latest attempt went.
// Attempts from before a reset do not count.
func (db *DB) Verdicts(ctx context.Context, sessionID string, steps []labs.Step) ([]labs.StepVerdict, error) {
	standing, err := db.standing(ctx, sessionID)
	if err != nil {
		return nil, fmt.Errorf("read verdicts of session %s: %w", sessionID, err)
	}
	verdicts := make([]labs.StepVerdict, len(steps))
	for i, step := range steps {
		verdicts[i].StepID = step.ID
		if v, ok := standing[step.ID]; ok {
			verdicts[i].Verdict = &v
		}
	}
	return verdicts, nil
}

func (db *DB) standing(ctx context.Context, sessionID string) (map[string]labs.Verdict, error) {
	rows, err := db.sql.QueryContext(ctx, `SELECT step_id, verdict FROM counting_attempts WHERE session_id = ? ORDER BY number`, sessionID)
	if err != nil {
		return nil, err
	}
	standing := map[string]labs.Verdict{}
	_, err = collect(rows, func(r row) (struct{}, error) {
		var step string
		var v labs.Verdict
		err := r.Scan(&step, &v)
		if standing[step] != labs.Passed {
			standing[step] = v
		}
		return struct{}{}, err
	})
	return standing, err
}

// PassedSteps returns the ids of the steps a learner has ever passed, by lab,
// whatever became of the sessions.
func (db *DB) PassedSteps(ctx context.Context, learnerID string) (map[string]map[string]bool, error) {
	rows, err := db.sql.QueryContext(ctx, `SELECT DISTINCT s.lab_id, a.step_id FROM attempts AS a
		JOIN sessions AS s ON s.id = a.session_id WHERE s.learner_id = ? AND a.verdict = ?`, learnerID, labs.Passed)
	if err != nil {
		return nil, fmt.Errorf("read passed steps of %s: %w", learnerID, err)
	}
	passed := map[string]map[string]bool{}
	_, err = collect(rows, func(r row) (struct{}, error) {
		var lab, step string
		err := r.Scan(&lab, &step)
		if passed[lab] == nil {
			passed[lab] = map[string]bool{}
		}
		passed[lab][step] = true
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("read passed steps of %s: %w", learnerID, err)
	}
	return passed, nil
}
