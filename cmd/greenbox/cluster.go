package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/greenbox-lab/greenbox/sandbox/archive"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/greenbox-lab/greenbox/web/control"
	"github.com/spf13/cobra"
)

func clusterCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "cluster",
		Short: "For who runs the server: list clusters, read their logs, end sessions, remove orphans",
		Long: "Talks to the server of the data folder through a socket in it. Where none runs, the commands work on the\n" +
			"engine and the database themselves, as far as that makes sense.",
	}
	c.AddCommand(clusterLsCommand(), clusterLogsCommand(), clusterRmCommand(), clusterGcCommand(), clusterQueueCommand(), clusterWarmCommand())
	return c
}

// dataFlag is the flag of every command that is about a server.
func dataFlag(c *cobra.Command, data *string) {
	c.Flags().StringVar(data, "data", defaultData(), "the server's data folder")
}

// operator is the server of a data folder or, where none runs, this process.
type operator struct {
	control.Operator

	served bool
	close  func()
}

// openOperator returns the operator of a data folder, with look one that changes
// nothing. The caller closes it.
func openOperator(ctx context.Context, data string, look bool) (operator, error) {
	client, err := control.Connect(ctx, data)
	if err == nil {
		return operator{client, true, client.Close}, nil
	}
	if !errors.Is(err, control.ErrNoServer) {
		return operator{}, err
	}
	id, err := knownInstance(data)
	if errors.Is(err, fs.ErrNotExist) {
		return operator{}, fmt.Errorf("no server has ever used the data folder %s: give the server's with --data", data)
	}
	if err != nil {
		return operator{}, err
	}
	open := progress.Open
	if look {
		open = progress.Look
	}
	db, err := open(ctx, filepath.Join(data, "greenbox.db"))
	if err != nil {
		return operator{}, err
	}
	e, err := engine.Open(ctx)
	if err != nil {
		return operator{}, errors.Join(err, db.Close())
	}
	closeBoth := func() { _, _ = e.Close(), db.Close() } // nothing is written any more
	p, err := kind.New(ctx, kind.Config{Engine: e, Instance: id, Dir: data, Log: slog.Default()})
	if err != nil {
		closeBoth()
		return operator{}, err
	}
	archives, err := archive.New(filepath.Join(data, "archives"))
	if err != nil {
		closeBoth()
		return operator{}, err
	}
	desk := control.Desk{
		Store: db, Machine: p, Saved: func(id string) bool { _, err := archives.Size(id); return err == nil },
		Holds: func(string) bool { return false },
		End:   func(ctx context.Context, id string) error { return endHere(ctx, db, p, id) },
	}
	return operator{desk, false, closeBoth}, nil
}

// endHere ends a session as the server does, in its absence.
func endHere(ctx context.Context, db *progress.DB, p clusters, id string) error {
	s, err := db.Session(ctx, id)
	if err != nil {
		return err
	}
	s.State, s.Stage, s.Place, s.Wait = labs.Ended, "", 0, ""
	if err := db.SaveSession(ctx, s); err != nil || s.Cluster == "" {
		return err
	}
	return p.Delete(ctx, s.Cluster)
}

// find is the cluster of that name or of the session with that id.
func (o operator) find(ctx context.Context, name string) (control.Cluster, error) {
	all, err := o.Clusters(ctx, false)
	if err != nil {
		return control.Cluster{}, err
	}
	for _, c := range all {
		if c.Name == name || c.Session == name {
			return c, nil
		}
	}
	return control.Cluster{}, fmt.Errorf("%s is neither a cluster nor a session with one: `greenbox cluster ls` lists them", name)
}
