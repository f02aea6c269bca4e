// Command greenbox is the whole product in one binary: the server, what it needs
// made ready (engine, node image), and the agent that runs on each node.
//
// This package is the wiring: it is the only one that knows kind, the node image
// and the engine beside the packages that use them through interfaces, and the
// only one that exits. A command is a file.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills
	err := root().ExecuteContext(ctx)
	stop()
	if err != nil {
		if !errors.Is(err, errSilent) {
			fmt.Fprintln(os.Stderr, "greenbox:", err)
		}
		os.Exit(1)
	}
}

// version is set by the build.
var version = "dev"

// errSilent ends the program with code 1 after everything has been said.
var errSilent = errors.New("")

func root() *cobra.Command {
	c := &cobra.Command{
		Use:           "greenbox",
		Version:       version,
		Short:         "A self-hosted lab for learning Kubernetes by doing, on a real cluster for each learner",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	c.CompletionOptions.DisableDefaultCmd = true
	c.AddCommand(upCommand(), serveCommand(), downCommand(), doctorCommand(), imageCommand(), labCommand(), benchCommand(), clusterCommand(), kindCreateCommand(), agentCommand(), bundleCommand(), backupCommand(), restoreCommand())
	fromEnvironment(c)
	return c
}

// fromEnvironment makes GREENBOX_<FLAG> the default of each flag of each command.
func fromEnvironment(c *cobra.Command) {
	for _, sub := range c.Commands() {
		fromEnvironment(sub)
		sub.PreRunE = func(cmd *cobra.Command, _ []string) error {
			var errs []error
			cmd.Flags().VisitAll(func(f *pflag.Flag) {
				name := "GREENBOX_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
				if value, ok := os.LookupEnv(name); ok && !f.Changed {
					if err := cmd.Flags().Set(f.Name, value); err != nil {
						errs = append(errs, fmt.Errorf("%s: %w", name, err))
					}
				}
			})
			return errors.Join(errs...)
		}
	}
}
