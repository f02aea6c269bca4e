package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/spf13/cobra"
)

func downCommand() *cobra.Command {
	var data string
	var yes, purge bool
	c := &cobra.Command{
		Use:   "down",
		Short: "Remove this instance's clusters, networks and volumes",
		Long: "Lists what belongs to the Greenbox of the data folder, asks, and removes it. With --purge the node\n" +
			"images, Greenbox's files in the data folder (progress included) and an engine that Greenbox installed\n" +
			"go too.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := openMachine(cmd.Context(), data, cmd.OutOrStdout())
			defer m.close()
			d := down{
				data: data, purge: purge, yes: yes, machine: m,
				in: bufio.NewReader(cmd.InOrStdin()), out: cmd.OutOrStdout(),
			}
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
	machine    machine
	in         *bufio.Reader // one for every question: it reads ahead
	out        io.Writer
}

// machine is where the clusters are; in life dockerMachine.
type machine interface {
	// clusters fails with errNoEngine when no engine answers.
	clusters(ctx context.Context, instance string) (clusters, error)
	// uninstall removes the node images, and the engine if Greenbox installed it.
	uninstall(ctx context.Context) error
}

type clusters interface {
	List(ctx context.Context) ([]cluster.Cluster, error)
	Delete(ctx context.Context, name string) error
}

var errNoEngine = errors.New("the clusters cannot be listed")

func (d down) run(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	release, err := d.holdDatabase(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	err = d.removeClusters(ctx)
	if errors.Is(err, errNoEngine) && d.purge {
		fmt.Fprintf(d.out, "%v: if there are any, they stay as long as the engine does\n", err)
		err = nil
	}
	if err != nil || !d.purge {
		return err
	}
	return d.everything(ctx)
}

// holdDatabase makes sure that no server works with the data folder, until release.
func (d down) holdDatabase(ctx context.Context) (release func() error, err error) {
	path := filepath.Join(d.data, "greenbox.db")
	if _, err := os.Stat(path); err != nil {
		return func() error { return nil }, nil //nolint:nilerr // there never was a server
	}
	db, err := progress.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	return db.Close, nil
}

func (d down) removeClusters(ctx context.Context) error {
	p, found, err := d.list(ctx)
	if err != nil {
		return err
	}
	for _, c := range found {
		lab := ""
		if c.Labels.Lab != "" { // else it was made as a spare
			lab = ", lab " + c.Labels.Lab
		}
		fmt.Fprintf(d.out, "cluster %s (%s)%s, made %s\n", c.Name, c.State, lab, c.Created.Format(time.DateTime))
	}
	if len(found) == 0 {
		fmt.Fprintln(d.out, "no clusters")
		return nil
	}
	if err := d.confirm("Remove them?", "nothing was removed"); err != nil {
		return err
	}
	var errs []error
	for _, c := range found {
		errs = append(errs, p.Delete(ctx, c.Name))
	}
	return errors.Join(errs...)
}

// list asks no engine where no server ever had the data folder.
func (d down) list(ctx context.Context) (clusters, []cluster.Cluster, error) {
	id, err := knownInstance(d.data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	p, err := d.machine.clusters(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	found, err := p.List(ctx)
	return p, found, err
}

func (d down) everything(ctx context.Context) error {
	fmt.Fprintf(d.out, "node images, Greenbox's files in %s with everybody's progress, and the engine if Greenbox installed it\n", d.data)
	if err := d.confirm("Remove them too?", "nothing else was removed"); err != nil {
		return err
	}
	if err := d.machine.uninstall(ctx); err != nil {
		return err // the data folder may hold the note that the engine is ours
	}
	return d.removeData()
}

func (d down) confirm(question, refused string) error {
	if d.yes {
		return nil
	}
	fmt.Fprint(d.out, question+" [y/N] ")
	answer, err := d.in.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if strings.ToLower(strings.TrimSpace(answer)) != "y" {
		return errors.New(refused + "; answer y, or give --yes")
	}
	return nil
}
