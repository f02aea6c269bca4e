package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strconv"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/spf13/cobra"
)

func doctorCommand() *cobra.Command {
	var asJSON bool
	var addr, data string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say whether labs can run on this machine, and what to do if not",
		Long: "Looks at the engine, at the machine, and at what this Greenbox has on it: images, room for clusters, and what\n" +
			"a killed server left. It changes nothing. For each finding it says why it matters and the exact fix.",
		Example: "  greenbox doctor\n  greenbox doctor --json | jq -r '.[] | select(.status != \"ok\") | .fix'",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, p, err := net.SplitHostPort(addr)
			if err != nil {
				return fmt.Errorf("--addr %s: %w", addr, err)
			}
			port, err := strconv.Atoi(p)
			if err != nil {
				return fmt.Errorf("--addr %s: the port is not a number", addr)
			}
			findings := engine.Examine(cmd.Context(), []int{port})
			more, err := examineInstance(cmd.Context(), data)
			if err != nil {
				return err
			}
			return report(cmd.OutOrStdout(), append(findings, more...), asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	dataFlag(c, &data)
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "where the server is to listen")
	return c
}

// report prints the findings; the error is errSilent when labs cannot run.
func report(out io.Writer, findings []engine.Finding, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		if err := e.Encode(findings); err != nil {
			return err
		}
	} else {
		printFindings(out, findings)
	}
	if !engine.CanRun(findings) {
		return errSilent
	}
	return nil
}

func printFindings(out io.Writer, findings []engine.Finding) {
	for _, f := range findings {
		fmt.Fprintf(out, "%-4s  %-18s %s\n", f.Status, f.ID, f.Found)
		if f.Status != engine.OK {
			fmt.Fprintf(out, "      why: %s\n      fix: %s\n", f.Why, f.Fix)
		}
	}
}
