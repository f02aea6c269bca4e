package main

import (
	"encoding/json"
	"fmt"
	"net"
	"strconv"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/spf13/cobra"
)

func doctorCommand() *cobra.Command {
	var asJSON bool
	var addr string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say whether labs can run on this machine, and what to do if not",
		Args:  cobra.NoArgs,
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
			if asJSON {
				out := json.NewEncoder(cmd.OutOrStdout())
				out.SetIndent("", "  ")
				err = out.Encode(findings)
			} else {
				printFindings(cmd, findings)
			}
			if err == nil && !engine.CanRun(findings) {
				err = errSilent
			}
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "where the server is to listen")
	return c
}

func printFindings(cmd *cobra.Command, findings []engine.Finding) {
	for _, f := range findings {
		fmt.Fprintf(cmd.OutOrStdout(), "%-4s  %-18s %s\n", f.Status, f.ID, f.Found)
		if f.Status != engine.OK {
			fmt.Fprintf(cmd.OutOrStdout(), "      why: %s\n      fix: %s\n", f.Why, f.Fix)
		}
	}
}
