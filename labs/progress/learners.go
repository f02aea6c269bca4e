package progress

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// LogIn makes a new learner, whether or not the name is taken, and a token for
// it. The token is returned here once and stored only as its hash.
func (db *DB) LogIn(ctx context.Context, name string) (labs.Learner, string, error) {
	l := labs.Learner{ID: rand.Text(), Name: name}
	token := rand.Text()
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		now := format(time.Now())
		if err := insertLearner(ctx, tx, l, now); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO logins (token_hash, learner_id, created_at) VALUES (?, ?, ?)`,
			hash(token), l.ID, now)
		return err
	})
	if err != nil {
		return labs.Learner{}, "", fmt.Errorf("log in %q: %w", name, err)
	}
	return l, token, nil
}

// EnsureLearner makes the learner with that id where it is missing.
func (db *DB) EnsureLearner(ctx context.Context, l labs.Learner) error {
	return db.inTx(ctx, func(tx *sql.Tx) error { return insertLearner(ctx, tx, l, format(time.Now())) })
}

func insertLearner(ctx context.Context, tx *sql.Tx, l labs.Learner, now string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO learners (id, name, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		l.ID, l.Name, now)
	if err != nil {
		return fmt.Errorf("save learner %s: %w", l.ID, err)
	}
	return nil
}

// LearnerByToken returns whom the token logs in, or labs.ErrNotFound.
func (db *DB) LearnerByToken(ctx context.Context, token string) (labs.Learner, error) {
	var l labs.Learner
	err := db.sql.QueryRowContext(ctx, `SELECT l.id, l.name FROM logins AS t JOIN learners AS l ON l.id = t.learner_id
		WHERE t.token_hash = ?`, hash(token)).Scan(&l.ID, &l.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return l, fmt.Errorf("login: %w", labs.ErrNotFound)
	}
	if err != nil {
		return l, fmt.Errorf("look up a login: %w", err)
	}
	return l, nil
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
