package kind

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sort"
	"time"

	"github.com/moby/moby/client"
)

const (
	keptLogs  = 20      // failed clusters whose logs are kept
	keptBytes = 1 << 20 // of one node's console
)

// keepLogs saves what a cluster's nodes said, on the console and, where they
// still run, in their journal. It returns the folder.
func (p *Provider) keepLogs(ctx context.Context, name string) (string, error) {
	dir := filepath.Join(p.cfg.Dir, "logs", time.Now().UTC().Format("20060102T150405")+"-"+name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	nodes, err := p.nodes(ctx, name)
	errs := []error{err}
	for _, n := range nodes {
		said, err := p.console(ctx, n.ID)
		if err != nil {
			errs = append(errs, err)
		}
		journal, err := p.journal(ctx, n.ID)
		if err != nil {
			journal = []byte("no journal: " + err.Error() + "\n") // it no longer runs, which the console tells
		}
		errs = append(errs, os.WriteFile(filepath.Join(dir, filepath.Base(n.Names[0])+".log"), append(said, journal...), 0o600))
	}
	return dir, errors.Join(append(errs, p.dropOldLogs())...)
}

func (p *Provider) journal(ctx context.Context, id string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, out, err := p.cfg.Engine.Exec(ctx, id, []string{"journalctl", "--no-pager", "--lines=400"}, nil)
	return out, err
}

// console is what a node's container printed. kind gives it a terminal, so the
// stream is plain.
func (p *Provider) console(ctx context.Context, id string) ([]byte, error) {
	logs, err := p.cfg.Engine.Client().ContainerLogs(ctx, id, client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true})
	if err != nil {
		return nil, err
	}
	defer logs.Close()
	return io.ReadAll(io.LimitReader(logs, keptBytes))
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
