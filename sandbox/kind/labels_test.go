package kind

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

func TestLabelsAreReadAsTheyWereWritten(t *testing.T) {
	p := &Provider{cfg: Config{Instance: "here"}}
	began := time.Date(2026, 11, 28, 19, 0, 1, 250_000_000, time.UTC)
	for name, want := range map[string]cluster.Labels{
		"a session that expires":    {Session: "s1", Learner: "ada", Lab: "first-pods", Created: began, Expires: began.Add(4 * time.Hour)},
		"a session that never does": {Session: "s1", Learner: "林, \"=,", Lab: "first-pods", Created: began},
		"a spare":                   {Created: began, Spare: true},
		"a spare of a lab":          {Lab: "first-pods", Created: began, Spare: true},
		"nothing":                   {},
	} {
		t.Run(name, func(t *testing.T) {
			labels := p.nodeLabels("demo", "worker", want)
			if diff := cmp.Diff(want, readLabels(labels)); diff != "" {
				t.Error(diff)
			}
			if labels[labelInstance] != "here" || labels[labelCluster] != "demo" || labels[labelKind] != "demo" || labels[labelRole] != "worker" {
				t.Errorf("whose it is: %v", labels)
			}
		})
	}
}

func TestLabelsOfAnOlderVersionAreEmpty(t *testing.T) {
	got := readLabels(map[string]string{labelSession: "s1", labelCreated: "yesterday"})
	if diff := cmp.Diff(cluster.Labels{Session: "s1"}, got); diff != "" {
		t.Error(diff)
	}
}
