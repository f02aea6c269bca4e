package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/web/control"
)

func TestQueueIsPrinted(t *testing.T) {
	for name, row := range map[string]struct {
		q    control.Queue
		want string
	}{
		"nobody waits": {control.Queue{Standing: sandbox.Standing{Slots: 2, Clusters: 1, Room: &cluster.Room{Clusters: 9, Short: labs.WaitMemory}}}, `
clusters  1 of sessions, as many as there is room for
room      for 9 more; memory runs out first
starts    0 of 2 at once
nobody waits
`},
		"some wait, and starts fail": {control.Queue{
			Standing: sandbox.Standing{
				Slots: 1, Starting: 1, Clusters: 8, Max: 8, Failed: 3, Until: clustersNow.Add(90 * time.Second),
				Waiting: []labs.Session{
					{ID: "a", LearnerID: "1", LabID: "life", Place: 1, Wait: labs.WaitBreaker, CreatedAt: clustersNow.Add(-5 * time.Minute)},
					{ID: "b", LearnerID: "2", LabID: "life", Place: 2, Wait: labs.WaitInotify, CreatedAt: clustersNow.Add(-5 * time.Second)},
				},
			},
			Learners: map[string]string{"1": "Ann", "2": "Bo"},
		}, `
clusters  8 of sessions, 8 allowed
room      not known: the engine does not answer
starts    1 of 1 at once
breaker   open: the last 3 starts failed. Run ` + "`greenbox doctor`" + `, and read the folder logs of the data folder;
          the next start is tried in 1m

PLACE  SESSION  LEARNER  LAB   FOR  WAITS FOR
1      a        Ann      life  5m   starts to work again
2      b        Bo       life  5s   inotify limits
`},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := printQueue(&out, row.q, clustersNow); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimPrefix(row.want, "\n"), out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEveryReasonToWaitHasAWord(t *testing.T) {
	for _, w := range []labs.Wait{
		labs.WaitTurn, labs.WaitLimit, labs.WaitMemory, labs.WaitCPU, labs.WaitDisk, labs.WaitNetworks, labs.WaitInotify, labs.WaitBreaker,
	} {
		if reason(w) == "" {
			t.Errorf("%s has none", w)
		}
	}
}

func TestForecast(t *testing.T) {
	for name, row := range map[string]struct {
		warmth sandbox.Warmth
		want   string
	}{
		"none are wanted":         {sandbox.Warmth{}, "none are kept"},
		"all are there":           {sandbox.Warmth{Wanted: 2, There: 2}, "all are ready"},
		"they fail":               {sandbox.Warmth{Wanted: 2, Fits: true, Error: "The engine is silent."}, "none is made for a while: The engine is silent."},
		"there is too little":     {sandbox.Warmth{Wanted: 40, There: 2, Short: labs.WaitDisk}, "there is no room for all: disk runs out first"},
		"nobody knows how long":   {sandbox.Warmth{Wanted: 2, Fits: true}, "being made"},
		"the last is there later": {sandbox.Warmth{Wanted: 2, Fits: true, Ready: clustersNow.Add(3 * time.Minute)}, "all ready in about 3m"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := forecast(row.warmth, clustersNow); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

func TestCommandsThatNeedAServerSaySo(t *testing.T) {
	for _, args := range [][]string{{"queue"}, {"warm"}, {"warm", "life", "3"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			c := root()
			c.SetArgs(append(append([]string{"cluster"}, args...), "--data", t.TempDir()))
			if err := c.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), "`greenbox up`") {
				t.Errorf("error %v", err)
			}
		})
	}
}
