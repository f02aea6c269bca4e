package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/greenbox-lab/greenbox/web/control"
	"github.com/spf13/cobra"
)

func clusterRmCommand() *cobra.Command {
	var data string
	var yes bool
	c := &cobra.Command{
		Use:   "rm CLUSTER|SESSION...",
		Short: "End sessions and remove their clusters",
		Long: "Says what will be lost, asks, and ends each session as its learner would by the button; then waits until\n" +
			"the clusters are gone. Results and attempts stay. A spare or an orphan is removed without more ado.",
		Example: "  greenbox cluster rm greenbox-abcdefghijkl\n  greenbox cluster rm --yes abcdefghijkl",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := openOperator(cmd.Context(), data, false)
			if err != nil {
				return err
			}
			defer o.close()
			r := removal{operator: o, yes: yes, in: cmd.InOrStdin(), out: cmd.OutOrStdout()}
			return r.run(cmd.Context(), args)
		},
	}
	dataFlag(c, &data)
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

// removal is one run of the command.
type removal struct {
	operator

	yes bool
	in  io.Reader
	out io.Writer
}

func (r removal) run(ctx context.Context, names []string) error {
	all, err := r.Clusters(ctx, false)
	if err != nil {
		return err
	}
	for _, name := range names {
		fmt.Fprintln(r.out, r.loss(name, all))
	}
	d := down{yes: r.yes, in: bufio.NewReader(r.in), out: r.out}
	if err := d.confirm("Go on?", "nothing was removed"); err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		err := r.Remove(ctx, name)
		if err == nil {
			fmt.Fprintln(r.out, "removed", name)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// loss says what goes when a cluster or session is removed. A session may have no
// cluster yet.
func (r removal) loss(name string, all []control.Cluster) string {
	for _, c := range all {
		if c.Name != name && c.Session != name {
			continue
		}
		what := fmt.Sprintf("cluster %s (%s, %s old)", c.Name, c.State, showTime(time.Since(c.Created)))
		switch c.Owner {
		case control.OfPool:
			return what + ": a spare, which the pool may make again"
		case control.OfNobody:
			return what + ": nobody's"
		case control.OfSession:
		}
		return fmt.Sprintf("session %s of %s at %s, %s: %s", c.Session, c.Learner, c.Lab, what, r.work())
	}
	return name + ": no cluster; if it is a session that waits in line, that ends"
}

func (r removal) work() string {
	if r.served {
		return "its terminals end and the cluster goes; the learner's work is saved before, results stay"
	}
	return "what the learner made on the cluster is lost, since no server runs to save it; results stay"
}
