package kind

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"time"
)

// keptLogs is how many failed clusters' logs are kept.
const keptLogs = 20

// keepLogs saves the journals of a cluster's nodes and returns the folder.
func (p *Provider) keepLogs(ctx context.Context, name string) (string, error) {
	dir := filepath.Join(p.cfg.Dir, "logs", time.Now().UTC().Format("20060102T150405")+"-"+name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	nodes, err := p.nodes(ctx, name)
	errs := []error{err}
	for _, n := range nodes {
		_, out, err := p.cfg.Engine.Exec(ctx, n.ID, []string{"journalctl", "--no-pager", "--lines=400"}, nil)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		errs = append(errs, os.WriteFile(filepath.Join(dir, filepath.Base(n.Names[0])+".log"), out, 0o600))
	}
	return dir, errors.Join(append(errs, p.dropOldLogs())...)
}

func (p *Provider) dropOldLogs() error {
	dirs, err := filepath.Glob(filepath.Join(p.cfg.Dir, "logs", "*"))
	if err != nil {
		return err
	}
	sort.Strings(dirs) // by time
	var errs []error
	for _, d := range dirs[:max(0, len(dirs)-keptLogs)] {
		errs = append(errs, os.RemoveAll(d))
	}
	return errors.Join(errs...)
}
