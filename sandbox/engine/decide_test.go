package engine

import (
	"errors"
	"strings"
	"testing"
)

func TestDecide(t *testing.T) {
	refusal := errors.New("operation not permitted")
	for _, row := range []struct {
		name string
		s    situation
		want action
		says string // part of the error
	}{
		{"an engine that serves is used", situation{answers: true}, use, ""},
		{"an engine that serves is used by anyone, however it is named", situation{answers: true, named: true, ours: true}, use, ""},
		{"someone else's engine is not replaced", situation{answers: true, refusal: refusal, root: true, installed: true}, "", "changes no engine that it did not install"},
		{"our own engine that refuses is installed anew", situation{answers: true, refusal: refusal, ours: true, root: true, installed: true}, install, ""},
		{"our own engine is not touched without root", situation{answers: true, refusal: refusal, ours: true, installed: true}, "", "only root"},
		{"an engine closed to this user is not installed again", situation{denied: true}, "", "group docker"},
		{"an engine named by DOCKER_HOST is the person's to start", situation{named: true, root: true, installed: true}, "", "DOCKER_HOST"},
		{"without root nothing is installed", situation{}, "", "only root"},
		{"a stopped engine is started, whoever installed it", situation{root: true, installed: true}, start, ""},
		{"an unfinished installation is finished before a start", situation{root: true, installed: true, ours: true, unfinished: true}, install, ""},
		{"an engine that serves is used although its installation was cut short", situation{answers: true, ours: true, unfinished: true}, use, ""},
		{"with none, one is installed", situation{root: true}, install, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := decide(row.s)
			if got != row.want {
				t.Errorf("action %q, want %q (error %v)", got, row.want, err)
			}
			if row.says == "" && err != nil {
				t.Error(err)
			}
			if row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
				t.Errorf("error %v, want one that says %q", err, row.says)
			}
		})
	}
}
