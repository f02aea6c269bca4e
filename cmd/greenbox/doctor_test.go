package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
)

func TestDoctorReports(t *testing.T) {
	fine := engine.Finding{ID: "pids", Status: engine.OK, Found: "9", Why: "w", Fix: "f"}
	warned := engine.Finding{ID: "memory", Status: engine.Warn, Found: "1.5 GiB", Why: "w", Fix: "f"}
	failed := engine.Finding{ID: "disk", Status: engine.Fail, Found: "full", Why: "w", Fix: "f"}
	for name, row := range map[string]struct {
		findings []engine.Finding
		want     error
		text     string
	}{
		"what is fine takes a line and ends well":           {[]engine.Finding{fine}, nil, "ok    pids               9\n"},
		"a warning says why and how, and ends well":         {[]engine.Finding{warned}, nil, "warn  memory             1.5 GiB\n      why: w\n      fix: f\n"},
		"a failure ends with code 1 and no further message": {[]engine.Finding{failed}, errSilent, "fail  disk               full\n      why: w\n      fix: f\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var text, raw bytes.Buffer
			if err := report(&text, row.findings, false); !errors.Is(err, row.want) {
				t.Errorf("as text: %v", err)
			}
			if diff := cmp.Diff(row.text, text.String()); diff != "" {
				t.Error(diff)
			}
			if err := report(&raw, row.findings, true); !errors.Is(err, row.want) {
				t.Errorf("as JSON: %v", err)
			}
			var got []engine.Finding
			if err := json.Unmarshal(raw.Bytes(), &got); err != nil || !cmp.Equal(got, row.findings) {
				t.Errorf("as JSON: %v, %s", err, raw.String())
			}
		})
	}
}

func TestDoctorWithoutAnEngine(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix://"+filepath.Join(t.TempDir(), "none.sock"))
	var out bytes.Buffer
	c := root()
	c.SetOut(&out)
	c.SetArgs([]string{"doctor", "--json"})
	if err := c.ExecuteContext(t.Context()); !errors.Is(err, errSilent) {
		t.Errorf("error %v", err)
	}
	var got []engine.Finding
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(got, func(f engine.Finding) bool { return f.ID == "engine" && f.Status == engine.Fail && f.Fix != "" }) {
		t.Errorf("no engine was not found: %s", out.String())
	}
}

// TestExitCode runs main in a process of its own, which is this test again.
func TestExitCode(t *testing.T) {
	if args := os.Getenv("TEST_EXIT_CODE"); args != "" {
		os.Args = strings.Fields(args)
		main()
		return
	}
	for name, row := range map[string]struct {
		args   string
		code   int
		stderr string
	}{
		"all is well":                     {"greenbox --help", 0, ""},
		"what was said is not said again": {"greenbox doctor", 1, ""},
		"an error is said in a line":      {"greenbox doctor --addr nowhere", 1, "greenbox: --addr nowhere: address nowhere: missing port in address\n"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestExitCode$")
			cmd.Env = append(os.Environ(), "TEST_EXIT_CODE="+row.args, "DOCKER_HOST=unix://"+filepath.Join(t.TempDir(), "none.sock"))
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			_ = cmd.Run() // its exit code says it
			if code := cmd.ProcessState.ExitCode(); code != row.code || stderr.String() != row.stderr {
				t.Errorf("exit code %d, stderr %q", code, stderr.String())
			}
		})
	}
}
