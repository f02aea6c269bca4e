package kind

import (
	"maps"
	"strconv"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// The labels of what a cluster consists of. Nodes that kind makes, and their
// volumes, lack ours: kind has no option for it.
const (
	labelInstance = "greenbox.instance"
	labelCluster  = "greenbox.cluster"
	labelSession  = "greenbox.session"
	labelLearner  = "greenbox.learner"
	labelLab      = "greenbox.lab"
	labelCreated  = "greenbox.created"
	labelExpires  = "greenbox.expires"
	labelSpare    = "greenbox.spare"

	labelKind = "io.x-k8s.kind.cluster" // by which kind's own commands find a cluster's nodes
	labelRole = "io.x-k8s.kind.role"
)

// labelsOf are the labels of everything that is of a cluster.
func (p *Provider) labelsOf(name string, l cluster.Labels) map[string]string {
	return map[string]string{
		labelInstance: p.cfg.Instance, labelCluster: name, labelSession: l.Session, labelLearner: l.Learner, labelLab: l.Lab,
		labelCreated: formatTime(l.Created), labelExpires: formatTime(l.Expires), labelSpare: strconv.FormatBool(l.Spare),
	}
}

// nodeLabels are those of a node of a clone.
func (p *Provider) nodeLabels(name, role string, l cluster.Labels) map[string]string {
	all := p.labelsOf(name, l)
	maps.Copy(all, map[string]string{labelKind: name, labelRole: role})
	return all
}

// readLabels is what labelsOf wrote; what is missing or cannot be read is empty.
func readLabels(labels map[string]string) cluster.Labels {
	return cluster.Labels{
		Session: labels[labelSession], Learner: labels[labelLearner], Lab: labels[labelLab],
		Created: parseTime(labels[labelCreated]), Expires: parseTime(labels[labelExpires]), Spare: labels[labelSpare] == "true",
	}
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{} // of an older version, or written by hand
	}
	return t
}
