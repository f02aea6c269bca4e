package engine

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

func TestProgramRunsAndEndsWithZero(t *testing.T) {
	binary, err := program(runtime.GOARCH)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "probe")
	if err := os.WriteFile(path, binary, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := exec.CommandContext(t.Context(), path).Run(); err != nil {
		t.Fatal(err)
	}
}

func TestProgramOfAnUnknownArchitectureIsAnError(t *testing.T) {
	if _, err := program("vax"); err == nil {
		t.Fatal("a program for a VAX")
	}
}

func TestIntegrationProbe(t *testing.T) {
	e := openEngine(t)
	if err := Probe(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}
