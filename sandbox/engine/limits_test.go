package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRaiseLiftsWhatIsTooLow(t *testing.T) {
	const instances, watches = "/proc/sys/fs/inotify/max_user_instances", "/proc/sys/fs/inotify/max_user_watches"
	for name, c := range map[string]struct {
		uid    int
		named  string
		before string
		want   []string // instances, watches, and what was reported
	}{
		"as root on the engine's machine": {0, "", "128", []string{"8192", "600000", "raised " + instances + " from 128 to 8192, until the next boot"}},
		"enough is left alone":            {0, "", "9000", []string{"9000", "600000"}},
		"not as another user":             {1000, "", "128", []string{"128", "600000"}},
		"not for an engine elsewhere":     {0, "tcp://elsewhere:2375", "128", []string{"128", "600000"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.uid, w.named = c.uid, c.named
			w.put(instances, c.before)
			w.put(watches, "600000")
			var said []string
			w.report = func(line string) { said = append(said, line) }
			w.raise()
			var got []string
			for _, file := range []string{instances, watches} {
				text, err := w.read(file)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(c.want, append(got, said...)); diff != "" {
				t.Errorf("differ (-want +got):\n%s", diff)
			}
		})
	}
}
