package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

// The files that an installation of ours leaves on the machine.
const (
	markerFile  = "/var/lib/greenbox/engine.json"
	sourcesFile = "/etc/apt/sources.list.d/greenbox-engine.sources"
	pinFile     = "/etc/apt/preferences.d/greenbox-engine"
	pidFile     = "/var/lib/greenbox/engine.pid"
	logFile     = "/var/log/greenbox-engine.log"
)

// The data roots of the packages, as their defaults have them.
const (
	dockerData     = "/var/lib/docker"
	containerdData = "/var/lib/containerd"
)

// marker says that Greenbox installed this machine's engine, and what taking it
// away again comes to. It is written before the first change.
type marker struct {
	Packages  []string `json:"packages"`             // those that were not there before
	DataRoots []string `json:"data_roots,omitempty"` // directories that were not there before
	Complete  bool     `json:"complete"`             // whether the installation came to its end
}

// readMarker returns false when Greenbox installed no engine here.
func (h *host) readMarker() (marker, bool, error) {
	text, err := h.read(markerFile)
	if errors.Is(err, fs.ErrNotExist) {
		return marker{}, false, nil
	}
	var m marker
	if err == nil {
		err = json.Unmarshal([]byte(text), &m)
	}
	if err != nil {
		return marker{}, false, fmt.Errorf("read engine marker: %w", err)
	}
	return m, true, nil
}

func (h *host) writeMarker(m marker) error {
	text, err := json.Marshal(m)
	if err == nil {
		err = h.write(markerFile, string(text)+"\n")
	}
	if err != nil {
		return fmt.Errorf("write engine marker: %w", err)
	}
	return nil
}
