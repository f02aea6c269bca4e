package progress

import (
	"database/sql"
	"fmt"
	"time"
)

const layout = "2006-01-02T15:04:05.000000Z"

func format(t time.Time) string { return t.UTC().Format(layout) }

// formatOrNull makes the zero time null.
func formatOrNull(t time.Time) sql.Null[string] {
	return sql.Null[string]{V: format(t), Valid: !t.IsZero()}
}

// parseOrZero makes null the zero time.
func parseOrZero(s sql.Null[string]) (time.Time, error) {
	if !s.Valid {
		return time.Time{}, nil
	}
	return parse(s.V)
}

func parse(s string) (time.Time, error) {
	t, err := time.Parse(layout, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("stored time: %w", err)
	}
	return t, nil
}
