package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/greenbox-lab/greenbox/sandbox/nodeimage"
	"github.com/spf13/cobra"
)

func downCommand() *cobra.Command {
	var data string
	var yes, purge bool
	c := &cobra.Command{
		Use:   "down",
		Short: "Remove this instance's clusters, networks and volumes",
		Long: "Lists what belongs to the Greenbox of the data folder, asks, and removes it. With --purge the node\n" +
			"images, the data folder (progress included) and an engine that Greenbox installed go too.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := down{data: data, purge: purge, yes: yes, in: cmd.InOrStdin(), out: cmd.OutOrStdout()}
			return d.run(cmd.Context())
		},
	}
	c.Flags().StringVar(&data, "data", defaultData(), "folder of the database")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	c.Flags().BoolVar(&purge, "purge", false, "remove images, data and an installed engine too")
	return c
}

// down is one run of the command.
type down struct {
	data       string
	purge, yes bool
	in         io.Reader
	out        io.Writer
}

func (d down) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	if err := d.notServing(ctx); err != nil {
		return err
	}
	e, err := engine.Open(ctx)
	if err != nil && !d.purge {
		return fmt.Errorf("%w: without it nothing can be listed", err)
	}
	if err == nil {
		defer e.Close()
		if err := d.clusters(ctx, e); err != nil {
			return err
		}
	}
	if !d.purge {
		return nil
	}
	return d.everything(ctx, e)
}

// notServing makes sure that no server works with the data folder.
func (d down) notServing(ctx context.Context) error {
	path := filepath.Join(d.data, "greenbox.db")
	if _, err := os.Stat(path); err != nil {
		return nil //nolint:nilerr // there never was a server
	}
	db, err := progress.Open(ctx, path)
	if err != nil {
		return err
	}
	return db.Close()
}

func (d down) clusters(ctx context.Context, e *engine.Engine) error {
	id, err := instance(d.data)
	if err != nil {
		return err
	}
	p, err := kind.New(ctx, kind.Config{Engine: e, Instance: id, Dir: d.data, Range: netip.Prefix{}, Log: slog.Default()})
	if err != nil {
		return err
	}
	found, err := p.List(ctx)
	if err != nil {
		return err
	}
	for _, c := range found {
		fmt.Fprintf(d.out, "cluster %s (%s), lab %s, made %s\n", c.Name, c.State, c.Labels.Lab, c.Created.Format(time.DateTime))
	}
	if len(found) == 0 {
		fmt.Fprintln(d.out, "no clusters")
		return nil
	}
	if err := d.confirm("Remove them?"); err != nil {
		return err
	}
	var errs []error
	for _, c := range found {
		errs = append(errs, p.Delete(ctx, c.Name))
	}
	return errors.Join(errs...)
}

func (d down) everything(ctx context.Context, e *engine.Engine) error {
	fmt.Fprintf(d.out, "node images, %s with everybody's progress, and the engine if Greenbox installed it\n", d.data)
	if err := d.confirm("Remove them too?"); err != nil {
		return err
	}
	var errs []error
	if e != nil {
		errs = append(errs, nodeimage.Remove(ctx, e))
	}
	errs = append(errs, engine.Uninstall(ctx, func(line string) { fmt.Fprintln(d.out, line) }))
	if err := errors.Join(errs...); err != nil {
		return err // the data folder may hold the note that the engine is ours
	}
	return os.RemoveAll(d.data)
}

func (d down) confirm(question string) error {
	if d.yes {
		return nil
	}
	fmt.Fprint(d.out, question+" [y/N] ")
	answer, err := bufio.NewReader(d.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if strings.ToLower(strings.TrimSpace(answer)) != "y" {
		return errors.New("nothing was removed; answer y, or give --yes")
	}
	return nil
}
