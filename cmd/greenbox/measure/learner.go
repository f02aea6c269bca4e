package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// lab is what the learners of the measurements take: one without a setup.
const lab = "multi-container-pods"

// learner is one who is logged in, with the session at the lab.
type learner struct {
	server  *server
	token   string
	session string
}

// session is what is looked at of a session.
type session struct {
	ID    string
	State string
	Stage string
	Place int
	Error string
}

func (s *server) learner(ctx context.Context, name string) (*learner, error) {
	l := &learner{server: s}
	var got struct{ Token string }
	err := l.call(ctx, http.MethodPost, "/api/v1/logins", map[string]string{"name": name}, &got)
	l.token = got.Token
	return l, err
}

// call makes a request; an answer of 400 or more is an error.
func (l *learner) call(ctx context.Context, method, path string, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+l.server.addr+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if l.token != "" {
		req.Header.Set("Authorization", "Bearer "+l.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	raw, err = io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, raw)
	}
	if into == nil || len(raw) == 0 {
		return nil
	}
	return json.Unmarshal(raw, into)
}

// start asks for a session.
func (l *learner) start(ctx context.Context) error {
	var got session
	err := l.call(ctx, http.MethodPost, "/api/v1/labs/"+lab+"/sessions", struct{}{}, &got)
	l.session = got.ID
	return err
}

func (l *learner) now(ctx context.Context) (s session, err error) {
	err = l.call(ctx, http.MethodGet, "/api/v1/sessions/"+l.session, nil, &s)
	return s, err
}

// ready waits until the session is, and shows each change of it.
func (l *learner) ready(ctx context.Context, seen func(session)) error {
	var failed error
	err := until(ctx, 10*time.Minute, func(ctx context.Context) error {
		s, err := l.now(ctx)
		if err != nil {
			return err
		}
		seen(s)
		switch s.State {
		case "ready":
			return nil
		case "failed":
			failed = errors.New(s.Error)
			return nil
		}
		time.Sleep(50 * time.Millisecond)
		return errors.New(s.State)
	})
	return errors.Join(err, failed)
}

func (l *learner) reset(ctx context.Context) error {
	return l.call(ctx, http.MethodPost, "/api/v1/sessions/"+l.session+"/reset", struct{}{}, nil)
}

func (l *learner) end(ctx context.Context) error {
	return l.call(ctx, http.MethodDelete, "/api/v1/sessions/"+l.session, struct{}{}, nil)
}
