package control

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/greenbox-lab/greenbox/sandbox"
)

// Fleet is what only a running server has: the line of starts and the pool of
// spares. A *sandbox.Fleet is one.
type Fleet interface {
	Standing(ctx context.Context) sandbox.Standing
	SetMaxClusters(most int)
	ClearQueue(ctx context.Context) (ended int, err error)
	Warm(ctx context.Context, labID string, n int) error
	Warmth(ctx context.Context) ([]sandbox.Warmth, error)
}

// Queue is how the starts stand, with the names of the learners that wait, by id.
type Queue struct {
	sandbox.Standing

	Learners map[string]string
}

func (s *Server) queue(ctx context.Context, _ *http.Request) (any, error) {
	q := Queue{s.Fleet.Standing(ctx), map[string]string{}}
	for _, w := range q.Waiting {
		name, err := s.Desk.nameOf(ctx, w.LearnerID)
		if err != nil {
			return nil, err
		}
		q.Learners[w.LearnerID] = name
	}
	return q, nil
}

func (s *Server) setMaxClusters(_ context.Context, r *http.Request) (any, error) {
	most, err := strconv.Atoi(r.URL.Query().Get("max"))
	if err != nil || most < 0 {
		return nil, fmt.Errorf("%q clusters cannot be allowed: give 0 or more", r.URL.Query().Get("max"))
	}
	s.Fleet.SetMaxClusters(most)
	return struct{}{}, nil
}

func (s *Server) warm(ctx context.Context, r *http.Request) (any, error) {
	n, err := strconv.Atoi(r.URL.Query().Get("spares"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, s.Fleet.Warm(ctx, r.PathValue("lab"), n)
}

// Queue returns how the starts stand now.
func (c *Client) Queue(ctx context.Context) (Queue, error) {
	return ask[Queue](ctx, c, http.MethodGet, "/queue")
}

// SetMaxClusters allows so many clusters until the server stops; 0: as many as there
// is room for.
func (c *Client) SetMaxClusters(ctx context.Context, most int) error {
	_, err := ask[struct{}](ctx, c, http.MethodPut, "/queue?max="+strconv.Itoa(most))
	return err
}

// ClearQueue ends the sessions that wait in line and returns how many that were.
func (c *Client) ClearQueue(ctx context.Context) (int, error) {
	return ask[int](ctx, c, http.MethodDelete, "/queue")
}

// Warm keeps n spares of a lab with its setup done; it does not wait for them.
func (c *Client) Warm(ctx context.Context, lab string, n int) error {
	_, err := ask[struct{}](ctx, c, http.MethodPut, "/warm/"+url.PathEscape(lab)+"?spares="+strconv.Itoa(n))
	return err
}

// Warmth returns how the spares stand, those for any lab first.
func (c *Client) Warmth(ctx context.Context) ([]sandbox.Warmth, error) {
	return ask[[]sandbox.Warmth](ctx, c, http.MethodGet, "/warm")
}
