package restore_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/restore"
)

var lab = labs.Lab{Setup: "setup", Steps: []labs.Step{
	{ID: "one"}, {ID: "two", Start: "start two"}, {ID: "three", Start: "start three"},
}}

// nodes answers scripts; ours are known by a word of theirs.
type nodes struct {
	answer func(ctx context.Context, script string) (int, string, error)

	mu  sync.Mutex
	ran []string // guarded by mu
}

func (n *nodes) Run(ctx context.Context, node, script string) (int, string, error) {
	name := script
	for word, ours := range map[string]string{"# Keeps what this node": "remember", "# Brings this node's files": "files", "# Brings the cluster's objects": "objects", "# Stops what": "sandboxes"} {
		if strings.Contains(script, word) {
			name = ours
		}
	}
	n.mu.Lock()
	n.ran = append(n.ran, node+": "+name)
	n.mu.Unlock()
	if n.answer == nil {
		return 0, "", nil
	}
	return n.answer(ctx, name)
}

// both is one of our scripts on each node.
func both(name string) []string { return []string{"controlplane: " + name, "node01: " + name} }

func (n *nodes) expect(t *testing.T, want ...string) {
	t.Helper()
	got := slices.Clone(n.ran)
	for i := range len(got) - 1 { // the two nodes are served at the same time
		if got[i] > got[i+1] && strings.HasSuffix(got[i], strings.TrimPrefix(got[i+1], "controlplane")) {
			got[i], got[i+1] = got[i+1], got[i]
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatRunsWhere(t *testing.T) {
	cleaned := slices.Concat(both("files"), []string{"controlplane: objects"}, both("sandboxes"))
	for _, c := range []struct {
		name string
		do   func(context.Context, restore.Node) error
		want []string
	}{
		{"remember", restore.Remember, both("remember")},
		{"begin", func(ctx context.Context, n restore.Node) error { return restore.Begin(ctx, n, lab) },
			[]string{"controlplane: setup"}},
		{"the first step", func(ctx context.Context, n restore.Node) error { return restore.Step(ctx, n, lab, "one") },
			append(slices.Clone(cleaned), "controlplane: setup")},
		{"the last step", func(ctx context.Context, n restore.Node) error { return restore.Step(ctx, n, lab, "three") },
			append(slices.Clone(cleaned), "controlplane: setup", "controlplane: start two", "controlplane: start three")},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := &nodes{}
			if err := c.do(t.Context(), n); err != nil {
				t.Fatal(err)
			}
			n.expect(t, c.want...)
		})
	}
}

func TestUnknownStepTouchesNothing(t *testing.T) {
	n := &nodes{}
	if err := restore.Step(t.Context(), n, lab, "four"); !errors.Is(err, labs.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	n.expect(t)
}

func TestFailures(t *testing.T) {
	fails := func(at string) func(context.Context, string) (int, string, error) {
		return func(_ context.Context, script string) (int, string, error) {
			if script == at {
				return 3, "this\nand that\n", nil
			}
			return 0, "", nil
		}
	}
	for _, c := range []struct {
		name   string
		answer func(context.Context, string) (int, string, error)
		want   string
	}{
		{"setup", fails("setup"), "the lab's setup failed (exit code 3): and that"},
		{"start", fails("start two"), `the start of step "two" failed (exit code 3): and that`},
		{"files", fails("files"), "restoring the files failed (exit code 3): and that"},
		{"objects", fails("objects"), "restoring the cluster's objects failed (exit code 3): and that"},
		{"no answer", func(context.Context, string) (int, string, error) { return 0, "", errors.New("broken pipe") },
			"restoring the files could not run: broken pipe"},
		{"hangs", func(ctx context.Context, script string) (int, string, error) {
			if script == "setup" {
				<-ctx.Done()
			}
			return 0, "", ctx.Err()
		}, "the lab's setup did not finish within 2m0s: context deadline exceeded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				err := restore.Step(t.Context(), &nodes{answer: c.answer}, lab, "three")
				if err == nil || err.Error() != c.want {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}
