package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/greenbox-lab/greenbox/sandbox/nodeimage"
	"github.com/greenbox-lab/greenbox/web/control"
)

// examineInstance looks at what this Greenbox has on its engine: images, room for
// clusters, and what a killed server left. Where no engine answers it finds nothing:
// that has been found already.
func examineInstance(ctx context.Context, data string) ([]engine.Finding, error) {
	e, err := engine.Open(ctx)
	if err != nil {
		return nil, nil
	}
	defer e.Close()
	image, err := nodeimage.Present(ctx, e)
	findings := []engine.Finding{judgeImage(image, err)}
	dir, err := os.MkdirTemp("", "greenbox-doctor-") // the provider's, which writes nothing
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	p, err := kind.New(ctx, kind.Config{
		Engine: e, Image: image, Dir: dir, Range: netip.MustParsePrefix(defaultSubnets), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, err
	}
	if image != "" {
		golden, err := p.GoldenImages(ctx)
		findings = append(findings, judgeGolden(golden != nil, err))
	}
	findings = append(findings, judgeRoom(p.Room(ctx)))
	if f, known := leftovers(ctx, data); known {
		findings = append(findings, f)
	}
	return findings, nil
}

func judgeImage(image string, missing error) engine.Finding {
	f := engine.Finding{ID: "node-image", Status: engine.OK, Found: image, Why: "every node of every cluster runs it"}
	if missing != nil {
		f.Status, f.Found, f.Fix = engine.Warn, "none of this version", "run `greenbox image`, which pulls or builds it; `greenbox up` does so too"
	}
	return f
}

func judgeGolden(there bool, err error) engine.Finding {
	f := engine.Finding{ID: "golden-cluster", Status: engine.OK, Found: "there: a cluster is cloned in about half the time that kind takes", Why: "clusters are clones of it, else kind makes each from nothing"}
	switch {
	case err != nil:
		f.Status, f.Found, f.Fix = engine.Warn, err.Error(), "run `greenbox image`"
	case !there:
		f.Status, f.Found, f.Fix = engine.Warn, "none: each start takes twice as long", "run `greenbox image`, which makes it in about a minute"
	}
	return f
}

// shortages are what a machine may have too little of, and what helps.
var shortages = map[labs.Wait][2]string{
	labs.WaitMemory:   {"memory", "end other programs or sessions, or give the machine more memory"},
	labs.WaitCPU:      {"CPU", "end sessions, or give the machine more cores"},
	labs.WaitDisk:     {"disk", "free space where the engine keeps its data (`docker system df` shows what it keeps)"},
	labs.WaitNetworks: {"networks", "end sessions, or give `greenbox serve` a larger range with --subnets"},
	labs.WaitInotify:  {"inotify limits", "as root: echo fs.inotify.max_user_instances=8192 >/etc/sysctl.d/60-greenbox-instances.conf && sysctl --system"},
}

func judgeRoom(room cluster.Room, err error) engine.Finding {
	f := engine.Finding{ID: "room", Status: engine.OK, Why: "each learner takes a cluster; who finds no room waits in line"}
	short := shortages[room.Short]
	switch {
	case err != nil:
		f.Status, f.Found, f.Fix = engine.Warn, err.Error(), "see what the other findings say"
		return f
	case room.Clusters == 0:
		f.Status, f.Fix = engine.Warn, short[1]
	}
	f.Found = fmt.Sprintf("for %d more clusters; %s runs out first", room.Clusters, short[0])
	return f
}

// leftovers says what of this data folder nobody has; it is not known where no
// server has ever used the folder.
func leftovers(ctx context.Context, data string) (_ engine.Finding, known bool) {
	if _, err := knownInstance(data); errors.Is(err, fs.ErrNotExist) {
		return engine.Finding{}, false
	}
	o, err := openOperator(ctx, data, true)
	if err != nil {
		return judgeLeftovers(nil, err), true
	}
	defer o.close()
	return judgeLeftovers(o.Sweep(ctx, true)), true
}

func judgeLeftovers(left []control.Swept, err error) engine.Finding {
	f := engine.Finding{ID: "leftovers", Status: engine.OK, Found: "none", Why: "what a killed server leaves takes memory, disk and networks that learners could have"}
	switch {
	case err != nil:
		f.Status, f.Found, f.Fix = engine.Warn, "cannot be told: "+err.Error(), "run this as the user that the server runs as, with its --data"
	case len(left) > 0:
		var names []string
		for _, s := range left {
			names = append(names, "cluster "+s.Name)
		}
		f.Status, f.Found, f.Fix = engine.Warn, strings.Join(names, ", "), "run `greenbox cluster gc`; a server that runs removes them itself after a while"
	}
	return f
}
