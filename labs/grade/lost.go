package grade

import (
	"context"
	"slices"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// lostWithin bounds looking for what is lost.
const lostWithin = 5 * time.Second

// lost says what is gone and how to get it back, or nil. What a control plane cannot
// do without counts only when it could not be asked: an attempt in which it answers
// may find a manifest moved away on purpose, and one that restarts has it.
func (j judge) lost(ctx context.Context, lab labs.Lab, verdict labs.Verdict) labs.Text {
	if verdict == labs.Passed {
		return nil
	}
	states := append(slices.Clone(lab.Irrecoverable), ofKubelets()...)
	if verdict == labs.Errored {
		states = append(states, ofControlPlane()...)
	}
	ctx, cancel := context.WithTimeout(ctx, lostWithin)
	defer cancel()
	checks := make([]labs.Check, len(states))
	for i, s := range states {
		checks[i] = s.Check
	}
	findings := make([]finding, len(states))
	every := func(labs.Check) bool { return true }
	j.each(checks, findings, every, func(c labs.Check) finding { return j.quick(ctx, c) })
	for i, f := range findings {
		if f.verdict == labs.Passed {
			return states[i].Say
		}
	}
	return nil
}

// ofControlPlane are the files and directories that no API server runs without.
func ofControlPlane() []labs.Irrecoverable {
	apiServer := labs.Text{labs.English: "the API server cannot run", labs.TraditionalChinese: "API server 無法執行"}
	etcd := labs.Text{labs.English: "etcd cannot run", labs.TraditionalChinese: "etcd 無法執行"}
	trust := labs.Text{labs.English: "nothing in the cluster can trust anything else", labs.TraditionalChinese: "叢集裡的元件無法再彼此信任"}
	const data = "/var/lib/etcd/member"
	return []labs.Irrecoverable{
		{Check: absent(labs.ControlPlane, data), Say: labs.Text{
			labs.English: data + " is gone from controlplane, and every object of the cluster with it. If you moved it, put it back; " +
				"if you no longer have it, only Reset lab leads back.",
			labs.TraditionalChinese: "controlplane 上的 " + data + " 不見了，叢集的所有物件也跟著不見。如果是你移走的，請放回原處；如果已經沒有了，只有「重設 lab」能讓你重新開始。",
		}},
		essential(labs.ControlPlane, "/etc/kubernetes/manifests/kube-apiserver.yaml", apiServer),
		essential(labs.ControlPlane, "/etc/kubernetes/manifests/etcd.yaml", etcd),
		essential(labs.ControlPlane, "/etc/kubernetes/pki/ca.crt", trust),
	}
}

// ofKubelets are the files that no kubelet starts without.
func ofKubelets() []labs.Irrecoverable {
	kubelet := labs.Text{labs.English: "the kubelet there cannot start", labs.TraditionalChinese: "那裡的 kubelet 無法啟動"}
	var states []labs.Irrecoverable
	for _, node := range labs.Nodes() {
		states = append(states, essential(node, "/var/lib/kubelet/config.yaml", kubelet))
	}
	return states
}

// essential is a file that package sandbox/restore brings back.
func essential(node, path string, then labs.Text) labs.Irrecoverable {
	return labs.Irrecoverable{
		Check: absent(node, path),
		Say: labs.Text{
			labs.English: path + " is gone from " + node + ", so " + then[labs.English] +
				". If you moved it, put it back; if you no longer have it, restore this step's starting point, and if that does not help, reset the lab.",
			labs.TraditionalChinese: node + " 上的 " + path + " 不見了，因此" + then[labs.TraditionalChinese] +
				"。如果是你移走的，請放回原處；如果已經沒有了，請還原這個步驟的起點，還是不行就重設 lab。",
		},
	}
}

func absent(node, path string) labs.Check {
	return labs.Check{File: &labs.FileCheck{Node: node, Path: path, Absent: true}}
}
