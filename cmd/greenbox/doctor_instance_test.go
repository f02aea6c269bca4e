package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/web/control"
)

func TestDoctorJudgesTheInstance(t *testing.T) {
	broken := errors.New("the engine is silent")
	for name, row := range map[string]struct {
		finding engine.Finding
		status  engine.Status
		says    string // part of what was found or of the fix
	}{
		"a node image":                   {judgeImage("greenbox/node:1", nil), engine.OK, "greenbox/node:1"},
		"no node image":                  {judgeImage("", broken), engine.Warn, "`greenbox image`"},
		"a golden cluster":               {judgeGolden(true, nil), engine.OK, "there"},
		"no golden cluster":              {judgeGolden(false, nil), engine.Warn, "`greenbox image`"},
		"a golden cluster, not known":    {judgeGolden(false, broken), engine.Warn, "silent"},
		"room":                           {judgeRoom(cluster.Room{Clusters: 12, Short: labs.WaitMemory}, nil), engine.OK, "for 12 more clusters; memory runs out first"},
		"no room names what helps":       {judgeRoom(cluster.Room{Short: labs.WaitNetworks}, nil), engine.Warn, "--subnets"},
		"room that cannot be counted":    {judgeRoom(cluster.Room{}, broken), engine.Warn, "silent"},
		"nothing left behind":            {judgeLeftovers(nil, nil), engine.OK, "none"},
		"leftovers are named":            {judgeLeftovers([]control.Swept{{Name: "v"}}, nil), engine.Warn, "cluster v"},
		"leftovers are removed by gc":    {judgeLeftovers([]control.Swept{{Name: "v"}}, nil), engine.Warn, "`greenbox cluster gc`"},
		"leftovers that cannot be asked": {judgeLeftovers(nil, broken), engine.Warn, "silent"},
	} {
		t.Run(name, func(t *testing.T) {
			f := row.finding
			if f.Status != row.status || !strings.Contains(f.Found+"\n"+f.Fix, row.says) {
				t.Errorf("%+v, want %s and %q", f, row.status, row.says)
			}
			if f.Why == "" || (f.Status == engine.OK) != (f.Fix == "") {
				t.Errorf("says not why, or not what to do: %+v", f)
			}
		})
	}
}

func TestEveryShortageHasAFix(t *testing.T) {
	for _, short := range []labs.Wait{labs.WaitMemory, labs.WaitCPU, labs.WaitDisk, labs.WaitNetworks, labs.WaitInotify} {
		if s := shortages[short]; s[0] == "" || s[1] == "" {
			t.Errorf("%s: %q", short, s)
		}
	}
}
