package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/spf13/cobra"
)

func clusterLogsCommand() *cobra.Command {
	var data, dir string
	c := &cobra.Command{
		Use:   "logs CLUSTER|SESSION",
		Short: "Collect what a cluster's nodes and pods have logged",
		Long: "The console of each node, the journals of kubelet and containerd, and the logs of all pods: to stdout, or\n" +
			"with --dir a file each in a folder. A cluster that is paused or stopped has no journal to ask for. The logs of\n" +
			"starts that failed are in the folder logs of the data folder.",
		Example: "  greenbox cluster logs greenbox-abcdefghijkl | less\n  greenbox cluster logs abcdefghijkl --dir /tmp/logs",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			o, err := openOperator(ctx, data, true)
			if err != nil {
				return err
			}
			found, err := o.find(ctx, args[0])
			o.close() // the rest is between this process and the engine
			if err != nil {
				return err
			}
			to, done, err := logsTo(dir, cmd.OutOrStdout())
			if err != nil {
				return err
			}
			err = collect(ctx, data, found.Name, to)
			return errors.Join(err, done())
		},
	}
	dataFlag(c, &data)
	c.Flags().StringVar(&dir, "dir", "", "folder to write the logs to, made if it is missing")
	return c
}

func collect(ctx context.Context, data, cluster string, to func(string) (io.WriteCloser, error)) error {
	e, err := engine.Open(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	p, err := kind.New(ctx, kind.Config{Engine: e, Dir: data, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return p.Collect(ctx, cluster, to)
}

// logsTo returns what opens a log for writing: as a file in dir, or where dir is
// empty as a part of out. Logs are named by what a learner's cluster says, so no
// name leads out of dir.
func logsTo(dir string, out io.Writer) (open func(log string) (io.WriteCloser, error), done func() error, err error) {
	if dir == "" {
		open := func(log string) (io.WriteCloser, error) {
			_, err := fmt.Fprintf(out, "==> %s <==\n", log)
			return unclosed{out}, err
		}
		return open, func() error { return nil }, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, err
	}
	open = func(log string) (io.WriteCloser, error) {
		if err := root.MkdirAll(path.Dir(log), 0o700); err != nil {
			return nil, err
		}
		return root.OpenFile(log, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	}
	return open, func() error {
		fmt.Fprintln(out, "the logs are in", dir)
		return root.Close()
	}, nil
}

// unclosed ends a log with a line's end, and leaves what it is part of open.
type unclosed struct{ io.Writer }

// Close never closes.
func (u unclosed) Close() error {
	_, err := fmt.Fprintln(u.Writer)
	return err
}
